/* SPDX-License-Identifier: MIT */
#include "report/compare/members/name_matching.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash/keyed_hash.h"

/* The later list's names by their hashes: each bucket is a list of indexes. */
struct buckets {
    struct hash_key key;
    const char *const *names;
    uint32_t *heads;
    uint32_t *next; /* by index of the name */
    uint32_t mask;
};

static void buckets_deinit(struct buckets *buckets)
{
    free(buckets->heads);
    free(buckets->next);
}

static uint32_t *bucket_of(const struct buckets *buckets, const char *name)
{
    return &buckets->heads[keyed_hash(buckets->key, name, strlen(name)) & buckets->mask];
}

static struct error *fill(struct buckets *buckets, const char *const *names, uint32_t count)
{
    size_t bucket_count = 8;

    while (bucket_count < count)
        bucket_count *= 2;
    buckets->key = hash_key_of_process();
    buckets->names = names;
    buckets->mask = (uint32_t)(bucket_count - 1);
    buckets->heads = malloc(bucket_count * sizeof(*buckets->heads));
    buckets->next = malloc(((size_t)count + 1) * sizeof(*buckets->next));
    if (!buckets->heads || !buckets->next)
        return error_out_of_memory();
    memset(buckets->heads, 0xff, bucket_count * sizeof(*buckets->heads));
    /* From the last to the first, so that each list is in the names' order. */
    for (uint32_t i = count; i-- > 0;) {
        uint32_t *head = bucket_of(buckets, names[i]);
        buckets->next[i] = *head;
        *head = i;
    }
    return NULL;
}

/* Takes the first such name out of its list, so that the next search finds the next one without
 * passing this one again. */
static uint32_t take(struct buckets *buckets, const char *name)
{
    uint32_t *link = bucket_of(buckets, name);

    while (*link != NAME_WITHOUT_PARTNER) {
        uint32_t index = *link;
        if (buckets->names[index] == name || strcmp(buckets->names[index], name) == 0) {
            *link = buckets->next[index];
            return index;
        }
        link = &buckets->next[index];
    }
    return NAME_WITHOUT_PARTNER;
}

struct error *name_matching_find(const char *const *before, uint32_t before_count,
                                 const char *const *after, uint32_t after_count,
                                 uint32_t *before_partners, uint32_t *after_partners)
{
    CLEANUP(buckets_deinit) struct buckets buckets = {0};

    TRY(fill(&buckets, after, after_count));
    for (uint32_t i = 0; i < after_count; i++)
        after_partners[i] = NAME_WITHOUT_PARTNER;
    for (uint32_t i = 0; i < before_count; i++) {
        before_partners[i] = take(&buckets, before[i]);
        if (before_partners[i] != NAME_WITHOUT_PARTNER)
            after_partners[before_partners[i]] = i;
    }
    return NULL;
}
