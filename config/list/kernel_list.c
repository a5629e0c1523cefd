/* SPDX-License-Identifier: MIT */
#include "config/list/kernel_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "base/text/text_lines.h"
#include "config/list/name_braces.h"

struct list_parser {
    struct kernel_list list;
    size_t capacity;
    struct string_table names; /* numbers are indexes of entries */
    struct config_errors *errors;
};

void kernel_list_deinit(struct kernel_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        kernel_entry_deinit(&list->entries[i]);
    free(list->entries);
    free(list->path);
    *list = (struct kernel_list){.baseline = KERNEL_LIST_NO_BASELINE};
}

const struct kernel_entry *kernel_list_find(const struct kernel_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i].name.text, name) == 0)
            return &list->entries[i];
    }
    return NULL;
}

static struct error *reserve_entry(struct list_parser *parser)
{
    if (parser->list.count < parser->capacity)
        return NULL;
    size_t capacity = parser->capacity ? parser->capacity * 2 : 32;
    struct kernel_entry *entries = reallocarray(parser->list.entries, capacity, sizeof(*entries));
    if (!entries)
        return error_out_of_memory();
    parser->list.entries = entries;
    parser->capacity = capacity;
    return NULL;
}

static void note_baseline(struct list_parser *parser, size_t index)
{
    struct kernel_list *list = &parser->list;
    const struct kernel_entry *entry = &list->entries[index];

    if (!entry->is_baseline)
        return;
    if (list->baseline == KERNEL_LIST_NO_BASELINE)
        list->baseline = index;
    else
        config_errors_add(parser->errors, list->path, entry->line, entry->baseline_column,
                          "a second `baseline`; line %u has the first, and there can be only one",
                          list->entries[list->baseline].line);
}

/* Takes ENTRY in any case. */
static struct error *add_entry(struct list_parser *parser, struct kernel_entry *entry)
{
    struct kernel_list *list = &parser->list;
    uint32_t number = 0;
    struct error *error = reserve_entry(parser);

    if (!error)
        error = string_table_intern(&parser->names, entry->name.text, strlen(entry->name.text),
                                    &number);
    if (error) {
        kernel_entry_deinit(entry);
        return error;
    }
    if (number < list->count) {
        config_errors_add(parser->errors, list->path, entry->line, entry->column,
                          "kernel `%s` is listed twice: here and in line %u", entry->name.text,
                          list->entries[number].line);
        kernel_entry_deinit(entry);
        return NULL;
    }
    list->entries[list->count] = *entry;
    note_baseline(parser, list->count++);
    return NULL;
}

/* What of a line can be of one kernel only; NULL: nothing. */
static const char *find_single(const struct kernel_entry *entry)
{
    const struct {
        bool is_given;
        const char *word;
    } words[] = {
        {entry->url != NULL, "url="},     {entry->file != NULL, "file="},
        {entry->apt != NULL, "apt="},     {entry->sha256 != NULL, "sha256="},
        {entry->is_baseline, "baseline"}, {entry->is_pattern, "latest="},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        if (words[i].is_given)
            return words[i].word;
    }
    return NULL;
}

/* Parses the line of each name that the braces stand for. What is wrong with one is so with all. */
static struct error *parse_braces(struct list_parser *parser, const struct name_braces *braces,
                                  size_t length, unsigned line)
{
    size_t errors = parser->errors->count;

    for (size_t i = 0; i < braces->count && parser->errors->count == errors; i++) {
        struct kernel_entry entry = {.line = line};
        TRY(kernel_entry_parse(parser->list.path, braces->lines[i], length, &entry,
                               parser->errors));
        const char *single = braces->count > 1 ? find_single(&entry) : NULL;
        if (single)
            config_errors_add(parser->errors, parser->list.path, line, entry.column,
                              "`%s` is of one kernel, and the braces stand for %zu", single,
                              braces->count);
        if (single)
            kernel_entry_deinit(&entry);
        else if (entry.name.text)
            TRY(add_entry(parser, &entry));
    }
    return NULL;
}

static struct error *parse_line(struct list_parser *parser, const char *line, size_t length,
                                unsigned number)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct kernel_entry entry = {.line = number};
    struct name_braces braces;
    unsigned column;

    const char *fault = text_line_find_fault(line, length, &column);
    if (!fault) {
        TRY(name_braces_expand(line, length, &arena, &braces));
        fault = braces.fault;
        column = (unsigned)braces.fault_column;
    }
    if (fault) {
        config_errors_add(parser->errors, parser->list.path, number, column, "%s", fault);
        return NULL;
    }
    if (braces.count > 0)
        return parse_braces(parser, &braces, length, number);
    TRY(kernel_entry_parse(parser->list.path, line, length, &entry, parser->errors));
    return entry.name.text ? add_entry(parser, &entry) : NULL;
}

static struct error *parse_lines(struct list_parser *parser, const char *text, size_t length)
{
    struct text_lines lines;
    const char *line;
    size_t line_length;

    text_lines_init(&lines, text, length);
    while (text_lines_next(&lines, &line, &line_length))
        TRY(parse_line(parser, line, line_length, lines.number));
    return NULL;
}

struct error *kernel_list_parse(const char *path, const char *text, size_t length,
                                struct kernel_list *ret, struct config_errors *errors)
{
    struct list_parser parser = {
        .list = {.path = strdup(path), .baseline = KERNEL_LIST_NO_BASELINE},
        .errors = errors,
    };
    struct error *error = NULL;

    string_table_init(&parser.names);
    if (!parser.list.path)
        error = error_out_of_memory();
    else if (length > CONFIG_FILE_MAXIMUM)
        error = error_create(ERROR_LIMIT, path, "has %zu bytes, more than the %d allowed", length,
                             CONFIG_FILE_MAXIMUM);
    if (!error)
        error = parse_lines(&parser, text, length);
    if (!error)
        error = config_errors_check(errors, path);
    string_table_deinit(&parser.names);
    if (error) {
        kernel_list_deinit(&parser.list);
        return error;
    }
    *ret = parser.list;
    return NULL;
}

struct error *kernel_list_read(const char *path, struct kernel_list *ret,
                               struct config_errors *errors)
{
    CLEANUP(free_pointer) char *text = NULL;
    size_t length = 0;

    TRY(file_read(path, CONFIG_FILE_MAXIMUM, &text, &length));
    return kernel_list_parse(path, text, length, ret, errors);
}
