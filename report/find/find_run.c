/* SPDX-License-Identifier: MIT */
#include "report/find/find_run.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare/members/member_paths.h"
#include "report/find/find_graph.h"

enum { PATH_MAXIMUM = 64 * 1024 };

struct finder {
    const struct history *history;
    const struct find_query *query;
    struct arena *arena;
    struct arena scratch;
    struct buffer text;
    struct find_types types;
    size_t number; /* of the kernel, among those searched */
    size_t kernel; /* in the history */
    struct find_graph embeds;
    struct find_graph points_to;
    struct find_result *result;
    size_t *first_matches; /* by definition: 1 + the number of its first match; 0: none */
};

static void finder_deinit(struct finder *finder)
{
    arena_deinit(&finder->scratch);
    buffer_deinit(&finder->text);
    find_types_deinit(&finder->types);
    find_graph_deinit(&finder->embeds);
    find_graph_deinit(&finder->points_to);
    free(finder->first_matches);
}

static bool fits_pattern(const char *pattern, const char *text)
{
    return !pattern || fnmatch(pattern, text, 0) == 0;
}

static bool fits_size(const struct find_query *query, const struct layout *layout)
{
    return !query->has_size ||
           (layout_has_byte_size(layout) && layout->byte_size >= query->byte_size_minimum &&
            layout->byte_size <= query->byte_size_maximum);
}

/* What a definition must have a member for: one for each, or one for several. */
enum member_wish {
    WISH_NAME_AND_TYPE = 1,
    WISH_EMBEDS = 2,
    WISH_POINTS_TO = 4,
};

static unsigned member_wishes(const struct find_query *query)
{
    return (query->field || query->type ? WISH_NAME_AND_TYPE : 0) |
           (query->embeds.name ? WISH_EMBEDS : 0) | (query->points_to.name ? WISH_POINTS_TO : 0);
}

/* Which wishes the member fulfils. Its way on to what it leads to is appended to the finder's text.
 */
static unsigned fulfilled_by(struct finder *finder, const struct layout_member *member)
{
    const struct find_query *query = finder->query;
    unsigned wishes = member_wishes(query);
    unsigned fulfilled = 0;

    if ((wishes & WISH_NAME_AND_TYPE) && fits_pattern(query->field, member->name) &&
        fits_pattern(query->type, type_text(member->type)))
        fulfilled |= WISH_NAME_AND_TYPE;
    if ((wishes & WISH_EMBEDS) && find_graph_embeds(&finder->embeds, member->type) != FIND_NOTHING)
        fulfilled |= WISH_EMBEDS;
    if ((wishes & WISH_POINTS_TO) &&
        find_graph_points_to(&finder->points_to, member->type) != FIND_NOTHING)
        fulfilled |= WISH_POINTS_TO;
    if (fulfilled & WISH_EMBEDS)
        find_graph_append_way(&finder->text, &finder->embeds, finder->embeds.embeds, member->type);
    else if (fulfilled & WISH_POINTS_TO)
        find_graph_append_way(&finder->text, &finder->points_to, finder->points_to.points_to,
                              member->type);
    return fulfilled;
}

static struct error *add_place(struct finder *finder, struct find_match *match,
                               const struct member_path *path)
{
    struct find_place *places =
        arena_append(finder->arena, match->places, match->place_count, sizeof(*places));
    CLEANUP(buffer_deinit) struct buffer full;

    buffer_init(&full, PATH_MAXIMUM);
    buffer_append_text(&full, path->path);
    buffer_append_buffer(&full, &finder->text);
    TRY(buffer_check(&full, match->entry->name));
    const char *copy = arena_copy_text(finder->arena, buffer_text(&full), full.length);
    if (!places || !copy)
        return error_out_of_memory();
    bool is_member = path->kind == PATH_MEMBER;
    places[match->place_count++] = (struct find_place){
        .path = copy,
        .type = is_member ? type_text(path->member->type) : NULL,
        .member = is_member ? path->member : NULL,
        .enumerator = path->enumerator,
    };
    match->places = places;
    return NULL;
}

/* Lists what fits; *FITS_RET: is all that is asked for there? */
static struct error *find_places(struct finder *finder, struct find_match *match, bool *fits_ret)
{
    const struct find_query *query = finder->query;
    struct member_paths paths;
    unsigned missing = member_wishes(query);
    bool has_enumerator = !query->enumerator;

    arena_clear(&finder->scratch);
    TRY(member_paths_list(match->layout, &finder->scratch, &paths));
    for (uint32_t i = 0; i < paths.count; i++) {
        const struct member_path *path = &paths.paths[i];
        bool is_wanted = false;
        buffer_clear(&finder->text);
        if (path->kind == PATH_MEMBER) {
            unsigned fulfilled = fulfilled_by(finder, path->member);
            missing &= ~fulfilled;
            is_wanted = fulfilled != 0;
        } else if (path->kind == PATH_ENUMERATOR && query->enumerator) {
            has_enumerator |= is_wanted = fits_pattern(query->enumerator, path->enumerator->name);
        }
        if (is_wanted)
            TRY(add_place(finder, match, path));
    }
    *fits_ret = missing == 0 && has_enumerator;
    return NULL;
}

