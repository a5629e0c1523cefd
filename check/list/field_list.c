/* SPDX-License-Identifier: MIT */
#include "check/list/field_list.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/text/text_lines.h"
#include "check/list/csv_record.h"

#define TYPE_WORD "type="

enum { WORD_MAXIMUM = 4096, FIELDS_MAXIMUM = 20 * 1000 * 1000 };

struct list_reader {
    struct field_list *list;
    struct string_table words;
    size_t capacity;
};

static struct error *usage(const struct list_reader *reader, unsigned line, const char *why)
{
    return error_create(ERROR_USAGE, reader->list->path, "line %u: %s", line, why);
}

static struct error *add_field(struct list_reader *reader, const char *word, size_t length,
                               const struct expected_field *field)
{
    struct field_list *list = reader->list;
    struct expected_field *fields = NULL;

    if (list->field_count == FIELDS_MAXIMUM)
        return usage(reader, field->line, "there are too many lines");
    if (list->field_count == reader->capacity) {
        size_t capacity = reader->capacity ? reader->capacity * 2 : 256;
        fields = reallocarray(list->fields, capacity, sizeof(*fields));
        if (!fields)
            return error_out_of_memory();
        list->fields = fields;
        reader->capacity = capacity;
    }
    fields = list->fields;
    fields[list->field_count] = *field;
    TRY(string_table_intern(&reader->words, word, length, &fields[list->field_count].word));
    list->field_count++;
    return NULL;
}

/* A whole number, decimal or hexadecimal, which ends where *TEXT is put. */
static bool take_number(const char **text, uint64_t *number_ret)
{
    char *end;

    if (!isdigit((unsigned char)**text))
        return false;
    *number_ret = strtoull(*text, &end, strncmp(*text, "0x", 2) == 0 ? 16 : 10);
    *text = end;
    return *number_ret <= UINT32_MAX;
}

/* "24", "0x18", "24:3" */
static bool parse_offset(const char *text, uint64_t *bit_offset_ret)
{
    uint64_t bits = 0;
    uint64_t bytes;

    if (!take_number(&text, &bytes))
        return false;
    if (*text == ':') {
        text++;
        if (!take_number(&text, &bits) || bits >= BITS_PER_BYTE)
            return false;
    }
    *bit_offset_ret = bytes * BITS_PER_BYTE + bits;
    return *text == '\0';
}

static bool parse_size(const char *text, uint64_t *byte_size_ret)
{
    return take_number(&text, byte_size_ret) && *text == '\0';
}

/* An enumerator's value as kernels' are written: "-1", "18446744073709551615". NULL where it is no
 * number of 64 bits, or there is no memory. */
static const char *parse_value(struct arena *arena, const char *text)
{
    bool is_negative = *text == '-';
    char canonical[24];
    char *end;

    text += is_negative;
    if (!isdigit((unsigned char)*text))
        return NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    if (*end || errno || (is_negative && number > (unsigned long long)INT64_MAX + 1))
        return NULL;
    int length = snprintf(canonical, sizeof(canonical), "%s%llu",
                          is_negative && number > 0 ? "-" : "", number);
    return arena_copy_text(arena, canonical, (size_t)length);
}

/* One of the conditions after the word. */
static struct error *take_condition(struct list_reader *reader, char *text,
                                    struct expected_field *field)
{
    char *value = strchr(text, '=');
    bool is_right = false;

    if (!value)
        return usage(reader, field->line,
                     "after the field only offset=, size=, value= and type= "
                     "may follow");
    *value++ = '\0';
    bool is_offset = strcmp(text, "offset") == 0;
    bool is_size = strcmp(text, "size") == 0;
    if ((is_offset && field->has_bit_offset) || (is_size && field->has_byte_size) ||
        (strcmp(text, "value") == 0 && field->value))
        return usage(reader, field->line, "a condition is there twice");
    if (is_offset)
        is_right = field->has_bit_offset = parse_offset(value, &field->bit_offset);
    else if (is_size)
        is_right = field->has_byte_size = parse_size(value, &field->byte_size);
    else if (strcmp(text, "value") == 0)
        is_right = (field->value = parse_value(&reader->list->arena, value));
    else
        return usage(reader, field->line,
                     "there is no such condition; there are offset=, size=, "
                     "value= and type=");
    return is_right ? NULL : usage(reader, field->line, "the number cannot be read");
}

