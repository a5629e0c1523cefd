/* SPDX-License-Identifier: MIT */
/* From a file to a kernel's layouts: where extraction and analysis meet. */
#ifndef KSTRUCT_CLI_KERNEL_INPUT_H
#define KSTRUCT_CLI_KERNEL_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "extract/extract.h"
#include "model/kernel_layouts.h"

/* A vmlinux of today has about one GiB; this leaves room, and bounds what a package can claim. */
#define VMLINUX_BYTES_MAXIMUM (UINT64_C(8) << 30)

/* Reads the vmlinux, .deb or .ddeb at PATH with JOBS threads. What is taken out of a package stays
 * in memory. To be freed with kernel_layouts_deinit(). */
struct error *kernel_input_read(const char *path, unsigned jobs,
                                struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The same of a package that still arrives: what is there of it is in the file PACKAGE, and PATH
 * names it in errors. */
struct error *kernel_input_read_arriving(int package, const char *path,
                                         const struct extract_arrival *arrival, unsigned jobs,
                                         struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The kernel's name by its own account: its release and architecture; free with free(). NULL if the
 * file does not say. */
struct error *kernel_input_name(const struct kernel_layouts *layouts, char **name_ret) MUST_CHECK;

/* May it be a kernel for that architecture (Debian's name)? True if the file does not say. */
bool kernel_input_is_for(const struct kernel_layouts *layouts, const char *architecture);

#endif
