/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_beginning.h"

#include <stdbool.h>
#include <string.h>

enum { MAGIC_LENGTH = 8 };

static bool has_known_magic(const char *beginning, size_t length)
{
    static const struct {
        const char *bytes;
        size_t length;
    } magics[] = {
        {"!<arch>\n", MAGIC_LENGTH}, /* .deb, .ddeb */
        {"\177ELF", 4},
        {"\237\353", 2}, /* BTF, of either byte order */
        {"\353\237", 2},
        {"\3757zXZ", 6}, /* BTF in an archive, as BTFHub has it */
    };

    for (size_t i = 0; length >= MAGIC_LENGTH && i < ARRAY_LENGTH(magics); i++) {
        if (memcmp(beginning, magics[i].bytes, magics[i].length) == 0)
            return true;
    }
    return false;
}

static bool is_page(const char *beginning, size_t length)
{
    size_t spaces = 0;

    while (spaces < length && strchr(" \t\r\n", beginning[spaces]))
        spaces++;
    return spaces < length && beginning[spaces] == '<';
}

struct error *package_beginning_check(const char *beginning, size_t length, const char *url)
{
    int shown = (int)strnlen(beginning, length);

    if (has_known_magic(beginning, length))
        return NULL;
    bool is_packed = length >= 2 && memcmp(beginning, "\037\213", 2) == 0;
    if (length > 0 && !is_packed && !is_page(beginning, length))
        return error_create(ERROR_NOT_A_PACKAGE, url,
                            "what the server sent is neither a package nor an ELF file, it begins "
                            "with \"%.*s\": open the URL in a browser to see why",
                            shown, beginning);
    if (length == 0)
        return error_create(
            ERROR_INCONCLUSIVE, url,
            "what the server sent is neither a package nor an ELF file, but empty: try "
            "again later");
    if (is_packed)
        return error_create(
            ERROR_INCONCLUSIVE, url,
            "what the server sent is neither a package nor an ELF file, but packed "
            "with gzip, which nobody asked for: ask who runs the server, or a proxy "
            "on the way; try again later");
    return error_create(ERROR_INCONCLUSIVE, url,
                        "what the server sent is neither a package nor an ELF file but a page, as "
                        "of a network that wants a login; it begins with \"%.*s\": open the URL in "
                        "a browser to see why, and try again later",
                        shown, beginning);
}
