/* SPDX-License-Identifier: MIT */
#include "config/list/list_values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"

#define DIGITS "0123456789"
#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"
#define LETTERS LOWER_CASE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool begins_with_one_of(const char *text, const char *characters)
{
    return text[0] != '\0' && strchr(characters, text[0]) != NULL;
}

static bool has_only(const char *text, const char *characters)
{
    return text[strspn(text, characters)] == '\0';
}

const char *list_value_check_version(const char *value)
{
    if (begins_with_one_of(value, DIGITS) && has_only(value, DIGITS LETTERS ".+~:-"))
        return NULL;
    return "expected the version of a package, such as `5.4.0-26.30`";
}

const char *list_value_check_url(const char *value)
{
    static const char *const schemes[] = {"https://", "http://", "file://"};

    if (strchr(value, ' ') || strchr(value, '\t'))
        return "expected a URL without spaces; write `%20` for one";
    for (size_t i = 0; i < ARRAY_LENGTH(schemes); i++) {
        size_t length = strlen(schemes[i]);
        if (strncasecmp(value, schemes[i], length) == 0 && value[length] != '\0')
            return NULL;
    }
    return "expected a URL that begins with `https://`, `http://` or `file://`";
}

const char *list_value_check_sha256(const char *value)
{
    if (strlen(value) == 64 && has_only(value, DIGITS "abcdefABCDEF"))
        return NULL;
    return "expected 64 hexadecimal digits";
}

/* The name becomes an argument of apt-get, so it must not look like an option. */
const char *list_value_check_apt(const char *value)
{
    if (begins_with_one_of(value, DIGITS LOWER_CASE) && has_only(value, DIGITS LOWER_CASE "+-.:"))
        return NULL;
    return "expected the name of a package, such as `linux-image-6.1.0-56-cloud-amd64-dbg`";
}

const char *list_value_check_group(const char *value)
{
    static const char *const reserved[] = {"Regular", "Arch", "Flavor"};
    size_t length = strlen(value);

    if (length > LIST_GROUP_NAME_MAXIMUM)
        return "expected a name of at most 64 bytes";
    if (!has_only(value, DIGITS LETTERS " ._+-"))
        return "expected only letters, digits, spaces and `. _ + -`";
    if (value[0] == ' ' || value[length - 1] == ' ')
        return "expected no space at either end";
    for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++) {
        if (strcasecmp(value, reserved[i]) == 0)
            return "expected another name than `Regular`, `Arch` and `Flavor`, whose kernels "
                   "follow from the baseline";
    }
    return NULL;
}

const char *list_value_check_latest(const char *value)
{
    if (strlen(value) <= 4 && has_only(value, DIGITS)) {
        long number = strtol(value, NULL, 10);
        if (number >= 1 && number <= LIST_LATEST_MAXIMUM)
            return NULL;
    }
    return "expected a number from 1 to 1000";
}

const char *list_value_check_any(const char *value UNUSED)
{
    return NULL;
}
