/* SPDX-License-Identifier: MIT */
#include "cli/terminal/display_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

/* Not by wcwidth(), which knows nothing of this in the C locale, in which nightly jobs run. Blocks
 * that are wide for the most part are taken for wide as a whole: then a text is cut too early,
 * never too late. */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23f3},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267f, 0x267f},
    {0x2693, 0x2693},   {0x26a1, 0x26a1},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},
    {0x26c4, 0x26c5},   {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x26ea, 0x26ea},
    {0x26f2, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728},
    {0x274c, 0x274e},   {0x2753, 0x2757},   {0x2795, 0x2797},   {0x27b0, 0x27bf},
    {0x2b1b, 0x2b1c},   {0x2b50, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},
    {0x4e00, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe10, 0xfe19},   {0xfe30, 0xfe6b},   {0xff01, 0xff60},   {0xffe0, 0xffe6},
    {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf},
    {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1faff},
    {0x20000, 0x3fffd},
};

static const struct range without_width[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x2060, 0x2064}, {0x20d0, 0x20f0},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

static bool is_within(uint32_t character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && character >= ranges[i].first; i++) {
        if (character <= ranges[i].last)
            return true;
    }
    return false;
}

/* What the next character is shown as: its columns and bytes, and what stands for it if it cannot
 * be shown itself. */
struct shown_character {
    size_t byte_count;
    size_t columns;
    bool is_replaced;
};

static struct shown_character look(const char *text)
{
    uint32_t character = 0;
    size_t length = utf8_decode((const unsigned char *)text, strnlen(text, 4), &character);

    if (length == 0 || !utf8_is_printable(character))
        return (struct shown_character){length > 0 ? length : 1, 1, true};
    if (is_within(character, without_width, ARRAY_LENGTH(without_width)))
        return (struct shown_character){length, 0, false};
    return (struct shown_character){length, is_within(character, wide, ARRAY_LENGTH(wide)) ? 2 : 1,
                                    false};
}

size_t display_columns(const char *text)
{
    size_t columns = 0;

    while (*text) {
        const struct shown_character shown = look(text);
        columns += shown.columns;
        text += shown.byte_count;
    }
    return columns;
}

size_t display_append(struct buffer *buffer, const char *text, size_t columns)
{
    size_t used = 0;

    while (*text) {
        const struct shown_character shown = look(text);
        if (used + shown.columns > columns)
            break;
        if (shown.is_replaced)
            buffer_append_char(buffer, '?');
        else
            buffer_append(buffer, text, shown.byte_count);
        used += shown.columns;
        text += shown.byte_count;
    }
    return used;
}

void display_append_padded(struct buffer *buffer, const char *text, size_t columns)
{
    for (size_t used = display_append(buffer, text, columns); used < columns; used++)
        buffer_append_char(buffer, ' ');
}
