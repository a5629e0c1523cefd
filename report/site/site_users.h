/* SPDX-License-Identifier: MIT */
/* Which definitions embed a given one, or have a pointer to it, in any of a report's kernels. */
#ifndef KSTRUCT_REPORT_SITE_SITE_USERS_H
#define KSTRUCT_REPORT_SITE_SITE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/history.h"

struct site_user {
    uint32_t definition; /* index in the history */
    bool embeds;         /* else it has a pointer only */
};

struct site_users {
    uint32_t *starts;        /* by definition: its first user; one more than there are */
    struct site_user *users; /* by definition, each user once, in the history's order */
};

/* Refers to nothing of the history. Free with site_users_deinit(), also after a failure. */
struct error *site_users_make(const struct history *history,
                              struct site_users *users_ret) MUST_CHECK;
void site_users_deinit(struct site_users *users);

/* The same of definitions that are not all in memory at once. */
struct site_users_maker {
    const struct history *names;
    size_t use_count;
    size_t use_capacity;
    struct site_use *uses;
    uint32_t *last_users;  /* by definition: 1 more than the last that was found to use it */
    uint32_t *last_places; /* by definition: where that use is */
};

/* NAMES has all definitions, of which no more than kinds and names have to be told. Call
 * site_users_maker_deinit() also after a failure. */
struct error *site_users_begin(const struct history *names,
                               struct site_users_maker *maker) MUST_CHECK;

/* Takes what is in HISTORY: some of the definitions, whole. Each may be taken once. */
struct error *site_users_add(struct site_users_maker *maker,
                             const struct history *history) MUST_CHECK;

struct error *site_users_end(struct site_users_maker *maker,
                             struct site_users *users_ret) MUST_CHECK;
void site_users_maker_deinit(struct site_users_maker *maker);

#endif
