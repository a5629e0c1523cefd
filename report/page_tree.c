/* SPDX-License-Identifier: MIT */
#include "report/page_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "report/page_path.h"
#include "report/struct_page.h"

#define TEMPORARY_PREFIX ".kstruct-"
#define TEMPORARY_SUFFIX ".tmp"

/* A FIFO or a link that somebody put in a page's place must neither block nor be followed. */
#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

enum { COMPARED_AT_ONCE = 32 * 1024 };

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

/* Names the file PATH below the tree in ERROR, which has no place yet. */
static struct error *locate(const struct page_tree *tree, struct error *error, const char *path)
{
    CLEANUP(free_pointer) char *where = path_join(tree->path, path);

    return error_locate(error, where ? where : path);
}

/* For a call that just failed at PATH below the tree. */
static struct error *system_error(const struct page_tree *tree, const char *path, const char *what)
{
    return locate(tree, error_create_errno(errno, NULL, "%s", what), path);
}

static struct error *lock(const struct page_tree *tree)
{
    /* Not every file system has locks; without one the user must take care. */
    if (flock(tree->directory, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return error_create(ERROR_SYSTEM, tree->path,
                            "another process is writing this report; wait for it to end");
    return NULL;
}

struct error *page_tree_open(const char *directory, struct page_tree *tree_ret)
{
    if (directory[0] == '\0')
        return error_create(ERROR_USAGE, NULL, "the report's directory has an empty name");
    struct page_tree tree = {.path = path_join(directory, "Struct"), .directory = -1};
    if (!tree.path)
        return error_out_of_memory();

    struct error *error = directory_create(tree.path);
    if (!error) {
        tree.directory = open(tree.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        error =
            tree.directory < 0 ? error_create_errno(errno, tree.path, "cannot open") : lock(&tree);
    }
    if (error) {
        page_tree_close(&tree);
        return error;
    }
    *tree_ret = tree;
    return NULL;
}

void page_tree_close(struct page_tree *tree)
{
    close_pointer(&tree->directory);
    free(tree->path);
    *tree = (struct page_tree){.directory = -1};
}

static struct error *create_folders(const struct page_tree *tree, const struct string_table *paths)
{
    bool is_used[256] = {false};

    for (uint32_t i = 0; i < paths->count; i++)
        is_used[(unsigned char)paths->texts[i][0]] = true;
    for (const char *letter = PAGE_LETTERS; *letter; letter++) {
        const char folder[] = {*letter, '\0'};
        if (is_used[(unsigned char)*letter] && mkdirat(tree->directory, folder, 0777) != 0 &&
            errno != EEXIST)
            return system_error(tree, folder, "cannot create the directory");
    }
    return NULL;
}

static bool is_temporary(const char *name)
{
    return strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 &&
           text_has_suffix(name, TEMPORARY_SUFFIX);
}

/* Is the file a page that a report wrote, not something else that somebody keeps there? */
static bool is_our_page(const struct page_tree *tree, const char *path)
{
    CLEANUP(close_pointer) int file = openat(tree->directory, path, READ_FLAGS);
    char beginning[sizeof(STRUCT_PAGE_BEGINNING) - 1];

    return file >= 0 && read(file, beginning, sizeof(beginning)) == (ssize_t)sizeof(beginning) &&
           memcmp(beginning, STRUCT_PAGE_BEGINNING, sizeof(beginning)) == 0;
}

static struct error *remove_unless_wanted(const struct page_tree *tree, char letter,
                                          const char *name, const struct string_table *paths,
                                          size_t *removed_count)
{
    char path[2 + NAME_MAX + 1];
    int length = snprintf(path, sizeof(path), "%c/%s", letter, name);

    if (length < 0 || (size_t)length >= sizeof(path))
        return NULL;
    bool is_page = false;
    if (!is_temporary(name)) {
        is_page = text_has_suffix(name, PAGE_SUFFIX) &&
                  string_table_find(paths, path, (size_t)length) == STRING_NOT_FOUND &&
                  is_our_page(tree, path);
        if (!is_page)
            return NULL;
    }
    if (unlinkat(tree->directory, path, 0) != 0)
        return system_error(tree, path, "cannot remove");
    *removed_count += is_page;
    return NULL;
}

static struct error *clean_folder(const struct page_tree *tree, char letter,
                                  const struct string_table *paths, size_t *removed_count)
{
    const char path[] = {letter, '\0'};
    int directory = openat(tree->directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (directory < 0 && errno == ENOENT)
        return NULL;
    if (directory < 0)
        return system_error(tree, path, "cannot open the directory");
    CLEANUP(close_folder) DIR *folder = fdopendir(directory);
    if (!folder) {
        struct error *error = system_error(tree, path, "cannot list the directory");
        close(directory);
        return error;
    }
    for (;;) {
        errno = 0;
        const struct dirent *item = readdir(folder);
        if (!item)
            break;
        TRY(remove_unless_wanted(tree, letter, item->d_name, paths, removed_count));
    }
    return errno == 0 ? NULL : system_error(tree, path, "cannot list the directory");
}

struct error *page_tree_prepare(const struct page_tree *tree, const struct string_table *paths,
                                size_t *removed_count_ret)
{
    size_t removed_count = 0;

    for (const char *letter = PAGE_LETTERS; *letter; letter++) {
        const char folder[] = {*letter, '\0'};
        size_t count_before = removed_count;
        TRY(clean_folder(tree, *letter, paths, &removed_count));
        /* Refused if anything is left in it, which is right. */
        if (removed_count > count_before)
            unlinkat(tree->directory, folder, AT_REMOVEDIR);
    }
    TRY(create_folders(tree, paths));
    *removed_count_ret = removed_count;
    return NULL;
}

/* A file that cannot be read counts as different: replacing it brings the right bytes, or says what
 * is wrong. */
static bool file_has_bytes(const struct page_tree *tree, const char *path,
                           const struct buffer *page)
{
    CLEANUP(close_pointer) int file = openat(tree->directory, path, READ_FLAGS);
    struct stat status;
    char bytes[COMPARED_AT_ONCE];
    size_t compared = 0;

    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_size != page->length)
        return false;
    while (compared < page->length) {
        ssize_t count = read(file, bytes, sizeof(bytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || (size_t)count > page->length - compared ||
            memcmp(bytes, page->data + compared, (size_t)count) != 0)
            return false;
        compared += (size_t)count;
    }
    return true;
}

static struct error *write_file(const struct page_tree *tree, const char *path,
                                const struct buffer *page)
{
    int file =
        openat(tree->directory, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

    if (file < 0)
        return error_create_errno(errno, NULL, "cannot create %s for it", path);
    struct error *error = file_write_all(file, page->data, page->length, NULL);
    /* Network file systems tell of a full disk only now. */
    if (close(file) != 0 && !error)
        error = error_create_errno(errno, NULL, "cannot write");
    return error;
}

struct error *page_tree_put(const struct page_tree *tree, unsigned writer, const char *path,
                            const struct buffer *page, bool *is_written_ret)
{
    char temporary[64];

    if (file_has_bytes(tree, path, page)) {
        *is_written_ret = false;
        return NULL;
    }
    snprintf(temporary, sizeof(temporary), "%c/" TEMPORARY_PREFIX "%u" TEMPORARY_SUFFIX, path[0],
             writer);
    struct error *error = write_file(tree, temporary, page);
    if (!error && renameat(tree->directory, temporary, tree->directory, path) != 0)
        error = error_create_errno(errno, NULL, "cannot replace");
    if (error) {
        unlinkat(tree->directory, temporary, 0);
        return locate(tree, error, path);
    }
    *is_written_ret = true;
    return NULL;
}
