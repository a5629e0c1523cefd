/* SPDX-License-Identifier: MIT */
#include "fetch/discovery.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/source.h"

void discovered_kernels_deinit(struct discovered_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++) {
        free(kernels->kernels[i].name);
        free(kernels->kernels[i].package_version);
        free(kernels->kernels[i].published_on);
    }
    free(kernels->kernels);
    *kernels = (struct discovered_kernels){0};
}

struct error *discovered_kernels_add(struct discovered_kernels *kernels, const char *name,
                                     const char *package_version, uint64_t byte_size)
{
    struct discovered_kernel *grown =
        reallocarray(kernels->kernels, kernels->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    kernels->kernels = grown;
    struct discovered_kernel *kernel = &grown[kernels->count];
    *kernel = (struct discovered_kernel){
        .name = strdup(name),
        .package_version = strdup(package_version),
        .byte_size = byte_size,
    };
    if (!kernel->name || !kernel->package_version) {
        free(kernel->name);
        free(kernel->package_version);
        return error_out_of_memory();
    }
    kernels->count++;
    return NULL;
}

struct error *discover_kernels(const struct fetch_settings *settings, enum fetch_source source,
                               const struct discovery_filter *filter,
                               struct discovered_kernels *ret)
{
    if (source == FETCH_LAUNCHPAD)
        return launchpad_discover(settings, filter, ret);
    if (source == FETCH_DDEBS)
        return ddebs_discover(settings, filter, ret);
    return error_create(ERROR_UNSUPPORTED, NULL, "this source cannot list what it has");
}
