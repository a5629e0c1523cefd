/* SPDX-License-Identifier: MIT */
#include "analyze/btf/btf_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The members of a layout that is being made. */
struct member_list {
    struct btf_types *types;
    struct arena *arena;
    struct layout_member *members;
    uint32_t count;
    uint32_t capacity;
};

bool btf_layout_kind(const struct btf *btf, const struct btf_type *type,
                     enum definition_kind *kind_ret)
{
    bool has_name = btf_file_name(btf, type)[0] != '\0';

    switch (btf_kind(type)) {
    case BTF_KIND_STRUCT: *kind_ret = DEFINITION_STRUCT; return has_name;
    case BTF_KIND_UNION: *kind_ret = DEFINITION_UNION; return has_name;
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: *kind_ret = DEFINITION_ENUM; return btf_vlen(type) > 0;
    case BTF_KIND_TYPEDEF: *kind_ret = DEFINITION_TYPEDEF; return has_name;
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT: *kind_ret = DEFINITION_INT; return has_name;
    default: return false;
    }
}

/* Follows what has no name of its own, pointers, arrays and qualifiers, from type ID to their end.
 * *HAS_POINTER_RET: is there a pointer among them? */
static uint32_t find_end(const struct btf *btf, uint32_t id, bool *has_pointer_ret)
{
    *has_pointer_ret = false;
    for (unsigned i = 0; i < TYPE_DEPTH_MAXIMUM; i++) {
        const struct btf_type *type = btf__type_by_id(btf, id);
        if (btf_is_array(type))
            id = btf_array(type)->type;
        else if (btf_is_ptr(type) || (btf_is_mod(type) && !btf_is_typedef(type)))
            id = type->type;
        else
            break;
        *has_pointer_ret |= btf_is_ptr(type);
    }
    return id;
}

static struct error *append_member(struct member_list *list, const struct layout_member *member)
{
    TRY(layout_budget_take(&list->types->budget, sizeof(*member) + strlen(member->name) + 1));
    if (list->count == LAYOUT_MEMBERS_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "a struct has more than %d members",
                            LAYOUT_MEMBERS_MAXIMUM);
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? list->capacity * 2 : 64;
        struct layout_member *members =
            reallocarray(list->members, capacity, sizeof(*list->members));
        if (!members)
            return error_out_of_memory();
        list->members = members;
        list->capacity = capacity;
    }
    list->members[list->count++] = *member;
    return NULL;
}

/* A member that is no struct and has no name is called as pages call it. */
static struct error *name_member(struct member_list *list, const char *name,
                                 unsigned *unnamed_count, struct layout_member *member)
{
    char numbered[32];

    if (!name[0] && !type_is_aggregate(member->type)) {
        snprintf(numbered, sizeof(numbered), *unnamed_count == 0 ? TYPE_ANONYMOUS : "(anon-%u)",
                 *unnamed_count);
        (*unnamed_count)++;
        name = numbered;
    }
    member->name = arena_copy_text(list->arena, name, strlen(name));
    return member->name ? NULL : error_out_of_memory();
}

static struct error *add_members(struct member_list *list, uint32_t id, uint64_t start_bit,
                                 uint32_t depth);

/* Lists what is in the struct or union without a name at the end of the member's type, or in the
 * one that the member dissolves into. */
static struct error *add_inner(struct member_list *list, const struct layout_member *member,
                               uint32_t id)
{
    bool has_pointer;

    if (!layout_member_is_dissolved(member) && !type_has_unnamed_members(member->type))
        return NULL;
    if (member->depth + 1 >= LAYOUT_DEPTH_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "unnamed structs are nested more than %d deep",
                            LAYOUT_DEPTH_MAXIMUM);
    id = find_end(list->types->btf, id, &has_pointer);
    if (!btf_is_composite(btf__type_by_id(list->types->btf, id)))
        return NULL;
    return add_members(list, id, has_pointer ? 0 : member->bit_offset, member->depth + 1);
}

static struct error *add_members(struct member_list *list, uint32_t id, uint64_t start_bit,
                                 uint32_t depth)
{
    const struct btf_type *type = btf__type_by_id(list->types->btf, id);
    unsigned unnamed_count = 0;

    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const struct btf_member *said = &btf_members(type)[i];
        struct layout_member member = {
            .bit_offset = start_bit + btf_member_bit_offset(type, i),
            .bitfield_size = btf_member_bitfield_size(type, i),
            .byte_size = btf_types_byte_size(list->types, said->type),
            .depth = depth,
        };
        TRY(btf_types_get(list->types, said->type, &member.type));
        TRY(name_member(list, btf__str_by_offset(list->types->btf, said->name_off), &unnamed_count,
                        &member));
        TRY(append_member(list, &member));
        TRY(add_inner(list, &member, said->type));
    }
    return NULL;
}

static struct error *hand_over(struct member_list *list, struct layout *layout)
{
    struct layout_member *members =
        arena_allocate(list->arena, (size_t)list->count + 1, sizeof(*members));

    if (!members)
        return error_out_of_memory();
    if (list->count > 0)
        memcpy(members, list->members, list->count * sizeof(*members));
    layout->members = members;
    layout->member_count = list->count;
    return NULL;
}

