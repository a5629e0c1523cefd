/* SPDX-License-Identifier: MIT */
#include "report/struct_difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/string_table.h"

/* No field: the end of a bucket's list, or a field without a partner. */
#define NO_FIELD UINT32_MAX

struct field {
    const struct layout_member *member;
    uint32_t partner;        /* its index in the other layout's fields, or NO_FIELD */
    uint32_t next_in_bucket; /* of the later layout's fields only */
};

/* The fields of both layouts from the first on that differ. */
struct comparison {
    uint32_t before_count;
    uint32_t after_count;
    struct field *before;
    struct field *after;
    uint32_t *buckets; /* heads of the lists of AFTER's fields by their names' hashes */
    uint32_t bucket_mask;
};

static void comparison_deinit(struct comparison *comparison)
{
    free(comparison->before);
    free(comparison->after);
    free(comparison->buckets);
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

static struct error *list_fields(struct layout_fields *rest, struct field **fields_ret,
                                 uint32_t *count_ret)
{
    struct layout_fields walk = *rest;
    uint32_t count = 0;

    while (layout_next_field(&walk))
        count++;
    struct field *fields = calloc((size_t)count + 1, sizeof(*fields));
    if (!fields)
        return error_out_of_memory();
    for (uint32_t i = 0; i < count; i++)
        fields[i] = (struct field){.member = layout_next_field(rest), .partner = NO_FIELD};
    *fields_ret = fields;
    *count_ret = count;
    return NULL;
}

static uint32_t *bucket_of(const struct comparison *comparison, const char *name)
{
    return &comparison->buckets[string_hash(name, strlen(name)) & comparison->bucket_mask];
}

static struct error *fill_buckets(struct comparison *comparison)
{
    size_t bucket_count = 8;

    while (bucket_count < comparison->after_count)
        bucket_count *= 2;
    comparison->buckets = malloc(bucket_count * sizeof(*comparison->buckets));
    if (!comparison->buckets)
        return error_out_of_memory();
    comparison->bucket_mask = (uint32_t)(bucket_count - 1);
    memset(comparison->buckets, 0xff, bucket_count * sizeof(*comparison->buckets));
    /* From the last to the first, so that each list is in the fields' order. */
    for (uint32_t i = comparison->after_count; i-- > 0;) {
        uint32_t *bucket = bucket_of(comparison, comparison->after[i].member->name);
        comparison->after[i].next_in_bucket = *bucket;
        *bucket = i;
    }
    return NULL;
}

/* Takes the first field of that name out of its list, so that the next search finds the next one
 * without passing this one again. */
static uint32_t take_partner(struct comparison *comparison, const struct layout_member *member)
{
    uint32_t *link = bucket_of(comparison, member->name);

    while (*link != NO_FIELD) {
        uint32_t index = *link;
        struct field *candidate = &comparison->after[index];
        if (names_are_equal(candidate->member, member)) {
            *link = candidate->next_in_bucket;
            return index;
        }
        link = &candidate->next_in_bucket;
    }
    return NO_FIELD;
}

static void match_fields(struct comparison *comparison)
{
    for (uint32_t i = 0; i < comparison->before_count; i++) {
        struct field *field = &comparison->before[i];
        field->partner = take_partner(comparison, field->member);
        if (field->partner != NO_FIELD)
            comparison->after[field->partner].partner = i;
    }
}

static struct error *list_changes(const struct comparison *comparison,
                                  struct struct_difference *difference_ret)
{
    size_t maximum = (size_t)comparison->before_count + comparison->after_count;
    struct field_change *changes = calloc(maximum, sizeof(*changes));
    size_t count = 0;

    if (!changes)
        return error_out_of_memory();
    for (uint32_t i = 0; i < comparison->after_count; i++) {
        const struct field *field = &comparison->after[i];
        if (field->partner == NO_FIELD)
            changes[count++] = (struct field_change){FIELD_ADDED, NULL, field->member};
    }
    for (uint32_t i = 0; i < comparison->before_count; i++) {
        const struct field *field = &comparison->before[i];
        if (field->partner == NO_FIELD)
            changes[count++] = (struct field_change){FIELD_REMOVED, field->member, NULL};
    }
    for (uint32_t i = 0; i < comparison->before_count; i++) {
        const struct field *field = &comparison->before[i];
        if (field->partner == NO_FIELD)
            continue;
        const struct layout_member *after = comparison->after[field->partner].member;
        if (!types_print_alike(field->member->type, after->type))
            changes[count++] = (struct field_change){FIELD_TYPE_CHANGED, field->member, after};
    }
    *difference_ret = (struct struct_difference){.change_count = count, .changes = changes};
    return NULL;
}

struct error *struct_difference_compute(const struct layout *before, const struct layout *after,
                                        struct struct_difference *difference_ret)
{
    CLEANUP(comparison_deinit) struct comparison comparison = {0};
    struct layout_fields before_rest = {.layout = before};
    struct layout_fields after_rest = {.layout = after};

    if (before == after || skip_common_start(&before_rest, &after_rest)) {
        *difference_ret = (struct struct_difference){0};
        return NULL;
    }
    TRY(list_fields(&before_rest, &comparison.before, &comparison.before_count));
    TRY(list_fields(&after_rest, &comparison.after, &comparison.after_count));
    TRY(fill_buckets(&comparison));
    match_fields(&comparison);
    return list_changes(&comparison, difference_ret);
}

void struct_difference_deinit(struct struct_difference *difference)
{
    free(difference->changes);
    *difference = (struct struct_difference){0};
}
