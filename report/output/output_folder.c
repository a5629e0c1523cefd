/* SPDX-License-Identifier: MIT */
#include "report/output/output_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/directory_claim.h"
#include "base/system/file.h"
#include "report/tables/overview.h"
#include "report/write/page_path.h"

#define TEMPORARY_PREFIX ".kstruct-"
#define TEMPORARY_SUFFIX ".tmp"
#define NEW_FOLDER_SUFFIX ".new"

/* A FIFO or a link that somebody put in a page's place must neither block nor be followed. */
#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

enum { COMPARED_AT_ONCE = 32 * 1024, BEGINNING_MAXIMUM = 64 };

static void close_listing(DIR **listing)
{
    if (*listing)
        closedir(*listing);
}

/* Names the file PATH of the folder in ERROR, which has no place yet. */
static struct error *locate(const struct output_folder *folder, struct error *error,
                            const char *path)
{
    CLEANUP(free_pointer) char *where = path_join(folder->path, path);

    return error_locate(error, where ? where : path);
}

/* For a call that just failed at PATH of the folder. */
static struct error *system_error(const struct output_folder *folder, const char *path,
                                  const char *what)
{
    return locate(folder, error_create_errno(errno, NULL, "%s", what), path);
}

static bool has_beginning(int directory, const char *path, const char *wanted)
{
    size_t length = strlen(wanted);
    char beginning[BEGINNING_MAXIMUM];

    if (length == 0 || length > sizeof(beginning))
        return false;
    CLEANUP(close_pointer) int file = openat(directory, path, READ_FLAGS);
    return file >= 0 && read(file, beginning, length) == (ssize_t)length &&
           memcmp(beginning, wanted, length) == 0;
}

