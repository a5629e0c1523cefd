/* SPDX-License-Identifier: MIT */
/* Runs a program, without a shell, for what it prints. */
#ifndef KSTRUCT_BASE_SYSTEM_SUBPROCESS_H
#define KSTRUCT_BASE_SYSTEM_SUBPROCESS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct subprocess_limits {
    size_t maximum_bytes;            /* of its output; of its messages, that or a MiB at most */
    unsigned timeout_seconds;        /* of the whole run; then the program is killed */
    uint64_t memory_bytes;           /* of its address space; 0: as much as it gets */
    const atomic_bool *is_cancelled; /* NULL: never; when set, the program is killed in a moment */
    const atomic_bool *is_paused;    /* NULL: never; while it is set, no time goes by */
    const int *inherited;            /* descriptors that the program keeps, under their numbers */
    size_t inherited_count;
};

struct subprocess_result {
    int exit_status; /* 128 and more: ended by signal number EXIT_STATUS - 128 */
    struct buffer output;
    struct buffer messages; /* what came on standard error */
};

/* Runs ARGUMENTS[0], looked up in PATH, with the words up to the NULL after them, in the C locale
 * and with nothing to read. It gets a group of processes of its own, which is killed when it has
 * ended: nothing that it started stays. While this process is stopped, no time goes by. That it
 * failed is no error here: look at RET->exit_status. ERROR_NOT_FOUND: there is no such program;
 * ERROR_LIMIT: over a limit; ERROR_INTERRUPTED: cancelled. On success the caller calls
 * subprocess_result_deinit(). */
struct error *subprocess_run(const char *const *arguments, const struct subprocess_limits *limits,
                             struct subprocess_result *ret) MUST_CHECK;

void subprocess_result_deinit(struct subprocess_result *result);

#endif
