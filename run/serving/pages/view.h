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

/* All that one or two of its kernels have, by their indexes; two are compared. Free with
 * view_close(). */
struct error *view_open_kernels(const struct catalog *catalog, struct dataset_pool *datasets,
                                const size_t *kernels, size_t count, struct view *view) MUST_CHECK;

void view_close(struct view *view);

/* Renders what all kernels of the catalog have of one of its NAMES, as page_format's render.
 * ERROR_SYSTEM if the data set has it no more, though the catalog does. */
typedef struct error *view_render(const struct report_context *context, size_t entry_index,
                                  struct arena *scratch, struct buffer *out);
struct error *view_render_definition(const struct catalog *catalog, struct dataset_pool *datasets,
                                     const struct history_definition *name, view_render *render,
                                     struct buffer *out) MUST_CHECK;

#endif
