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
    const struct layout *last = NULL;

    for (size_t kernel = 0; kernel < history->kernel_count; kernel++) {
        const struct layout *layout = entry->layouts[kernel];
        if (layout && layout != last)
            TRY(visit_layout(layout, scratch, take, context));
        last = layout ? layout : last;
    }
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct layout *layout = entry->further[i].layout;
        if (layout != last)
            TRY(visit_layout(layout, scratch, take, context));
        last = layout;
    }
    return NULL;
}
