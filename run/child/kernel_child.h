/* SPDX-License-Identifier: MIT */
/*
 * A kernel read by a process of its own, with limits: whatever foreign bytes do to libarchive,
 * liblzma, libelf, libdwarf, jansson or our own readers, it is that process's end and one kernel's
 * failure.
 *
 * The process is this program again, with a command that is not for people. It is given the open
 * file and gives up all else (base/system/sandbox.h). What it has read comes back over a pipe, and
 * is read as foreign bytes (model/stream/kernel_stream.h).
 */
#ifndef KSTRUCT_RUN_CHILD_KERNEL_CHILD_H
#define KSTRUCT_RUN_CHILD_KERNEL_CHILD_H

#include <stdatomic.h>

#include "base/error.h"
#include "model/kernel_layouts.h"
#include "run/child/arrival_relay.h"
#include "run/workspace.h"

/* What the file is. */
enum kernel_form {
    KERNEL_FORM_VMLINUX,    /* a vmlinux, .deb or .ddeb */
    KERNEL_FORM_IMAGES,     /* the same; of a package its modules, too */
    KERNEL_FORM_JSON_LINES, /* the published schema */
    KERNEL_FORM_SYMBOLS,    /* a vmlinux or package, of which only the symbols are wanted */
};

/* A kernel's file, read as far as the settings want. */
enum kernel_form kernel_form_of_settings(const struct settings *settings);

struct kernel_child {
    struct workspace *workspace;
    enum kernel_form form;
    int file_descriptor;
    int base_descriptor;             /* of split BTF: what it is on top of; 0: none */
    const char *path;                /* names the file in errors; where it arrives, its URL */
    struct arrival_relay *arrival;   /* of a package that arrives; NULL: it is there */
    unsigned jobs;                   /* threads */
    uint64_t memory_bytes;           /* that the process may take */
    const atomic_bool *is_cancelled; /* NULL: never */
};

/* Reads the kernel as kernel_input_read() or json_lines_read() does. Beyond their errors:
 * ERROR_CRASHED if the process was ended by a signal, which is named, or handed over what no
 * kstruct does; ERROR_LIMIT if it took too long or too much memory; ERROR_INTERRUPTED if it was
 * cancelled. May be called by several threads at once. */
struct error *kernel_child_read(const struct kernel_child *child,
                                struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The same of the file at PATH, with all that the settings allow. BASE_PATH is of split BTF: what
 * PATH is on top of; else NULL. */
struct error *kernel_child_read_path(struct workspace *workspace, enum kernel_form form,
                                     const char *path, const char *base_path,
                                     struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The command that is run in the child, and the words after its name. */
#define KERNEL_CHILD_COMMAND "child-of-kstruct"
enum {
    KERNEL_CHILD_FORM = 1, /* enum kernel_form */
    KERNEL_CHILD_PATH,
    KERNEL_CHILD_FILE, /* descriptors; those after it are 0 where there is none */
    KERNEL_CHILD_BASE,
    KERNEL_CHILD_REQUESTS,
    KERNEL_CHILD_REPLIES,
    KERNEL_CHILD_TOTAL_SIZE, /* of the package that arrives */
    KERNEL_CHILD_RANGES,     /* 1: it arrives in any order */
    KERNEL_CHILD_JOBS,
    KERNEL_CHILD_MEMORY,
    KERNEL_CHILD_SECONDS,
    KERNEL_CHILD_PARENT,
    KERNEL_CHILD_WORD_COUNT,
};

#endif
