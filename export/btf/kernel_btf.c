/* SPDX-License-Identifier: MIT */
#include "export/btf/kernel_btf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/btf/base_encoding.h"
#include "export/btf/btf_items.h"
#include "export/member_range.h"

enum {
    PARTS_MAXIMUM = 0xffff, /* members of a type: BTF counts them in 16 bits */
    UNKNOWN_ENUM_BYTE_SIZE = 4,
    ALIGNMENT_MAXIMUM = 8,
};

/* What libbpf returns instead of an id, or of 0. */
static struct error *translate(int result, const char *name)
{
    if (result >= 0)
        return NULL;
    if (result == -ENOMEM)
        return error_out_of_memory();
    return error_create(ERROR_LIMIT, name, "BTF cannot hold it: %s", strerror(-result));
}

static struct error *check_parts(const char *name, size_t count)
{
    return count <= PARTS_MAXIMUM ? NULL
                                  : error_create(ERROR_LIMIT, name,
                                                 "it has more members than "
                                                 "BTF can count");
}

/* As uint32_t, which is what BTF has for sizes. */
static struct error *check_size(const char *name, uint64_t byte_size)
{
    return byte_size <= INT32_MAX ? NULL
                                  : error_create(ERROR_LIMIT, name, "it is too large for BTF");
}

static bool is_power_of_2(uint64_t number)
{
    return number > 0 && (number & (number - 1)) == 0;
}

static struct error *add_base_type(struct btf *btf, const struct layout *layout)
{
    const struct base_encoding encoding = base_encoding_of(layout);
    uint64_t byte_size = layout->byte_size;
    int flags = encoding.is_boolean ? BTF_INT_BOOL : encoding.is_signed ? BTF_INT_SIGNED : 0;

    if (encoding.is_float && is_power_of_2(byte_size) && byte_size >= 2 && byte_size <= 16)
        return translate(btf__add_float(btf, layout->name, byte_size), layout->name);
    if (!is_power_of_2(byte_size) || byte_size > 16)
        byte_size = 1; /* DWARF has base types of no size for what an assembler made */
    return translate(btf__add_int(btf, layout->name, byte_size, flags), layout->name);
}

/* Do 32 bits not hold all values, with one sign for all? */
static bool is_wide(const struct layout *layout)
{
    int64_t maximum = layout_has_negative_enumerator(layout) ? INT32_MAX : UINT32_MAX;

    if (layout->byte_size > sizeof(uint32_t))
        return true;
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        if (enumerator->is_unsigned || enumerator->value > maximum || enumerator->value < INT32_MIN)
            return true;
    }
    return false;
}

static struct error *add_enumerators(struct btf *btf, const struct layout *layout,
                                     bool is_wide_enum)
{
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        TRY(translate(
            is_wide_enum ? btf__add_enum64_value(btf, enumerator->name, (uint64_t)enumerator->value)
                         : btf__add_enum_value(btf, enumerator->name, enumerator->value),
            layout->name));
    }
    return NULL;
}

/* LAYOUT is NULL where no more than that there is an enum is known. */
static struct error *add_enum(struct btf *btf, const char *name, const struct layout *layout)
{
    uint64_t byte_size =
        layout && layout->byte_size > 0 ? layout->byte_size : UNKNOWN_ENUM_BYTE_SIZE;
    bool is_wide_enum = layout && is_wide(layout);
    bool is_signed = layout && layout_has_negative_enumerator(layout);

    if (!is_power_of_2(byte_size) || byte_size > 8)
        byte_size = UNKNOWN_ENUM_BYTE_SIZE;
    TRY(check_parts(name, layout ? layout->enumerator_count : 0));
    TRY(translate(is_wide_enum ? btf__add_enum64(btf, name, (uint32_t)byte_size, is_signed)
                               : btf__add_enum(btf, name, (uint32_t)byte_size),
                  name));
    return layout ? add_enumerators(btf, layout, is_wide_enum) : NULL;
}

static struct member_range range_of(struct btf_use use)
{
    const struct layout *layout = use.layout;

