/* SPDX-License-Identifier: MIT */
#include "fetch/source/apt/apt_uris.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "fetch/package/package_name.h"

/* Takes the word at *TEXT up to the next blank. Free with free(); NULL when there is no memory. */
static char *take_word(const char **text)
{
    size_t blanks = strspn(*text, " ");
    size_t length = strcspn(*text + blanks, " ");
    char *word = strndup(*text + blanks, length);

    *text += blanks + length;
    return word;
}

static bool parse_size(const char *text, uint64_t *ret)
{
    char *end = NULL;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    unsigned long long size = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || size == PACKAGE_SIZE_UNKNOWN)
        return false;
    *ret = size;
    return true;
}

/* The hash is the last word; apt says which kind it chose. */
static struct error *parse_hash(const char *text, char **ret)
{
    static const char kind[] = "SHA256:";
    const char *hash = strstr(text, kind);
    CLEANUP(free_pointer) char *word = NULL;

    if (!hash)
        return NULL;
    hash += strlen(kind);
    word = take_word(&hash);
    if (!word)
        return error_out_of_memory();
    if (!sha256_is_hex(word))
        return error_create(ERROR_INCONCLUSIVE, NULL, "apt-get prints a broken SHA-256: %s", word);
    *ret = word;
    word = NULL;
    return NULL;
}

static struct error *parse_line(const char *line, struct package_location *ret)
{
    const char *url_end = strchr(line + 1, '\'');

    if (!url_end)
        return error_create(ERROR_INCONCLUSIVE, NULL, "apt-get prints a line without a URL: %s",
                            line);
    const char *rest = url_end + 1;
    CLEANUP(free_pointer) char *file_name = take_word(&rest);
    CLEANUP(free_pointer) char *size = take_word(&rest);
    ret->url = strndup(line + 1, (size_t)(url_end - line - 1));
    if (!file_name || !size || !ret->url)
        return error_out_of_memory();
    if (!parse_size(size, &ret->byte_size))
        return error_create(ERROR_INCONCLUSIVE, NULL, "apt-get prints a line without a size: %s",
                            line);
    TRY(package_version_from_file_name(file_name, &ret->package_version));
    return parse_hash(rest, &ret->sha256);
}

struct error *apt_uris_parse(const char *text, struct package_location *ret)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        if (*text == '\'') {
            CLEANUP(free_pointer) char *line = strndup(text, length);
            return line ? parse_line(line, ret) : error_out_of_memory();
        }
        text += length + (text[length] == '\n');
    }
    return error_create(ERROR_INCONCLUSIVE, NULL, "apt-get prints no URL");
}
