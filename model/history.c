/* SPDX-License-Identifier: MIT */
#include "model/history.h"

#include <string.h>

void history_init(struct history *history)
{
    *history = (struct history){0};
    arena_init(&history->arena);
    type_table_init(&history->types);
}

void history_deinit(struct history *history)
{
    type_table_deinit(&history->types);
    arena_deinit(&history->arena);
}

const struct history_struct *history_find(const struct history *history, const char *name)
{
    size_t low = 0;
    size_t high = history->struct_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(history->structs[middle].name, name);
        if (order == 0)
            return &history->structs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
