/* SPDX-License-Identifier: MIT */
#include "report/site/site_users.h"

#include <stdlib.h>
#include <string.h>

#include "report/find/find_graph.h"

/* That USER has a part of the type USED. */
struct site_use {
    uint32_t used;
    struct site_user user;
};

struct error *site_users_begin(const struct history *names, struct site_users_maker *maker)
{
    size_t count = names->definition_count;

    *maker = (struct site_users_maker){
        .names = names,
        .last_users = calloc(count + 1, sizeof(*maker->last_users)),
        .last_places = calloc(count + 1, sizeof(*maker->last_places)),
    };
    return maker->last_users && maker->last_places ? NULL : error_out_of_memory();
}

void site_users_maker_deinit(struct site_users_maker *maker)
{
    free(maker->uses);
    free(maker->last_users);
    free(maker->last_places);
    *maker = (struct site_users_maker){0};
}

static struct error *append(struct site_users_maker *maker, struct site_use use)
{
    if (maker->use_count == maker->use_capacity) {
        size_t capacity = maker->use_capacity * 2 + 4096;
        struct site_use *grown = reallocarray(maker->uses, capacity, sizeof(*grown));
        if (!grown)
            return error_out_of_memory();
        maker->uses = grown;
        maker->use_capacity = capacity;
    }
    maker->uses[maker->use_count++] = use;
    return NULL;
}

/* USER has a part of TYPE. */
static struct error *note(struct site_users_maker *maker, const struct find_types *types,
                          uint32_t user, const struct type *type)
{
    uint32_t used = types->definitions[type->number];
    bool embeds = !types->have_pointers[type->number];

    if (used >= maker->names->definition_count || used == user)
        return NULL;
    if (maker->last_users[used] == user + 1) {
        maker->uses[maker->last_places[used]].user.embeds |= embeds;
        return NULL;
    }
    maker->last_users[used] = user + 1;
    maker->last_places[used] = (uint32_t)maker->use_count;
    return append(maker, (struct site_use){used, {user, embeds}});
}

static struct error *note_layout(struct site_users_maker *maker, const struct find_types *types,
                                 uint32_t user, const struct layout *layout)
{
    if (layout->type)
        TRY(note(maker, types, user, layout->type));
    for (uint32_t i = 0; i < layout->member_count; i++)
        TRY(note(maker, types, user, layout->members[i].type));
    return NULL;
}

static struct error *note_definition(struct site_users_maker *maker, const struct find_types *types,
                                     size_t kernel_count, const struct history_definition *entry)
{
    const struct history_definition *name = history_find(maker->names, entry->kind, entry->name);
    struct history_layouts walk = {.entry = entry, .kernel_count = kernel_count};
    const struct layout *layout;

    if (!name)
        return NULL;
    uint32_t user = (uint32_t)(name - maker->names->definitions);
    while ((layout = history_next_layout(&walk)))
        TRY(note_layout(maker, types, user, layout));
    return NULL;
}

struct error *site_users_add(struct site_users_maker *maker, const struct history *history)
{
    CLEANUP(find_types_deinit) struct find_types types = {0};
    struct history names = *maker->names;

    names.types = history->types;
    TRY(find_types_make(&names, &types));
    for (size_t i = 0; i < history->definition_count; i++)
        TRY(note_definition(maker, &types, history->kernel_count, &history->definitions[i]));
    return NULL;
}

static int compare_uses(const void *left, const void *right)
{
    const struct site_use *a = left;
    const struct site_use *b = right;

    if (a->used != b->used)
        return a->used < b->used ? -1 : 1;
    return a->user.definition < b->user.definition ? -1 : a->user.definition > b->user.definition;
}

struct error *site_users_end(struct site_users_maker *maker, struct site_users *users)
{
    size_t count = maker->names->definition_count;

    *users = (struct site_users){
        .starts = calloc(count + 1, sizeof(*users->starts)),
        .users = calloc(maker->use_count + 1, sizeof(*users->users)),
    };
    if (!users->starts || !users->users)
        return error_out_of_memory();
    if (maker->use_count > 0)
        qsort(maker->uses, maker->use_count, sizeof(*maker->uses), compare_uses);
    for (size_t i = 0; i < maker->use_count; i++) {
        users->users[i] = maker->uses[i].user;
        users->starts[maker->uses[i].used + 1]++;
    }
    for (size_t i = 0; i < count; i++)
        users->starts[i + 1] += users->starts[i];
    return NULL;
}

struct error *site_users_make(const struct history *history, struct site_users *users_ret)
{
    CLEANUP(site_users_maker_deinit) struct site_users_maker maker = {0};

    *users_ret = (struct site_users){0};
    TRY(site_users_begin(history, &maker));
    TRY(site_users_add(&maker, history));
    return site_users_end(&maker, users_ret);
}

void site_users_deinit(struct site_users *users)
{
    free(users->starts);
    free(users->users);
    *users = (struct site_users){0};
}
