/* SPDX-License-Identifier: MIT */
#include "run/child/reader_plan.h"

#include <stdbool.h>

#include "base/system/memory.h"

/* What reading a kernel of today takes at most, and how many at once are enough to have no thread
 * idle while one of them does what only one thread can. */
#define READER_BYTES (UINT64_C(2) << 30)
enum { READERS_MAXIMUM = 4 };

struct reader_plan reader_plan_make(const struct reader_limits *limits)
{
    bool is_given = limits->memory_bytes != SETTINGS_MEMORY_ALL;
    uint64_t memory = is_given ? limits->memory_bytes : limits->machine_bytes;
    uint64_t fitting = memory / READER_BYTES;
    struct reader_plan plan = {
        .count = limits->jobs < READERS_MAXIMUM ? limits->jobs : READERS_MAXIMUM,
        .memory_bytes = limits->child_memory_bytes,
    };

    if (fitting < plan.count)
        plan.count = (unsigned)fitting;
    if (plan.count == 0)
        plan.count = 1;
    uint64_t share = is_given ? memory / plan.count : memory;
    if (share > 0 && share < plan.memory_bytes)
        plan.memory_bytes = share;
    return plan;
}

struct reader_plan reader_plan_of_settings(const struct settings *settings, unsigned jobs)
{
    const struct reader_limits limits = {
        .jobs = jobs,
        .memory_bytes = settings->memory_bytes,
        .child_memory_bytes = settings->child_memory_bytes,
        .machine_bytes = memory_of_machine(),
    };

    return reader_plan_make(&limits);
}
