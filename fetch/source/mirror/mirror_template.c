/* SPDX-License-Identifier: MIT */
#include "fetch/source/mirror/mirror_template.h"

#include <string.h>

#include "fetch/http/url_text.h"

static const struct {
    const char *field;
    size_t offset; /* of its value */
} fields[] = {
    {"{file}", offsetof(struct mirror_values, file)},
    {"{package}", offsetof(struct mirror_values, package)},
    {"{version}", offsetof(struct mirror_values, version)},
    {"{kernel}", offsetof(struct mirror_values, kernel)},
    {"{arch}", offsetof(struct mirror_values, arch)},
};

/* The number of the field that TEXT begins with, or that of all of them. */
static size_t find_field(const char *text)
{
    size_t i = 0;

    while (i < ARRAY_LENGTH(fields) && strncmp(text, fields[i].field, strlen(fields[i].field)) != 0)
        i++;
    return i;
}

struct error *mirror_template_check(const char *text)
{
    for (const char *brace = text; *(brace += strcspn(brace, "{}"));) {
        size_t field = find_field(brace);
        if (field == ARRAY_LENGTH(fields))
            return error_create(ERROR_CONFIGURATION, "mirror",
                                "%.*s in %s is no field: give {file}, {package}, {version}, "
                                "{kernel} or {arch}",
                                (int)strcspn(brace, "}") + (strchr(brace, '}') != NULL), brace,
                                text);
        brace += strlen(fields[field].field);
    }
    return NULL;
}

bool mirror_template_has(const char *text, const char *field)
{
    return strstr(text, field) != NULL;
}

static const char *value_of(const struct mirror_values *values, size_t field)
{
    const char *value;

    memcpy(&value, (const char *)values + fields[field].offset, sizeof(value));
    return value;
}

void mirror_template_fill(const char *text, size_t length, const struct mirror_values *values,
                          bool is_url, struct buffer *ret)
{
    const char *end = text + length;

    while (text < end) {
        size_t field = find_field(text);
        if (field == ARRAY_LENGTH(fields)) {
            buffer_append_char(ret, *text++);
            continue;
        }
        if (is_url)
            url_append_path(ret, value_of(values, field));
        else
            buffer_append_text(ret, value_of(values, field));
        text += strlen(fields[field].field);
    }
}
