/* SPDX-License-Identifier: MIT */
/*
 * What all pages of a report have in common: for every kernel and every pair of kernels, the texts
 * that say something about it. They make up most of a page, and there are few of them, so they are
 * put together once a report.
 */
#ifndef KSTRUCT_REPORT_PAGES_PAGE_PLAN_H
#define KSTRUCT_REPORT_PAGES_PAGE_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "model/history.h"
#include "model/kernel/kernel_group.h"

struct page_text {
    const char *bytes;
    size_t length;
};

struct plan_kernel {
    size_t kernel;            /* index in the report's list of kernels */
    struct page_text absent;  /* the whole item */
    struct page_text present; /* an item, up to the definition */
};

struct plan_pair {
    size_t before; /* indexes as above */
    size_t after;
    struct page_text same;    /* the whole item */
    struct page_text added;   /* an item, up to the definition */
    struct page_text removed; /* the same */
    struct page_text changed; /* an item, up to the list of changes */
};

struct plan_group {
    struct page_text heading; /* with the beginning of its list */
    size_t kernel_count;
    struct plan_kernel *kernels;
    size_t pair_count;
    struct plan_pair *pairs;
};

struct page_plan {
    struct arena arena;  /* owns everything below */
    size_t kernel_count; /* of the report's list */
    size_t group_count;
    struct plan_group *groups;
};

/* Copies all it needs of the arguments. Free with page_plan_deinit(). Once made it is only read,
 * by any number of threads. */
struct error *page_plan_init(struct page_plan *plan, const char *const *kernel_names,
                             size_t kernel_count, const struct kernel_groups *groups) MUST_CHECK;

void page_plan_deinit(struct page_plan *plan);

/* Does a kernel of any group have the definition? Without one it has no page. */
bool page_is_wanted(const struct history_definition *entry, const struct page_plan *plan);

/* How many of the kind have one. */
size_t page_count(const struct history *history, const struct page_plan *plan,
                  enum definition_kind kind);

/* The same as page_is_wanted() of vmlinux alone. */
bool page_is_of_vmlinux(const struct history_definition *entry, const struct page_plan *plan);

#endif
