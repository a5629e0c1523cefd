/* SPDX-License-Identifier: MIT */
/*
 * A kernel read by a process of its own, with limits: whatever foreign bytes do to libarchive,
 * liblzma, libelf, libdwarf or our own readers, it is that process's end and one kernel's failure.
 *
 * The process is this program again, with a command that is not for people. It writes what it has
 * read to a data set of its own, which the parent reads with its own checks.
 */
#ifndef KSTRUCT_CLI_KERNEL_CHILD_H
#define KSTRUCT_CLI_KERNEL_CHILD_H

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "cli/arrival_relay.h"
#include "cli/cli.h"
#include "model/kernel_layouts.h"

struct kernel_child {
    struct cli *cli;
    const char *kernel_name;
    const char *package_path;           /* a package or vmlinux; where it arrives, its URL */
    const struct arrival_ends *arrival; /* of a package that arrives; NULL: it is there */
    unsigned jobs;                      /* threads */
    uint64_t memory_bytes;              /* that the process may take */
    const atomic_bool *is_cancelled;
};

/* Reads the kernel as kernel_input_read() does. Beyond its errors: ERROR_CRASHED if the process was
 * ended by a signal, which is named; ERROR_LIMIT if it took too long or too much memory;
 * ERROR_INTERRUPTED if it was cancelled. May be called by several threads at once. */
struct error *kernel_child_read(const struct kernel_child *child,
                                struct kernel_layouts *layouts_ret) MUST_CHECK;

/* Removes what runs that were killed left of what children had read. To be called while nobody else
 * can be reading kernels: under the data directory's lock. */
struct error *kernel_child_clean_up(struct cli *cli) MUST_CHECK;

/* The command that is run in the child, and how it is told of arrival_ends, in their order. */
#define KERNEL_CHILD_COMMAND "child-of-kstruct"
#define KERNEL_CHILD_ARRIVAL "%d,%d,%d,%" PRIu64
#define KERNEL_CHILD_ARRIVAL_READ "%d,%d,%d,%" SCNu64
extern const struct command command_kernel_child;

#endif
