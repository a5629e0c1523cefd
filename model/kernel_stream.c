/* SPDX-License-Identifier: MIT */
#include "model/kernel_stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "kstruct" and the form's number. */
#define MAGIC UINT64_C(0x046b737472756374)

enum {
    NUMBER_BYTES = 8,
    PARAMETERS_MAXIMUM = 4096, /* of a function, or dimensions of an array */
};

/* The least that each takes, in numbers: a text without bytes is one. */
enum {
    TYPE_NUMBERS = 5,
    MEMBER_NUMBERS = 6,
    ENUMERATOR_NUMBERS = 3,
    DEFINITION_NUMBERS = 9,
    NAME_NUMBERS = 3 + DEFINITION_NUMBERS,
    USER_NUMBERS = 1,
};

/* Bytes of names and types that all members and enumerators have together: what is hashed for their
 * digests. A kernel of today has some 10 MB; a few types that are made to harm can stand for much
 * more. */
#define MEMBER_TEXT_BYTES_MAXIMUM (UINT64_C(512) << 20)

static void append_number(struct buffer *out, uint64_t number)
{
    unsigned char bytes[NUMBER_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    buffer_append(out, bytes, sizeof(bytes));
}

static void append_text(struct buffer *out, const char *text)
{
    size_t length = strlen(text);

    append_number(out, length);
    buffer_append(out, text, length);
}

static void append_type(struct buffer *out, const struct type *type)
{
    append_number(out, type->kind);
    append_number(out, type->is_union);
    append_number(out, type->name != NULL);
    if (type->name)
        append_text(out, type->name);
    /* From 1, so that 0 is none. */
    append_number(out, type->target ? type->target->number + 1 : 0);
    append_number(out, type->count);
    for (uint32_t i = 0; i < type->count; i++)
        append_number(out,
                      type->kind == TYPE_ARRAY ? type->dimensions[i] : type->parameters[i]->number);
}

static void append_layout(struct buffer *out, const struct layout *layout)
{
    append_number(out, layout->byte_size);
    append_number(out, layout->lacks_member_sizes);
    append_number(out, layout->member_count);
    for (uint32_t i = 0; i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        append_text(out, member->name);
        append_number(out, member->type->number);
        append_number(out, member->bit_offset);
        append_number(out, member->byte_size);
        append_number(out, member->bitfield_size);
        append_number(out, member->depth);
    }
    append_number(out, layout->enumerator_count);
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        append_text(out, enumerator->name);
        append_number(out, (uint64_t)enumerator->value);
        append_number(out, enumerator->is_unsigned);
    }
    /* From 1, so that 0 is none. */
    append_number(out, layout->type ? layout->type->number + 1 : 0);
    append_text(out, layout->encoding ? layout->encoding : "");
}

static void append_definition(struct buffer *out, const struct kernel_definition *definition)
{
    append_layout(out, definition->layout);
    append_text(out, definition->declaration_file);
    append_number(out, definition->declaration_line);
    append_number(out, definition->user_count);
    for (size_t i = 0; i < definition->user_count; i++)
        append_text(out, definition->users[i]);
}

static void append_identity(struct buffer *out, const struct kernel_record *identity)
{
    append_text(out, identity->release);
    append_text(out, identity->architecture);
    append_text(out, identity->build_id);
    append_text(out, identity->compiler);
    append_text(out, identity->dwarf_versions);
    append_number(out, identity->elf_class);
    append_number(out, identity->is_big_endian);
}

static size_t listed_count(const struct kernel_layouts *layouts)
{
    return layouts->passed_over_count < PASSED_OVER_LISTED_MAXIMUM ? layouts->passed_over_count
                                                                   : PASSED_OVER_LISTED_MAXIMUM;
}

static void append_passed_over(struct buffer *out, const struct kernel_layouts *layouts)
{
    append_number(out, layouts->passed_over_count);
    for (size_t i = 0; i < listed_count(layouts); i++) {
        append_text(out, layouts->passed_over[i].name);
        append_text(out, layouts->passed_over[i].reason);
    }
}

