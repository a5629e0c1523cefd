/* SPDX-License-Identifier: MIT */
/* Work that falls into independent, numbered items, done by several threads. */
#ifndef KSTRUCT_BASE_SYSTEM_PARALLEL_H
#define KSTRUCT_BASE_SYSTEM_PARALLEL_H

#include <stddef.h>

#include "base/error.h"

/* Does item number ITEM. WORKER numbers the calling thread from 0 to jobs - 1, so that each can
 * have state of its own. */
typedef struct error *parallel_work(void *context, unsigned worker, size_t item);

/* Calls WORK once for each item from 0 to item_count - 1, in JOBS threads (the caller's is one of
 * them); threads take items in order. After a failure no further item is begun. Of several failures
 * the one of the lowest item is returned, so that the outcome does not depend on timing more than
 * it must. */
struct error *parallel_for(unsigned jobs, size_t item_count, parallel_work *work,
                           void *context) MUST_CHECK;

#endif
