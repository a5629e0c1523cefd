/* SPDX-License-Identifier: MIT */
#include "report/site/search/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "model/text/escape.h"
#include "report/site/html/html.h"
#include "report/site/search/search_parts.h"
#include "report/write/page_path.h"

enum {
    FILE_MAXIMUM = 256 * 1024 * 1024,
    KEY_LENGTH = 2,
    NAME_MAXIMUM = 4096,
};

/* That a definition has a part of that name. */
struct part {
    uint32_t name;
    uint32_t path;       /* to it; the same as the name if it is not inside of another one */
    uint32_t definition; /* its number in the search */
};

struct search_index {
    const struct report_context *context;
    struct table_output *output;
    unsigned folder;
    uint32_t definition;        /* whose parts are collected */
    struct string_table names;  /* of parts, and their paths */
    uint32_t *last_definitions; /* by path: 1 more than the last that has it */
    size_t last_capacity;
    size_t part_count;
    size_t part_capacity;
    struct part *parts;
    struct buffer text;
    struct buffer name; /* at hand */
    struct arena arena; /* for one layout */
};

static void search_index_deinit(struct search_index *index)
{
    string_table_deinit(&index->names);
    free(index->last_definitions);
    free(index->parts);
    buffer_deinit(&index->text);
    buffer_deinit(&index->name);
    arena_deinit(&index->arena);
}

/* Is the text the same in names.txt, and in the name of a file? A `~` is in no other one. */
static bool is_plain(struct search_index *index, const char *text)
{
    buffer_clear(&index->name);
    escape_append(&index->name, ESCAPE_NOTHING_MORE, text);
    if (strcmp(buffer_text(&index->name), text) != 0)
        return false;
    buffer_clear(&index->name);
    page_path_append_name(&index->name, text, HTML_SUFFIX);
    return !strchr(buffer_text(&index->name), '~');
}

static bool is_searched(struct search_index *index, const struct history_definition *entry)
{
    return page_is_wanted(entry, &index->context->plan) && is_plain(index, entry->name);
}

static struct error *write_names(struct search_index *index)
{
    const struct history *history = index->context->input.history;
    size_t counts[DEFINITION_KIND_COUNT] = {0};

    buffer_clear(&index->text);
    buffer_append_text(&index->text, SEARCH_BEGINNING);
    for (size_t i = 0; i < history->definition_count; i++)
        counts[history->definitions[i].kind] += is_searched(index, &history->definitions[i]);
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        buffer_append_format(&index->text, "%s %zu\n", definition_kind_texts[kind].word,
                             counts[kind]);
    buffer_append_char(&index->text, '\n');
    for (size_t i = 0; i < history->definition_count; i++) {
        if (!is_searched(index, &history->definitions[i]))
            continue;
        buffer_append_text(&index->text, history->definitions[i].name);
        buffer_append_char(&index->text, '\n');
    }
    return table_output_put(index->output, index->folder, "names.txt", &index->text);
}

static struct error *make_room(struct search_index *index)
{
    if (index->names.count > index->last_capacity) {
        size_t capacity = 2 * (size_t)index->names.count + 1024;
        uint32_t *grown = realloc(index->last_definitions, capacity * sizeof(*grown));
        if (!grown)
            return error_out_of_memory();
        memset(grown + index->last_capacity, 0, (capacity - index->last_capacity) * sizeof(*grown));
        index->last_definitions = grown;
        index->last_capacity = capacity;
    }
    if (index->part_count == index->part_capacity) {
        size_t capacity = 2 * index->part_capacity + 4096;
        struct part *grown = realloc(index->parts, capacity * sizeof(*grown));
        if (!grown)
            return error_out_of_memory();
        index->parts = grown;
        index->part_capacity = capacity;
    }
    return NULL;
}

static struct error *add_part(void *context, const char *path, const char *name)
{
    struct search_index *index = context;
    struct part part = {.definition = index->definition};

    TRY(string_table_intern(&index->names, path, strlen(path), &part.path));
    TRY(string_table_intern(&index->names, name, strlen(name), &part.name));
    TRY(make_room(index));
    /* Most layouts of a definition have the same. */
    if (index->last_definitions[part.path] == part.definition + 1)
        return NULL;
    index->last_definitions[part.path] = part.definition + 1;
    if (!is_plain(index, path))
        return NULL;
    index->parts[index->part_count++] = part;
    return NULL;
}