void kernel_stream_append(const struct kernel_layouts *layouts, struct buffer *out)
{
    append_number(out, MAGIC);
    append_identity(out, &layouts->identity);
    append_passed_over(out, layouts);
    append_number(out, layouts->types.count);
    for (uint32_t i = 0; i < layouts->types.count; i++)
        append_type(out, layouts->types.types[i]);
    append_number(out, layouts->definition_count);
    for (size_t i = 0; i < layouts->definition_count; i++) {
        const struct kernel_definitions *entry = &layouts->definitions[i];
        append_number(out, entry->kind);
        append_text(out, entry->name);
        append_number(out, entry->further_count);
        append_definition(out, &entry->definition);
        for (size_t j = 0; j < entry->further_count; j++)
            append_definition(out, &entry->further[j]);
    }
}

/* Reads on after the first fault, which is kept: all that comes is 0 and "" then. */
struct reader {
    const unsigned char *bytes;
    size_t length;
    size_t offset;
    bool is_faulty;
    const char *where;
    uint64_t member_text_bytes;
    struct kernel_layouts *layouts;
};

static struct error *check(const struct reader *reader)
{
    if (!reader->is_faulty)
        return NULL;
    return error_create(ERROR_CRASHED, reader->where,
                        "the process that reads it handed over what no kstruct writes: it was "
                        "taken over, or is another version; do not trust the file");
}

static uint64_t fault(struct reader *reader)
{
    reader->is_faulty = true;
    return 0;
}

static uint64_t read_number(struct reader *reader)
{
    uint64_t number = 0;

    if (reader->is_faulty || reader->length - reader->offset < NUMBER_BYTES)
        return fault(reader);
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        number |= (uint64_t)reader->bytes[reader->offset + i] << (8 * i);
    reader->offset += NUMBER_BYTES;
    return number;
}

static uint64_t read_number_up_to(struct reader *reader, uint64_t maximum)
{
    uint64_t number = read_number(reader);

    return number <= maximum ? number : fault(reader);
}

/* A number of bits or bytes: the data set's numbers are signed. */
static uint64_t read_size(struct reader *reader)
{
    return read_number_up_to(reader, INT64_MAX);
}

static bool read_flag(struct reader *reader)
{
    return read_number_up_to(reader, 1) != 0;
}

/* How many things follow, each of which takes at least so many numbers: never more than fit. */
static size_t read_count(struct reader *reader, size_t least_numbers)
{
    return (size_t)read_number_up_to(reader, (reader->length - reader->offset) /
                                                 (least_numbers * NUMBER_BYTES));
}

static struct error *read_text(struct reader *reader, const char **text_ret)
{
    uint64_t length = read_number(reader);

    *text_ret = "";
    if (length > reader->length - reader->offset ||
        memchr(reader->bytes + reader->offset, '\0', length))
        fault(reader);
    TRY(check(reader));
    *text_ret = arena_copy_text(&reader->layouts->arena,
                                (const char *)reader->bytes + reader->offset, length);
    reader->offset += length;
    return *text_ret ? NULL : error_out_of_memory();
}

/* The type of that place, which must have come already. */
static const struct type *find_type(struct reader *reader, uint64_t number)
{
    const struct type_table *types = &reader->layouts->types;

    if (number < types->count)
        return types->types[number];
    fault(reader);
    return NULL;
}

static void read_list(struct reader *reader, struct type *type, uint64_t *dimensions,
                      const struct type **parameters)
{
    for (uint32_t i = 0; i < type->count; i++) {
        uint64_t number = read_number(reader);
        if (type->kind == TYPE_ARRAY)
            dimensions[i] = number;
        else
            parameters[i] = find_type(reader, number);
    }
    type->dimensions = dimensions;
    type->parameters = parameters;
}

static struct error *read_type(struct reader *reader, uint32_t number, uint64_t *dimensions,
                               const struct type **parameters)
{
    struct type_table *types = &reader->layouts->types;
    struct type type = {.kind = (enum type_kind)read_number_up_to(reader, TYPE_FUNC_PROTO)};
    const struct type *interned;

    type.is_union = read_flag(reader);
    if (read_flag(reader))
        TRY(read_text(reader, &type.name));
    uint64_t target = read_number(reader);
    if (target > 0)
        type.target = find_type(reader, target - 1);
    type.count = (uint32_t)read_number_up_to(reader, PARAMETERS_MAXIMUM);
    read_list(reader, &type, dimensions, parameters);
    if (!type_is_complete(&type))
        fault(reader);
    TRY(check(reader));
    TRY(error_locate(type_intern(types, &type, &interned), reader->where));
    /* One that was there already has no place of its own. */
    if (interned->number != number)
        fault(reader);
    return check(reader);
}