    if (!layout)
        return (struct member_range){0};
    return use.member == BTF_USE_WHOLE ? member_range_of_layout(layout)
                                       : member_range_inside(layout, use.member);
}

/* How large a struct must be for its members, where nothing else tells. */
static uint64_t measure(const struct member_range *range)
{
    uint64_t end_bit = 0;
    uint64_t alignment = 1;

    for (uint32_t i = range->first; i < range->end; i++) {
        const struct layout_member *member = &range->layout->members[i];
        uint64_t bits =
            member->bitfield_size ? member->bitfield_size : member->byte_size * BITS_PER_BYTE;
        uint64_t end = member->bit_offset - range->start_bit + bits;
        if (member->depth != range->depth)
            continue;
        if (end > end_bit)
            end_bit = end;
        if (is_power_of_2(member->byte_size) && member->byte_size > alignment &&
            member->byte_size <= ALIGNMENT_MAXIMUM)
            alignment = member->byte_size;
    }
    uint64_t byte_size = (end_bit + BITS_PER_BYTE - 1) / BITS_PER_BYTE;
    return (byte_size + alignment - 1) / alignment * alignment;
}

/* The size of a value of the unnamed type that ITEM is. */
static uint64_t unnamed_byte_size(const struct btf_item *item, const struct member_range *range)
{
    const struct layout *layout = item->use.layout;

    if (!layout)
        return 0;
    if (item->use.member == BTF_USE_WHOLE)
        return layout->byte_size ? layout->byte_size : measure(range);
    const struct layout_member *member = &layout->members[item->use.member];
    const struct type *type = type_unqualified(member->type);
    uint64_t count = 1;
    for (; type->kind == TYPE_ARRAY; type = type_unqualified(type->target))
        count = count > 0 ? count * type_element_count(type) : 0;
    bool is_told = type == item->type && count > 0 && member->byte_size > 0;
    return is_told ? member->byte_size / count : measure(range);
}

static struct error *add_member(struct btf_items *items, const struct member_range *range,
                                uint32_t index)
{
    const struct layout_member *member = &range->layout->members[index];
    const char *name = layout_member_is_unnamed(member) ? NULL : member->name;
    uint32_t id;

    TRY(check_size(member->name, member->bit_offset));
    TRY(btf_items_id(items, member->type, (struct btf_use){range->layout, index}, &id));
    return translate(btf__add_field(items->made.btf, name, (int)id,
                                    (uint32_t)(member->bit_offset - range->start_bit),
                                    member->bitfield_size),
                     range->layout->name);
}

/* What an import lists as a union's own member, and is in a struct without a name in there: in BTF
 * all members of a union begin where it does. */
static struct error *add_wrapped(struct btf_items *items, const struct layout *layout,
                                 uint32_t index)
{
    uint32_t id;

    TRY(btf_items_wrapper_id(items, (struct btf_use){layout, index}, &id));
    return translate(btf__add_field(items->made.btf, NULL, (int)id, 0, 0), layout->name);
}

static struct error *add_members(struct btf_items *items, const struct member_range *range,
                                 const char *name, bool is_union)
{
    size_t count = 0;

    for (uint32_t i = range->first; i < range->end; i++) {
        const struct layout_member *member = &range->layout->members[i];
        if (member->depth != range->depth)
            continue;
        TRY(check_parts(name, ++count));
        TRY(is_union && member->bit_offset != range->start_bit
                ? add_wrapped(items, range->layout, i)
                : add_member(items, range, i));
    }
    return NULL;
}

static struct error *add_aggregate(struct btf_items *items, const char *name, bool is_union,
                                   uint64_t byte_size, const struct member_range *range)
{
    struct btf *btf = items->made.btf;

    TRY(check_size(name, byte_size));
    TRY(translate(is_union ? btf__add_union(btf, name, (uint32_t)byte_size)
                           : btf__add_struct(btf, name, (uint32_t)byte_size),
                  name));
    return add_members(items, range, name, is_union);
}

