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
    uint8_t digest[SHA256_BYTES]; /* of what it was made from */
};

/* What a catalog is made from, and who waits for it. */
struct catalog_options {
    struct workspace *workspace;
    bool takes_all;                  /* as reporting_open() */
    const atomic_bool *is_cancelled; /* when it is set, it ends with ERROR_INTERRUPTED */
    void (*pause)(void *context);    /* called several times a second; NULL: nobody is to be */
    void *context;
};

/* Reads the data set once from end to end, a piece at a time, and does not keep it open: somebody
 * may want to put another file in its place. Give the catalog back with catalog_release(). */
struct error *catalog_make(const struct catalog_options *options,
                           struct catalog **catalog_ret) MUST_CHECK;

struct catalog *catalog_hold(struct catalog *catalog);

/* NULL-safe. */
void catalog_release(struct catalog *catalog);

/* Would one that is made now be the same? */
struct error *catalog_check(const struct catalog *catalog, const struct catalog_options *options,
                            bool *is_current_ret) MUST_CHECK;

#endif
