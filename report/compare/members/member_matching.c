/* SPDX-License-Identifier: MIT */
#include "report/compare/members/member_matching.h"

#include <string.h>

static enum type_kind defined_kind(const struct type *type)
{
    if (type->kind != TYPE_FWD)
        return type->kind;
    return type->is_union ? TYPE_UNION : TYPE_STRUCT;
}

static bool names_are_alike(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool types_are_alike(const struct type *a, const struct type *b)
{
    if (a == b)
        return true;
    if (defined_kind(a) != defined_kind(b) || a->count != b->count ||
        !names_are_alike(a->name, b->name))
        return false;
    for (uint32_t i = 0; a->kind == TYPE_ARRAY && i < a->count; i++) {
        if (a->dimensions[i] != b->dimensions[i])
            return false;
    }
    for (uint32_t i = 0; a->kind == TYPE_FUNC_PROTO && i < a->count; i++) {
        if (!types_are_alike(a->parameters[i], b->parameters[i]))
            return false;
    }
    return !a->target || types_are_alike(a->target, b->target);
}

bool member_types_are_alike(const struct member_matching *matching, const struct type *a,
                            const struct type *b)
{
    if (matching->has_fields_only)
        return strcmp(type_text(a), type_text(b)) == 0;
    return types_are_alike(a, b);
}

/* Not by way of all paths: a `const struct { … };` is a field under a name that nobody can write,
 * and its members are none. */
static struct error *list_fields(const struct layout *layout, struct arena *arena,
                                 struct member_paths *paths)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *field;

    paths->paths = arena_allocate(arena, (size_t)layout->member_count + 1, sizeof(*paths->paths));
    if (!paths->paths)
        return error_out_of_memory();
    while ((field = layout_next_field(&fields)))
        paths->paths[paths->count++] = (struct member_path){
            .path = field->name,
            .parent = MEMBER_PATH_NONE,
            .member = field,
            .nesting = "",
            .is_field = true,
        };
    return NULL;
}

static struct error *list(const struct layout *layout, bool only_fields, struct arena *arena,
                          struct matched_members *members, const char ***names_ret)
{
    members->paths = (struct member_paths){0};
    if (only_fields)
        TRY(list_fields(layout, arena, &members->paths));
    else
        TRY(member_paths_list(layout, arena, &members->paths));
    uint32_t count = members->paths.count;
    const char **names = arena_allocate(arena, (size_t)count + 1, sizeof(*names));
    members->partners = arena_allocate(arena, (size_t)count + 1, sizeof(*members->partners));
    if (!names || !members->partners)
        return error_out_of_memory();
    for (uint32_t i = 0; i < count; i++)
        names[i] = members->paths.paths[i].path;
    *names_ret = names;
    return NULL;
}

struct error *member_matching_find(const struct layout *before, const struct layout *after,
                                   struct arena *arena, struct member_matching *ret)
{
    bool only_fields = before->lacks_member_sizes || after->lacks_member_sizes;
    const char **old_names;
    const char **new_names;

    ret->has_fields_only = only_fields;
    ret->has_places = layout_has_places(before) && layout_has_places(after);
    TRY(list(before, only_fields, arena, &ret->before, &old_names));
    TRY(list(after, only_fields, arena, &ret->after, &new_names));
    return name_matching_find(old_names, ret->before.paths.count, new_names, ret->after.paths.count,
                              ret->before.partners, ret->after.partners);
}

bool matched_members_is_alone(const struct matched_members *members, uint32_t index)
{
    uint32_t parent = members->paths.paths[index].parent;

    return members->partners[index] == NAME_WITHOUT_PARTNER &&
           (parent == MEMBER_PATH_NONE || members->partners[parent] != NAME_WITHOUT_PARTNER);
}
