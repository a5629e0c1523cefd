/* SPDX-License-Identifier: MIT */
/* A part of the data set, loaded for one answer, as what pages are made from. */
#ifndef KSTRUCT_RUN_SERVING_PAGES_VIEW_H
#define KSTRUCT_RUN_SERVING_PAGES_VIEW_H

#include "run/serving/catalog/catalog.h"
#include "run/serving/catalog/dataset_pool.h"

enum { VIEW_KERNELS_MAXIMUM = 2 };

struct view {
    struct report_context context;
    struct history history;
    /* Of a view of some kernels only: */
    struct kernel_groups groups;
    struct kernel_group group;
    char group_name[sizeof("Compared")];
    size_t kernels[VIEW_KERNELS_MAXIMUM];
    struct kernel_pair pair;
};

/* What all kernels of the catalog have under that name, of any kind. Free with view_close(). */
struct error *view_open_name(const struct catalog *catalog, struct dataset_pool *datasets,
                             const char *name, struct view *view) MUST_CHECK;

/* All that one or two of its kernels have, by their indexes; two are compared. */
struct error *view_open_kernels(const struct catalog *catalog, struct dataset_pool *datasets,
                                const size_t *kernels, size_t count, struct view *view) MUST_CHECK;

void view_close(struct view *view);

#endif
