/* SPDX-License-Identifier: MIT */
/*
 * The lock file: which package was taken for each kernel, in the form that config/locked_package.h
 * describes, one a line, so that a later run takes the same bytes. kstruct writes it, sorted by the
 * kernels' names; it is fit for version control, where lines may also be removed or merged by hand.
 *
 * Lines of kernels that have left the list stay: an older list can be rebuilt with them.
 */
#ifndef KSTRUCT_CONFIG_LIST_LOCK_FILE_H
#define KSTRUCT_CONFIG_LIST_LOCK_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"
#include "config/list/locked_package.h"

/* Start from {0}. */
struct lock_file {
    size_t count;
    struct locked_package *packages; /* as kernel_name_compare() orders them; names are distinct */
};

/* Where the lock file of the list at LIST_PATH is unless the settings say otherwise: the same with
 * .lock in place of .list, or after what has another suffix. Free with free(). */
struct error *lock_file_default_path(const char *list_path, char **ret) MUST_CHECK;

/* Reads the file at PATH; if there is none, nothing is locked. If lines of it are bad, all that is
 * wrong is added to ERRORS, which is empty before, and the error returned is an ERROR_CONFIGURATION
 * that only says how much. Any other error is about the file as a whole. */
struct error *lock_file_read(const char *path, struct lock_file *ret,
                             struct config_errors *errors) MUST_CHECK;

/* The same for LENGTH bytes of TEXT; PATH says where they are from. */
struct error *lock_file_parse(const char *path, const char *text, size_t length,
                              struct lock_file *ret, struct config_errors *errors) MUST_CHECK;

void lock_file_deinit(struct lock_file *lock);

/* The kernel's package, or NULL. Valid until the next lock_file_put(). */
const struct locked_package *lock_file_find(const struct lock_file *lock, const char *name);

/* Has PACKAGE, of which all but the name and line is copied, be the one of the kernel NAME, in
 * place of another. ERROR_UNSUPPORTED if it could not be read back from a line. */
struct error *lock_file_put(struct lock_file *lock, const char *name,
                            const struct locked_package *package) MUST_CHECK;

/* Appends the whole file's text. */
void lock_file_format(const struct lock_file *lock, struct buffer *text);

/* Brings CHANGES into the file at PATH, which is read again for that: somebody else may have
 * changed it. It is replaced in one step, and only if its text changes. Processes that do so at the
 * same time wait for each other. */
struct error *lock_file_update(const char *path, const struct lock_file *changes) MUST_CHECK;

#endif
