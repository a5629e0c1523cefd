/* SPDX-License-Identifier: MIT */
/* From a line of the list to a package: where configuration and fetching meet. */
#ifndef KSTRUCT_CLI_FETCHING_H
#define KSTRUCT_CLI_FETCHING_H

#include "cli/cli.h"
#include "config/kernel_list.h"
#include "fetch/fetch.h"

/* To be called once, while there is one thread, before the first of the below that fetches; and at
 * the end. Takes some milliseconds that commands which fetch nothing do without. */
void fetching_begin(void);
void fetching_end(void);

/* Brings the entry's package into the data directory, and says so in the log. To be freed with
 * fetched_package_deinit(). Fails as fetch_package() does, and with ERROR_UNSUPPORTED for patterns.
 */
struct error *fetching_run(struct cli *cli, const struct kernel_entry *entry,
                           struct fetched_package *package_ret) MUST_CHECK;

/* The list's entries that WORDS name, in the list's order; all that are not skipped if COUNT is 0.
 * An array of the list's indexes, to be freed with free(). ERROR_USAGE for a name that the list
 * lacks. */
struct error *fetching_select(const struct kernel_list *list, char *const *words, int count,
                              size_t **indexes_ret, size_t *index_count_ret) MUST_CHECK;

#endif