static struct error *add_typedef(struct btf_items *items, const struct layout *layout)
{
    uint32_t id = 0;

    if (layout->type)
        TRY(btf_items_id(items, layout->type, (struct btf_use){layout, BTF_USE_WHOLE}, &id));
    return translate(btf__add_typedef(items->made.btf, layout->name, (int)id), layout->name);
}

static struct error *add_definition(struct btf_items *items, const struct layout *layout)
{
    const struct member_range all = range_of((struct btf_use){layout, BTF_USE_WHOLE});
    bool is_named = !layout_is_unnamed_enum(layout);

    switch (layout->kind) {
    case DEFINITION_INT: return add_base_type(items->made.btf, layout);
    case DEFINITION_ENUM: return add_enum(items->made.btf, is_named ? layout->name : NULL, layout);
    case DEFINITION_TYPEDEF: return add_typedef(items, layout);
    default:
        return add_aggregate(items, layout->name, layout->kind == DEFINITION_UNION,
                             layout->byte_size, &all);
    }
}

/* The enumerator that an enum gets of which none is known. */
static struct error *add_unknown_enumerator(struct btf *btf)
{
    char name[sizeof("KSTRUCT_UNKNOWN_ENUMERATOR_") + 10];

    snprintf(name, sizeof(name), "KSTRUCT_UNKNOWN_ENUMERATOR_%u", btf__type_cnt(btf) - 1);
    return translate(btf__add_enum_value(btf, name, 0), name);
}

static struct error *add_unnamed_enum(struct btf *btf, const struct btf_use *use)
{
    const struct layout *layout = use->member == BTF_USE_WHOLE ? use->layout : NULL;

    TRY(add_enum(btf, NULL, layout));
    return layout && layout->enumerator_count > 0 ? NULL : add_unknown_enumerator(btf);
}

static struct error *add_unnamed(struct btf_items *items, const struct btf_item *item)
{
    const struct member_range range = range_of(item->use);

    if (item->type->kind == TYPE_ENUM)
        return add_unnamed_enum(items->made.btf, &item->use);
    return add_aggregate(items, NULL, item->type->kind == TYPE_UNION,
                         unnamed_byte_size(item, &range), &range);
}

static struct error *add_array(struct btf_items *items, const struct btf_item *item)
{
    uint64_t count = type_element_count(item->type);
    uint32_t index_id;
    uint32_t id;

    TRY(btf_items_id(items, item->type->target, item->use, &id));
    TRY(btf_items_index_id(items, &index_id));
    if (count > UINT32_MAX)
        return error_create(ERROR_LIMIT, type_text(item->type), "it is too large for BTF");
    return translate(btf__add_array(items->made.btf, (int)index_id, (int)id, (uint32_t)count),
                     type_text(item->type));
}

static struct error *add_prototype(struct btf_items *items, const struct type *type)
{
    const struct btf_use nowhere = {0};
    uint32_t id;

    TRY(btf_items_id(items, type->target, nowhere, &id));
    TRY(translate(btf__add_func_proto(items->made.btf, (int)id), type_text(type)));
    TRY(check_parts(type_text(type), type->count));
    for (uint32_t i = 0; i < type->count; i++) {
        TRY(btf_items_id(items, type->parameters[i], nowhere, &id));
        TRY(translate(btf__add_func_param(items->made.btf, NULL, (int)id), type_text(type)));
    }
    return NULL;
}

/* What the kernel names and does not define. */
static struct error *add_unknown(struct btf *btf, const struct type *type)
{
    const struct layout unknown = {.kind = DEFINITION_INT, .name = type->name, .byte_size = 4};
    bool is_union = type->kind == TYPE_UNION || type->is_union;

    switch (type->kind) {
    case TYPE_INT: return add_base_type(btf, &unknown);
    case TYPE_ENUM: return add_enum(btf, type->name, NULL);
    case TYPE_TYPEDEF: return translate(btf__add_typedef(btf, type->name, 0), type->name);
    default:
        return translate(btf__add_fwd(btf, type->name, is_union ? BTF_FWD_UNION : BTF_FWD_STRUCT),
                         type->name);
    }
}

