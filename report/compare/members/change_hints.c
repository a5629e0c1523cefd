/* SPDX-License-Identifier: MIT */
#include "report/compare/members/change_hints.h"

#include <string.h>

/* Of pairs of a removed and an added member. Guesses about more are not worth the time. */
enum { HINTED_PAIRS_MAXIMUM = 1 << 17 };

/* The members without a partner, by index of the path. */
struct loose_members {
    const struct matched_members *members;
    uint32_t count;
    uint32_t *indexes;
    struct member_hint *hints; /* by index of the path */
};

struct hint_finder {
    const struct member_matching *matching;
    struct loose_members before;
    struct loose_members after;
    struct arena *arena;
};

static struct error *list_loose(const struct matched_members *members, struct arena *arena,
                                struct loose_members *loose)
{
    size_t count = (size_t)members->paths.count + 1;

    loose->members = members;
    loose->indexes = arena_allocate(arena, count, sizeof(*loose->indexes));
    loose->hints = arena_allocate(arena, count, sizeof(*loose->hints));
    if (!loose->indexes || !loose->hints)
        return error_out_of_memory();
    for (uint32_t i = 0; i < members->paths.count; i++) {
        if (members->partners[i] == NAME_WITHOUT_PARTNER)
            loose->indexes[loose->count++] = i;
    }
    return NULL;
}

static const struct member_path *path_at(const struct loose_members *loose, uint32_t number)
{
    return &loose->members->paths.paths[loose->indexes[number]];
}

static struct member_hint *hint_at(const struct loose_members *loose, uint32_t number)
{
    return &loose->hints[loose->indexes[number]];
}

static bool have_same_type(const struct hint_finder *finder, const struct layout_member *a,
                           const struct layout_member *b)
{
    return a->bitfield_size == b->bitfield_size &&
           member_types_are_alike(finder->matching, a->type, b->type);
}

static bool have_same_name_and_type(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    const struct member_path *a = path_at(&finder->before, old);
    const struct member_path *b = path_at(&finder->after, new);

    return strcmp(a->member->name, b->member->name) == 0 &&
           have_same_type(finder, a->member, b->member);
}

/* Are both members of the same struct, with or without a name? */
static bool have_same_parent(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    uint32_t a = path_at(&finder->before, old)->parent;
    uint32_t b = path_at(&finder->after, new)->parent;

    return a == MEMBER_PATH_NONE ? b == MEMBER_PATH_NONE : finder->before.members->partners[a] == b;
}

static bool are_at_same_place(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    const struct member_path *a = path_at(&finder->before, old);
    const struct member_path *b = path_at(&finder->after, new);

    return finder->matching->has_places && a->member->bit_offset == b->member->bit_offset &&
           have_same_type(finder, a->member, b->member) && have_same_parent(finder, old, new);
}

/* Two neighbours with partners and what stands between them. */
struct gap {
    uint32_t previous; /* index in the earlier layout; NAME_WITHOUT_PARTNER at the start */
    uint32_t next;     /* the same at the end */
};

static struct gap find_gap(const struct matched_members *members, uint32_t index, bool is_later)
{
    struct gap gap = {NAME_WITHOUT_PARTNER, NAME_WITHOUT_PARTNER};

    for (uint32_t i = index; i-- > 0 && gap.previous == NAME_WITHOUT_PARTNER;) {
        if (members->partners[i] != NAME_WITHOUT_PARTNER)
            gap.previous = is_later ? members->partners[i] : i;
    }
    for (uint32_t i = index + 1; i < members->paths.count && gap.next == NAME_WITHOUT_PARTNER;
         i++) {
        if (members->partners[i] != NAME_WITHOUT_PARTNER)
            gap.next = is_later ? members->partners[i] : i;
    }
    return gap;
}

/* Where nothing around is left, there is nothing to go by. */
static bool gaps_are_equal(struct gap a, struct gap b)
{
    return a.previous == b.previous && a.next == b.next &&
           (a.previous != NAME_WITHOUT_PARTNER || a.next != NAME_WITHOUT_PARTNER);
}

static bool have_same_neighbours(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    const struct loose_members *before = &finder->before;
    const struct loose_members *after = &finder->after;

    return have_same_type(finder, path_at(before, old)->member, path_at(after, new)->member) &&
           have_same_parent(finder, old, new) &&
           gaps_are_equal(find_gap(before->members, before->indexes[old], false),
                          find_gap(after->members, after->indexes[new], true));
}

typedef bool same_function(const struct hint_finder *finder, uint32_t old, uint32_t new);

static bool may_be_paired(const struct hint_finder *finder, uint32_t old, uint32_t new,
                          same_function *is_same)
{
    return hint_at(&finder->before, old)->kind == HINT_NONE &&
           hint_at(&finder->after, new)->kind == HINT_NONE && is_same(finder, old, new);
}

/* Pairs removed members with added ones that IS_SAME accepts, if neither has a hint: the first with
 * the first, the second with the second, and so on. Unless there are more of one side than of the
 * other, so that any of them could be meant. */
