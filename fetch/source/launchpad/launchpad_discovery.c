/* SPDX-License-Identifier: MIT */
/* Kernels that Launchpad has debug-symbol packages of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "fetch/package/kernel_package.h"
#include "fetch/source/launchpad/launchpad_publications.h"
#include "fetch/source/source.h"

enum { PAGES_MAXIMUM = 400, DATE_LENGTH = sizeof("2000-01-01") - 1 };

struct walk {
    const struct discovery_filter *filter;
    struct discovered_kernels *kernels;
    struct string_table known; /* "NAME VERSION", numbered as KERNELS from FIRST on */
    size_t first;
};

static void walk_deinit(struct walk *walk)
{
    string_table_deinit(&walk->known);
}

/* What is still to come, was taken back, or only waits in Proposed is no kernel to count on; what
 * linux-signed builds is an empty wrapper of another package. */
static bool is_usable(const struct launchpad_publication *publication)
{
    static const char *const pockets[] = {"Release", "Updates", "Security"};
    bool is_taken_back = strcmp(publication->status, "Deleted") == 0 && !publication->superseded_on;
    const char *source = publication->source_package ? publication->source_package : "";

    if (!publication->is_debug || strcmp(publication->status, "Pending") == 0 || is_taken_back ||
        strncmp(source, "linux-signed", strlen("linux-signed")) == 0)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(pockets); i++) {
        if (strcmp(publication->pocket, pockets[i]) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const struct discovery_filter *filter,
                      const struct launchpad_publication *publication, const char *kernel_name)
{
    return (!filter->series || strcmp(filter->series, publication->series) == 0) &&
           kernel_name_passes(kernel_name, filter);
}

/* It is on offer since it was published first. */
static struct error *note_date(struct discovered_kernel *kernel, const char *created_on)
{
    if (!created_on ||
        (kernel->published_on && strncmp(kernel->published_on, created_on, DATE_LENGTH) <= 0))
        return NULL;
    free(kernel->published_on);
    kernel->published_on = strndup(created_on, DATE_LENGTH);
    return kernel->published_on ? NULL : error_out_of_memory();
}

static struct error *take_publication(void *context, const char *url UNUSED,
                                      const struct launchpad_publication *publication)
{
    struct walk *walk = context;
    CLEANUP(free_pointer) char *name = NULL;
    CLEANUP(free_pointer) char *key = NULL;
    uint32_t number = 0;

    if (!is_usable(publication))
        return NULL;
    TRY(kernel_name_of_package(publication->package, publication->architecture, &name));
    if (!name || !is_wanted(walk->filter, publication, name))
        return NULL;
    int length = asprintf(&key, "%s %s", name, publication->version);
    if (length < 0) {
        key = NULL;
        return error_out_of_memory();
    }
    uint32_t known = walk->known.count;
    TRY(string_table_intern(&walk->known, key, (size_t)length, &number));
    if (number == known)
        TRY(discovered_kernels_add(walk->kernels, name, publication->version, UINT64_MAX));
    return note_date(&walk->kernels->kernels[walk->first + number], publication->created_on);
}

static struct error *ask(const struct fetch_settings *settings, struct walk *walk,
                         const char *package_part)
{
    const struct launchpad_publications_filter filter = {
        .package = package_part,
        .is_part = true,
        .series = walk->filter->series,
        .architecture = walk->filter->architecture,
        .since = walk->filter->since,
        .maximum_pages = PAGES_MAXIMUM,
    };

    return launchpad_publications_visit(settings, &filter, take_publication, walk);
}

/* Of one version only: a small part of all that Launchpad has. */
static struct error *ask_version(const struct fetch_settings *settings, struct walk *walk)
{
    static const char *const prefixes[] = {"linux-image-unsigned-", "linux-image-"};

    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++) {
        CLEANUP(free_pointer) char *part = NULL;
        if (asprintf(&part, "%s%s-", prefixes[i], walk->filter->version) < 0) {
            part = NULL;
            return error_out_of_memory();
        }
        TRY(ask(settings, walk, part));
    }
    return NULL;
}

struct error *launchpad_discover(const struct fetch_settings *settings,
                                 const struct discovery_filter *filter,
                                 struct discovered_kernels *ret)
{
    CLEANUP(walk_deinit)
    struct walk walk = {.filter = filter, .kernels = ret, .first = ret->count};

    string_table_init(&walk.known);
    return filter->version ? ask_version(settings, &walk) : ask(settings, &walk, "linux-image-");
}
