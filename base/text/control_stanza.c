/* SPDX-License-Identifier: MIT */
#include "base/text/control_stanza.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void trim(struct control_text *text)
{
    while (text->length > 0 && (is_blank(text->bytes[0]) || text->bytes[0] == '\n')) {
        text->bytes++;
        text->length--;
    }
    while (text->length > 0 &&
           (is_blank(text->bytes[text->length - 1]) || text->bytes[text->length - 1] == '\n'))
        text->length--;
}

/* As it is, without its end. */
static bool take_line(struct control_text *rest, struct control_text *line)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->bytes, '\n', rest->length);
    size_t length = end ? (size_t)(end - rest->bytes) : rest->length;
    size_t taken = end ? length + 1 : length;

    *line = (struct control_text){rest->bytes, length};
    rest->bytes += taken;
    rest->length -= taken;
    return true;
}

static bool is_blank_line(const struct control_text *line)
{
    for (size_t i = 0; i < line->length; i++) {
        if (!is_blank(line->bytes[i]))
            return false;
    }
    return true;
}

bool control_next_stanza(struct control_text *rest, struct control_text *stanza_ret)
{
    struct control_text line;
    const char *first = NULL;
    const char *end = NULL;

    while (take_line(rest, &line)) {
        bool is_end = is_blank_line(&line);
        if (is_end && first)
            break;
        if (is_end)
            continue;
        if (!first)
            first = line.bytes;
        end = line.bytes + line.length;
    }
    if (!first)
        return false;
    *stanza_ret = (struct control_text){first, (size_t)(end - first)};
    return true;
}

/* Further lines of a field, and comments, begin no field. */
static bool begins_field(const struct control_text *line)
{
    return line->length > 0 && line->bytes[0] != ' ' && line->bytes[0] != '\t' &&
           line->bytes[0] != '#';
}

/* Does the line begin with "NAME:"? *value_ret: what is after that. */
static bool is_field(const struct control_text *line, const char *name,
                     struct control_text *value_ret)
{
    size_t name_length = strlen(name);

    if (!begins_field(line) || line->length <= name_length || line->bytes[name_length] != ':' ||
        strncasecmp(line->bytes, name, name_length) != 0)
        return false;
    *value_ret =
        (struct control_text){line->bytes + name_length + 1, line->length - name_length - 1};
    return true;
}

bool control_find_field(const struct control_text *stanza, const char *name,
                        struct control_text *value_ret)
{
    struct control_text rest = *stanza;
    struct control_text line;
    struct control_text value;

    while (take_line(&rest, &line)) {
        if (!is_field(&line, name, &value))
            continue;
        while (take_line(&rest, &line) && !begins_field(&line))
            value.length = (size_t)(line.bytes + line.length - value.bytes);
        trim(&value);
        *value_ret = value;
        return true;
    }
    return false;
}

bool control_next_line(struct control_text *rest, struct control_text *line_ret)
{
    struct control_text line;

    if (!take_line(rest, &line))
        return false;
    trim(&line);
    *line_ret = line;
    return true;
}

bool control_next_word(struct control_text *rest, struct control_text *word_ret)
{
    size_t length = 0;

    trim(rest);
    while (length < rest->length && !is_blank(rest->bytes[length]) && rest->bytes[length] != '\n')
        length++;
    *word_ret = (struct control_text){rest->bytes, length};
    rest->bytes += length;
    rest->length -= length;
    return length > 0;
}

bool control_text_equals(const struct control_text *text, const char *other)
{
    return strlen(other) == text->length && memcmp(text->bytes, other, text->length) == 0;
}

bool control_text_number(const struct control_text *text, uint64_t *ret)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text->length; i++) {
        unsigned digit = (unsigned char)text->bytes[i] - (unsigned)'0';
        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (text->length == 0)
        return false;
    *ret = number;
    return true;
}