static struct error *add_reference(struct btf_items *items, const struct btf_item *item)
{
    struct btf *btf = items->made.btf;
    uint32_t target;
    int result;

    TRY(btf_items_id(items, item->type->target, item->use, &target));
    int id = (int)target;
    switch (item->type->kind) {
    case TYPE_CONST: result = btf__add_const(btf, id); break;
    case TYPE_VOLATILE: result = btf__add_volatile(btf, id); break;
    case TYPE_RESTRICT: result = btf__add_restrict(btf, id); break;
    default: result = btf__add_ptr(btf, id); break;
    }
    return translate(result, type_text(item->type));
}

static struct error *add_derived(struct btf_items *items, const struct btf_item *item)
{
    switch (item->type->kind) {
    case TYPE_CONST:
    case TYPE_VOLATILE:
    case TYPE_RESTRICT:
    case TYPE_PTR: return add_reference(items, item);
    case TYPE_ARRAY: return add_array(items, item);
    case TYPE_FUNC_PROTO: return add_prototype(items, item->type);
    default: return add_unknown(items->made.btf, item->type);
    }
}

static struct error *add_wrapper(struct btf_items *items, const struct btf_use *use)
{
    const struct layout_member *member = &use->layout->members[use->member];
    const struct member_range range = {use->layout, use->member, use->member + 1, member->depth, 0};
    uint64_t byte_size = measure(&range);

    TRY(check_size(use->layout->name, byte_size));
    TRY(translate(btf__add_struct(items->made.btf, NULL, (uint32_t)byte_size), use->layout->name));
    return add_member(items, &range, use->member);
}

static struct error *add_item(struct btf_items *items, const struct btf_item *item)
{
    switch (item->kind) {
    case ITEM_DEFINITION: return add_definition(items, item->layout);
    case ITEM_UNNAMED: return add_unnamed(items, item);
    case ITEM_DERIVED: return add_derived(items, item);
    case ITEM_WRAPPER: return add_wrapper(items, &item->use);
    case ITEM_INDEX:
        return translate(btf__add_int(items->made.btf, "__ARRAY_SIZE_TYPE__", 4, 0), NULL);
    }
    return NULL;
}

static struct error *fill(struct btf_items *items)
{
    TRY(btf_items_add_definitions(items));
    for (uint32_t i = 0; i < items->count; i++) {
        const struct btf_item item = items->items[i]; /* the list may move */
        TRY(add_item(items, &item));
        if (btf__type_cnt(items->made.btf) != items->first_id + i + 1)
            return error_create(ERROR_INTERNAL, NULL, "BTF's types have other ids than expected");
    }
    return translate(btf__set_endianness(items->made.btf, items->target->is_big_endian
                                                              ? BTF_BIG_ENDIAN
                                                              : BTF_LITTLE_ENDIAN),
                     NULL);
}

static struct error *make(const struct btf_target *target, const char *module,
                          const struct kernel_btf *base, struct kernel_btf *ret)
{
    struct btf_items items;
    struct error *error = btf_items_init(&items, target, module, base);

    if (!error)
        error = fill(&items);
    if (!error) {
        *ret = items.made;
        items.made = (struct kernel_btf){0};
    }
    btf_items_deinit(&items);
    return error;
}

struct error *kernel_btf_make(const struct btf_target *target, struct kernel_btf *vmlinux_ret)
{
    return make(target, NULL, NULL, vmlinux_ret);
}

struct error *kernel_btf_make_module(const struct btf_target *target, const char *module,
                                     const struct kernel_btf *vmlinux,
                                     struct kernel_btf *module_ret)
{
    return make(target, module, vmlinux, module_ret);
}

void kernel_btf_deinit(struct kernel_btf *btf)
{
    btf__free(btf->btf);
    free(btf->type_ids);
    free(btf->definition_ids);
    *btf = (struct kernel_btf){0};
}
