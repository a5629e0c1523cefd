/* SPDX-License-Identifier: MIT */
/* What all that works on one data directory shares. */
#ifndef KSTRUCT_RUN_WORKSPACE_H
#define KSTRUCT_RUN_WORKSPACE_H

#include "base/error.h"
#include "base/log.h"
#include "config/list/kernel_list.h"
#include "config/settings/settings.h"
#include "dataset/dataset.h"
#include "run/watch.h"

/* The data set's file in the data directory. */
#define DATASET_FILE_NAME "kstruct.db"

struct workspace {
    struct log log;
    struct settings settings;
    const char *settings_path; /* of the file that was named for them; NULL: none was */
    unsigned jobs;             /* threads; never 0 */
    watch_beginning *watch;    /* NULL: nobody watches */
};

/* "NAME" inside the data directory; free with free(). */
struct error *workspace_path(const struct workspace *workspace, const char *name,
                             char **path_ret) MUST_CHECK;

/* Opens the data set; DATASET_WRITE makes the directory too. */
struct error *workspace_open_dataset(const struct workspace *workspace, enum dataset_mode mode,
                                     struct dataset **dataset_ret) MUST_CHECK;

/* Reads the list that the settings name. What is wrong with it is logged, all of it; the error that
 * is returned then says only that something is. */
struct error *workspace_read_list(struct workspace *workspace,
                                  struct kernel_list *list_ret) MUST_CHECK;

/* Begins to watch what is done now, if somebody wants to; NULL if not. */
static inline struct watch *workspace_watch(struct workspace *workspace)
{
    return workspace->watch ? workspace->watch(&workspace->log) : NULL;
}

#endif
