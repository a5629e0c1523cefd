/* SPDX-License-Identifier: MIT */
/* Kernels that Launchpad has debug-symbol packages of. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/string_table.h"
#include "fetch/launchpad_publications.h"
#include "fetch/source.h"

#define DIGITS "0123456789"

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

/* The parts of "linux-image-unsigned-6.8.0-31-generic-dbgsym". */
struct package_parts {
    const char *release; /* "6.8.0-31-generic" */
    int release_length;
    int version_length;
    const char *flavor;
    int flavor_length;
};

static bool skip_prefix(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool split_package(const char *package, struct package_parts *ret)
{
    const char *release = package;

    if (!skip_prefix(&release, "linux-image-") || !text_has_suffix(release, "-dbgsym"))
        return false;
    skip_prefix(&release, "unsigned-");
    size_t version_length = strspn(release, DIGITS ".");
    const char *abi = release + version_length;
    if (version_length == 0 || *abi++ != '-')
        return false;
    size_t abi_length = strspn(abi, DIGITS);
    const char *flavor = abi + abi_length;
    if (abi_length == 0 || *flavor++ != '-')
        return false;
    const char *end = release + strlen(release) - strlen("-dbgsym");
    if (flavor >= end || !isalnum((unsigned char)*flavor))
        return false;
    *ret = (struct package_parts){
        .release = release,
        .release_length = (int)(end - release),
        .version_length = (int)version_length,
        .flavor = flavor,
        .flavor_length = (int)(end - flavor),
    };
    return true;
}

/* Is the LENGTH bytes of TEXT what is asked for? */
static bool fits(const char *wanted, const char *text, int length)
{
    return !wanted || (strlen(wanted) == (size_t)length && memcmp(wanted, text, length) == 0);
}

/* What is still to come, was taken back, or only waits in Proposed is no kernel to count on; what
 * linux-signed builds is an empty wrapper of another package. */
static bool is_usable(const struct launchpad_publication *publication)
{
    static const char *const pockets[] = {"Release", "Updates", "Security"};
    bool is_taken_back = strcmp(publication->status, "Deleted") == 0 && !publication->superseded_on;
    const char *source = publication->source_package ? publication->source_package : "";

    if (!publication->is_debug || strcmp(publication->status, "Pending") == 0 || is_taken_back ||
        skip_prefix(&source, "linux-signed"))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(pockets); i++) {
        if (strcmp(publication->pocket, pockets[i]) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const struct discovery_filter *filter,
                      const struct launchpad_publication *publication,
                      const struct package_parts *parts)
{
    return (!filter->series || strcmp(filter->series, publication->series) == 0) &&
           (!filter->architecture ||
            strcmp(filter->architecture, publication->architecture) == 0) &&
           fits(filter->version, parts->release, parts->version_length) &&
           fits(filter->flavor, parts->flavor, parts->flavor_length);
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
    CLEANUP(free_pointer) char *key = NULL;
    struct package_parts parts;
    uint32_t number = 0;

    if (!is_usable(publication) || !split_package(publication->package, &parts) ||
        !is_wanted(walk->filter, publication, &parts))
        return NULL;
    int length = asprintf(&key, "%.*s-%s %s", parts.release_length, parts.release,
                          publication->architecture, publication->version);
    if (length < 0) {
        key = NULL;
        return error_out_of_memory();
    }
    uint32_t known = walk->known.count;
    TRY(string_table_intern(&walk->known, key, (size_t)length, &number));
    if (number == known) {
        *strchr(key, ' ') = '\0';
        TRY(discovered_kernels_add(walk->kernels, key, publication->version));
    }
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
