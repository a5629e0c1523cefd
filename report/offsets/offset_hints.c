/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_hints.h"

#include <string.h>

#include "base/buffer.h"

/* One pair of layouts with the hints that the comparison has. */
struct compared_layouts {
    struct compared_layouts *previous;
    const struct layout *before;
    const struct layout *after;
    uint32_t hint_count;
    struct member_change *hints; /* only changes that have one */
};

/* A hint before it is known where, and whether, a kernel has what it leads to. */
struct candidate {
    enum change_hint kind; /* HINT_NONE: there is none */
    const char *path;
    const char *definition_name;
};

static struct error *compare(struct offset_hinter *hinter, size_t older,
                             const struct layout *before, const struct layout *after,
                             struct compared_layouts *result)
{
    const struct history *history = hinter->input->history;
    const struct comparison_scopes scopes = comparison_scopes_of(
        history, history_find(history, hinter->kind, hinter->name), older, older + 1);
    struct layout_comparison comparison;

    TRY(layout_compare(before, after, &scopes, hinter->arena, &comparison));
    /* Most of them are moves: sorted out once, not for every member that is asked about. */
    result->hints = comparison.changes;
    for (uint32_t i = 0; i < comparison.change_count; i++) {
        if (comparison.changes[i].hint != HINT_NONE)
            result->hints[result->hint_count++] = comparison.changes[i];
    }
    return NULL;
}

/* The comparison of kernel OLDER's layout with that of the next one. */
static struct error *find_comparison(struct offset_hinter *hinter, size_t older,
                                     const struct layout *before, const struct layout *after,
                                     const struct compared_layouts **result_ret)
{
    struct compared_layouts *known = hinter->compared;

    while (known && (known->before != before || known->after != after))
        known = known->previous;
    if (!known) {
        known = arena_allocate(hinter->arena, 1, sizeof(*known));
        if (!known)
            return error_out_of_memory();
        *known = (struct compared_layouts){
            .previous = hinter->compared, .before = before, .after = after};
        TRY(compare(hinter, older, before, after, known));
        hinter->compared = known;
    }
    *result_ret = known;
    return NULL;
}

/* PATH with the part from START to END replaced. */
static struct error *replace_part(struct arena *arena, const char *path, size_t start, size_t end,
                                  const char *replacement, const char **path_ret)
{
    size_t replacement_length = strlen(replacement);
    size_t rest_length = strlen(path + end);
    char *text = arena_allocate(arena, start + replacement_length + rest_length + 1, 1);

    if (!text)
        return error_out_of_memory();
    memcpy(text, path, start);
    memcpy(text + start, replacement, replacement_length);
    memcpy(text + start + replacement_length, path + end, rest_length);
    *path_ret = text;
    return NULL;
}

/* The path, inside the other layout, of what NAME (LENGTH bytes) was called or moved to. */
static const struct member_change *find_hint(const struct compared_layouts *compared,
                                             bool is_removed, const char *name, size_t length)
{
    for (uint32_t i = 0; i < compared->hint_count; i++) {
        const struct member_change *change = &compared->hints[i];
        const struct member_path *path = is_removed ? change->before : change->after;
        if (path && strncmp(path->path, name, length) == 0 && path->path[length] == '\0')
            return change;
    }
    return NULL;
}

/* What neighbours OLDER and OLDER + 1 tell about a member that only one of them has. */
static struct error *find_candidate(struct offset_hinter *hinter, const char *path, size_t older,
                                    const struct offset_place *missing, bool is_removed,
                                    struct candidate *candidate_ret)
{
    const struct history_definition *entry =
        history_find(hinter->input->history, missing->kind, missing->definition_name);
    const struct compared_layouts *compared = NULL;

    *candidate_ret = (struct candidate){.kind = HINT_NONE};
    if (!entry || !entry->layouts[older] || !entry->layouts[older + 1])
        return NULL;
    TRY(find_comparison(hinter, older, entry->layouts[older], entry->layouts[older + 1],
                        &compared));
    const struct member_change *change = find_hint(compared, is_removed, path + missing->path_start,
                                                   missing->path_end - missing->path_start);
    if (!change)
        return NULL;
    candidate_ret->kind = change->hint;
    candidate_ret->definition_name = change->hint_struct;
    return replace_part(hinter->arena, path, missing->path_start, missing->path_end,
                        change->hint_path, &candidate_ret->path);
}

