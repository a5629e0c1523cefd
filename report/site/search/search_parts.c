/* SPDX-License-Identifier: MIT */
#include "report/site/search/search_parts.h"

#include "report/compare/members/member_paths.h"

/* The last name of a path: `length` of `table->header.length`. */
static const char *last_name(const char *path)
{
    const char *name = path;

    for (; *path; path++) {
        if (*path == '.' || *path == '>')
            name = path + 1;
    }
    return name;
}

static struct error *visit_layout(const struct layout *layout, struct arena *scratch,
                                  search_part_take *take, void *context)
{
    struct member_paths paths;

    arena_clear(scratch);
    TRY(member_paths_list(layout, scratch, &paths));
    for (uint32_t i = 0; i < paths.count; i++) {
        const char *name = last_name(paths.paths[i].path);
        if (paths.paths[i].kind != PATH_TYPE && name[0] != '\0' && name[0] != '(')
            TRY(take(context, paths.paths[i].path, name));
    }
    return NULL;
}

struct error *search_parts_visit(const struct history *history,
                                 const struct history_definition *entry, struct arena *scratch,
                                 search_part_take *take, void *context)
{
    struct history_layouts walk = {.entry = entry, .kernel_count = history->kernel_count};
    const struct layout *layout;

    while ((layout = history_next_layout(&walk)))
        TRY(visit_layout(layout, scratch, take, context));
    return NULL;
}
