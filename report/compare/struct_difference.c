/* SPDX-License-Identifier: MIT */
#include "report/compare/struct_difference.h"

#include <stdlib.h>
#include <string.h>

#include "report/compare/members/name_matching.h"

/* A layout's fields, from the first on that is not as in the other one. */
struct field_list {
    uint32_t count;
    const struct layout_member **members;
    const char **names;
    uint32_t *partners; /* indexes in the other list, or NAME_WITHOUT_PARTNER */
};

static void field_list_deinit(struct field_list *list)
{
    free(list->members);
    free(list->names);
    free(list->partners);
}

static bool types_print_alike(const struct type *a, const struct type *b)
{
    return a == b || strcmp(type_text(a), type_text(b)) == 0;
}

static bool names_are_equal(const struct layout_member *a, const struct layout_member *b)
{
    return a->name == b->name || strcmp(a->name, b->name) == 0;
}

/* Moves both past the fields that are the same at the same place; are they all? */
static bool skip_common_start(struct layout_fields *before, struct layout_fields *after)
{
    for (;;) {
        struct layout_fields next_before = *before;
        struct layout_fields next_after = *after;
        const struct layout_member *a = layout_next_field(&next_before);
        const struct layout_member *b = layout_next_field(&next_after);
        if (!a || !b)
            return !a && !b;
        if (!names_are_equal(a, b) || !types_print_alike(a->type, b->type))
            return false;
        *before = next_before;
        *after = next_after;
    }
}

static struct error *list_fields(struct layout_fields *rest, struct field_list *list)
{
    struct layout_fields walk = *rest;
    size_t count = 0;

    while (layout_next_field(&walk))
        count++;
    list->members = calloc(count + 1, sizeof(*list->members));
    list->names = calloc(count + 1, sizeof(*list->names));
    list->partners = calloc(count + 1, sizeof(*list->partners));
    if (!list->members || !list->names || !list->partners)
        return error_out_of_memory();
    for (uint32_t i = 0; i < count; i++) {
        list->members[i] = layout_next_field(rest);
        list->names[i] = list->members[i]->name;
    }
    list->count = (uint32_t)count;
    return NULL;
}

static void append_unmatched(struct struct_difference *difference, const struct field_list *list,
                             enum field_change_kind kind)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct layout_member *member = list->members[i];
        if (list->partners[i] == NAME_WITHOUT_PARTNER)
            difference->changes[difference->change_count++] =
                (struct field_change){.kind = kind,
                                      .before = kind == FIELD_REMOVED ? member : NULL,
                                      .after = kind == FIELD_ADDED ? member : NULL};
    }
}

static void append_type_changes(struct struct_difference *difference,
                                const struct field_list *before, const struct field_list *after)
{
    for (uint32_t i = 0; i < before->count; i++) {
        if (before->partners[i] == NAME_WITHOUT_PARTNER)
            continue;
        const struct layout_member *a = before->members[i];
        const struct layout_member *b = after->members[before->partners[i]];
        if (!types_print_alike(a->type, b->type))
            difference->changes[difference->change_count++] =
                (struct field_change){FIELD_TYPE_CHANGED, a, b};
    }
}

struct error *struct_difference_compute(const struct layout *before, const struct layout *after,
                                        struct struct_difference *difference_ret)
{
    CLEANUP(field_list_deinit) struct field_list old = {0};
    CLEANUP(field_list_deinit) struct field_list new = {0};
    struct struct_difference difference = {0};
    struct layout_fields before_rest = {.layout = before};
    struct layout_fields after_rest = {.layout = after};

    if (before == after || skip_common_start(&before_rest, &after_rest)) {
        *difference_ret = (struct struct_difference){0};
        return NULL;
    }
    TRY(list_fields(&before_rest, &old));
    TRY(list_fields(&after_rest, &new));
    TRY(name_matching_find(old.names, old.count, new.names, new.count, old.partners, new.partners));
    difference.changes = calloc((size_t)old.count + new.count, sizeof(*difference.changes));
    if (!difference.changes)
        return error_out_of_memory();
    append_unmatched(&difference, &new, FIELD_ADDED);
    append_unmatched(&difference, &old, FIELD_REMOVED);
    append_type_changes(&difference, &old, &new);
    *difference_ret = difference;
    return NULL;
}

void struct_difference_deinit(struct struct_difference *difference)
{
    free(difference->changes);
    *difference = (struct struct_difference){0};
}
