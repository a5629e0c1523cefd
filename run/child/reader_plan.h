/* SPDX-License-Identifier: MIT */
/*
 * How many kernels are read at once, and how much memory each of their processes may take.
 *
 * So many as there are threads, but no more than keep all of them busy, and than fit the memory,
 * where each takes what today's kernels need. Where the settings say how much all of them together
 * may take, it is shared out among them; else each may take what one is allowed: seldom does more
 * than one of them need so much. None ever may take more than there is.
 */
#ifndef KSTRUCT_RUN_CHILD_READER_PLAN_H
#define KSTRUCT_RUN_CHILD_READER_PLAN_H

#include <stdint.h>

#include "config/settings/settings.h"

struct reader_plan {
    unsigned count;
    uint64_t memory_bytes; /* for each */
};

struct reader_limits {
    unsigned jobs;
    uint64_t memory_bytes; /* for all together; SETTINGS_MEMORY_ALL: what the machine has */
    uint64_t child_memory_bytes;
    uint64_t machine_bytes; /* 0: not known */
};

struct reader_plan reader_plan_make(const struct reader_limits *limits);

/* The plan for JOBS threads that follows from the settings and the machine. */
struct reader_plan reader_plan_of_settings(const struct settings *settings, unsigned jobs);

#endif
