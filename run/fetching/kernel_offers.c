/* SPDX-License-Identifier: MIT */
#include "run/fetching/kernel_offers.h"

#include <stdlib.h>
#include <string.h>

static void offer_deinit(struct kernel_offer *offer)
{
    kernel_name_deinit(&offer->name);
    free(offer->package_version);
}

void kernel_offers_deinit(struct kernel_offers *offers)
{
    for (size_t i = 0; i < offers->count; i++)
        offer_deinit(&offers->offers[i]);
    free(offers->offers);
    *offers = (struct kernel_offers){0};
}

struct error *kernel_offers_add(struct kernel_offers *offers, const char *name,
                                const char *package_version)
{
    struct kernel_offer *grown = reallocarray(offers->offers, offers->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    offers->offers = grown;
    struct kernel_offer *offer = &grown[offers->count];
    *offer = (struct kernel_offer){0};
    TRY(kernel_name_parse(name, &offer->name));
    offers->count++;
    offer->package_version = strdup(package_version);
    return offer->package_version ? NULL : error_out_of_memory();
}

static int compare(const void *a, const void *b)
{
    const struct kernel_offer *left = a;
    const struct kernel_offer *right = b;
    int difference = kernel_name_compare(&left->name, &right->name);

    if (difference == 0)
        difference = kernel_name_compare_version(left->package_version, right->package_version);
    return difference != 0 ? difference : strcmp(left->package_version, right->package_version);
}

void kernel_offers_sort(struct kernel_offers *offers)
{
    size_t kept = 0;

    if (offers->count == 0)
        return;
    qsort(offers->offers, offers->count, sizeof(*offers->offers), compare);
    for (size_t i = 0; i < offers->count; i++) {
        if (kept > 0 && compare(&offers->offers[kept - 1], &offers->offers[i]) == 0)
            offer_deinit(&offers->offers[i]);
        else
            offers->offers[kept++] = offers->offers[i];
    }
    offers->count = kept;
}

/* What a source calls a kernel may be no name that the list could have. */
static struct error *add_discovered(const struct fetching *fetching,
                                    const struct discovered_kernels *kernels,
                                    struct kernel_offers *offers)
{
    for (size_t i = 0; i < kernels->count; i++) {
        struct error *error = kernel_offers_add(offers, kernels->kernels[i].name,
                                                kernels->kernels[i].package_version);
        if (error && error->code != ERROR_CONFIGURATION)
            return error;
        if (error)
            log_write(fetching->settings.log, LOG_DETAIL, "passed over: %s", error->why);
        error_destroy(error);
    }
    return NULL;
}

struct error *kernel_offers_ask(const struct fetching *fetching, enum fetch_source source,
                                const struct discovery_filter *filter, struct kernel_offers *offers)
{
    CLEANUP(discovered_kernels_deinit) struct discovered_kernels kernels = {0};
    struct error *failure = discover_kernels(&fetching->settings, source, filter, &kernels);
    struct error *error = add_discovered(fetching, &kernels, offers);

    if (!error)
        return failure;
    error_destroy(failure);
    return error;
}

const char *kernel_offers_source_name(enum fetch_source source)
{
    return fetch_source_words[source];
}