static struct error *add_kernel(struct finder *finder, struct find_match *match)
{
    size_t *kernels =
        arena_append(finder->arena, match->kernels, match->kernel_count, sizeof(*kernels));

    if (!kernels)
        return error_out_of_memory();
    match->kernels = kernels;
    kernels[match->kernel_count++] = finder->number;
    return NULL;
}

static bool have_same_places(const struct find_match *one, const struct find_match *other)
{
    if (one->place_count != other->place_count)
        return false;
    for (size_t i = 0; i < one->place_count; i++) {
        if (strcmp(one->places[i].path, other->places[i].path) != 0)
            return false;
    }
    return true;
}

/* The match that says the same of earlier kernels, or NULL. *LAST_RET: where the number of another
 * one belongs. */
static struct find_match *find_equal(struct finder *finder, size_t definition,
                                     const struct find_match *match, size_t **last_ret)
{
    size_t *link = &finder->first_matches[definition];

    while (*link > 0) {
        struct find_match *other = &finder->result->matches[*link - 1];
        if (other->layout == match->layout &&
            history_modules_are_equal(&other->modules, &match->modules) &&
            have_same_places(other, match))
            return other;
        link = &other->next;
    }
    *last_ret = link;
    return NULL;
}

static struct error *make_room(struct finder *finder)
{
    struct find_result *result = finder->result;
    struct find_match *matches =
        arena_append(finder->arena, result->matches, result->match_count, sizeof(*matches));

    if (!matches)
        return error_out_of_memory();
    result->matches = matches;
    return NULL;
}

static struct error *add_match(struct finder *finder, size_t definition,
                               const struct find_match *match)
{
    struct find_result *result = finder->result;
    size_t *last = NULL;

    TRY(make_room(finder));
    struct find_match *equal = find_equal(finder, definition, match, &last);
    if (!equal) {
        equal = &result->matches[result->match_count++];
        *equal = *match;
        *last = result->match_count;
    }
    return add_kernel(finder, equal);
}

static struct error *try_layout(struct finder *finder, size_t definition,
                                const struct layout *layout, struct history_modules modules)
{
    struct find_match match = {
        .entry = &finder->history->definitions[definition],
        .layout = layout,
        .modules = modules,
    };
    bool fits = true;

    if (!fits_size(finder->query, layout))
        return NULL;
    if (member_wishes(finder->query) != 0 || finder->query->enumerator)
        TRY(find_places(finder, &match, &fits));
    return fits ? add_match(finder, definition, &match) : NULL;
}

static struct error *try_definition(struct finder *finder, size_t definition)
{
    const struct history_definition *entry = &finder->history->definitions[definition];
    const struct layout *first = entry->layouts[finder->kernel];

    if (!(finder->query->kinds & DEFINITION_KIND_BIT(entry->kind)))
        return NULL;
    if (first)
        TRY(try_layout(finder, definition, first, history_modules_of(entry, finder->kernel)));
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct history_further *further = &entry->further[i];
        if (further->kernel == finder->kernel)
            TRY(try_layout(finder, definition, further->layout, further->modules));
    }
    return NULL;
}

static struct error *search_kernel(struct finder *finder)
{
    const struct find_query *query = finder->query;

    find_graph_deinit(&finder->embeds);
    find_graph_deinit(&finder->points_to);
    if (query->embeds.name)
        TRY(find_graph_make(finder->history, &finder->types, finder->kernel, &query->embeds,
                            query->is_deep, &finder->embeds));
    if (query->points_to.name)
        TRY(find_graph_make(finder->history, &finder->types, finder->kernel, &query->points_to,
                            query->is_deep, &finder->points_to));
    for (size_t i = 0; i < finder->history->definition_count; i++)
        TRY(try_definition(finder, i));
    return NULL;
}

static int compare_matches(const void *left, const void *right)
{
    const struct find_match *a = left;
    const struct find_match *b = right;

    if (a->entry != b->entry)
        return a->entry < b->entry ? -1 : 1;
    return a->kernels[0] < b->kernels[0] ? -1 : a->kernels[0] > b->kernels[0];
}

static struct error *search(struct finder *finder)
{
    struct find_result *result = finder->result;

    finder->first_matches =
        calloc(finder->history->definition_count + 1, sizeof(*finder->first_matches));
    if (!finder->first_matches)
        return error_out_of_memory();
    TRY(find_types_make(finder->history, &finder->types));
    for (size_t i = 0; i < result->kernel_count; i++) {
        finder->number = i;
        finder->kernel = result->kernels[i];
        TRY(search_kernel(finder));
    }
    if (result->match_count > 0)
        qsort(result->matches, result->match_count, sizeof(*result->matches), compare_matches);
    return NULL;
}

struct error *find_run(const struct history *history, const size_t *kernels, size_t kernel_count,
                       const struct find_query *query, struct arena *arena,
                       struct find_result *result_ret)
{
    CLEANUP(finder_deinit)
    struct finder finder = {
        .history = history, .query = query, .arena = arena, .result = result_ret};

    *result_ret =
        (struct find_result){.history = history, .kernel_count = kernel_count, .kernels = kernels};
    arena_init(&finder.scratch);
    buffer_init(&finder.text, PATH_MAXIMUM);
    return search(&finder);
}
