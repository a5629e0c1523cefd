/* SPDX-License-Identifier: MIT */
#include "fetch/source/launchpad/launchpad_publications.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "fetch/source/launchpad/launchpad_api.h"

#define ARCHIVE "ubuntu/+archive/primary"

/* The most that Launchpad gives at once. */
#define PAGE_SIZE "300"

/* A collection that is gone through page by page. */
struct walk {
    const struct fetch_settings *settings;
    launchpad_publication_visit *visit;
    void *context;
    struct string_table pages; /* the URLs of those that were read */
};

static void walk_deinit(struct walk *walk)
{
    string_table_deinit(&walk->pages);
}

/* Cuts ".../SERIES/ARCHITECTURE" in place. */
static struct error *split_series(char *link, const char *url,
                                  struct launchpad_publication *publication)
{
    char *last = strrchr(link, '/');

    if (last)
        *last = '\0';
    char *before = last ? strrchr(link, '/') : NULL;
    if (!before || before[1] == '\0' || last[1] == '\0')
        return error_create(ERROR_INCONCLUSIVE, url,
                            "expected a link that ends in /SERIES/ARCHITECTURE as "
                            "`distro_arch_series_link`");
    publication->series = before + 1;
    publication->architecture = last + 1;
    return NULL;
}

static struct error *read_is_debug(const json_t *entry, const char *url, bool *ret)
{
    const json_t *value = json_object_get(entry, "is_debug");

    if (!json_is_boolean(value))
        return error_create(ERROR_INCONCLUSIVE, url, "expected true or false as `is_debug`");
    *ret = json_is_true(value);
    return NULL;
}

static struct error *visit_entry(const struct walk *walk, const char *url, const json_t *entry)
{
    struct launchpad_publication publication = {0};
    const char *link = NULL;

    if (!json_is_object(entry))
        return error_create(ERROR_INCONCLUSIVE, url, "expected only objects in `entries`");
    TRY(launchpad_json_text(entry, "self_link", url, &publication.self_link));
    TRY(launchpad_json_text(entry, "binary_package_name", url, &publication.package));
    TRY(launchpad_json_text(entry, "binary_package_version", url, &publication.version));
    TRY(launchpad_json_text(entry, "distro_arch_series_link", url, &link));
    TRY(launchpad_json_text(entry, "status", url, &publication.status));
    TRY(launchpad_json_text(entry, "pocket", url, &publication.pocket));
    TRY(launchpad_json_optional_text(entry, "source_package_name", url,
                                     &publication.source_package));
    TRY(launchpad_json_optional_text(entry, "date_created", url, &publication.created_on));
    TRY(launchpad_json_optional_text(entry, "date_superseded", url, &publication.superseded_on));
    TRY(read_is_debug(entry, url, &publication.is_debug));
    CLEANUP(free_pointer) char *link_copy = strdup(link);
    if (!link_copy)
        return error_out_of_memory();
    TRY(split_series(link_copy, url, &publication));
    return walk->visit(walk->context, url, &publication);
}

/* *NEXT_RET is NULL at the end; free with free(). */
static struct error *visit_page(const struct walk *walk, const char *url, char **next_ret)
{
    CLEANUP(launchpad_json_deinit) json_t *page = NULL;
    const char *next = NULL;

    TRY(launchpad_api_get(walk->settings, url, &page));
    const json_t *entries = json_object_get(page, "entries");
    if (!json_is_array(entries))
        return error_create(ERROR_INCONCLUSIVE, url, "expected an object with a list `entries`");
    for (size_t i = 0; i < json_array_size(entries); i++)
        TRY(visit_entry(walk, url, json_array_get(entries, i)));
    TRY(launchpad_json_optional_text(page, "next_collection_link", url, &next));
    *next_ret = NULL;
    return next ? launchpad_api_link(walk->settings, url, next, next_ret) : NULL;
}

static struct error *note_page(struct walk *walk, const char *url, unsigned maximum_pages)
{
    uint32_t known = walk->pages.count;
    uint32_t number = 0;

    if (known >= maximum_pages)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "expected no more than %u pages; ask for less, as by a version or a "
                            "date",
                            maximum_pages);
    TRY(string_table_intern(&walk->pages, url, strlen(url), &number));
    if (number < known)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "expected a new page: later ones lead back to this one");
    return NULL;
}

static struct error *visit_pages(struct walk *walk, const char *first, unsigned maximum_pages)
{
    CLEANUP(free_pointer) char *url = strdup(first);

    if (!url)
        return error_out_of_memory();
    while (url) {
        char *next = NULL;

        TRY(note_page(walk, url, maximum_pages));
        TRY(visit_page(walk, url, &next));
        free(url);
        url = next;
    }
    return NULL;
}

/* Launchpad wants the time of day and its zone too. */
static struct error *time_of_day(const char *day, char **ret)
{
    *ret = NULL;
    if (day && asprintf(ret, "%sT00:00:00Z", day) < 0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

static struct error *series_link(const struct fetch_settings *settings,
                                 const struct launchpad_publications_filter *filter, char **ret)
{
    *ret = NULL;
    if (filter->series && filter->architecture &&
        asprintf(ret, "%s/ubuntu/%s/%s", settings->launchpad_api_url, filter->series,
                 filter->architecture) < 0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

/* Launchpad is slow to order a long collection, unless by date. */
static struct error *first_page(const struct fetch_settings *settings,
                                const struct launchpad_publications_filter *filter, char **ret)
{
    CLEANUP(free_pointer) char *archive = path_join(settings->launchpad_api_url, ARCHIVE);
    CLEANUP(free_pointer) char *since = NULL;
    CLEANUP(free_pointer) char *series = NULL;

    if (!archive)
        return error_out_of_memory();
    TRY(time_of_day(filter->since, &since));
    TRY(series_link(settings, filter, &series));
    const struct launchpad_parameter parameters[] = {
        {"binary_name", filter->package},
        {"exact_match", filter->is_part ? NULL : "true"},
        {"version", filter->version},
        {"distro_arch_series", series},
        {"created_since_date", since},
        {filter->is_part ? "order_by_date" : "ordered", filter->is_part ? "true" : "false"},
        {"ws.size", PAGE_SIZE},
    };
    return launchpad_api_query(archive, "getPublishedBinaries", parameters,
                               ARRAY_LENGTH(parameters), ret);
}

struct error *launchpad_publications_visit(const struct fetch_settings *settings,
                                           const struct launchpad_publications_filter *filter,
                                           launchpad_publication_visit *visit, void *context)
{
    CLEANUP(walk_deinit)
    struct walk walk = {.settings = settings, .visit = visit, .context = context};
    CLEANUP(free_pointer) char *url = NULL;

    string_table_init(&walk.pages);
    TRY(first_page(settings, filter, &url));
    return visit_pages(&walk, url, filter->maximum_pages);
}
