/* SPDX-License-Identifier: MIT */
#include "report/compare/members/member_paths.h"

#include <string.h>

#include "report/write/c/declarator.h"

/* What is around a member: indexed by depth. */
struct surroundings {
    const char *prefix;  /* "" or the path of the innermost one with a name, with its separator */
    const char *nesting; /* as member_path's */
    uint32_t parent;     /* the index of that path, or MEMBER_PATH_NONE */
    bool are_fields;     /* is what is inside a field of the struct? */
};

static const char *join(struct arena *arena, const char *start, const char *middle, const char *end)
{
    size_t start_length = strlen(start);
    size_t middle_length = strlen(middle);
    size_t end_length = strlen(end);
    char *text = arena_allocate(arena, start_length + middle_length + end_length + 1, 1);

    if (!text)
        return NULL;
    memcpy(text, start, start_length);
    memcpy(text + start_length, middle, middle_length);
    memcpy(text + start_length + middle_length, end, end_length);
    return text;
}

static bool has_members_inside(const struct layout *layout, uint32_t index)
{
    return index + 1 < layout->member_count &&
           layout->members[index + 1].depth > layout->members[index].depth;
}

/* `const struct { … };` is a field to the published schema, under a name that nobody can write. */
bool member_is_transparent(const struct layout *layout, uint32_t index)
{
    const struct layout_member *member = &layout->members[index];

    return layout_member_is_dissolved(member) ||
           (has_members_inside(layout, index) && layout_member_is_unnamed(member));
}

/* What is around the members of a member that has a path, the last one so far. */
static struct error *enter_named(struct arena *arena, const struct member_paths *paths,
                                 struct surroundings *inner)
{
    const struct member_path *parent = &paths->paths[paths->count - 1];
    const char *separator = type_leads_through_pointer(parent->member->type) ? "->" : ".";

    *inner = (struct surroundings){.prefix = join(arena, parent->path, separator, ""),
                                   .nesting = "",
                                   .parent = paths->count - 1};
    return inner->prefix ? NULL : error_out_of_memory();
}

/* What is around the members of MEMBER, which is in OUTER. */
static struct error *enter_nameless(struct arena *arena, const struct surroundings *outer,
                                    const struct layout_member *member, struct surroundings *inner)
{
    const char *kind = type_leaf(member->type)->kind == TYPE_UNION ? "u" : "s";

    *inner = *outer;
    inner->nesting = join(arena, outer->nesting, kind, "");
    inner->are_fields = outer->are_fields && layout_member_is_dissolved(member);
    return inner->nesting ? NULL : error_out_of_memory();
}

static struct error *add_path(struct arena *arena, const struct surroundings *outer,
                              const struct layout_member *member, struct member_paths *paths)
{
    const char *path =
        outer->prefix[0] == '\0' ? member->name : join(arena, outer->prefix, member->name, "");

    if (!path)
        return error_out_of_memory();
    paths->paths[paths->count++] = (struct member_path){
        .path = path,
        .parent = outer->parent,
        .member = member,
        .nesting = outer->nesting,
        .is_field = outer->are_fields,
    };
    return NULL;
}

/* A path for what is no member. */
static void add_other(enum member_path_kind kind, const struct layout_member *member,
                      const struct enumerator *enumerator, struct member_paths *paths)
{
    paths->paths[paths->count++] = (struct member_path){
        .kind = kind,
        .path = member->name,
        .parent = MEMBER_PATH_NONE,
        .member = member,
        .enumerator = enumerator,
        .nesting = "",
        .is_field = true,
    };
}

/* Enumerators with equal values are at the same place. */
static struct error *add_enumerators(const struct layout *layout, struct arena *arena,
                                     struct member_paths *paths)
{
    static const struct type value_type = {.kind = TYPE_INT, .name = "int", .text = "int"};
    struct layout_member *members =
        arena_allocate(arena, layout->enumerator_count, sizeof(*members));

    if (!members)
        return error_out_of_memory();
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        members[i] = (struct layout_member){.name = enumerator->name,
                                            .type = &value_type,
                                            .bit_offset = (uint64_t)enumerator->value};
        add_other(PATH_ENUMERATOR, &members[i], enumerator, paths);
    }
    return NULL;
}

/* What a typedef stands for, or how a base type is encoded. */
static struct error *add_type(const struct layout *layout, struct arena *arena,
                              struct member_paths *paths)
{
    struct layout_member *member = arena_allocate(arena, 1, sizeof(*member));
    struct type *encoding = arena_allocate(arena, 1, sizeof(*encoding));

    if (!member || !encoding)
        return error_out_of_memory();
    if (layout->encoding)
        *encoding =
            (struct type){.kind = TYPE_INT, .name = layout->encoding, .text = layout->encoding};
    *member = (struct layout_member){.name = layout->name,
                                     .type = layout->type ? layout->type : encoding};
    add_other(PATH_TYPE, member, NULL, paths);
    return NULL;
}

struct error *member_paths_list(const struct layout *layout, struct arena *arena,
                                struct member_paths *paths_ret)
{
    struct surroundings around[LAYOUT_DEPTH_MAXIMUM + 1] = {
        {.prefix = "", .nesting = "", .parent = MEMBER_PATH_NONE, .are_fields = true}};
    struct member_paths paths = {
        .paths = arena_allocate(arena, (size_t)layout->member_count + layout->enumerator_count + 1,
                                sizeof(*paths.paths))};

    if (!paths.paths)
        return error_out_of_memory();
    if (layout->type || layout->encoding)
        TRY(add_type(layout, arena, &paths));
    TRY(add_enumerators(layout, arena, &paths));
    for (uint32_t i = 0; i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        const struct surroundings *outer = &around[member->depth];
        bool has_inside = has_members_inside(layout, i);
        bool has_path = !member_is_transparent(layout, i);
        if (has_path)
            TRY(add_path(arena, outer, member, &paths));
        struct surroundings *inner = &around[member->depth + 1];
        if (has_inside && has_path)
            TRY(enter_named(arena, &paths, inner));
        else if (has_inside)
            TRY(enter_nameless(arena, outer, member, inner));
    }
    *paths_ret = paths;
    return NULL;
}
