/* SPDX-License-Identifier: MIT */
/* The lock file while kernels are fetched: read before, asked for each, brought up to date after.
 */
#ifndef KSTRUCT_RUN_FETCHING_LOCK_KEEPER_H
#define KSTRUCT_RUN_FETCHING_LOCK_KEEPER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/hash/sha256.h"
#include "config/list/kernel_entry.h"
#include "config/list/lock_file.h"
#include "fetch/fetch.h"
#include "run/workspace.h"

struct lock_keeper {
    struct workspace *workspace;
    char *path;
    struct lock_file lock;    /* as it was read */
    pthread_mutex_t mutex;    /* for all below */
    struct lock_file changes; /* what was fetched since */
    bool has_failed;          /* it could not be written, which was told */
};

/* Reads the lock file. What is wrong with it is logged, all of it; the error that is returned then
 * says only that something is. End with lock_keeper_end(), also after a failure. */
struct error *lock_keeper_begin(struct workspace *workspace, struct lock_keeper *keeper) MUST_CHECK;
void lock_keeper_end(struct lock_keeper *keeper);

/* The rest may be called by several threads at once. */

/* What is locked for ENTRY, and is what it asks for; NULL if nothing is. */
const struct locked_package *lock_keeper_find(const struct lock_keeper *keeper,
                                              const struct kernel_entry *entry);

/* The hash of what is locked for ENTRY, as the lock file will have it once it is saved; "" if
 * nothing is. */
void lock_keeper_hash(struct lock_keeper *keeper, const struct kernel_entry *entry,
                      char sha256[SHA256_HEX_LENGTH + 1]);

/* Has REQUEST, which was made of ENTRY, ask for what is locked for it. */
void lock_keeper_apply(const struct lock_keeper *keeper, const struct kernel_entry *entry,
                       struct fetch_request *request);

/* Notes what was fetched for ENTRY, to be written by lock_keeper_save(). */
void lock_keeper_note(struct lock_keeper *keeper, const struct kernel_entry *entry,
                      const struct fetched_package *package);

/* Writes what was noted, if anything is new. That it cannot is a warning, given once. */
void lock_keeper_save(struct lock_keeper *keeper);

/* The same if something was noted for that kernel, for who goes on only when it is written: an
 * error if the disk is full, which will not be so for ever. For any other reason it is a warning.
 */
struct error *lock_keeper_secure(struct lock_keeper *keeper, const char *kernel_name) MUST_CHECK;

#endif
