/* SPDX-License-Identifier: MIT */
/*
 * What a server keeps in memory of a data set: which kernels there are, what definitions there are
 * by name, who uses them, and how many differ from kernel to kernel. The definitions themselves
 * stay where they are. Made once, then only read, by any number of threads.
 */
#ifndef KSTRUCT_RUN_SERVING_CATALOG_CATALOG_H
#define KSTRUCT_RUN_SERVING_CATALOG_CATALOG_H

#include <stdatomic.h>

#include "base/hash/sha256.h"
#include "report/news/change_log.h"
#include "report/site/site.h"
#include "report/tables/name_index.h"
#include "run/report/report_coverage.h"
#include "run/report/report_selection.h"
#include "run/serving/catalog/search_table.h"

struct catalog {
    atomic_uint holders;
    struct kernel_list list; /* SELECTION refers to it */
    struct dataset_kernels kernels;
    struct report_selection selection;
    struct report_coverage coverage;
    struct change_log changes;     /* what the report of the settings tells of */
    struct history kernel_names;   /* has no definitions */
    struct history names;          /* every definition by kind and name, and nothing else */
    struct site site;              /* of these */
    struct name_index name_index;  /* the same */
    struct report_context context; /* over KERNEL_NAMES; its survey has no more than counts */
    struct search_table *search;
    uint8_t digest[SHA256_BYTES]; /* of what the kernels were when it was made */
};

/* Reads the data set once from end to end, a piece at a time. TAKES_ALL as reporting_open(). Give
 * it back with catalog_release(). */
struct error *catalog_make(struct workspace *workspace, bool takes_all,
                           struct catalog **catalog_ret) MUST_CHECK;

struct catalog *catalog_hold(struct catalog *catalog);

/* NULL-safe. */
void catalog_release(struct catalog *catalog);

/* Are the kernels of the data set still those that it was made of? */
struct error *catalog_check(const struct catalog *catalog, struct workspace *workspace,
                            bool *is_current_ret) MUST_CHECK;

#endif
