/* SPDX-License-Identifier: MIT */
#include "report/change_hints.h"

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

static bool have_same_type(const struct member_path *a, const struct member_path *b)
{
    return a->member->bitfield_size == b->member->bitfield_size &&
           member_types_are_alike(a->member->type, b->member->type);
}

static bool have_same_name_and_type(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    const struct member_path *a = path_at(&finder->before, old);
    const struct member_path *b = path_at(&finder->after, new);

    return strcmp(a->member->name, b->member->name) == 0 && have_same_type(a, b);
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

    return a->member->bit_offset == b->member->bit_offset && have_same_type(a, b) &&
           have_same_parent(finder, old, new);
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

static bool gaps_are_equal(struct gap a, struct gap b)
{
    return a.previous == b.previous && a.next == b.next;
}

/* How many loose members near NUMBER are in the same gap and of the same type, so that any of them
 * could be meant. Neighbours in a gap follow one another in the list. */
static uint32_t count_rivals(const struct loose_members *loose, uint32_t number)
{
    const struct member_path *path = path_at(loose, number);
    uint32_t count = 1;

    for (uint32_t i = number; i-- > 0 && loose->indexes[i] + 1 == loose->indexes[i + 1];)
        count += have_same_type(path_at(loose, i), path);
    for (uint32_t i = number + 1;
         i < loose->count && loose->indexes[i - 1] + 1 == loose->indexes[i]; i++)
        count += have_same_type(path_at(loose, i), path);
    return count;
}

static bool have_same_neighbours(const struct hint_finder *finder, uint32_t old, uint32_t new)
{
    const struct loose_members *before = &finder->before;
    const struct loose_members *after = &finder->after;

    return have_same_type(path_at(before, old), path_at(after, new)) &&
           have_same_parent(finder, old, new) &&
           gaps_are_equal(find_gap(before->members, before->indexes[old], false),
                          find_gap(after->members, after->indexes[new], true)) &&
           count_rivals(before, old) == count_rivals(after, new);
}

/* Pairs each removed member with the first added one that IS_SAME accepts, if neither has a hint.
 */
static void pair_loose(const struct hint_finder *finder, enum change_hint kind,
                       bool (*is_same)(const struct hint_finder *, uint32_t, uint32_t))
{
    for (uint32_t old = 0; old < finder->before.count; old++) {
        struct member_hint *old_hint = hint_at(&finder->before, old);
        for (uint32_t new = 0; new < finder->after.count && old_hint->kind == HINT_NONE; new ++) {
            struct member_hint *new_hint = hint_at(&finder->after, new);
            if (new_hint->kind != HINT_NONE || !is_same(finder, old, new))
                continue;
            *old_hint = (struct member_hint){kind, path_at(&finder->after, new)->path, NULL};
            *new_hint = (struct member_hint){kind, path_at(&finder->before, old)->path, NULL};
        }
    }
}

static const struct type *without_qualifiers(const struct type *type)
{
    while (type->kind == TYPE_CONST || type->kind == TYPE_VOLATILE || type->kind == TYPE_ATOMIC)
        type = type->target;
    return type;
}

static bool has_such_field(const struct struct_scope *scope, const char *struct_name,
                           const struct member_path *wanted)
{
    struct layout_fields fields = {.layout = scope->find(scope->context, struct_name)};
    const struct layout_member *field;

    while (fields.layout && (field = layout_next_field(&fields))) {
        const struct member_path candidate = {.member = field};
        if (strcmp(field->name, wanted->member->name) == 0)
            return have_same_type(&candidate, wanted);
    }
    return false;
}

/* For each loose member of HERE: does a struct that is embedded on the other side have it, which on
 * this side has it not or is not embedded? */
static struct error *find_embedded(const struct loose_members *here,
                                   const struct struct_scope *here_scope,
                                   const struct matched_members *there,
                                   const struct struct_scope *there_scope, struct arena *arena)
{
    for (uint32_t i = 0; i < there->paths.count; i++) {
        const struct member_path *home = &there->paths.paths[i];
        const struct type *type = without_qualifiers(home->member->type);
        if (type->kind != TYPE_STRUCT || !there_scope->find(there_scope->context, type->name))
            continue;
        bool is_new = there->partners[i] == NAME_WITHOUT_PARTNER;
        for (uint32_t number = 0; number < here->count; number++) {
            const struct member_path *path = path_at(here, number);
            struct member_hint *hint = hint_at(here, number);
            if (hint->kind != HINT_NONE || !has_such_field(there_scope, type->name, path) ||
                (!is_new && has_such_field(here_scope, type->name, path)))
                continue;
            struct buffer text;
            buffer_init(&text, TYPE_TEXT_MAXIMUM);
            buffer_append_format(&text, "%s.%s", home->path, path->member->name);
            struct error *error = buffer_check(&text, path->path);
            *hint = (struct member_hint){
                HINT_EMBEDDED, arena_copy_text(arena, buffer_text(&text), text.length), type->name};
            buffer_deinit(&text);
            TRY(error);
            if (!hint->path)
                return error_out_of_memory();
        }
    }
    return NULL;
}

struct error *change_hints_find(const struct member_matching *matching, bool have_places,
                                const struct comparison_scopes *scopes, struct arena *arena,
                                struct change_hints *hints_ret)
{
    struct hint_finder finder = {.arena = arena};

    TRY(list_loose(&matching->before, arena, &finder.before));
    TRY(list_loose(&matching->after, arena, &finder.after));
    *hints_ret = (struct change_hints){finder.before.hints, finder.after.hints};
    if ((uint64_t)finder.before.count * matching->after.paths.count > HINTED_PAIRS_MAXIMUM ||
        (uint64_t)finder.after.count * matching->before.paths.count > HINTED_PAIRS_MAXIMUM)
        return NULL;
    pair_loose(&finder, HINT_RENESTED, have_same_name_and_type);
    if (have_places)
        pair_loose(&finder, HINT_RENAMED, are_at_same_place);
    pair_loose(&finder, HINT_RENAMED, have_same_neighbours);
    if (!scopes)
        return NULL;
    TRY(find_embedded(&finder.before, &scopes->before, &matching->after, &scopes->after, arena));
    return find_embedded(&finder.after, &scopes->after, &matching->before, &scopes->before, arena);
}
