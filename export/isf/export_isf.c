/* SPDX-License-Identifier: MIT */
/*
 * A symbol file of Volatility 3 (its JSON Schema, version 6.2.0): base types, structs and unions,
 * enums, and where symbols are. Typedefs are not in there: what they stand for is. A struct without
 * a name is called after the one that it is in and its place there.
 */
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "export/btf/base_encoding.h"
#include "export/btf/btf_target.h"
#include "export/export_format.h"
#include "export/isf/isf_types.h"
#include "export/member_range.h"
#include "model/kernel/image.h"

enum { ISF_MAXIMUM = 1 << 30, NAME_MAXIMUM = 64 * 1024 };

/* The members of a user type. */
struct isf_members {
    struct member_range range;
    const char *name; /* of the user type */
};

static void isf_writer_deinit(struct isf_writer *writer)
{
    json_document_deinit(&writer->document);
    buffer_deinit(&writer->text);
    arena_deinit(&writer->arena);
}

static json_t *add_base_type(struct isf_writer *writer, const char *name, uint64_t byte_size,
                             const char *kind, bool is_signed)
{
    json_t *object = json_value_set_object(&writer->document, writer->base_types, name);

    json_value_set(&writer->document, object, "size", json_value_number(byte_size));
    json_value_set(&writer->document, object, "signed", json_boolean(is_signed));
    json_value_set(&writer->document, object, "kind", json_string(kind));
    json_value_set(&writer->document, object, "endian",
                   json_string(writer->is_big_endian ? "big" : "little"));
    return object;
}

static void add_kernel_base_type(struct isf_writer *writer, const struct layout *layout)
{
    const struct base_encoding encoding = base_encoding_of(layout);
    const char *kind = encoding.is_float       ? "float"
                       : encoding.is_boolean   ? "bool"
                       : encoding.is_character ? "char"
                                               : "int";

    add_base_type(writer, layout->name, layout->byte_size, kind,
                  encoding.is_signed || encoding.is_float);
}

/* What enums and pointers are based on, whether the kernel names it or not. */
static void add_own_base_types(struct isf_writer *writer)
{
    static const uint64_t sizes[] = {1, 2, 4, 8};

    add_base_type(writer, "void", 0, "void", false);
    add_base_type(writer, "pointer", writer->pointer_byte_size, "int", false);
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        for (int is_signed = 0; is_signed <= 1; is_signed++) {
            const char *name = isf_integer_name(sizes[i], is_signed);
            if (!json_object_get(writer->base_types, name))
                add_base_type(writer, name, sizes[i], sizes[i] == 1 ? "char" : "int", is_signed);
        }
    }
}

static void add_enum(struct isf_writer *writer, const struct layout *layout)
{
    struct json_document *document = &writer->document;
    json_t *object = json_value_set_object(document, writer->enums,
                                           isf_key(writer, layout->kind, layout->name, true));
    uint64_t byte_size = layout->byte_size ? layout->byte_size : 4;
    bool is_signed = layout_has_negative_enumerator(layout);

    json_value_set(document, object, "size", json_value_number(byte_size));
    json_value_set(document, object, "base", json_string(isf_integer_name(byte_size, is_signed)));
    json_t *constants = json_value_set_object(document, object, "constants");
    for (uint32_t i = 0; i < layout->enumerator_count; i++)
        json_value_set(document, constants, layout->enumerators[i].name,
                       json_integer(layout->enumerators[i].value));
}

static void add_user_type(struct isf_writer *writer, const struct isf_members *members,
                          bool is_union, uint64_t byte_size);

/* How far a struct without a name reaches, as far as its members tell. */
static uint64_t measure(const struct member_range *range)
{
    uint64_t end = 0;

    for (uint32_t i = range->first; i < range->end; i++) {
        const struct layout_member *member = &range->layout->members[i];
        uint64_t begin = (member->bit_offset - range->start_bit) / BITS_PER_BYTE;
        if (member->depth == range->depth && begin + member->byte_size > end)
            end = begin + member->byte_size;
    }
    return end;
}

/* The struct without a name that a member has, as a user type of its own, called NAME. */
static void add_unnamed(struct isf_writer *writer, const struct isf_members *outer, uint32_t index,
                        const char *name)
{
    const struct layout *layout = outer->range.layout;
    const struct layout_member *member = &layout->members[index];
    const struct type *end = type_leaf(member->type);
    const struct isf_members members = {member_range_inside(layout, index), name};
    bool is_direct = type_unqualified(member->type) == end;

    add_user_type(writer, &members, end->kind == TYPE_UNION,
                  is_direct && member->byte_size ? member->byte_size : measure(&members.range));
}

/* "unnamed_OUTER_3": the same each time. Free with free(). */
static char *unnamed_name(const char *outer, uint32_t index)
{
    char *name = NULL;

    return asprintf(&name, "unnamed_%s_%" PRIu32, outer, index) < 0 ? NULL : name;
}

