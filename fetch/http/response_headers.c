/* SPDX-License-Identifier: MIT */
#include "fetch/http/response_headers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Copies the value of a header, without the spaces around it; nothing if it does not fit. */
static void copy_value(char *value_ret, const char *value, size_t length)
{
    while (length > 0 && strchr(" \t", *value)) {
        value++;
        length--;
    }
    while (length > 0 && strchr(" \t\r\n", value[length - 1]))
        length--;
    if (length > VALIDATOR_LENGTH_MAXIMUM || memchr(value, '\0', length))
        length = 0;
    memcpy(value_ret, value, length);
    value_ret[length] = '\0';
}

static bool read_number(const char **text, uint64_t *number_ret)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *number_ret = strtoull(*text, &end, 10);
    *text = end;
    return errno == 0;
}

/* "bytes 100-199/1000", "bytes 100-199/" with a star for an unknown total. */
static void read_content_range(struct response_headers *headers, const char *value)
{
    uint64_t last;

    headers->has_range = false;
    if (strncasecmp(value, "bytes ", 6) != 0)
        return;
    value += 6;
    if (!read_number(&value, &headers->range_first) || *value++ != '-' ||
        !read_number(&value, &last) || *value++ != '/')
        return;
    headers->range_total = UINT64_MAX;
    if (strcmp(value, "*") != 0 && (!read_number(&value, &headers->range_total) || *value))
        return;
    headers->has_range = last >= headers->range_first && last < headers->range_total;
}

static bool is_named(const char *line, size_t name_length, const char *name)
{
    return strlen(name) == name_length && strncasecmp(line, name, name_length) == 0;
}

void response_headers_add(struct response_headers *headers, const char *line, size_t length)
{
    char value[VALIDATOR_LENGTH_MAXIMUM + 1];

    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        *headers = (struct response_headers){0};
        return;
    }
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return;
    size_t name_length = (size_t)(colon - line);
    copy_value(value, colon + 1, length - name_length - 1);
    if (is_named(line, name_length, "ETag"))
        memcpy(headers->entity_tag, value[0] == '"' ? value : "",
               value[0] == '"' ? sizeof(value) : 1);
    else if (is_named(line, name_length, "Last-Modified"))
        memcpy(headers->last_modified, value, sizeof(value));
    else if (is_named(line, name_length, "Content-Range"))
        read_content_range(headers, value);
}

const char *response_headers_validator(const struct response_headers *headers)
{
    return headers->entity_tag[0] ? headers->entity_tag : headers->last_modified;
}
