/* SPDX-License-Identifier: MIT */
/* From a file to a kernel's layouts: where extraction and analysis meet. */
#ifndef KSTRUCT_RUN_CHILD_KERNEL_INPUT_H
#define KSTRUCT_RUN_CHILD_KERNEL_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "extract/extract.h"
#include "model/kernel_layouts.h"

/* A vmlinux of today has about one GiB; this leaves room, and bounds what a package can claim. */
#define VMLINUX_BYTES_MAXIMUM (UINT64_C(8) << 30)

/* A kernel's file that is to be read. */
struct kernel_input {
    int file_descriptor; /* a vmlinux, .deb, .ddeb or BTF; its offset does not matter */
    int base_descriptor; /* of split BTF: what it is on top of; 0: none */
    const char *path;    /* names it in errors */
    const struct extract_arrival *arrival; /* of a package that still arrives; NULL: it is there */
    int memory_file; /* of extract_memory_file(): where vmlinux goes that is taken out of a package
                      */
    bool wants_modules; /* of a package */
    bool wants_symbols; /* and nothing else */
    unsigned jobs;      /* threads */
};

/* Opens a regular file; MAY_BE_EMPTY is false of what is to be a kernel. */
struct error *kernel_input_open(const char *path, bool may_be_empty,
                                int *file_descriptor_ret) MUST_CHECK;

/* Reads the kernel. What is taken out of a package counts for the process's limit of memory while
 * that is done, too. To be freed with kernel_layouts_deinit(). */
struct error *kernel_input_read(const struct kernel_input *input,
                                struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The kernel's name by its own account: its release and architecture; free with free(). NULL if the
 * file does not say. */
struct error *kernel_input_name(const struct kernel_layouts *layouts, char **name_ret) MUST_CHECK;

/* Says how much was read, and warns of what was left out, if anything was. */
struct error *kernel_input_tell(struct log *log, const char *kernel_name,
                                const struct kernel_layouts *layouts) MUST_CHECK;

/* May it be a kernel for that architecture (Debian's name)? True if the file does not say. */
bool kernel_input_is_for(const struct kernel_layouts *layouts, const char *architecture);

#endif
