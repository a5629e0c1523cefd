/* SPDX-License-Identifier: MIT */
#include "report/write/pair_path.h"

#include <stdbool.h>
#include <string.h>

#include "report/write/page_path.h"

enum {
    FILE_NAME_MAXIMUM = 255, /* bytes, on every file system that matters */
    STEM_MAXIMUM = 1024 * 1024,
};

static bool is_safe(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || strchr("._-+~", character);
}

static void append_escaped(const char *name, struct buffer *out)
{
    for (; *name; name++) {
        if (is_safe(*name) && !(*name == '.' && out->length == 0))
            buffer_append_char(out, *name);
        else
            buffer_append_format(out, "%%%02X", (unsigned char)*name);
    }
}

void pair_path_append(const char *before, const char *after, const char *suffix,
                      struct buffer *path)
{
    CLEANUP(buffer_deinit) struct buffer stem;
    const size_t stem_maximum = FILE_NAME_MAXIMUM - strlen(suffix);

    buffer_init(&stem, STEM_MAXIMUM);
    append_escaped(before, &stem);
    buffer_append_text(&stem, "..");
    append_escaped(after, &stem);
    buffer_take_failure(path, &stem);
    if (stem.length <= stem_maximum) {
        buffer_append(path, stem.data, stem.length);
    } else {
        buffer_append(path, stem.data, stem_maximum - PATH_HASH_LENGTH);
        path_append_hash(path, stem.data, stem.length);
    }
    buffer_append_text(path, suffix);
}

void pair_path_append_link(const char *before, const char *after, const char *suffix,
                           struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer path;

    buffer_init(&path, STEM_MAXIMUM);
    pair_path_append(before, after, suffix, &path);
    buffer_take_failure(out, &path);
    page_path_append_link(out, buffer_text(&path));
}
