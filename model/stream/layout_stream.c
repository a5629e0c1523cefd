/* SPDX-License-Identifier: MIT */
#include "model/stream/layout_stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS_MAXIMUM = 4096 }; /* of a function, or dimensions of an array */

/* The least that each takes, in numbers: a text without bytes is one. */
enum {
    TYPE_NUMBERS = 5,
    MEMBER_NUMBERS = 6,
    ENUMERATOR_NUMBERS = 3,
};

/* Bytes of names and types that all members and enumerators have together: what is hashed for their
 * digests. A kernel of today has some 10 MB, with its modules some 40; a few types that are made to
 * harm can stand for much more. */
#define MEMBER_TEXT_BYTES_MAXIMUM (UINT64_C(512) << 20)

static void append_type(struct buffer *out, const struct type *type)
{
    stream_append_number(out, type->kind);
    stream_append_number(out, type->is_union);
    stream_append_number(out, type->name != NULL);
    if (type->name)
        stream_append_text(out, type->name);
    /* From 1, so that 0 is none. */
    stream_append_number(out, type->target ? type->target->number + 1 : 0);
    stream_append_number(out, type->count);
    for (uint32_t i = 0; i < type->count; i++)
        stream_append_number(out, type->kind == TYPE_ARRAY ? type->dimensions[i]
                                                           : type->parameters[i]->number);
}

void stream_append_types(struct buffer *out, const struct type_table *types)
{
    stream_append_number(out, types->count);
    for (uint32_t i = 0; i < types->count; i++)
        append_type(out, types->types[i]);
}

void stream_append_layout(struct buffer *out, const struct layout *layout)
{
    stream_append_number(out, layout->byte_size);
    stream_append_number(out, layout->lacks_member_sizes);
    stream_append_number(out, layout->member_count);
    for (uint32_t i = 0; i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        stream_append_text(out, member->name);
        stream_append_number(out, member->type->number);
        stream_append_number(out, member->bit_offset);
        stream_append_number(out, member->byte_size);
        stream_append_number(out, member->bitfield_size);
        stream_append_number(out, member->depth);
    }
    stream_append_number(out, layout->enumerator_count);
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        stream_append_text(out, enumerator->name);
        stream_append_number(out, (uint64_t)enumerator->value);
        stream_append_number(out, enumerator->is_unsigned);
    }
    /* From 1, so that 0 is none. */
    stream_append_number(out, layout->type ? layout->type->number + 1 : 0);
    stream_append_text(out, layout->encoding ? layout->encoding : "");
}

/* The type of that place, which must have come already. */
static const struct type *find_type(struct stream_reader *reader, uint64_t number)
{
    const struct type_table *types = &reader->layouts->types;

    if (number < types->count)
        return types->types[number];
    stream_fault(reader);
    return NULL;
}

static void read_list(struct stream_reader *reader, struct type *type, uint64_t *dimensions,
                      const struct type **parameters)
{
    for (uint32_t i = 0; i < type->count; i++) {
        uint64_t number = stream_read_number(reader);
        if (type->kind == TYPE_ARRAY)
            dimensions[i] = number;
        else
            parameters[i] = find_type(reader, number);
    }
    type->dimensions = dimensions;
    type->parameters = parameters;
}

static struct error *read_type(struct stream_reader *reader, uint32_t number, uint64_t *dimensions,
                               const struct type **parameters)
{
    struct type_table *types = &reader->layouts->types;
    struct type type = {.kind = (enum type_kind)stream_read_number_up_to(reader, TYPE_FUNC_PROTO)};
    const struct type *interned;

    type.is_union = stream_read_flag(reader);
    if (stream_read_flag(reader))
        TRY(stream_read_text(reader, &type.name));
    uint64_t target = stream_read_number(reader);
    if (target > 0)
        type.target = find_type(reader, target - 1);
    type.count = (uint32_t)stream_read_number_up_to(reader, PARAMETERS_MAXIMUM);
    read_list(reader, &type, dimensions, parameters);
    if (!type_is_complete(&type))
        stream_fault(reader);
    TRY(stream_check(reader));
    TRY(error_locate(type_intern(types, &type, &interned), reader->where));
    /* One that was there already has no place of its own. */
    if (interned->number != number)
        stream_fault(reader);
    return stream_check(reader);
}

struct error *stream_read_types(struct stream_reader *reader)
{
    uint64_t *dimensions = calloc(PARAMETERS_MAXIMUM, sizeof(*dimensions));
    const struct type **parameters = calloc(PARAMETERS_MAXIMUM, sizeof(*parameters));
    struct error *error = dimensions && parameters ? NULL : error_out_of_memory();
    size_t count = stream_read_count(reader, TYPE_NUMBERS);

