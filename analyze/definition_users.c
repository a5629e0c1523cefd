/* SPDX-License-Identifier: MIT */
#include "analyze/definition_users.h"

#include <stdlib.h>

/* The uses of one definition lie together, sorted. */
static size_t first_use(const struct definition_index *index, uint32_t definition)
{
    size_t low = 0;
    size_t high = index->use_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->uses[middle].definition < definition)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct error *definition_users_add(const struct definition_index *index, uint32_t number,
                                   struct definition_users *users)
{
    size_t first = first_use(index, number);
    size_t end = first;

    while (end < index->use_count && index->uses[end].definition == number)
        end++;
    uint32_t *numbers =
        reallocarray(users->numbers, users->count + (end - first) + 1, sizeof(*numbers));
    if (!numbers)
        return error_out_of_memory();
    users->numbers = numbers;
    for (size_t i = first; i < end; i++)
        numbers[users->count++] = index->uses[i].unit;
    return NULL;
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

void definition_users_sort(struct definition_users *users)
{
    size_t kept = 0;

    qsort(users->numbers, users->count, sizeof(*users->numbers), compare_numbers);
    for (size_t i = 0; i < users->count; i++) {
        if (i == 0 || users->numbers[i] != users->numbers[i - 1])
            users->numbers[kept++] = users->numbers[i];
    }
    users->count = kept;
}