static json_t *member_type(struct isf_writer *writer, const struct isf_members *members,
                           uint32_t index)
{
    const struct layout_member *member = &members->range.layout->members[index];
    bool has_unnamed = type_has_unnamed_members(member->type);
    CLEANUP(free_pointer) char *name = has_unnamed ? unnamed_name(members->name, index) : NULL;

    if (has_unnamed && !name) {
        writer->document.has_failed = true;
        return NULL;
    }
    if (has_unnamed)
        add_unnamed(writer, members, index, name);
    return isf_type(writer, member->type, name ? name : "");
}

/* Volatility counts a bit-field's position in its storage from the lowest bit on; a layout counts
 * from the first one in memory, which on a big-endian machine is the highest. */
static uint64_t bit_position(const struct isf_writer *writer, const struct layout_member *member,
                             uint64_t bits_before)
{
    uint64_t storage_bits = member->byte_size * BITS_PER_BYTE;
    uint64_t end = bits_before + member->bitfield_size;

    return writer->is_big_endian && end <= storage_bits ? storage_bits - end : bits_before;
}

static void add_field(struct isf_writer *writer, const struct isf_members *members, uint32_t index,
                      json_t *fields)
{
    struct json_document *document = &writer->document;
    const struct layout_member *member = &members->range.layout->members[index];
    uint64_t bit_offset = member->bit_offset - members->range.start_bit;
    uint64_t byte_offset = bit_offset / BITS_PER_BYTE;
    bool is_unnamed = layout_member_is_unnamed(member);

    buffer_clear(&writer->text);
    if (is_unnamed)
        buffer_append_format(&writer->text, "unnamed_field_%" PRIu32, index - members->range.first);
    else
        buffer_append_text(&writer->text, member->name);
    json_t *field = json_value_set_object(document, fields, buffer_text(&writer->text));
    if (member->bitfield_size > 0 && member->byte_size > 0) {
        uint64_t storage = byte_offset / member->byte_size * member->byte_size;
        bool fits = bit_offset - storage * BITS_PER_BYTE + member->bitfield_size <=
                    member->byte_size * BITS_PER_BYTE;
        byte_offset = fits ? storage : byte_offset;
        json_value_set(
            document, field, "type",
            isf_bitfield(writer, member,
                         bit_position(writer, member, bit_offset - byte_offset * BITS_PER_BYTE)));
    } else {
        json_value_set(document, field, "type", member_type(writer, members, index));
    }
    json_value_set(document, field, "offset", json_value_number(byte_offset));
    if (is_unnamed)
        json_value_set(document, field, "anonymous", json_true());
}

static void add_user_type(struct isf_writer *writer, const struct isf_members *members,
                          bool is_union, uint64_t byte_size)
{
    struct json_document *document = &writer->document;
    json_t *object = json_value_set_object(document, writer->user_types, members->name);

    json_value_set(document, object, "kind", json_string(is_union ? "union" : "struct"));
    json_value_set(document, object, "size", json_value_number(byte_size));
    json_t *fields = json_value_set_object(document, object, "fields");
    for (uint32_t i = members->range.first; i < members->range.end; i++) {
        if (members->range.layout->members[i].depth == members->range.depth)
            add_field(writer, members, i, fields);
    }
}

static void add_aggregate(struct isf_writer *writer, const struct layout *layout)
{
    const struct isf_members members = {member_range_of_layout(layout),
                                        isf_key(writer, layout->kind, layout->name, false)};

    add_user_type(writer, &members, layout_is_union(layout),
                  layout->byte_size ? layout->byte_size : measure(&members.range));
}

/* What a typedef alone names; others are what they stand for. A pointer to a struct without a name
 * leaves that struct's own size open. */
static void add_typedef(struct isf_writer *writer, const struct layout *layout)
{
    if (layout->member_count > 0)
        add_aggregate(writer, layout);
    else if (layout->enumerator_count > 0)
        add_enum(writer, layout);
}

static void add_definition(struct isf_writer *writer, const struct layout *layout)
{
    switch (layout->kind) {
    case DEFINITION_STRUCT:
    case DEFINITION_UNION: add_aggregate(writer, layout); break;
    case DEFINITION_ENUM:
        if (!layout_is_unnamed_enum(layout))
            add_enum(writer, layout);
        break;
    case DEFINITION_TYPEDEF: add_typedef(writer, layout); break;
    case DEFINITION_INT: add_kernel_base_type(writer, layout); break;
    default: break;
    }
}

static void add_definitions(struct isf_writer *writer, const struct history *history)
{
    static const enum definition_kind order[] = {
        DEFINITION_INT, DEFINITION_TYPEDEF, DEFINITION_ENUM, DEFINITION_UNION, DEFINITION_STRUCT};

    for (size_t kind = 0; kind < ARRAY_LENGTH(order); kind++) {
        for (size_t i = 0; i < history->definition_count; i++) {
            const struct history_definition *entry = &history->definitions[i];
            const struct layout *layout = isf_written_layout(writer, entry);
            if (entry->kind == order[kind] && layout)
                add_definition(writer, layout);
        }
    }
}

