/* SPDX-License-Identifier: MIT */
#include "report/compare/layout_comparison.h"

#include <string.h>

#include "report/compare/members/change_hints.h"
#include "report/compare/members/member_matching.h"

struct comparer {
    struct member_matching matching;
    struct change_hints hints;
    struct layout_comparison *result;
    uint32_t next_removed; /* index in the earlier layout: those before it have been told */
};

const struct change_kind_text change_kind_texts[CHANGE_KIND_COUNT] = {
#define X(kind, bit, key, word) [bit] = {kind, key, word},
    CHANGE_KINDS(X)
#undef X
};

void change_kinds_append(struct buffer *out, unsigned kinds)
{
    const char *separator = "";

    for (size_t i = 0; i < CHANGE_KIND_COUNT; i++) {
        if (!(kinds & change_kind_texts[i].kind))
            continue;
        buffer_append_text(out, separator);
        buffer_append_text(out, change_kind_texts[i].word);
        separator = ", ";
    }
}

const char *change_hint_key(enum change_hint hint)
{
    static const char *const keys[] = {
#define X(name, key) [name] = (key),
        CHANGE_HINTS(X)
#undef X
    };

    return keys[hint];
}

const char *change_hint_phrase(enum change_hint hint, bool is_removed)
{
    static const char *const phrases[][2] = {
        [HINT_NONE] = {NULL, NULL},
        [HINT_RENAMED] = {"perhaps renamed from ", "perhaps renamed to "},
        [HINT_MOVED] = {"perhaps was ", "perhaps is now "},
        [HINT_EMBEDDED] = {"perhaps moved out of ", "perhaps moved into "},
    };

    return phrases[hint][is_removed];
}

static void add_change(struct comparer *comparer, unsigned kinds, const struct member_path *before,
                       const struct member_path *after, const struct member_hint *hint)
{
    struct layout_comparison *result = comparer->result;

    result->kinds |= kinds;
    result->changes[result->change_count++] = (struct member_change){
        .kinds = kinds,
        .before = before,
        .after = after,
        .hint = hint ? hint->kind : HINT_NONE,
        .hint_path = hint ? hint->path : NULL,
        .hint_struct = hint ? hint->embedded_name : NULL,
    };
}

/* Tells of the removed members that stood before END in the earlier layout. */
static void add_removed(struct comparer *comparer, uint32_t end)
{
    const struct matched_members *before = &comparer->matching.before;

    for (; comparer->next_removed < end; comparer->next_removed++) {
        uint32_t i = comparer->next_removed;
        if (matched_members_is_alone(before, i))
            add_change(comparer, CHANGE_REMOVED, &before->paths.paths[i], NULL,
                       comparer->hints.before ? &comparer->hints.before[i] : NULL);
    }
}

static unsigned compare_members(const struct comparer *comparer, const struct member_path *before,
                                const struct member_path *after)
{
    const struct layout_member *a = before->member;
    const struct layout_member *b = after->member;
    unsigned kinds = 0;

    if (before->kind == PATH_ENUMERATOR && after->kind == PATH_ENUMERATOR)
        return before->enumerator->value != after->enumerator->value ||
                       before->enumerator->is_unsigned != after->enumerator->is_unsigned
                   ? CHANGE_VALUE
                   : 0;
    if (comparer->matching.has_places && a->bit_offset != b->bit_offset)
        kinds |= CHANGE_MOVED;
    if (!comparer->matching.has_fields_only && a->byte_size != b->byte_size)
        kinds |= CHANGE_RESIZED;
    if (a->bitfield_size != b->bitfield_size)
        kinds |= CHANGE_WIDTH;
    if (!member_types_are_alike(&comparer->matching, a->type, b->type))
        kinds |= CHANGE_TYPE;
    if (!comparer->matching.has_fields_only && strcmp(before->nesting, after->nesting) != 0)
        kinds |= CHANGE_NESTING;
    return kinds;
}

/* Tells of member INDEX of the later layout. LAST_COMMON is that layout's last one that is also in
 * the earlier one, or NAME_WITHOUT_PARTNER. */
static void add_later(struct comparer *comparer, uint32_t index, uint32_t last_common)
{
    const struct matched_members *after = &comparer->matching.after;
    const struct member_path *path = &after->paths.paths[index];
    uint32_t partner = after->partners[index];

    if (partner != NAME_WITHOUT_PARTNER) {
        const struct member_path *old = &comparer->matching.before.paths.paths[partner];
        unsigned kinds = compare_members(comparer, old, path);
        if (partner < comparer->next_removed)
            comparer->result->kinds |= CHANGE_ORDER;
        add_removed(comparer, partner);
        if (comparer->next_removed == partner)
            comparer->next_removed++;
        if (kinds)
            add_change(comparer, kinds, old, path, NULL);
    } else if (matched_members_is_alone(after, index)) {
        bool is_at_end = last_common == NAME_WITHOUT_PARTNER || index > last_common;
        add_change(comparer, is_at_end ? CHANGE_ADDED_AT_END : CHANGE_INSERTED, NULL, path,
                   comparer->hints.after ? &comparer->hints.after[index] : NULL);
    }
}

static uint32_t find_last_common(const struct matched_members *members)
{
    for (uint32_t i = members->paths.count; i-- > 0;) {
        if (members->partners[i] != NAME_WITHOUT_PARTNER)
            return i;
    }
    return NAME_WITHOUT_PARTNER;
}

static void list_changes(struct comparer *comparer)
{
    const struct matched_members *after = &comparer->matching.after;
    uint32_t last_common = find_last_common(after);

    for (uint32_t i = 0; i < after->paths.count; i++)
        add_later(comparer, i, last_common);
    add_removed(comparer, comparer->matching.before.paths.count);
}

struct error *layout_compare(const struct layout *before, const struct layout *after,
                             const struct comparison_scopes *scopes, struct arena *arena,
                             struct layout_comparison *comparison_ret)
{
    struct layout_comparison comparison = {.before = before, .after = after};
    struct comparer comparer = {.result = &comparison};

    if (before != after) {
        struct member_matching *matching = &comparer.matching;
        TRY(member_matching_find(before, after, arena, matching));
        if (scopes)
            TRY(change_hints_find(matching, scopes, arena, &comparer.hints));
        comparison.changes = arena_allocate(
            arena, (size_t)matching->before.paths.count + matching->after.paths.count + 1,
            sizeof(*comparison.changes));
        if (!comparison.changes)
            return error_out_of_memory();
        if (layout_tells_what_it_is(before) && layout_tells_what_it_is(after))
            list_changes(&comparer);
        if (matching->has_places && layout_has_byte_size(before) && layout_has_byte_size(after) &&
            before->byte_size != after->byte_size)
            comparison.kinds |= CHANGE_STRUCT_SIZE;
    }
    *comparison_ret = comparison;
    return NULL;
}

int64_t member_change_distance(const struct member_change *change)
{
    return (int64_t)(change->after->member->bit_offset - change->before->member->bit_offset);
}

uint32_t layout_comparison_run_end(const struct layout_comparison *comparison, uint32_t index)
{
    const struct member_change *first = &comparison->changes[index];
    uint32_t end = index + 1;

    if (first->kinds != CHANGE_MOVED)
        return end;
    while (end < comparison->change_count && comparison->changes[end].kinds == CHANGE_MOVED &&
           member_change_distance(&comparison->changes[end]) == member_change_distance(first))
        end++;
    return end;
}
