/* SPDX-License-Identifier: MIT */
/* The list of kernels that are wanted: a text file with one kernel a line, in the form that
 * config/kernel_entry.h describes. Empty lines and lines that begin with `#` say nothing. */
#ifndef KSTRUCT_CONFIG_LIST_KERNEL_LIST_H
#define KSTRUCT_CONFIG_LIST_KERNEL_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"
#include "config/list/kernel_entry.h"

#define KERNEL_LIST_NO_BASELINE SIZE_MAX

struct kernel_list {
    char *path;
    size_t count;
    struct kernel_entry *entries; /* in the file's order; names are distinct */
    size_t baseline;              /* an index, or KERNEL_LIST_NO_BASELINE: see grouping_build() */
};

/* Reads the list at PATH. If lines of it are bad, all that is wrong is added to ERRORS, which is
 * empty before, and the error returned is an ERROR_CONFIGURATION that only says how much. Any other
 * error is about the file as a whole. */
struct error *kernel_list_read(const char *path, struct kernel_list *ret,
                               struct config_errors *errors) MUST_CHECK;

/* The same for LENGTH bytes of TEXT; PATH says where they are from. */
struct error *kernel_list_parse(const char *path, const char *text, size_t length,
                                struct kernel_list *ret, struct config_errors *errors) MUST_CHECK;

void kernel_list_deinit(struct kernel_list *list);

/* The entry whose name or pattern is NAME, or NULL. Valid as long as the list. */
const struct kernel_entry *kernel_list_find(const struct kernel_list *list, const char *name);

#endif
