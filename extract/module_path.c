/* SPDX-License-Identifier: MIT */
#include "extract/module_path.h"

#include <string.h>

#include "base/compiler.h"

#define TOP "usr/lib/debug/"

static const char *const compressions[] = {".gz", ".xz", ".zst"};
static const char *const endings[] = {".debug", ".ko"}; /* in the order from the end */

/* Shortens *LENGTH by ENDING, if TEXT ends with it. */
static bool cut(const char *text, size_t *length, const char *ending)
{
    size_t ending_length = strlen(ending);

    if (*length < ending_length ||
        memcmp(text + *length - ending_length, ending, ending_length) != 0)
        return false;
    *length -= ending_length;
    return true;
}

bool module_path_match(const char *path, struct module_path *ret)
{
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    if (strncmp(path, TOP, strlen(TOP)) != 0)
        return false;
    const char *name = strrchr(path, '/') + 1;
    size_t length = strlen(name);
    *ret = (struct module_path){0};
    for (size_t i = 0; i < ARRAY_LENGTH(compressions) && !ret->is_compressed; i++)
        ret->is_compressed = cut(name, &length, compressions[i]);
    cut(name, &length, endings[0]);
    if (!cut(name, &length, endings[1]) || length == 0 || length > MODULE_NAME_MAXIMUM)
        return false;
    /* Files may have either; the kernel knows one. */
    for (size_t i = 0; i < length; i++)
        ret->name[i] = name[i] == '-' ? '_' : name[i];
    return true;
}
