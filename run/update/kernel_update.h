/* SPDX-License-Identifier: MIT */
/* One kernel of the list, brought into the data set: fetch, extract, analyze, store. */
#ifndef KSTRUCT_RUN_UPDATE_KERNEL_UPDATE_H
#define KSTRUCT_RUN_UPDATE_KERNEL_UPDATE_H

#include <stdbool.h>
#include <time.h>

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/fetching/fetching.h"
#include "run/workspace.h"

/* What the data set has as the source of kernels that were looked for by name. */
#define KERNEL_SOURCE_BY_NAME "ubuntu"

/* All by which people can have a try end otherwise, in one text, by which to tell whether it has
 * changed: what the line asks for, what is locked for it (LOCK is NULL: not known), and the
 * settings that limit the reading. */
struct error *kernel_update_describe(const struct settings *settings, struct lock_keeper *lock,
                                     const struct kernel_entry *entry,
                                     char **wanted_ret) MUST_CHECK;

/* Is what is wanted of the kernel, and who wants it, what it was when it failed? The rest is as
 * above. */
bool kernel_update_is_as_then(const struct settings *settings, struct lock_keeper *lock,
                              const struct kernel_entry *entry,
                              const struct dataset_failure *failure);

/* Is the kernel, whose last try is FAILURE (NULL: none failed), to be tried at NOW? As
 * kernel_retry.h says. The rest is as above. */
bool kernel_update_is_due(const struct settings *settings, struct lock_keeper *lock,
                          const struct kernel_entry *entry, const struct dataset_failure *failure,
                          time_t now);

/* Is what the data set has of the kernel (NULL: nothing) what the list wants? Without asking
 * anyone: by what the line asked for then, the hash and version that it gives, a file's time, and
 * whether today's reader finds what that one found.
 */
bool kernel_update_is_done(const struct settings *settings, const struct kernel_entry *entry,
                           const struct kernel_record *stored);

/* Notes the package in the lock file, and stores what was read of the kernel from it. A failure is
 * the kernel's own; nothing of it is in the data set then that was not there before.
 * ERROR_WRONG_KERNEL if the package holds another kernel than the list says. */
struct error *kernel_update_store(const struct fetching *fetching, struct dataset *dataset,
                                  const struct kernel_entry *entry,
                                  const struct fetched_package *package,
                                  const struct kernel_layouts *layouts) MUST_CHECK;

/* Says in FAILURE, which it takes over and which may be NULL, what to do where the bytes that are
 * locked for ENTRY are no kernel's. */
struct error *kernel_update_advise(const struct fetching *fetching,
                                   const struct kernel_entry *entry,
                                   struct error *failure) MUST_CHECK;

/* Does with the package what is to be done once it has been read, or reading it has failed: a
 * package that is not to blame for a failure is noted for the lock file; it is removed where the
 * settings keep none, or where its bytes are to blame and nothing vouches for them. */
void kernel_update_finish(const struct fetching *fetching, const struct kernel_entry *entry,
                          const struct fetched_package *package, const struct error *failure);

/* Reads the package while it arrives and no further than its vmlinux, by a process of its own, and
 * stores what was read. ERROR_UNSUPPORTED if it cannot be read so. */
struct error *kernel_update_stream(const struct fetching *fetching, struct dataset *dataset,
                                   const struct kernel_entry *entry) MUST_CHECK;

#endif
