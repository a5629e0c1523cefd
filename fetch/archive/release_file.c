/* SPDX-License-Identifier: MIT */
#include "fetch/archive/release_file.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { DATE_LENGTH_MAXIMUM = 63 };

void release_file_deinit(struct release_file *release)
{
    buffer_deinit(&release->text);
    *release = (struct release_file){0};
}

/* "Thu, 25 Apr 2024 15:11:23 UTC" */
static bool parse_date(const struct control_text *text, int64_t *ret)
{
    char date[DATE_LENGTH_MAXIMUM + 1];

    if (text->length > DATE_LENGTH_MAXIMUM)
        return false;
    memcpy(date, text->bytes, text->length);
    date[text->length] = '\0';
    time_t time = curl_getdate(date, NULL);
    *ret = time;
    return time != (time_t)-1;
}

static struct error *parse(const char *url, struct release_file *release)
{
    struct control_text rest = {buffer_text(&release->text), release->text.length};
    struct control_text stanza;
    struct control_text value;

    if (!control_next_stanza(&rest, &stanza))
        return error_create(ERROR_INCONCLUSIVE, url, "is empty");
    if (!control_find_field(&stanza, "Date", &value) || !parse_date(&value, &release->date))
        return error_create(ERROR_INCONCLUSIVE, url,
                            "has no readable Date, so that nobody knows how old it is");
    release->has_valid_until = control_find_field(&stanza, "Valid-Until", &value);
    if (release->has_valid_until && !parse_date(&value, &release->valid_until))
        return error_create(ERROR_INCONCLUSIVE, url, "has a Valid-Until that cannot be read");
    if (!control_find_field(&stanza, "SHA256", &release->files))
        return error_create(ERROR_INCONCLUSIVE, url,
                            "has no SHA256 field: without it nothing proves the files it lists");
    control_find_field(&stanza, "Architectures", &release->architectures);
    release->has_by_hash = control_find_field(&stanza, "Acquire-By-Hash", &value) &&
                           control_text_equals(&value, "yes");
    return NULL;
}

struct error *release_file_init(struct buffer *text, const char *url, struct release_file *ret)
{
    struct release_file release = {.text = *text};

    *text = (struct buffer){0};
    struct error *error = parse(url, &release);
    if (error) {
        release_file_deinit(&release);
        return error;
    }
    *ret = release;
    return NULL;
}

bool release_file_find(const struct release_file *release, const char *path,
                       struct listed_file *ret)
{
    struct control_text rest = release->files;
    struct control_text line;

    while (control_next_line(&rest, &line)) {
        struct control_text hash;
        struct control_text size;
        struct control_text name;
        struct listed_file file;

        if (!control_next_word(&line, &hash) || !control_next_word(&line, &size) ||
            !control_next_word(&line, &name) || !control_text_equals(&name, path))
            continue;
        snprintf(file.sha256, sizeof(file.sha256), "%.*s", (int)hash.length, hash.bytes);
        if (hash.length != SHA256_HEX_LENGTH || !sha256_is_hex(file.sha256) ||
            !control_text_number(&size, &file.byte_size))
            continue;
        *ret = file;
        return true;
    }
    return false;
}