static bool is_kind_word(const char *word)
{
    static const char *const words[] = {"struct", "union", "enum", "typedef"};

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

/* Takes the field off the line, with the word of its kind, and its question mark, which may stand
 * before it or after. */
static struct error *take_word(struct list_reader *reader, char **rest, char *word,
                               struct expected_field *field)
{
    char *part = strsep(rest, " \t");
    size_t length;

    if (*part == '?') {
        field->is_optional = true;
        part++;
    }
    if (is_kind_word(part) && *rest) {
        *rest += strspn(*rest, " \t");
        snprintf(word, WORD_MAXIMUM, "%s %s", part, strsep(rest, " \t"));
    } else {
        snprintf(word, WORD_MAXIMUM, "%s", part);
    }
    length = strlen(word);
    if (length > 0 && word[length - 1] == '?') {
        field->is_optional = true;
        word[length - 1] = '\0';
    }
    return word[0] ? NULL : usage(reader, field->line, "the field is missing");
}

/* "type=", after a blank, or NULL. */
static char *find_type(char *line)
{
    char *type = strstr(line, TYPE_WORD);

    while (type && (type == line || !isblank((unsigned char)type[-1])))
        type = strstr(type + 1, TYPE_WORD);
    return type;
}

static struct error *read_line(struct list_reader *reader, char *line, unsigned number)
{
    struct expected_field field = {.line = number};
    char word[WORD_MAXIMUM];
    char *type = find_type(line);
    char *rest = line;

    if (type) {
        type[-1] = '\0';
        type += strlen(TYPE_WORD);
        field.type = arena_copy_text(&reader->list->arena, type, strlen(type));
        if (!field.type)
            return error_out_of_memory();
    }
    TRY(take_word(reader, &rest, word, &field));
    while (rest) {
        char *part = strsep(&rest, " \t");
        if (*part)
            TRY(take_condition(reader, part, &field));
    }
    return add_field(reader, word, strlen(word), &field);
}

/* Without its comment, and the blanks around it. */
static size_t strip(const char **line, size_t length)
{
    const char *comment = memchr(*line, '#', length);

    length = comment ? (size_t)(comment - *line) : length;
    for (; length > 0 && isblank((unsigned char)**line); length--)
        (*line)++;
    while (length > 0 && isblank((unsigned char)(*line)[length - 1]))
        length--;
    return length;
}

static struct error *read_text(struct list_reader *reader, const char *bytes, size_t length)
{
    struct text_lines lines;
    const char *line;
    size_t line_length;

    text_lines_init(&lines, bytes, length);
    while (text_lines_next(&lines, &line, &line_length)) {
        char copy[CONFIG_LINE_MAXIMUM + 1];
        unsigned column;
        const char *fault = text_line_find_fault(line, line_length, &column);
        if (fault)
            return usage(reader, lines.number, fault);
        line_length = strip(&line, line_length);
        if (line_length == 0)
            continue;
        memcpy(copy, line, line_length);
        copy[line_length] = '\0';
        TRY(read_line(reader, copy, lines.number));
    }
    return NULL;
}

/* The columns of a table that say something. */
enum {
    KERNEL,
    NAME,
    PATH,
    BIT_OFFSET,
    BYTE_OFFSET,
    BYTE_SIZE,
    TYPE,
    VALUE,
    KIND,
    ABSENT,
    DEFINITION_SIZE,
    COLUMNS
};

static const char *const column_keys[COLUMNS] = {
    [KERNEL] = "kernel",
    [NAME] = "struct",
    [PATH] = "field",
    [BIT_OFFSET] = "bit_offset",
    [BYTE_OFFSET] = "byte_offset",
    [BYTE_SIZE] = "byte_size",
    [TYPE] = "type",
    [VALUE] = "value",
    [KIND] = "kind",
    [ABSENT] = "absent",
    [DEFINITION_SIZE] = "struct_byte_size",
};

static const char *cell_of(const struct csv_reader *csv, const size_t columns[COLUMNS], int column)
{
    return csv_reader_cell(csv, columns[column]);
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static struct error *read_row(struct list_reader *reader, const struct csv_reader *csv,
                              const size_t columns[COLUMNS])
{
    struct expected_field field = {.line = csv->line};
    const char *path = cell_of(csv, columns, PATH);
    const char *kind = cell_of(csv, columns, KIND);
    const char *size = cell_of(csv, columns, path[0] ? BYTE_SIZE : DEFINITION_SIZE);
    const char *bits = cell_of(csv, columns, BIT_OFFSET);
    const char *offset = cell_of(csv, columns, BYTE_OFFSET);
    const char *value = cell_of(csv, columns, VALUE);
    char word[WORD_MAXIMUM];

    field.kernel = cell_of(csv, columns, KERNEL);
    field.is_optional = cell_of(csv, columns, ABSENT)[0] != '\0';
    field.type = or_null(cell_of(csv, columns, TYPE));
    field.has_byte_size = size[0] != '\0';
    field.has_bit_offset = bits[0] || offset[0];
    field.value = value[0] ? parse_value(&reader->list->arena, value) : NULL;
    if ((value[0] && !field.value) || (size[0] && !parse_size(size, &field.byte_size)) ||
        (bits[0] && !parse_size(bits, &field.bit_offset)) ||
        (!bits[0] && offset[0] && !parse_offset(offset, &field.bit_offset)))
        return usage(reader, csv->line, "a number cannot be read");
    bool has_kind = kind[0] && strcmp(kind, "struct") != 0;
    int length =
        snprintf(word, sizeof(word), "%s%s%s%s%s", has_kind ? kind : "", has_kind ? " " : "",
                 cell_of(csv, columns, NAME), path[0] ? "." : "", path);
    if (length < 0 || length >= WORD_MAXIMUM)
        return usage(reader, csv->line, "a name is too long");
    return add_field(reader, word, (size_t)length, &field);
}

static struct error *read_table(struct list_reader *reader, const char *bytes, size_t length)
{
    struct csv_reader csv;
    size_t columns[COLUMNS];
    bool has_record;

    csv_reader_init(&csv, bytes, length);
    TRY(error_locate(csv_reader_next(&csv, &reader->list->arena, &has_record), reader->list->path));
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = 0;
        while (columns[i] < csv.count && strcmp(csv.cells[columns[i]], column_keys[i]) != 0)
            columns[i]++;
        if (columns[i] == csv.count)
            columns[i] = CSV_CELLS_MAXIMUM;
    }
    if (columns[NAME] == CSV_CELLS_MAXIMUM)
        return usage(reader, 1, "the table has no column `struct`");
    for (;;) {
        TRY(error_locate(csv_reader_next(&csv, &reader->list->arena, &has_record),
                         reader->list->path));
        if (!has_record)
            return NULL;
        TRY(read_row(reader, &csv, columns));
    }
}

static int compare_fields(const void *left, const void *right)
{
    const struct expected_field *a = left;
    const struct expected_field *b = right;

    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Puts each word's lines together. */
static struct error *group(struct list_reader *reader)
{
    struct field_list *list = reader->list;

    list->words =
        arena_allocate(&list->arena, (size_t)reader->words.count + 1, sizeof(*list->words));
    if (!list->words)
        return error_out_of_memory();
    if (list->field_count > 0)
        qsort(list->fields, list->field_count, sizeof(*list->fields), compare_fields);
    for (size_t i = 0; i < list->field_count; i++) {
        struct expected_word *word = &list->words[list->fields[i].word];
        if (word->count++ > 0)
            continue;
        const char *text = reader->words.texts[list->fields[i].word];
        word->first = i;
        word->text = arena_copy_text(&list->arena, text, strlen(text));
        if (!word->text)
            return error_out_of_memory();
    }
    list->word_count = reader->words.count;
    return NULL;
}

static struct error *read(struct list_reader *reader, const char *bytes, size_t length)
{
    const char *line_end = memchr(bytes, '\n', length);
    size_t line_length = line_end ? (size_t)(line_end - bytes) : length;
    bool is_table = memchr(bytes, ',', line_length) != NULL;

    TRY(is_table ? read_table(reader, bytes, length) : read_text(reader, bytes, length));
    return group(reader);
}

struct error *field_list_read(const char *path, const char *bytes, size_t length,
                              struct field_list *list)
{
    struct list_reader reader = {.list = list};

    *list = (struct field_list){0};
    arena_init(&list->arena);
    list->path = arena_copy_text(&list->arena, path, strlen(path));
    if (!list->path)
        return error_out_of_memory();
    /* Spreadsheets put one before a table. */
    size_t skipped = text_byte_order_mark_length(bytes, length);
    string_table_init(&reader.words);
    struct error *error = read(&reader, bytes + skipped, length - skipped);
    string_table_deinit(&reader.words);
    return error;
}

void field_list_deinit(struct field_list *list)
{
    free(list->fields);
    arena_deinit(&list->arena);
    *list = (struct field_list){0};
}
