/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_path.h"

#include <string.h>

#include "base/compiler.h"

/* uname(2) has room for no more. */
enum { MAXIMUM_RELEASE_LENGTH = 64 };

static const struct {
    const char *before; /* the release */
    const char *after;
} places[] = {
    {"usr/lib/debug/boot/vmlinux-", ""},
    {"usr/lib/debug/lib/modules/", "/vmlinux"},
};

/* The leading digit tells a kernel from its helpers, such as vmlinux-gdb.py. */
static bool is_release(const char *text, size_t length)
{
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789.-+~_";

    return length > 0 && length <= MAXIMUM_RELEASE_LENGTH && text[0] >= '0' && text[0] <= '9' &&
           strspn(text, others) >= length;
}

bool vmlinux_path_match(const char *path, const char **release_ret, size_t *release_length_ret)
{
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    size_t path_length = strlen(path);
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        size_t before = strlen(places[i].before);
        size_t after = strlen(places[i].after);
        if (path_length <= before + after || strncmp(path, places[i].before, before) != 0 ||
            strcmp(path + path_length - after, places[i].after) != 0)
            continue;
        size_t release_length = path_length - before - after;
        if (!is_release(path + before, release_length))
            continue;
        *release_ret = path + before;
        *release_length_ret = release_length;
        return true;
    }
    return false;
}