static struct error *pair_loose(const struct hint_finder *finder, enum change_hint kind,
                                same_function *is_same)
{
    const struct loose_members *before = &finder->before;
    const struct loose_members *after = &finder->after;
    uint32_t *old_counts = arena_allocate(finder->arena, before->count + 1, sizeof(*old_counts));
    uint32_t *new_counts = arena_allocate(finder->arena, after->count + 1, sizeof(*new_counts));

    if (!old_counts || !new_counts)
        return error_out_of_memory();
    for (uint32_t old = 0; old < before->count; old++) {
        for (uint32_t new = 0; new < after->count; new ++) {
            bool is_pair = may_be_paired(finder, old, new, is_same);
            old_counts[old] += is_pair;
            new_counts[new] += is_pair;
        }
    }
    for (uint32_t old = 0; old < before->count; old++) {
        for (uint32_t new = 0; new < after->count &&old_counts[old] > 0; new ++) {
            if (old_counts[old] != new_counts[new] || !may_be_paired(finder, old, new, is_same))
                continue;
            *hint_at(before, old) = (struct member_hint){kind, path_at(after, new)->path, NULL};
            *hint_at(after, new) = (struct member_hint){kind, path_at(before, old)->path, NULL};
        }
    }
    return NULL;
}

static bool has_such_field(const struct hint_finder *finder, const struct scope *scope,
                           const char *struct_name, const struct layout_member *wanted)
{
    struct layout_fields fields = {.layout = scope_find(scope, DEFINITION_STRUCT, struct_name)};
    const struct layout_member *field;

    while (fields.layout && (field = layout_next_field(&fields))) {
        if (strcmp(field->name, wanted->name) == 0)
            return have_same_type(finder, field, wanted);
    }
    return false;
}

/* The name of the struct that a member embeds, or NULL. */
static const char *embedded_name(const struct member_path *home)
{
    const struct type *type = type_unqualified(home->member->type);

    return type->kind == TYPE_STRUCT ? type->name : NULL;
}

/* From one side's loose members to the structs that the other side embeds. */
struct embedding {
    const struct loose_members *here;
    const struct scope *here_scope;
    const struct matched_members *there;
    const struct scope *there_scope;
};

/* Is the struct NAME, which member INDEX of the other side embeds, embedded there on this side? */
static bool is_embedded_here(const struct embedding *embedding, uint32_t index, const char *name)
{
    uint32_t partner = embedding->there->partners[index];

    if (partner == NAME_WITHOUT_PARTNER)
        return false;
    const char *here = embedded_name(&embedding->here->members->paths.paths[partner]);
    return here && strcmp(here, name) == 0;
}

/* The only member of the other side that embeds a struct with WANTED that has it not, or is not
 * embedded, on this side; NULL if there is none, or several. */
static const struct member_path *find_home(const struct hint_finder *finder,
                                           const struct embedding *embedding,
                                           const struct layout_member *wanted)
{
    const struct member_path *found = NULL;

    for (uint32_t i = 0; i < embedding->there->paths.count; i++) {
        const struct member_path *home = &embedding->there->paths.paths[i];
        const char *name = embedded_name(home);
        if (!name || !has_such_field(finder, embedding->there_scope, name, wanted) ||
            (is_embedded_here(embedding, i, name) &&
             has_such_field(finder, embedding->here_scope, name, wanted)))
            continue;
        if (found)
            return NULL;
        found = home;
    }
    return found;
}

static struct error *find_embedded(const struct hint_finder *finder,
                                   const struct embedding *embedding)
{
    for (uint32_t number = 0; number < embedding->here->count; number++) {
        const struct layout_member *member = path_at(embedding->here, number)->member;
        struct member_hint *hint = hint_at(embedding->here, number);
        const struct member_path *home =
            hint->kind == HINT_NONE ? find_home(finder, embedding, member) : NULL;
        if (!home)
            continue;
        CLEANUP(buffer_deinit) struct buffer text;
        buffer_init(&text, TYPE_TEXT_MAXIMUM);
        buffer_append_format(&text, "%s.%s", home->path, member->name);
        TRY(buffer_check(&text, home->path));
        const char *path = arena_copy_text(finder->arena, buffer_text(&text), text.length);
        if (!path)
            return error_out_of_memory();
        *hint = (struct member_hint){HINT_EMBEDDED, path, embedded_name(home)};
    }
    return NULL;
}

struct error *change_hints_find(const struct member_matching *matching,
                                const struct comparison_scopes *scopes, struct arena *arena,
                                struct change_hints *hints_ret)
{
    struct hint_finder finder = {.matching = matching, .arena = arena};

    TRY(list_loose(&matching->before, arena, &finder.before));
    TRY(list_loose(&matching->after, arena, &finder.after));
    *hints_ret = (struct change_hints){finder.before.hints, finder.after.hints};
    if ((uint64_t)finder.before.count * matching->after.paths.count > HINTED_PAIRS_MAXIMUM ||
        (uint64_t)finder.after.count * matching->before.paths.count > HINTED_PAIRS_MAXIMUM)
        return NULL;
    TRY(pair_loose(&finder, HINT_MOVED, have_same_name_and_type));
    /* Neighbours first: in a struct that has grown, what stands at the old place is another one. */
    TRY(pair_loose(&finder, HINT_RENAMED, have_same_neighbours));
    TRY(pair_loose(&finder, HINT_RENAMED, are_at_same_place));
    if (!scopes)
        return NULL;
    const struct embedding in_later = {&finder.before, &scopes->before, &matching->after,
                                       &scopes->after};
    const struct embedding in_earlier = {&finder.after, &scopes->after, &matching->before,
                                         &scopes->before};
    TRY(find_embedded(&finder, &in_later));
    return find_embedded(&finder, &in_earlier);
}