struct error *output_directory_lock(const struct output_directory *directory)
{
    /* Not every file system has locks; without one the user must take care. */
    if (flock(directory->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return error_create(ERROR_SYSTEM, directory->path,
                            "another process is writing this report; wait for it to end");
    return NULL;
}

/* Folders that a killed run had not finished, and a front page: versions without a mark left them,
 * and a repository that is cloned may have lost it. */
static bool is_sign_of_report(const void *context UNUSED, int directory, const char *name)
{
    bool is_new_folder = strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 &&
                         text_has_suffix(name, NEW_FOLDER_SUFFIX);

    return is_new_folder ||
           (strcmp(name, OVERVIEW_NAME) == 0 && has_beginning(directory, name, OVERVIEW_BEGINNING));
}

static const struct directory_use report_use = {
    .mark = OUTPUT_DIRECTORY_MARK,
    .noun = "a report's directory",
    .way = OUTPUT_DIRECTORY_ADOPTION,
    .is_sign = is_sign_of_report,
};

static struct error *open_directory(struct output_directory *directory)
{
    TRY(directory_create(directory->path));
    directory->descriptor = open(directory->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory->descriptor < 0)
        return error_create_errno(errno, directory->path, "cannot open");
    return directory_claim(directory->descriptor, directory->path, &report_use, directory->adopts);
}

struct error *output_directory_open(const char *path, bool adopts,
                                    struct output_directory *directory_ret)
{
    struct output_directory directory = {.path = strdup(path), .descriptor = -1, .adopts = adopts};
    if (!directory.path)
        return error_out_of_memory();
    struct error *error = open_directory(&directory);
    if (error) {
        output_directory_close(&directory);
        return error;
    }
    *directory_ret = directory;
    return NULL;
}

void output_directory_close(struct output_directory *directory)
{
    close_pointer(&directory->descriptor);
    free(directory->path);
    *directory = (struct output_directory){.descriptor = -1};
}

/* In the place of the report's directory, where the folder grows. */
static void new_folder_name(const struct output_kind *kind, char name[NAME_MAX + 1])
{
    snprintf(name, NAME_MAX + 1, TEMPORARY_PREFIX "%s" NEW_FOLDER_SUFFIX, kind->folder);
}

static struct error *open_new_folder(const struct output_directory *directory,
                                     struct output_folder *folder)
{
    char name[NAME_MAX + 1];

    new_folder_name(folder->kind, name);
    /* What an interrupted run left in it saves work: files are compared before they are kept. */
    if (mkdirat(directory->descriptor, name, 0777) != 0 && errno != EEXIST)
        return error_create_errno(errno, folder->path, "cannot create the directory");
    folder->descriptor = openat(directory->descriptor, name, DIRECTORY_FLAGS);
    if (folder->descriptor < 0)
        return error_create_errno(errno, folder->path, "cannot open %s for it", name);
    folder->directory = directory->descriptor;
    return NULL;
}

/* Is the file one that a report wrote, not something else that somebody keeps there? */
static bool is_ours(const struct output_kind *kind, int directory, const char *path)
{
    return kind->beginning && text_has_suffix(path, kind->suffix) &&
           has_beginning(directory, path, kind->beginning);
}

/* Is there a file of the kind in the folder of the letter? */
static bool has_page(const struct output_kind *kind, int directory, const char *letter)
{
    int descriptor = openat(directory, letter, DIRECTORY_FLAGS);
    CLEANUP(close_listing) DIR *listing = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    const struct dirent *entry;

    if (descriptor >= 0 && !listing)
        close(descriptor);
    while (listing && (entry = readdir(listing))) {
        if (is_ours(kind, descriptor, entry->d_name))
            return true;
    }
    return false;
}

static bool is_sign_of_folder(const void *context, int directory, const char *name)
{
    const struct output_kind *kind = context;

    if (!kind->has_letters)
        return is_ours(kind, directory, name);
    return strlen(name) == 1 && strchr(PAGE_LETTERS, name[0]) && has_page(kind, directory, name);
}

/* A link here may lead to a roomier disk, but not to what is somebody else's. */
static struct error *follow_link(const struct output_directory *directory,
                                 struct output_folder *folder)
{
    const struct directory_use use = {
        .mark = OUTPUT_DIRECTORY_MARK,
        .noun = "a report's folder",
        .way = OUTPUT_DIRECTORY_ADOPTION,
        .is_sign = is_sign_of_folder,
        .context = folder->kind,
    };

    folder->descriptor =
        openat(directory->descriptor, folder->kind->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->descriptor < 0)
        return error_create_errno(errno, folder->path, "cannot open");
    return directory_claim(folder->descriptor, folder->path, &use, directory->adopts);
}

static struct error *open_folder(const struct output_directory *directory,
                                 struct output_folder *folder)
{
    const char *name = folder->kind->folder[0] == '\0' ? "." : folder->kind->folder;

    folder->descriptor = openat(directory->descriptor, name, DIRECTORY_FLAGS);
    if (folder->descriptor >= 0)
        return NULL;
    if (errno == ENOENT)
        return open_new_folder(directory, folder);
    /* Which errno tells of a link depends on the system. */
    return follow_link(directory, folder);
}

struct error *output_folder_open(const struct output_directory *directory,
                                 const struct output_kind *kind, struct output_folder *folder_ret)
{
    struct output_folder folder = {
        .kind = kind,
        .path = kind->folder[0] == '\0' ? strdup(directory->path)
                                        : path_join(directory->path, kind->folder),
        .descriptor = -1,
        .directory = -1,
    };

    if (!folder.path)
        return error_out_of_memory();
    struct error *error = open_folder(directory, &folder);
    if (error) {
        output_folder_close(&folder);
        return error;
    }
    *folder_ret = folder;
    return NULL;
}

void output_folder_close(struct output_folder *folder)
{
    close_pointer(&folder->descriptor);
    free(folder->path);
    *folder = (struct output_folder){.descriptor = -1};
}

static struct error *create_letters(const struct output_folder *folder,
                                    const struct string_table *paths)
{
    bool is_used[256] = {false};

    for (uint32_t i = 0; i < paths->count; i++)
        is_used[(unsigned char)paths->texts[i][0]] = true;
    for (const char *letter = PAGE_LETTERS; *letter; letter++) {
        const char name[] = {*letter, '\0'};
        if (is_used[(unsigned char)*letter] && mkdirat(folder->descriptor, name, 0777) != 0 &&
            errno != EEXIST)
            return system_error(folder, name, "cannot create the directory");
    }
    return NULL;
}

static bool is_temporary(const char *name)
{
    return strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 &&
           text_has_suffix(name, TEMPORARY_SUFFIX);
}

/* SUBFOLDER is "" or "k/". */
static struct error *remove_unless_wanted(const struct output_folder *folder, const char *subfolder,
                                          const char *name, const struct string_table *paths,
                                          size_t *removed_count)
{
    char path[2 + NAME_MAX + 1];
    int length = snprintf(path, sizeof(path), "%s%s", subfolder, name);

    if (length < 0 || (size_t)length >= sizeof(path))
        return NULL;
    bool is_page = false;
    if (!is_temporary(name)) {
        is_page = string_table_find(paths, path, (size_t)length) == STRING_NOT_FOUND &&
                  is_ours(folder->kind, folder->descriptor, path);
        if (!is_page)
            return NULL;
    }
    if (unlinkat(folder->descriptor, path, 0) != 0)
        return system_error(folder, path, "cannot remove");
    *removed_count += is_page;
    return NULL;
}

static struct error *clean(const struct output_folder *folder, const char *subfolder,
                           const struct string_table *paths, size_t *removed_count)
{
    const char path[] = {subfolder[0] ? subfolder[0] : '.', '\0'};
    int descriptor = openat(folder->descriptor, path, DIRECTORY_FLAGS);

    if (descriptor < 0 && errno == ENOENT)
        return NULL;
    if (descriptor < 0)
        return system_error(folder, path, "cannot open the directory");
    CLEANUP(close_listing) DIR *listing = fdopendir(descriptor);
    if (!listing) {
        struct error *error = system_error(folder, path, "cannot list the directory");
        close(descriptor);
        return error;
    }
    for (;;) {
        errno = 0;
        const struct dirent *item = readdir(listing);
        if (!item)
            break;
        TRY(remove_unless_wanted(folder, subfolder, item->d_name, paths, removed_count));
    }
    return errno == 0 ? NULL : system_error(folder, path, "cannot list the directory");
}

static struct error *clean_letters(const struct output_folder *folder,
                                   const struct string_table *paths, size_t *removed_count)
{
    for (const char *letter = PAGE_LETTERS; *letter; letter++) {
        const char subfolder[] = {*letter, '/', '\0'};
        size_t count_before = *removed_count;
        TRY(clean(folder, subfolder, paths, removed_count));
        /* Refused if anything is left in it, which is right. */
        if (*removed_count > count_before)
            unlinkat(folder->descriptor, subfolder, AT_REMOVEDIR);
    }
    return NULL;
}

struct error *output_folder_prepare(const struct output_folder *folder,
                                    const struct string_table *paths, size_t *removed_count_ret)
{
    size_t removed_count = 0;

    if (folder->kind->has_letters) {
        TRY(clean_letters(folder, paths, &removed_count));
        TRY(create_letters(folder, paths));
    } else {
        TRY(clean(folder, "", paths, &removed_count));
    }
    *removed_count_ret = removed_count;
    return NULL;
}

struct error *output_folder_remove(const struct output_folder *folder, const char *path)
{
    if (is_ours(folder->kind, folder->descriptor, path) &&
        unlinkat(folder->descriptor, path, 0) != 0)
        return system_error(folder, path, "cannot remove");
    return NULL;
}

/* A file that cannot be read counts as different: replacing it brings the right bytes, or says what
 * is wrong. */
static bool file_has_bytes(const struct output_folder *folder, const char *path,
                           const struct buffer *content)
{
    CLEANUP(close_pointer) int file = openat(folder->descriptor, path, READ_FLAGS);
    struct stat status;
    char bytes[COMPARED_AT_ONCE];
    size_t compared = 0;

    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_size != content->length)
        return false;
    while (compared < content->length) {
        ssize_t count = read(file, bytes, sizeof(bytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || (size_t)count > content->length - compared ||
            memcmp(bytes, content->data + compared, (size_t)count) != 0)
            return false;
        compared += (size_t)count;
    }
    return true;
}

/* The file must not be there yet; errno tells why it could not be created. */
static int create_file(const struct output_folder *folder, const char *path)
{
    return openat(folder->descriptor, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0666);
}

/* Writes and closes FILE. */
static struct error *fill_file(int file, const struct buffer *content)
{
    struct error *error = file_write_all(file, content->data, content->length, NULL);

    /* Network file systems tell of a full disk only now. */
    if (close(file) != 0 && !error)
        error = error_create_errno(errno, NULL, "cannot write");
    return error;
}

static struct error *write_temporary(const struct output_folder *folder, const char *path,
                                     const struct buffer *content)
{
    int file = create_file(folder, path);

    /* A killed run left it behind. */
    if (file < 0 && errno == EEXIST && unlinkat(folder->descriptor, path, 0) == 0)
        file = create_file(folder, path);
    if (file < 0)
        return error_create_errno(errno, NULL, "cannot create %s for it", path);
    return fill_file(file, content);
}

static struct error *replace_file(const struct output_folder *folder, unsigned writer,
                                  const char *path, const struct buffer *content)
{
    char temporary[64];
    int folder_length = folder->kind->has_letters ? 2 : 0;

    snprintf(temporary, sizeof(temporary), "%.*s" TEMPORARY_PREFIX "%u" TEMPORARY_SUFFIX,
             folder_length, path, writer);
    struct error *error = write_temporary(folder, temporary, content);
    if (!error && renameat(folder->descriptor, temporary, folder->descriptor, path) != 0)
        error = error_create_errno(errno, NULL, "cannot replace");
    if (error)
        unlinkat(folder->descriptor, temporary, 0);
    return error;
}

struct error *output_folder_put(const struct output_folder *folder, unsigned writer,
                                const char *path, const struct buffer *content,
                                bool *is_written_ret)
{
    int file = folder->directory >= 0 ? create_file(folder, path) : -1;
    struct error *error;

    /* Nobody sees a new folder: a file may be half for a while. */
    if (file >= 0) {
        error = fill_file(file, content);
        if (error)
            unlinkat(folder->descriptor, path, 0);
    } else if (file_has_bytes(folder, path, content)) {
        *is_written_ret = false;
        return NULL;
    } else {
        error = replace_file(folder, writer, path, content);
    }
    *is_written_ret = true;
    return error ? locate(folder, error, path) : NULL;
}

struct error *output_folder_finish(struct output_folder *folder)
{
    char name[NAME_MAX + 1];

    if (folder->directory < 0)
        return NULL;
    new_folder_name(folder->kind, name);
    if (renameat(folder->directory, name, folder->directory, folder->kind->folder) != 0)
        return error_create_errno(errno, folder->path, "cannot rename %s to it", name);
    folder->directory = -1;
    return NULL;
}
