/* SPDX-License-Identifier: MIT */
/* From a line of the list to a package: where configuration and fetching meet. */
#ifndef KSTRUCT_RUN_FETCHING_FETCHING_H
#define KSTRUCT_RUN_FETCHING_FETCHING_H

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "fetch/fetch.h"
#include "fetch/http/host_health.h"
#include "fetch/http/transfer.h"
#include "fetch/package/stream/package_stream.h"
#include "run/fetching/lock_keeper.h"
#include "run/watch.h"
#include "run/workspace.h"

/* What fetching needs while it goes on. */
struct fetching {
    struct workspace *workspace;
    struct transfer_engine *engine;
    struct fetch_settings settings;
    enum fetch_source sources[FETCH_SOURCE_COUNT];
    char *package_dir;
    char *cache_dir;
    struct host_health *host_health;
    struct watch *watch;      /* NULL: none is shown */
    struct lock_keeper *lock; /* what is asked for each kernel; set by the caller; NULL: nothing */
    struct dataset_failures absent; /* kernels that all sources said lately that they lack */
    bool relocks; /* nothing is asked for that was locked before: it is locked anew; the caller's */
    bool has_begun;
};

/* To be called once, while there is one thread, before the first of the below that fetches. End
 * with fetching_end(), also after a failure. */
struct error *fetching_begin(struct workspace *workspace, struct fetching *fetching) MUST_CHECK;
void fetching_end(struct fetching *fetching);

/* FAILURES are those of kernels that no source had when it was asked last, each with the same
 * wishes as now. They are borrowed until fetching_end(). */
struct error *fetching_know_absent(struct fetching *fetching,
                                   const struct dataset_failures *failures) MUST_CHECK;

/* Brings the entry's package into the data directory, and says so in the log. To be freed with
 * fetched_package_deinit(). Fails as fetch_package() does, and with ERROR_NOT_FOUND for a pattern.
 * May be called by several threads at once. */
struct error *fetching_run(const struct fetching *fetching, const struct kernel_entry *entry,
                           struct fetched_package *package_ret) MUST_CHECK;

/* Why the entry's kernel will hardly be found, by what its name looks like: text to be freed with
 * free(). NULL if nothing speaks against it, as where the entry says where its package is, or
 * neither of Ubuntu's archives is asked. */
char *fetching_doubt(const struct workspace *workspace,
                     const struct kernel_entry *entry) MUST_CHECK;

/* Where the entry's package would be fetched from; see fetch_resolve(). */
struct error *fetching_resolve(const struct fetching *fetching, const struct kernel_entry *entry,
                               struct fetch_plan *plan_ret) MUST_CHECK;

/* Has the progress show the kernels of COUNT of the list's entries from now on. */
void fetching_expect(const struct fetching *fetching, const struct kernel_list *list,
                     const size_t *indexes, size_t count);

/* Shows no progress any more: before results are printed, and while nothing is fetched. */
void fetching_end_progress(struct fetching *fetching);

/* Begins to fetch the entry's package for reading while it arrives; see package_stream.h. */
struct error *fetching_stream(const struct fetching *fetching, const struct kernel_entry *entry,
                              struct package_stream **stream_ret) MUST_CHECK;

/* The list's entries that WORDS name, or the patterns that they are kernels of, in the list's
 * order; all that are not skipped if COUNT is 0. An array of the list's indexes, to be freed with
 * free(). ERROR_USAGE for a name that the list lacks. */
struct error *fetching_select(const struct kernel_list *list, char *const *words, int count,
                              size_t **indexes_ret, size_t *index_count_ret) MUST_CHECK;

/* ERROR_CONFIGURATION if so many selected entries are none: with nothing wanted, nothing is done.
 */
struct error *fetching_check_selected(const struct kernel_list *list, size_t count) MUST_CHECK;

#endif