static struct error *make_aggregate(struct btf_types *types, uint32_t id, struct arena *arena,
                                    struct layout *layout)
{
    struct member_list list = {.types = types, .arena = arena};
    struct error *error = add_members(&list, id, 0, 0);

    layout->byte_size = btf__type_by_id(types->btf, id)->size;
    if (!error)
        error = hand_over(&list, layout);
    free(list.members);
    return error;
}

static int64_t value_of(const struct btf_type *type, uint32_t index)
{
    if (!btf_is_enum(type))
        return (int64_t)btf_enum64_value(&btf_enum64(type)[index]);
    int32_t value = btf_enum(type)[index].val;
    return btf_kflag(type) ? value : (int64_t)(uint32_t)value;
}

static struct error *make_enum(struct btf_types *types, uint32_t id, struct arena *arena,
                               struct layout *layout)
{
    const struct btf_type *type = btf__type_by_id(types->btf, id);
    struct enumerator *enumerators =
        arena_allocate(arena, (size_t)btf_vlen(type) + 1, sizeof(*enumerators));

    if (!enumerators)
        return error_out_of_memory();
    TRY(layout_budget_take(&types->budget, btf_vlen(type) * sizeof(*enumerators)));
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const char *name =
            btf__str_by_offset(types->btf, btf_is_enum(type) ? btf_enum(type)[i].name_off
                                                             : btf_enum64(type)[i].name_off);
        TRY(layout_budget_take(&types->budget, strlen(name) + 1));
        enumerators[i].value = value_of(type, i);
        enumerators[i].is_unsigned = enumerators[i].value < 0 && !btf_kflag(type);
        enumerators[i].name = arena_copy_text(arena, name, strlen(name));
        if (!enumerators[i].name)
            return error_out_of_memory();
    }
    layout->enumerators = enumerators;
    layout->enumerator_count = btf_vlen(type);
    layout->byte_size = type->size;
    return NULL;
}

/* What only the typedef names is its own. */
static struct error *make_typedef(struct btf_types *types, uint32_t id, struct arena *arena,
                                  struct layout *layout)
{
    uint32_t target = btf__type_by_id(types->btf, id)->type;
    bool has_pointer;

    TRY(btf_types_get(types, target, &layout->type));
    uint32_t end = find_end(types->btf, target, &has_pointer);
    const struct btf_type *inner = btf__type_by_id(types->btf, end);
    struct error *error = NULL;
    if (btf_file_name(types->btf, inner)[0])
        return NULL;
    if (btf_is_composite(inner))
        error = make_aggregate(types, end, arena, layout);
    else if (btf_is_any_enum(inner) && !type_unqualified(layout->type)->target)
        error = make_enum(types, end, arena, layout);
    /* An array of it, or a pointer to it, has another size. */
    if (type_unqualified(layout->type)->target)
        layout->byte_size = 0;
    return error;
}

/* As DWARF encodes it (DWARF 5, 7.8). */
static const char *encoding_of(const struct btf_type *type, const char *name)
{
    bool is_character = type->size == 1 && strstr(name, "char");

    if (btf_is_float(type))
        return "float";
    if (btf_int_encoding(type) & BTF_INT_BOOL)
        return "boolean";
    if (btf_int_encoding(type) & BTF_INT_SIGNED)
        return is_character ? "signed_char" : "signed";
    return is_character ? "unsigned_char" : "unsigned";
}

static struct error *fill(struct btf_types *types, uint32_t id, struct arena *arena,
                          struct layout *layout)
{
    const struct btf_type *type = btf__type_by_id(types->btf, id);

    switch (layout->kind) {
    case DEFINITION_ENUM: return make_enum(types, id, arena, layout);
    case DEFINITION_TYPEDEF: return make_typedef(types, id, arena, layout);
    case DEFINITION_INT:
        layout->byte_size = type->size;
        layout->encoding = encoding_of(type, btf_file_name(types->btf, type));
        return NULL;
    default: return make_aggregate(types, id, arena, layout);
    }
}

/* An enum without a name is called after its first enumerator. */
static struct error *name_layout(const struct btf_types *types, uint32_t id, struct arena *arena,
                                 struct layout *layout)
{
    char unnamed[C_NAME_MAXIMUM + sizeof(UNNAMED_ENUM_FORMAT)];
    const char *name = btf_file_name(types->btf, btf__type_by_id(types->btf, id));

    if (!name[0]) {
        snprintf(unnamed, sizeof(unnamed), UNNAMED_ENUM_FORMAT, layout->enumerators[0].name);
        name = unnamed;
    }
    layout->name = arena_copy_text(arena, name, strlen(name));
    return layout->name ? NULL : error_out_of_memory();
}

struct error *btf_layout_make(struct btf_types *types, uint32_t id, enum definition_kind kind,
                              struct arena *arena, struct layout **layout_ret)
{
    struct layout *layout = arena_allocate(arena, 1, sizeof(*layout));

    if (!layout)
        return error_out_of_memory();
    layout->kind = kind;
    TRY(fill(types, id, arena, layout));
    TRY(name_layout(types, id, arena, layout));
    *layout_ret = layout;
    return layout_compute_digest(layout);
}
