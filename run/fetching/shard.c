/* SPDX-License-Identifier: MIT */
#include "run/fetching/shard.h"

#include <stdio.h>
#include <string.h>

#include "base/hash/sha256.h"

enum { COUNT_MAXIMUM = 1000000, HASH_BYTES = 8 };

struct error *shard_parse(const char *text, struct shard *shard_ret)
{
    struct shard shard = {0};
    int length = 0;

    if (strspn(text, "0123456789/") != strlen(text) || strlen(text) > 15 ||
        sscanf(text, "%u/%u%n", &shard.number, &shard.count, &length) != 2 ||
        (size_t)length != strlen(text) || shard.number == 0 || shard.number > shard.count ||
        shard.count > COUNT_MAXIMUM)
        return error_create(ERROR_USAGE, NULL,
                            "`%s` is no part of a list, such as 1/8 to 8/8 of eight", text);
    *shard_ret = shard;
    return NULL;
}

/* From 0. The first bytes of a SHA-256 are the same on every machine. */
static struct error *shard_of(const char *name, unsigned count, unsigned *number_ret)
{
    uint8_t digest[SHA256_BYTES];
    uint64_t hash = 0;

    TRY(sha256_digest(name, strlen(name), digest));
    for (size_t i = 0; i < HASH_BYTES; i++)
        hash = hash << 8 | digest[i];
    *number_ret = (unsigned)(hash % count);
    return NULL;
}

struct error *shard_select(const struct shard *shard, const struct kernel_list *list,
                           size_t *indexes, size_t *count)
{
    size_t kept = 0;
    unsigned number;

    for (size_t i = 0; shard->number > 0 && i < *count; i++) {
        TRY(shard_of(list->entries[indexes[i]].name.text, shard->count, &number));
        if (number + 1 == shard->number)
            indexes[kept++] = indexes[i];
    }
    if (shard->number > 0)
        *count = kept;
    return NULL;
}