/* Volatility finds the file for a memory image by the banner. */
static struct error *append_banner(struct buffer *out, const char *banner)
{
    size_t length = strlen(banner);
    CLEANUP(free_pointer) char *text = malloc(4 * (length / 3 + 2));

    if (!text)
        return error_out_of_memory();
    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)banner, (int)length);
    buffer_append_format(out,
                         ", \"type\": {\"kind\": \"array\", \"count\": %zu, \"subtype\": "
                         "{\"kind\": \"base\", \"name\": \"char\"}}, \"constant_data\": \"",
                         length + 1);
    buffer_append_text(out, text);
    buffer_append_char(out, '"');
    return NULL;
}

static struct error *append_symbol(const struct isf_writer *writer, struct buffer *out,
                                   const struct kernel_symbols *symbols,
                                   const struct kernel_symbol *symbol)
{
    json_t *name = json_value_text(symbol->name);
    struct error *error = json_value_append(&writer->document, name, out);

    json_decref(name);
    TRY(error);
    buffer_append_format(out, ": {\"address\": %" PRIu64, symbol->address);
    if (strcmp(symbol->name, "linux_banner") == 0 && symbols->banner[0])
        TRY(append_banner(out, symbols->banner));
    buffer_append_char(out, '}');
    return NULL;
}

/* Written by themselves: an address has 64 bits, and jansson's numbers have a sign. Of several
 * symbols of one name the one at the lowest address counts. */
static struct error *append_symbols(const struct isf_writer *writer,
                                    const struct kernel_symbols *symbols,
                                    struct string_table *names, struct buffer *out)
{
    for (size_t i = 0; symbols && i < symbols->count; i++) {
        const struct kernel_symbol *symbol = &symbols->symbols[i];
        uint32_t known = names->count;
        uint32_t number;
        TRY(string_table_intern(names, symbol->name, strlen(symbol->name), &number));
        if (number != known)
            continue;
        buffer_append_text(out, number > 0 ? ",\n" : "\n");
        TRY(append_symbol(writer, out, symbols, symbol));
    }
    return buffer_check(out, "the symbols");
}

static void set_metadata(struct isf_writer *writer, const struct kernel_record *record)
{
    struct json_document *document = &writer->document;
    json_t *metadata = json_value_set_object(document, document->root, "metadata");
    json_t *producer;
    json_t *source;

    json_value_set(document, metadata, "format", json_string("6.2.0"));
    producer = json_value_set_object(document, metadata, "producer");
    json_value_set(document, producer, "name", json_string("kstruct"));
    json_value_set(document, producer, "version", json_string(KSTRUCT_VERSION));
    json_t *types =
        json_value_set_array(document, json_value_set_object(document, metadata, "linux"), "types");
    source = json_value_add_object(document, types);
    json_value_set(document, source, "kind", json_string("dwarf"));
    json_value_set(document, source, "name", json_value_text(record->package));
    if (record->sha256[0]) {
        json_value_set(document, source, "hash_type", json_string("sha256"));
        json_value_set(document, source, "hash_value", json_value_text(record->sha256));
    }
}

static struct error *render(struct isf_writer *writer, const struct export_order *order,
                            struct buffer *out)
{
    struct json_document *document = &writer->document;
    struct string_table names;

    set_metadata(writer, order->record);
    writer->base_types = json_value_set_object(document, document->root, "base_types");
    writer->user_types = json_value_set_object(document, document->root, "user_types");
    writer->enums = json_value_set_object(document, document->root, "enums");
    add_definitions(writer, order->history);
    add_own_base_types(writer);
    TRY(json_value_append(document, document->root, out));
    /* Goes on in the outermost object. */
    out->length--;
    buffer_append_text(out, ", \"symbols\": {");
    string_table_init(&names);
    struct error *error = append_symbols(writer, order->symbols, &names, out);
    string_table_deinit(&names);
    buffer_append_text(out, "}}\n");
    return error;
}

static struct error *write_isf(const struct export_order *order, export_sink *sink, void *context)
{
    const struct btf_target target = btf_target_of(order->history, 0, order->record);
    CLEANUP(isf_writer_deinit)
    struct isf_writer writer = {
        .document = {.root = json_object()},
        .scope = {.history = order->history,
                  .module = image_is_module(order->image) ? order->image : NULL},
        .has_all_images = !order->image,
        .is_big_endian = target.is_big_endian,
        .pointer_byte_size = target.pointer_byte_size,
    };
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&writer.text, NAME_MAXIMUM);
    arena_init(&writer.arena);
    buffer_init(&out, ISF_MAXIMUM);
    TRY(render(&writer, order, &out));
    TRY(buffer_check(&writer.text, "a name"));
    return sink(context, buffer_text(&out), out.length);
}

const struct export_format export_format_isf = {
    .word = "isf",
    .needs_details = true,
    .has_all_images = true,
    .has_symbols = true,
    .needs_places = true,
    .write = write_isf,
};