static struct error *collect_parts(struct search_index *index)
{
    const struct history *history = index->context->input.history;

    for (size_t i = 0; i < history->definition_count; i++) {
        if (!is_searched(index, &history->definitions[i]))
            continue;
        TRY(search_parts_visit(history, &history->definitions[i], &index->arena, add_part, index));
        index->definition++;
    }
    return NULL;
}

static char key_character(char character)
{
    if (character >= 'A' && character <= 'Z')
        return (char)(character - 'A' + 'a');
    if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
        character == '_')
        return character;
    return '-';
}

/* The name of the file that a part is in, without its suffix. */
static void make_key(const char *name, char *key)
{
    key[0] = key_character(name[0]);
    key[1] = name[0] ? key_character(name[1]) : '-';
    key[KEY_LENGTH] = '\0';
}

static int compare_parts(const void *left, const void *right, void *context)
{
    const struct search_index *index = context;
    const struct part *a = left;
    const struct part *b = right;
    const char *names[] = {index->names.texts[a->name], index->names.texts[b->name]};
    char keys[2][KEY_LENGTH + 1];

    if (a->name == b->name && a->definition == b->definition)
        return strcmp(index->names.texts[a->path], index->names.texts[b->path]);
    if (a->name == b->name)
        return a->definition < b->definition ? -1 : 1;
    make_key(names[0], keys[0]);
    make_key(names[1], keys[1]);
    int order = strcmp(keys[0], keys[1]);
    return order != 0 ? order : strcmp(names[0], names[1]);
}

static void append_number(struct buffer *out, uint32_t number)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char text[8];
    size_t place = sizeof(text);

    do {
        text[--place] = digits[number % 36];
        number /= 36;
    } while (number > 0);
    buffer_append(out, text + place, sizeof(text) - place);
}

/* "1a", "1a:header.length" */
static void append_place(struct search_index *index, const struct part *part)
{
    append_number(&index->text, part->definition);
    if (part->path == part->name)
        return;
    buffer_append_char(&index->text, ':');
    buffer_append_text(&index->text, index->names.texts[part->path]);
}

static struct error *put_file(struct search_index *index, const char *key)
{
    char name[KEY_LENGTH + sizeof(".txt")];

    memcpy(name, key, KEY_LENGTH);
    memcpy(name + KEY_LENGTH, ".txt", sizeof(".txt"));
    return table_output_put(index->output, index->folder, name, &index->text);
}

static struct error *write_parts(struct search_index *index)
{
    char key[KEY_LENGTH + 1] = "";

    for (size_t i = 0; i < index->part_count; i++) {
        const struct part *part = &index->parts[i];
        char next_key[KEY_LENGTH + 1];
        make_key(index->names.texts[part->name], next_key);
        if (strcmp(key, next_key) != 0) {
            if (i > 0) {
                buffer_append_char(&index->text, '\n');
                TRY(put_file(index, key));
            }
            buffer_clear(&index->text);
            buffer_append_text(&index->text, SEARCH_BEGINNING);
            memcpy(key, next_key, sizeof(key));
        } else if (index->parts[i - 1].name == part->name) {
            buffer_append_char(&index->text, ' ');
            append_place(index, part);
            continue;
        } else {
            buffer_append_char(&index->text, '\n');
        }
        buffer_append_text(&index->text, index->names.texts[part->name]);
        buffer_append_char(&index->text, '\t');
        append_place(index, part);
    }
    if (index->part_count == 0)
        return NULL;
    buffer_append_char(&index->text, '\n');
    return put_file(index, key);
}

static struct error *write_all(struct search_index *index)
{
    TRY(write_names(index));
    TRY(collect_parts(index));
    if (index->part_count > 0)
        qsort_r(index->parts, index->part_count, sizeof(*index->parts), compare_parts, index);
    return write_parts(index);
}

struct error *search_index_write(const struct report_context *context, struct table_output *output,
                                 unsigned folder)
{
    CLEANUP(search_index_deinit)
    struct search_index index = {.context = context, .output = output, .folder = folder};

    string_table_init(&index.names);
    buffer_init(&index.text, FILE_MAXIMUM);
    buffer_init(&index.name, NAME_MAXIMUM);
    arena_init(&index.arena);
    return write_all(&index);
}
