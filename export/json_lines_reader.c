/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "export/json_lines.h"
#include "export/line_reader.h"

enum { NESTING_MAXIMUM = 256, PARAMETERS_MAXIMUM = 1024 };

struct reader {
    const char *path;
    struct line_reader *lines;
    struct kernel_layouts *layouts;
    size_t capacity;           /* of the definitions */
    struct string_table texts; /* names of members repeat a lot */
};

static struct error *malformed(const struct reader *reader, const char *what)
{
    return error_create(ERROR_CORRUPT, reader->path,
                        "line %" PRIu64 " is not of the published schema: %s",
                        line_reader_number(reader->lines), what);
}

static struct error *read_text(const struct reader *reader, const json_t *object, const char *key,
                               const char **text_ret)
{
    *text_ret = json_string_value(json_object_get(object, key));
    return *text_ret ? NULL : malformed(reader, "a name is missing");
}

/* A number from 0 on; 0 where it is absent and may be. */
static struct error *read_number(const struct reader *reader, const json_t *object, const char *key,
                                 bool is_required, uint64_t *number_ret)
{
    const json_t *value = json_object_get(object, key);

    *number_ret = 0;
    if (!value && !is_required)
        return NULL;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return malformed(reader, "a size or offset is no number from 0 on");
    *number_ret = (uint64_t)json_integer_value(value);
    return NULL;
}

static struct error *read_type(struct reader *reader, const json_t *object, unsigned depth,
                               const struct type **type_ret);

static struct error *read_function(struct reader *reader, const json_t *object, unsigned depth,
                                   struct type *type, const struct type **type_ret)
{
    const json_t *list = json_object_get(object, "params");
    const struct type *parameters[PARAMETERS_MAXIMUM];
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > PARAMETERS_MAXIMUM)
        return malformed(reader, "a function's parameters are no list");
    for (size_t i = 0; i < count; i++)
        TRY(read_type(reader, json_object_get(json_array_get(list, i), "type"), depth + 1,
                      &parameters[i]));
    TRY(read_type(reader, json_object_get(object, "ret_type"), depth + 1, &type->target));
    type->count = (uint32_t)count;
    type->parameters = parameters;
    return type_intern(&reader->layouts->types, type, type_ret);
}

static struct error *read_array(struct reader *reader, const json_t *object, unsigned depth,
                                struct type *type, const struct type **type_ret)
{
    uint64_t elements;

    TRY(read_number(reader, object, "nr_elems", true, &elements));
    TRY(read_type(reader, json_object_get(object, "type"), depth + 1, &type->target));
    type->count = 1;
    type->dimensions = &elements;
    return type_intern(&reader->layouts->types, type, type_ret);
}

static struct error *read_forward(struct reader *reader, const json_t *object, struct type *type)
{
    const char *kind;

    TRY(read_text(reader, object, "name", &type->name));
    TRY(read_text(reader, object, "fwd_kind", &kind));
    type->is_union = strcmp(kind, "union") == 0;
    if (!type->is_union && strcmp(kind, "struct") != 0)
        return malformed(reader, "\"fwd_kind\" is neither struct nor union");
    return NULL;
}

static struct error *read_type(struct reader *reader, const json_t *object, unsigned depth,
                               const struct type **type_ret)
{
    struct type type = {0};
    const char *word;

    if (depth > NESTING_MAXIMUM)
        return malformed(reader, "types are nested too deeply");
    TRY(read_text(reader, object, "kind", &word));
    if (!type_kind_from_word(word, &type.kind))
        return malformed(reader, "a type is of an unknown kind");
    switch (type.kind) {
    case TYPE_VOID: break;
    case TYPE_INT:
    case TYPE_TYPEDEF:
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_ENUM: TRY(read_text(reader, object, "name", &type.name)); break;
    case TYPE_FWD: TRY(read_forward(reader, object, &type)); break;
    case TYPE_CONST:
    case TYPE_VOLATILE:
    case TYPE_RESTRICT:
    case TYPE_ATOMIC:
    case TYPE_PTR:
        TRY(read_type(reader, json_object_get(object, "type"), depth + 1, &type.target));
        break;
    case TYPE_ARRAY: return read_array(reader, object, depth, &type, type_ret);
    case TYPE_FUNC_PROTO: return read_function(reader, object, depth, &type, type_ret);
    }
    return type_intern(&reader->layouts->types, &type, type_ret);
}

static struct error *read_member(struct reader *reader, const json_t *object,
                                 struct layout_member *member)
{
    const char *name;
    uint32_t number;
    uint64_t bitfield_size;

