/* SPDX-License-Identifier: MIT */
#include "report/site/html/c_listing.h"

#include <stdbool.h>
#include <string.h>

#include "report/site/html/html.h"

enum { NAME_CAPACITY = C_NAME_MAXIMUM + 1 };

struct listing {
    struct buffer *out;
    const struct site *site;
    const char *to_top;
    const char *rest;
    bool is_type_next; /* a name that comes now is a type's, as C's grammar has it */
    const struct definition_kind_text *keyword; /* `struct` or the like came just before; or NULL */
};

static bool is_word_character(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

static bool is_qualifier(const char *word)
{
    static const char *const words[] = {"const", "volatile", "restrict", "_Atomic", "typedef"};

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

/* The kind whose tags follow the word; NULL: it is another word. */
static const struct definition_kind_text *keyword_of(const char *word)
{
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const struct definition_kind_text *text = &definition_kind_texts[kind];
        if (text->prefix[0] != '\0' && strcmp(word, text->word) == 0)
            return text;
    }
    return NULL;
}

static void append_escaped(struct listing *listing, const char *text, size_t length)
{
    char piece[64];

    while (length > 0) {
        size_t count = length < sizeof(piece) - 1 ? length : sizeof(piece) - 1;
        /* No character is cut in two. */
        while (count < length && count > 1 && ((unsigned char)text[count] & 0xc0) == 0x80)
            count--;
        memcpy(piece, text, count);
        piece[count] = '\0';
        html_append_text(listing->out, piece);
        text += count;
        length -= count;
    }
}

static void append_name(struct listing *listing, enum definition_kind kind, const char *name)
{
    if (!site_find(listing->site, kind, name)) {
        html_append_text(listing->out, name);
        return;
    }
    buffer_append_text(listing->out, "<a href=\"");
    html_append_definition_address(listing->out, listing->to_top, kind, name);
    buffer_append_text(listing->out, "\">");
    html_append_text(listing->out, name);
    buffer_append_text(listing->out, "</a>");
}

static void take_word(struct listing *listing)
{
    char word[NAME_CAPACITY];
    size_t length = 0;

    while (is_word_character(listing->rest[length]))
        length++;
    if (length >= sizeof(word)) {
        append_escaped(listing, listing->rest, length);
        listing->rest += length;
        return;
    }
    memcpy(word, listing->rest, length);
    word[length] = '\0';
    listing->rest += length;
    const struct definition_kind_text *keyword = keyword_of(word);
    if (listing->keyword) {
        append_name(listing, (enum definition_kind)(listing->keyword - definition_kind_texts),
                    word);
        listing->is_type_next = false;
    } else if (listing->is_type_next && !keyword && !is_qualifier(word)) {
        append_name(listing, DEFINITION_TYPEDEF, word);
        listing->is_type_next = false;
    } else {
        buffer_append_text(listing->out, word);
    }
    listing->keyword = keyword;
}

static void take_comment(struct listing *listing)
{
    const char *end = strstr(listing->rest + 2, "*/");
    size_t length = end ? (size_t)(end + 2 - listing->rest) : strlen(listing->rest);

    buffer_append_text(listing->out, "<i>");
    append_escaped(listing, listing->rest, length);
    buffer_append_text(listing->out, "</i>");
    listing->rest += length;
}

/* `(` begins parameters, unless a `*` follows; then it is around a declarator. */
static void take_sign(struct listing *listing)
{
    const char *rest = listing->rest;

    if (strchr("\n;{}", *rest) || (*rest == '(' && rest[1] != '*') || *rest == ',')
        listing->is_type_next = true;
    else if (*rest != ' ')
        listing->is_type_next = false;
    if (*rest != ' ')
        listing->keyword = NULL;
    size_t length = 1;
    if (*rest == '\n') {
        buffer_append_char(listing->out, '\n');
        listing->rest++;
        return;
    }
    while (((unsigned char)rest[length] & 0xc0) == 0x80)
        length++;
    append_escaped(listing, rest, length);
    listing->rest += length;
}

void c_listing_append(struct buffer *out, const struct site *site, const char *to_top,
                      const char *text)
{
    struct listing listing = {
        .out = out, .site = site, .to_top = to_top, .rest = text, .is_type_next = true};

    while (*listing.rest != '\0') {
        if (is_word_character(*listing.rest))
            take_word(&listing);
        else if (strncmp(listing.rest, "/*", 2) == 0)
            take_comment(&listing);
        else
            take_sign(&listing);
    }
}
