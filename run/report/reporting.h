/* SPDX-License-Identifier: MIT */
/* From data set and list to a report: where storing and reporting meet. */
#ifndef KSTRUCT_RUN_REPORT_REPORTING_H
#define KSTRUCT_RUN_REPORT_REPORTING_H

#include <stdbool.h>

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "report/news/change_log.h"
#include "report/report.h"
#include "run/interruption.h"
#include "run/workspace.h"

struct reporting_options {
    const char *directory;
    unsigned formats; /* of enum report_format */
    const struct kernel_list
        *list;      /* its kernels, as far as the data set has them; NULL: all it has */
    bool adopts;    /* a directory that is another's, too */
    bool is_forced; /* compare every file, even where nothing seems to have changed */
    const struct interruption *interruption; /* NULL: there is none */
    const struct report_observer *observer;  /* NULL: none */
};

/* Reads the list, with its patterns as they were resolved last, and opens the data set. TAKES_ALL:
 * LIST_RET is left empty, for what is about all kernels of the data set. On success, free the list
 * with kernel_list_deinit() and close the data set. */
struct error *reporting_open(struct workspace *workspace, bool takes_all,
                             struct kernel_list *list_ret, struct dataset **dataset_ret) MUST_CHECK;

/* Writes the report. *IS_CURRENT_RET tells that there was nothing to do; *RESULT_RET is all 0 then.
 * When interrupted, some of its files may be new and some old; the next one does the rest. */
struct error *reporting_run(struct workspace *workspace, struct dataset *dataset,
                            const struct reporting_options *options, bool *is_current_ret,
                            struct report_result *result_ret) MUST_CHECK;

/* Says how many files there are and were written, or that nothing was to do. */
void reporting_log(struct workspace *workspace, const char *directory, bool is_current,
                   const struct report_result *result);

/* Takes the directory that the settings name for reports, or says why it cannot: so that nobody
 * waits for kernels in vain. */
struct error *reporting_claim(const struct workspace *workspace) MUST_CHECK;

/* What the report that the settings name was last made from: no kernels where there is none. Free
 * with change_log_deinit(). */
struct error *reporting_recall(const struct workspace *workspace,
                               struct change_log *log) MUST_CHECK;

/* Brings the report that the settings name up to date with the list, and logs how many files were
 * written. */
struct error *reporting_refresh(struct workspace *workspace, struct dataset *dataset,
                                const struct kernel_list *list,
                                const struct interruption *interruption,
                                bool *is_current_ret) MUST_CHECK;

#endif
