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

#endif