    if (!error)
        error = stream_check(reader);
    for (size_t i = 0; i < count && !error; i++)
        error = read_type(reader, (uint32_t)i, dimensions, parameters);
    free(dimensions);
    free(parameters);
    return error;
}

static struct error *count_text(struct stream_reader *reader, size_t byte_count)
{
    reader->member_text_bytes += byte_count;
    if (reader->member_text_bytes > MEMBER_TEXT_BYTES_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->where,
                            "its members' names and types come to more than %" PRIu64
                            " MiB, which no kernel has",
                            MEMBER_TEXT_BYTES_MAXIMUM >> 20);
    return NULL;
}

static struct error *read_member(struct stream_reader *reader, uint32_t depth_maximum,
                                 struct layout_member *member)
{
    TRY(stream_read_text(reader, &member->name));
    member->type = find_type(reader, stream_read_number(reader));
    member->bit_offset = stream_read_size(reader);
    member->byte_size = stream_read_size(reader);
    member->bitfield_size = (uint32_t)stream_read_number_up_to(reader, UINT32_MAX);
    member->depth = (uint32_t)stream_read_number_up_to(reader, depth_maximum);
    TRY(stream_check(reader));
    return count_text(reader, strlen(member->name) + strlen(type_text(member->type)));
}

static struct error *read_members(struct stream_reader *reader, struct layout *layout)
{
    size_t count = stream_read_count(reader, MEMBER_NUMBERS);

    TRY(stream_check(reader));
    if (count > LAYOUT_MEMBERS_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->where, "%.200s has %zu members", layout->name,
                            count);
    struct layout_member *members =
        arena_allocate(&reader->layouts->arena, count, sizeof(*members));
    if (!members)
        return error_out_of_memory();
    layout->members = members;
    layout->member_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        uint32_t deepest = i > 0 ? members[i - 1].depth + 1 : 0;
        TRY(read_member(reader, deepest < LAYOUT_DEPTH_MAXIMUM ? deepest : LAYOUT_DEPTH_MAXIMUM - 1,
                        &members[i]));
    }
    return NULL;
}

static struct error *read_enumerators(struct stream_reader *reader, struct layout *layout)
{
    size_t count = stream_read_count(reader, ENUMERATOR_NUMBERS);

    TRY(stream_check(reader));
    if (count > LAYOUT_MEMBERS_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->where, "%.200s has %zu enumerators", layout->name,
                            count);
    struct enumerator *enumerators =
        arena_allocate(&reader->layouts->arena, count, sizeof(*enumerators));
    if (!enumerators)
        return error_out_of_memory();
    layout->enumerators = enumerators;
    layout->enumerator_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        TRY(stream_read_text(reader, &enumerators[i].name));
        enumerators[i].value = (int64_t)stream_read_number(reader);
        enumerators[i].is_unsigned = stream_read_flag(reader);
        if (enumerators[i].is_unsigned && enumerators[i].value >= 0)
            stream_fault(reader);
        TRY(stream_check(reader));
        TRY(count_text(reader, strlen(enumerators[i].name)));
    }
    return NULL;
}

/* Has it the parts of its kind, and no others? */
static bool is_of_its_kind(const struct layout *layout)
{
    unsigned parts = definition_kind_texts[layout->kind].parts;

    return (layout->type != NULL) == ((parts & PART_TYPE) != 0) &&
           (layout->encoding != NULL) == ((parts & PART_ENCODING) != 0) &&
           (layout->member_count == 0 || (parts & PART_MEMBERS)) &&
           (layout->enumerator_count == 0 || (parts & PART_ENUMERATORS));
}

struct error *stream_read_layout(struct stream_reader *reader, enum definition_kind kind,
                                 const char *name, const struct layout **layout_ret)
{
    struct layout *layout = arena_allocate(&reader->layouts->arena, 1, sizeof(*layout));
    const char *encoding;

    if (!layout)
        return error_out_of_memory();
    layout->kind = kind;
    layout->name = name;
    layout->byte_size = stream_read_size(reader);
    layout->lacks_member_sizes = stream_read_flag(reader);
    TRY(read_members(reader, layout));
    TRY(read_enumerators(reader, layout));
    uint64_t type = stream_read_number(reader);
    if (type > 0)
        layout->type = find_type(reader, type - 1);
    TRY(stream_read_text(reader, &encoding));
    if ((definition_kind_texts[kind].parts & PART_ENCODING) || encoding[0])
        layout->encoding = encoding;
    if (!is_of_its_kind(layout))
        stream_fault(reader);
    TRY(stream_check(reader));
    if (layout->type)
        TRY(count_text(reader, strlen(type_text(layout->type))));
    *layout_ret = layout;
    return layout_compute_digest(layout);
}