/* Gives kernel KERNEL's answer the hint if the kernel has what it leads to, of type TYPE_WANTED
 * unless that is NULL. */
static struct error *try_candidate(struct offset_hinter *hinter, const struct candidate *candidate,
                                   size_t kernel, const char *type_wanted,
                                   struct offset_answer *answer)
{
    const struct scope scope = {hinter->input->history, kernel, NULL};
    struct offset_place place;

    TRY(offset_path_resolve(&scope, hinter->kind, hinter->name, candidate->path, hinter->arena,
                            &place));
    if (place.status != OFFSET_FOUND ||
        (type_wanted && place.type && strcmp(type_text(place.type), type_wanted) != 0))
        return NULL;
    answer->hint = (struct offset_hint){
        .kind = candidate->kind,
        .path = candidate->path,
        .definition_name = candidate->definition_name,
        .has_bit_offset = place.has_bit_offset,
        .bit_offset = place.bit_offset,
    };
    return NULL;
}

static bool may_be_hinted(const struct offset_answer *answer)
{
    return answer->place.status == OFFSET_NO_FIELD && answer->hint.kind == HINT_NONE;
}

static bool are_in_line(const struct offset_hinter *hinter, size_t older)
{
    const struct offset_kernel *kernels = hinter->input->kernels;

    return offset_kernels_are_related(&kernels[older], &kernels[older + 1]);
}

/* Follows the hint from kernel FIRST on, to earlier ones or to later ones. */
static struct error *follow(struct offset_hinter *hinter, const struct candidate *candidate,
                            size_t first, bool to_later, struct offset_answer *answers)
{
    size_t end = to_later ? hinter->input->history->kernel_count - 1 : 0;

    for (size_t kernel = first; may_be_hinted(&answers[kernel]);) {
        TRY(try_candidate(hinter, candidate, kernel, NULL, &answers[kernel]));
        if (answers[kernel].hint.kind == HINT_NONE || kernel == end ||
            !are_in_line(hinter, to_later ? kernel : kernel - 1))
            return NULL;
        kernel = to_later ? kernel + 1 : kernel - 1;
    }
    return NULL;
}

/* Between kernel OLDER and the next one. */
static struct error *look_at_neighbours(struct offset_hinter *hinter, const char *path,
                                        size_t older, struct offset_answer *answers)
{
    const struct offset_answer *pair = &answers[older];
    bool is_removed = pair[0].place.status == OFFSET_FOUND && may_be_hinted(&pair[1]);
    bool is_added = pair[1].place.status == OFFSET_FOUND && may_be_hinted(&pair[0]);
    struct candidate candidate;

    if ((!is_removed && !is_added) || !are_in_line(hinter, older))
        return NULL;
    TRY(find_candidate(hinter, path, older, &pair[is_removed ? 1 : 0].place, is_removed,
                       &candidate));
    if (candidate.kind == HINT_NONE)
        return NULL;
    return follow(hinter, &candidate, is_removed ? older + 1 : older, is_removed, answers);
}

/* Has kernels without a hint take over what is known of others: each distinct hint is tried once.
 */
static struct error *spread(struct offset_hinter *hinter, const struct offset_hint *hint,
                            const char *type, struct offset_answer *answers)
{
    const struct candidate candidate = {hint->kind, hint->path, hint->definition_name};

    for (size_t kernel = 0; kernel < hinter->input->history->kernel_count; kernel++) {
        if (may_be_hinted(&answers[kernel]))
            TRY(try_candidate(hinter, &candidate, kernel, type, &answers[kernel]));
    }
    return NULL;
}

static const struct type *first_type(const struct offset_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (answers[i].place.status == OFFSET_FOUND)
            return answers[i].place.type;
    }
    return NULL;
}

struct error *offset_hints_set(struct offset_hinter *hinter, const char *path,
                               struct offset_answer *answers)
{
    size_t count = hinter->input->history->kernel_count;
    const struct type *type = first_type(answers, count);
    const char *last_path = "";

    for (size_t older = 0; older + 1 < count; older++)
        TRY(look_at_neighbours(hinter, path, older, answers));
    for (size_t i = 0; i < count; i++) {
        const struct offset_hint *hint = &answers[i].hint;
        if (hint->kind == HINT_NONE || strcmp(hint->path, last_path) == 0)
            continue;
        last_path = hint->path;
        TRY(spread(hinter, hint, type ? type_text(type) : NULL, answers));
    }
    return NULL;
}
