/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "report/page_path.h"
#include "report/report.h"

/* A folder that is not there has no pages. */
static struct error *count_in_folder(const char *path, size_t *count)
{
    DIR *folder = opendir(path);

    if (!folder && errno == ENOENT)
        return NULL;
    if (!folder)
        return error_create_errno(errno, path, "cannot list the directory");
    for (;;) {
        const struct dirent *item = readdir(folder);
        if (!item)
            break;
        *count += item->d_name[0] != '.' && text_has_suffix(item->d_name, PAGE_SUFFIX);
    }
    closedir(folder);
    return NULL;
}

struct error *report_count_pages(const char *directory, size_t *count_ret)
{
    size_t count = 0;

    for (const char *letter = PAGE_LETTERS; *letter; letter++) {
        CLEANUP(free_pointer) char *path = NULL;
        if (asprintf(&path, "%s/Struct/%c", directory, *letter) < 0)
            return error_out_of_memory();
        TRY(count_in_folder(path, &count));
    }
    *count_ret = count;
    return NULL;
}
