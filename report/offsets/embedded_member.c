/* SPDX-License-Identifier: MIT */
#include "report/offsets/embedded_member.h"

#include <stdio.h>
#include <string.h>

#include "report/compare/members/member_paths.h"

/* People leave out a step or two. */
enum { DEPTH_MAXIMUM = 3 };

static struct error *find(const struct scope *scope, const struct layout *layout, const char *name,
                          unsigned depth, struct arena *arena, const char **path_ret);

static struct error *join(struct arena *arena, const char *outer, const char *inner,
                          const char **path_ret)
{
    char *path = arena_allocate(arena, strlen(outer) + strlen(inner) + 2, 1);

    if (!path)
        return error_out_of_memory();
    sprintf(path, "%s.%s", outer, inner);
    *path_ret = path;
    return NULL;
}

/* Looks into what the members embed, DEPTH steps further. */
static struct error *find_inside(const struct scope *scope, const struct member_paths *paths,
                                 const char *name, unsigned depth, struct arena *arena,
                                 const char **path_ret)
{
    for (uint32_t i = 0; i < paths->count && !*path_ret; i++) {
        const struct member_path *path = &paths->paths[i];
        const struct layout *inner = path->kind == PATH_MEMBER && !strstr(path->path, "->")
                                         ? scope_find_type(scope, path->member->type)
                                         : NULL;
        const char *found = NULL;
        if (!inner || inner->member_count == 0)
            continue;
        TRY(find(scope, inner, name, depth, arena, &found));
        if (found)
            TRY(join(arena, path->path, found, path_ret));
    }
    return NULL;
}

/* The path to NAME at exactly that depth. */
static struct error *find(const struct scope *scope, const struct layout *layout, const char *name,
                          unsigned depth, struct arena *arena, const char **path_ret)
{
    struct member_paths paths;

    TRY(member_paths_list(layout, arena, &paths));
    if (depth > 0)
        return find_inside(scope, &paths, name, depth - 1, arena, path_ret);
    /* A typedef's own path may be the same as its member's. */
    for (uint32_t i = 0; i < paths.count && !*path_ret; i++) {
        const struct member_path *path = &paths.paths[i];
        if (path->kind == PATH_MEMBER && strcmp(path->path, name) == 0)
            *path_ret = path->path;
    }
    return NULL;
}

struct error *embedded_member_find(const struct scope *scope, const struct layout *layout,
                                   const char *name, struct arena *arena, const char **path_ret)
{
    *path_ret = NULL;
    for (unsigned depth = 1; depth <= DEPTH_MAXIMUM && !*path_ret; depth++)
        TRY(find(scope, layout, name, depth, arena, path_ret));
    return NULL;
}
