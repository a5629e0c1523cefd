/* SPDX-License-Identifier: MIT */
#include "model/history.h"

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