    TRY(read_text(reader, object, "name", &name));
    if (name[0] == '\0')
        return malformed(reader, "a member's name is empty");
    TRY(string_table_intern(&reader->texts, name, strlen(name), &number));
    member->name = reader->texts.texts[number];
    TRY(read_number(reader, object, "bits_offset", true, &member->bit_offset));
    TRY(read_number(reader, object, "bitfield_size", false, &bitfield_size));
    if (bitfield_size > UINT32_MAX)
        return malformed(reader, "a bit-field is too wide");
    member->bitfield_size = (uint32_t)bitfield_size;
    return read_type(reader, json_object_get(object, "type"), 0, &member->type);
}

static struct error *read_members(struct reader *reader, const json_t *object,
                                  struct layout *layout)
{
    const json_t *list = json_object_get(object, "members");
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > LAYOUT_MEMBERS_MAXIMUM)
        return malformed(reader, "\"members\" is no list");
    struct layout_member *members =
        arena_allocate(&reader->layouts->arena, count, sizeof(*members));
    if (!members)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++)
        TRY(read_member(reader, json_array_get(list, i), &members[i]));
    layout->member_count = (uint32_t)count;
    layout->members = members;
    return NULL;
}

static struct error *append_definition(struct reader *reader, const struct layout *layout)
{
    struct kernel_layouts *layouts = reader->layouts;

    if (layouts->definition_count == reader->capacity) {
        size_t capacity = reader->capacity ? reader->capacity * 2 : 8192;
        struct kernel_definitions *definitions =
            arena_allocate(&layouts->arena, capacity, sizeof(*definitions));
        if (!definitions)
            return error_out_of_memory();
        if (layouts->definition_count > 0)
            memcpy(definitions, layouts->definitions,
                   layouts->definition_count * sizeof(*definitions));
        layouts->definitions = definitions;
        reader->capacity = capacity;
    }
    layouts->definitions[layouts->definition_count++] = (struct kernel_definitions){
        .kind = layout->kind,
        .name = layout->name,
        .definition = {.layout = layout, .declaration_file = ""},
    };
    return NULL;
}

/* The schema tells no member's size. */
static struct error *read_aggregate(struct reader *reader, const json_t *object,
                                    struct layout *layout)
{
    TRY(read_number(reader, object, "size", true, &layout->byte_size));
    layout->lacks_member_sizes = true;
    TRY(read_members(reader, object, layout));
    for (uint32_t i = 0; layout->byte_size == 0 && i < layout->member_count; i++) {
        if (layout->members[i].bit_offset > 0)
            return malformed(reader, "its size is 0, which says that places are not known, but a "
                                     "member has one");
    }
    return NULL;
}

/* A number; what is over 2^63 - 1 is a text. */
static struct error *read_value(const struct reader *reader, const json_t *value,
                                struct enumerator *enumerator)
{
    const char *text = json_string_value(value);
    char *end;

    if (json_is_integer(value)) {
        enumerator->value = json_integer_value(value);
        return NULL;
    }
    errno = 0;
    enumerator->value = text ? (int64_t)strtoull(text, &end, 10) : 0;
    enumerator->is_unsigned = true;
    if (!text || !isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 ||
        enumerator->value >= 0)
        return malformed(reader, "an enumerator's value is no number of 64 bits");
    return NULL;
}

static struct error *read_enum(struct reader *reader, const json_t *object, struct layout *layout)
{
    const json_t *list = json_object_get(object, "values");
    size_t count = json_array_size(list);
    uint32_t number;
    const char *name;

    TRY(read_number(reader, object, "size", true, &layout->byte_size));
    if (!json_is_array(list) || count > LAYOUT_MEMBERS_MAXIMUM)
        return malformed(reader, "\"values\" is no list");
    struct enumerator *enumerators =
        arena_allocate(&reader->layouts->arena, count, sizeof(*enumerators));
    if (!enumerators)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_array_get(list, i);
        TRY(read_text(reader, value, "name", &name));
        if (name[0] == '\0' || strlen(name) > C_NAME_MAXIMUM)
            return malformed(reader, "an enumerator's name is empty, or too long");
        TRY(string_table_intern(&reader->texts, name, strlen(name), &number));
        enumerators[i].name = reader->texts.texts[number];
        TRY(read_value(reader, json_object_get(value, "val"), &enumerators[i]));
    }
    layout->enumerators = enumerators;
    layout->enumerator_count = (uint32_t)count;
    return NULL;
}

