/* SPDX-License-Identifier: MIT */
#include "fetch/http/url_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void url_append_path(struct buffer *url, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (isascii(c) && (isalnum(c) || strchr("-._~+/", c)))
            buffer_append_char(url, *text);
        else
            buffer_append_format(url, "%%%02X", c);
    }
}

static bool is_clean_part(const char *part, size_t length)
{
    if (length == 0 || (length == 1 && part[0] == '.') ||
        (length == 2 && memcmp(part, "..", 2) == 0))
        return false;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)part[i] < 0x20 || part[i] == 0x7f)
            return false;
    }
    return true;
}

bool url_is_clean_path(const char *path)
{
    for (;;) {
        size_t length = strcspn(path, "/");

        if (!is_clean_part(path, length))
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
}

size_t url_server_length(const char *url)
{
    const char *authority = strstr(url, "://");

    if (!authority || strncasecmp(url, "file:", strlen("file:")) == 0)
        return 0;
    authority += strlen("://");
    return (size_t)(authority - url) + strcspn(authority, "/?#");
}
