/* SPDX-License-Identifier: MIT */
/* Kernels that can be had, by name and package version, and the sources that say so. */
#ifndef KSTRUCT_RUN_FETCHING_KERNEL_OFFERS_H
#define KSTRUCT_RUN_FETCHING_KERNEL_OFFERS_H

#include <stddef.h>

#include "fetch/source/discovery.h"
#include "model/kernel/kernel_name.h"
#include "run/fetching/fetching.h"

struct kernel_offer {
    struct kernel_name name;
    char *package_version; /* "" if not known */
};

/* Begins as zeros. */
struct kernel_offers {
    size_t count;
    struct kernel_offer *offers;
};

void kernel_offers_deinit(struct kernel_offers *offers);

/* Adds a kernel; the texts are copied. ERROR_CONFIGURATION if NAME is no kernel's. */
struct error *kernel_offers_add(struct kernel_offers *offers, const char *name,
                                const char *package_version) MUST_CHECK;

/* Orders them as kernel_name_compare() does, then by version, and drops repetitions. */
void kernel_offers_sort(struct kernel_offers *offers);

/* Adds what the source knows of. Fails as discover_kernels() does; what the source said before it
 * failed is added nevertheless. */
struct error *kernel_offers_ask(const struct fetching *fetching, enum fetch_source source,
                                const struct discovery_filter *filter,
                                struct kernel_offers *offers) MUST_CHECK;

/* The word for a source in settings and messages. */
const char *kernel_offers_source_name(enum fetch_source source);

#endif