static struct error *read_typedef(struct reader *reader, const json_t *object,
                                  struct layout *layout)
{
    return read_type(reader, json_object_get(object, "type"), 0, &layout->type);
}

/* The schema does not tell a base type's encoding. */
static struct error *read_int(struct reader *reader, const json_t *object, struct layout *layout)
{
    layout->encoding = "";
    return read_number(reader, object, "size", true, &layout->byte_size);
}

typedef struct error *read_body(struct reader *reader, const json_t *object, struct layout *layout);

static read_body *const bodies[DEFINITION_KIND_COUNT] = {
    [DEFINITION_STRUCT] = read_aggregate, [DEFINITION_UNION] = read_aggregate,
    [DEFINITION_ENUM] = read_enum,        [DEFINITION_TYPEDEF] = read_typedef,
    [DEFINITION_INT] = read_int,
};

static struct error *name_definition(struct reader *reader, const char *name, struct layout *layout)
{
    char unnamed[C_NAME_MAXIMUM + sizeof(UNNAMED_ENUM_FORMAT)];

    if (layout->kind == DEFINITION_ENUM && strcmp(name, TYPE_ANONYMOUS) == 0 &&
        layout->enumerator_count > 0) {
        snprintf(unnamed, sizeof(unnamed), UNNAMED_ENUM_FORMAT, layout->enumerators[0].name);
        name = unnamed;
    }
    layout->name = arena_copy_text(&reader->layouts->arena, name, strlen(name));
    return layout->name ? NULL : error_out_of_memory();
}

static struct error *read_definition(struct reader *reader, const json_t *object)
{
    struct layout *layout = arena_allocate(&reader->layouts->arena, 1, sizeof(*layout));
    const char *kind;
    const char *name;

    if (!layout)
        return error_out_of_memory();
    TRY(read_text(reader, object, "kind", &kind));
    if (!definition_kind_from_word(kind, true, &layout->kind))
        return malformed(reader, "its kind is not STRUCT, UNION, ENUM, TYPEDEF or INT");
    TRY(read_text(reader, object, "name", &name));
    if (name[0] == '\0')
        return malformed(reader, "its name is empty");
    TRY(bodies[layout->kind](reader, object, layout));
    TRY(name_definition(reader, name, layout));
    TRY(layout_compute_digest(layout));
    return append_definition(reader, layout);
}

static struct error *read_line(struct reader *reader, const char *line, size_t length)
{
    json_error_t reason;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &reason);

    if (!object)
        return error_create(ERROR_CORRUPT, reader->path,
                            "line %" PRIu64 " is not JSON (column %d): %s",
                            line_reader_number(reader->lines), reason.column, reason.text);
    struct error *error = read_definition(reader, object);
    json_decref(object);
    if (error && error->code == ERROR_LIMIT && !error->where) {
        struct error *located = error_create(ERROR_LIMIT, reader->path, "line %" PRIu64 ": %s",
                                             line_reader_number(reader->lines), error->why);
        error_destroy(error);
        return located;
    }
    return error;
}

static struct error *read_lines(struct reader *reader)
{
    const char *line;
    size_t length;
    bool has_line;

    for (;;) {
        TRY(line_reader_next(reader->lines, &has_line, &line, &length));
        if (!has_line)
            return NULL;
        if (length > 0)
            TRY(read_line(reader, line, length));
    }
}

static struct error *sort_definitions(struct reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;
    struct kernel_definitions *list = layouts->definitions;

    if (layouts->definition_count > 1)
        qsort(list, layouts->definition_count, sizeof(*list), kernel_definitions_compare);
    for (size_t i = 1; i < layouts->definition_count; i++) {
        if (kernel_definitions_compare(&list[i - 1], &list[i]) == 0)
            return error_create(ERROR_CORRUPT, reader->path, "has %s %s twice",
                                definition_kind_texts[list[i].kind].singular, list[i].name);
    }
    return NULL;
}

struct error *json_lines_read(int file_descriptor, const char *path,
                              struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    struct reader reader = {.path = path, .layouts = &layouts};

    kernel_layouts_init(&layouts);
    string_table_init(&reader.texts);
    struct error *error = line_reader_open(file_descriptor, path, JSON_LINE_MAXIMUM, &reader.lines);
    if (!error)
        error = read_lines(&reader);
    if (!error)
        error = sort_definitions(&reader);
    arena_absorb(&layouts.arena, &reader.texts.arena);
    string_table_deinit(&reader.texts);
    line_reader_close(reader.lines);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
