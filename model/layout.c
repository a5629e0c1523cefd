/* SPDX-License-Identifier: MIT */
#include "model/layout.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash/sha256.h"

bool layout_is_unnamed_enum(const struct layout *layout)
{
    return layout->kind == DEFINITION_ENUM && layout->name[0] == TYPE_ANONYMOUS[0];
}

bool layout_has_negative_enumerator(const struct layout *layout)
{
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        if (layout->enumerators[i].value < 0 && !layout->enumerators[i].is_unsigned)
            return true;
    }
    return false;
}

bool layouts_have_same_enumerators(const struct layout *a, const struct layout *b)
{
    if (a->enumerator_count != b->enumerator_count)
        return false;
    for (uint32_t i = 0; i < a->enumerator_count; i++) {
        if (!enumerators_are_equal(&a->enumerators[i], &b->enumerators[i]))
            return false;
    }
    return true;
}

bool layout_tells_what_it_is(const struct layout *layout)
{
    if (layout->encoding && !layout->encoding[0])
        return false;
    return !layout->type || layout->member_count > 0 || layout->enumerator_count > 0 ||
           (!type_has_unnamed_members(layout->type) &&
            !type_is_anonymous_enum(type_unqualified(layout->type)));
}

bool layout_is_union(const struct layout *layout)
{
    return layout->kind == DEFINITION_UNION ||
           (layout->type && type_leaf(layout->type)->kind == TYPE_UNION);
}

void enumerator_append_value(struct buffer *out, const struct enumerator *enumerator)
{
    if (enumerator->is_unsigned)
        buffer_append_format(out, "%" PRIu64, (uint64_t)enumerator->value);
    else
        buffer_append_format(out, "%" PRId64, enumerator->value);
}

bool layout_member_is_unnamed(const struct layout_member *member)
{
    size_t length = strlen(TYPE_ANONYMOUS) - 1;

    return layout_member_is_dissolved(member) || strcmp(member->name, TYPE_ANONYMOUS) == 0 ||
           (strncmp(member->name, TYPE_ANONYMOUS, length) == 0 && member->name[length] == '-');
}

const struct layout_member *layout_next_field(struct layout_fields *fields)
{
    const struct layout *layout = fields->layout;

    while (fields->next < layout->member_count) {
        uint32_t index = fields->next;
        const struct layout_member *member = &layout->members[index];
        if (layout_member_is_dissolved(member)) {
            fields->next = index + 1;
            continue;
        }
        fields->next = layout_member_end(layout, index);
        return member;
    }
    return NULL;
}

uint32_t layout_member_end(const struct layout *layout, uint32_t index)
{
    uint32_t depth = layout->members[index].depth;
    uint32_t end = index + 1;

    while (end < layout->member_count && layout->members[end].depth > depth)
        end++;
    return end;
}

/* Canonical form: little-endian 64-bit numbers, and texts with their NUL. */
static void append_number(struct buffer *form, uint64_t number)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    buffer_append(form, bytes, sizeof(bytes));
}

static void append_text(struct buffer *form, const char *text)
{
    buffer_append(form, text, strlen(text) + 1);
}

/* The printed text does not tell an array's dimensions apart, nor a declaration from a definition,
 * so the tree is written out. */
static void append_type(struct buffer *form, const struct type *type)
{
    for (; type; type = type->target) {
        buffer_append_char(form, (char)('A' + (int)type->kind));
        if (type->name)
            append_text(form, type->name);
        if (type->kind == TYPE_FWD)
            buffer_append_char(form, type->is_union ? 'u' : 's');
        if (type->kind != TYPE_ARRAY && type->kind != TYPE_FUNC_PROTO)
            continue;
        append_number(form, type->count);
        for (uint32_t i = 0; i < type->count; i++) {
            if (type->kind == TYPE_ARRAY)
                append_number(form, type->dimensions[i]);
            else
                append_type(form, type->parameters[i]);
        }
    }
}

static void append_members(struct buffer *form, const struct layout *layout)
{
    append_number(form, layout->member_count);
    for (uint32_t i = 0; i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        append_text(form, member->name);
        append_number(form, member->bit_offset);
        append_number(form, member->byte_size);
        append_number(form, member->bitfield_size);
        append_number(form, member->depth);
        append_type(form, member->type);
    }
}

static void append_enumerators(struct buffer *form, const struct layout *layout)
{
    append_number(form, layout->enumerator_count);
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        append_text(form, enumerator->name);
        append_number(form, (uint64_t)enumerator->value);
        append_number(form, enumerator->is_unsigned);
    }
}

/* What follows for all kinds but structs: so the digests of structs are what they were before there
 * were others. */
static void append_other_kind(struct buffer *form, const struct layout *layout)
{
    append_text(form, definition_kind_texts[layout->kind].word);
    append_enumerators(form, layout);
    append_type(form, layout->type);
    append_text(form, layout->encoding ? layout->encoding : "");
}

enum { CANONICAL_FORM_MAXIMUM = 1024 * 1024 * 1024 };

struct error *layout_compute_digest(struct layout *layout)
{
    struct buffer form;

    buffer_init(&form, CANONICAL_FORM_MAXIMUM);
    append_text(&form, layout->name);
    append_number(&form, layout->byte_size);
    append_number(&form, layout->lacks_member_sizes);
    append_members(&form, layout);
    if (layout->kind != DEFINITION_STRUCT)
        append_other_kind(&form, layout);
    struct error *error = buffer_check(&form, layout->name);
    if (!error)
        error = sha256_digest(form.data, form.length, layout->digest);
    buffer_deinit(&form);
    return error;
}
