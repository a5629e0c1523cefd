/* SPDX-License-Identifier: MIT */
#include "report/site/site_users.h"

#include <stdlib.h>
#include <string.h>

#include "report/find/find_graph.h"

struct collector {
    const struct history *history;
    struct find_types types;
    struct site_users *users;
    uint32_t *last_users;  /* by definition: 1 more than the last that was found to use it */
    uint32_t *last_places; /* by definition: where that one's entry is */
    bool is_counting;
};

static void collector_deinit(struct collector *collector)
{
    find_types_deinit(&collector->types);
    free(collector->last_users);
    free(collector->last_places);
}

/* USER has a part of TYPE. */
static void note(struct collector *collector, uint32_t user, const struct type *type)
{
    struct site_users *users = collector->users;
    uint32_t used = collector->types.definitions[type->number];
    bool embeds = !collector->types.have_pointers[type->number];

    if (used >= collector->history->definition_count || used == user)
        return;
    bool is_known = collector->last_users[used] == user + 1;
    collector->last_users[used] = user + 1;
    if (collector->is_counting) {
        users->starts[used + 1] += !is_known;
        return;
    }
    if (!is_known) {
        collector->last_places[used] = users->starts[used]++;
        users->users[collector->last_places[used]] = (struct site_user){user, embeds};
    }
    users->users[collector->last_places[used]].embeds |= embeds;
}

static void note_layout(struct collector *collector, uint32_t user, const struct layout *layout)
{
    if (layout->type)
        note(collector, user, layout->type);
    for (uint32_t i = 0; i < layout->member_count; i++)
        note(collector, user, layout->members[i].type);
}

static void note_all(struct collector *collector)
{
    const struct history *history = collector->history;

    for (uint32_t i = 0; i < history->definition_count; i++) {
        const struct layout *last = NULL;
        for (size_t kernel = 0; kernel < history->kernel_count; kernel++) {
            const struct layout *layout = history->definitions[i].layouts[kernel];
            if (layout && layout != last)
                note_layout(collector, i, layout);
            last = layout ? layout : last;
        }
    }
}

static struct error *collect(struct collector *collector)
{
    size_t count = collector->history->definition_count;
    struct site_users *users = collector->users;

    TRY(find_types_make(collector->history, &collector->types));
    users->starts = calloc(count + 2, sizeof(*users->starts));
    collector->last_users = calloc(count + 1, sizeof(*collector->last_users));
    collector->last_places = calloc(count + 1, sizeof(*collector->last_places));
    if (!users->starts || !collector->last_users || !collector->last_places)
        return error_out_of_memory();
    collector->is_counting = true;
    note_all(collector);
    for (size_t i = 0; i < count; i++)
        users->starts[i + 1] += users->starts[i];
    users->users = calloc((size_t)users->starts[count] + 1, sizeof(*users->users));
    if (!users->users)
        return error_out_of_memory();
    collector->is_counting = false;
    memset(collector->last_users, 0, (count + 1) * sizeof(*collector->last_users));
    note_all(collector);
    /* Each start has gone on to the next one's place. */
    memmove(users->starts + 1, users->starts, count * sizeof(*users->starts));
    users->starts[0] = 0;
    return NULL;
}

struct error *site_users_make(const struct history *history, struct site_users *users_ret)
{
    CLEANUP(collector_deinit)
    struct collector collector = {.history = history, .users = users_ret};

    *users_ret = (struct site_users){0};
    string_table_init(&collector.types.undefined);
    return collect(&collector);
}

void site_users_deinit(struct site_users *users)
{
    free(users->starts);
    free(users->users);
    *users = (struct site_users){0};
}