static struct error *read_types(struct reader *reader)
{
    uint64_t *dimensions = calloc(PARAMETERS_MAXIMUM, sizeof(*dimensions));
    const struct type **parameters = calloc(PARAMETERS_MAXIMUM, sizeof(*parameters));
    struct error *error = dimensions && parameters ? NULL : error_out_of_memory();
    size_t count = read_count(reader, TYPE_NUMBERS);

    if (!error)
        error = check(reader);
    for (size_t i = 0; i < count && !error; i++)
        error = read_type(reader, (uint32_t)i, dimensions, parameters);
    free(dimensions);
    free(parameters);
    return error;
}

static struct error *count_text(struct reader *reader, size_t byte_count)
{
    reader->member_text_bytes += byte_count;
    if (reader->member_text_bytes > MEMBER_TEXT_BYTES_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->where,
                            "its members' names and types come to more than %" PRIu64
                            " MiB, which no kernel has",
                            MEMBER_TEXT_BYTES_MAXIMUM >> 20);
    return NULL;
}

static struct error *read_member(struct reader *reader, uint32_t depth_maximum,
                                 struct layout_member *member)
{
    TRY(read_text(reader, &member->name));
    member->type = find_type(reader, read_number(reader));
    member->bit_offset = read_size(reader);
    member->byte_size = read_size(reader);
    member->bitfield_size = (uint32_t)read_number_up_to(reader, UINT32_MAX);
    member->depth = (uint32_t)read_number_up_to(reader, depth_maximum);
    TRY(check(reader));
    return count_text(reader, strlen(member->name) + strlen(type_text(member->type)));
}

static struct error *read_members(struct reader *reader, struct layout *layout)
{
    size_t count = read_count(reader, MEMBER_NUMBERS);

    TRY(check(reader));
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

static struct error *read_enumerators(struct reader *reader, struct layout *layout)
{
    size_t count = read_count(reader, ENUMERATOR_NUMBERS);

