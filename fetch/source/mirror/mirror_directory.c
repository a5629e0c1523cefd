/* SPDX-License-Identifier: MIT */
#include "fetch/source/mirror/mirror_directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "fetch/package/package_name.h"

void mirror_files_deinit(struct mirror_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        free(files->files[i].version);
    }
    free(files->files);
    *files = (struct mirror_files){0};
}

static void close_directory(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

/* Which of the names a file's is; their number if it is none of them, or of another architecture.
 */
static size_t find_name(const char *file_name, const struct kernel_package_names *names)
{
    const char *version = strchr(file_name, '_');
    const char *architecture = version ? strchr(version + 1, '_') : NULL;
    size_t length = strlen(names->architecture);
    size_t i = 0;

    if (!architecture || strncmp(architecture + 1, names->architecture, length) != 0 ||
        (strcmp(architecture + 1 + length, ".ddeb") != 0 &&
         strcmp(architecture + 1 + length, ".deb") != 0))
        return KERNEL_PACKAGE_NAME_COUNT;
    while (i < KERNEL_PACKAGE_NAME_COUNT &&
           (strlen(names->names[i]) != (size_t)(version - file_name) ||
            strncmp(names->names[i], file_name, (size_t)(version - file_name)) != 0))
        i++;
    return i;
}

/* Takes over what FILE has. */
static struct error *append(struct mirror_files *files, struct mirror_file *file)
{
    struct mirror_file *grown = reallocarray(files->files, files->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    files->files = grown;
    grown[files->count++] = *file;
    *file = (struct mirror_file){0};
    return NULL;
}

static struct error *add_file(const char *directory, const char *file_name, size_t name,
                              const char *version, struct mirror_files *files)
{
    CLEANUP(free_pointer) char *own_version = NULL;
    CLEANUP(free_pointer) char *path = path_join(directory, file_name);
    struct stat status;

    if (!path)
        return error_out_of_memory();
    TRY(package_version_from_file_name(file_name, &own_version));
    if (!own_version || (version && !package_version_equal(own_version, version)) ||
        stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    struct mirror_file file = {path, own_version, name, (uint64_t)status.st_size};
    TRY(append(files, &file));
    path = NULL;
    own_version = NULL;
    return NULL;
}

static int compare_files(const void *left, const void *right)
{
    const struct mirror_file *a = left;
    const struct mirror_file *b = right;

    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return strcmp(a->path, b->path);
}

struct error *mirror_directory_search(const char *directory,
                                      const struct kernel_package_names *names, const char *version,
                                      struct mirror_files *ret)
{
    CLEANUP(close_directory) DIR *entries = opendir(directory);
    CLEANUP(mirror_files_deinit) struct mirror_files files = {0};
    const struct dirent *entry;

    if (!entries)
        return error_create(ERROR_INCONCLUSIVE, directory,
                            "cannot be read: %s (mirror in the settings)", strerror(errno));
    while ((entry = readdir(entries)) != NULL) {
        size_t name = find_name(entry->d_name, names);
        if (name < KERNEL_PACKAGE_NAME_COUNT)
            TRY(add_file(directory, entry->d_name, name, version, &files));
    }
    if (files.count > 1)
        qsort(files.files, files.count, sizeof(*files.files), compare_files);
    *ret = files;
    files = (struct mirror_files){0};
    return NULL;
}