    TRY(check(reader));
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
        TRY(read_text(reader, &enumerators[i].name));
        enumerators[i].value = (int64_t)read_number(reader);
        enumerators[i].is_unsigned = read_flag(reader);
        if (enumerators[i].is_unsigned && enumerators[i].value >= 0)
            fault(reader);
        TRY(check(reader));
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

static struct error *read_layout(struct reader *reader, enum definition_kind kind, const char *name,
                                 const struct layout **layout_ret)
{
    struct layout *layout = arena_allocate(&reader->layouts->arena, 1, sizeof(*layout));
    const char *encoding;

    if (!layout)
        return error_out_of_memory();
    layout->kind = kind;
    layout->name = name;
    layout->byte_size = read_size(reader);
    layout->lacks_member_sizes = read_flag(reader);
    TRY(read_members(reader, layout));
    TRY(read_enumerators(reader, layout));
    uint64_t type = read_number(reader);
    if (type > 0)
        layout->type = find_type(reader, type - 1);
    TRY(read_text(reader, &encoding));
    if ((definition_kind_texts[kind].parts & PART_ENCODING) || encoding[0])
        layout->encoding = encoding;
    if (!is_of_its_kind(layout))
        fault(reader);
    TRY(check(reader));
    if (layout->type)
        TRY(count_text(reader, strlen(type_text(layout->type))));
    *layout_ret = layout;
    return layout_compute_digest(layout);
}

static struct error *read_definition(struct reader *reader, const struct kernel_definitions *entry,
                                     struct kernel_definition *definition)
{
    TRY(read_layout(reader, entry->kind, entry->name, &definition->layout));
    TRY(read_text(reader, &definition->declaration_file));
    definition->declaration_line = (uint32_t)read_number_up_to(reader, UINT32_MAX);
    definition->user_count = read_count(reader, USER_NUMBERS);
    TRY(check(reader));
    definition->users =
        arena_allocate(&reader->layouts->arena, definition->user_count, sizeof(*definition->users));
    if (!definition->users)
        return error_out_of_memory();
    for (size_t i = 0; i < definition->user_count; i++)
        TRY(read_text(reader, &definition->users[i]));
    return NULL;
}

/* Is further definition INDEX one of those before it? They are different by what they are. */
static bool has_twin(const struct kernel_definitions *entry, size_t index)
{
    const struct layout *layout = entry->further[index].layout;

    for (size_t i = 0; i < index; i++) {
        if (layouts_are_equal(entry->further[i].layout, layout))
            return true;
    }
    return layouts_are_equal(entry->definition.layout, layout);
}

static struct error *read_name(struct reader *reader, struct kernel_definitions *entry)
{
    entry->kind = (enum definition_kind)read_number_up_to(reader, DEFINITION_KIND_COUNT - 1);
    TRY(read_text(reader, &entry->name));
    entry->further_count = read_count(reader, DEFINITION_NUMBERS);
    TRY(check(reader));
    entry->further =
        arena_allocate(&reader->layouts->arena, entry->further_count, sizeof(*entry->further));
    if (!entry->further)
        return error_out_of_memory();
    if (entry->further_count > KERNEL_FURTHER_MAXIMUM)
        fault(reader);
    TRY(check(reader));
    TRY(read_definition(reader, entry, &entry->definition));
    for (size_t i = 0; i < entry->further_count; i++) {
        TRY(read_definition(reader, entry, &entry->further[i]));
        if (has_twin(entry, i))
            fault(reader);
    }
    return check(reader);
}

static struct error *read_names(struct reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;

    layouts->definition_count = read_count(reader, NAME_NUMBERS);
    TRY(check(reader));
    layouts->definitions =
        arena_allocate(&layouts->arena, layouts->definition_count, sizeof(*layouts->definitions));
    if (!layouts->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->definition_count; i++) {
        TRY(read_name(reader, &layouts->definitions[i]));
        if (i > 0 &&
            kernel_definitions_compare(&layouts->definitions[i - 1], &layouts->definitions[i]) >= 0)
            fault(reader);
    }
    if (reader->offset != reader->length)
        fault(reader);
    return check(reader);
}

static struct error *read_identity(struct reader *reader, struct kernel_record *identity)
{
    TRY(read_text(reader, &identity->release));
    TRY(read_text(reader, &identity->architecture));
    TRY(read_text(reader, &identity->build_id));
    TRY(read_text(reader, &identity->compiler));
    TRY(read_text(reader, &identity->dwarf_versions));
    identity->elf_class = read_number_up_to(reader, 64);
    identity->is_big_endian = read_flag(reader);
    return check(reader);
}

static struct error *read_short_text(struct reader *reader, const char **text_ret)
{
    TRY(read_text(reader, text_ret));
    if (strlen(*text_ret) > PASSED_OVER_TEXT_MAXIMUM)
        fault(reader);
    return check(reader);
}

static struct error *read_passed_over(struct reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;

    layouts->passed_over_count = (size_t)read_number_up_to(reader, UINT32_MAX);
    TRY(check(reader));
    layouts->passed_over =
        arena_allocate(&layouts->arena, PASSED_OVER_LISTED_MAXIMUM, sizeof(*layouts->passed_over));
    if (!layouts->passed_over)
        return error_out_of_memory();
    for (size_t i = 0; i < listed_count(layouts); i++) {
        TRY(read_short_text(reader, &layouts->passed_over[i].name));
        TRY(read_short_text(reader, &layouts->passed_over[i].reason));
    }
    return NULL;
}

static struct error *read_all(struct reader *reader)
{
    if (read_number(reader) != MAGIC)
        fault(reader);
    TRY(check(reader));
    TRY(read_identity(reader, &reader->layouts->identity));
    TRY(read_passed_over(reader));
    TRY(read_types(reader));
    return read_names(reader);
}

struct error *kernel_stream_read(const void *bytes, size_t length, const char *where,
                                 struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    struct reader reader = {.bytes = bytes, .length = length, .where = where, .layouts = &layouts};

    kernel_layouts_init(&layouts);
    struct error *error = read_all(&reader);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
