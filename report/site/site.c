/* SPDX-License-Identifier: MIT */
#include "report/site/site.h"

#include <stdlib.h>

#include "report/site/html/html.h"
#include "report/site/pages/site_pages.h"
#include "report/site/pages/sitemap.h"
#include "report/site/search/search_index.h"
#include "report/site/site_assets.h"
#include "report/tables/name_index.h"
#include "report/write/page_path.h"
#include "report/write/pair_path.h"

enum { PAGE_MAXIMUM = 256 * 1024 * 1024, PATH_MAXIMUM = 4096 };

enum site_folder {
    SITE_TOP,     /* index.html, and what all pages need */
    SITE_KERNELS, /* kernel/NAME.html */
    SITE_PAIRS,   /* pair/BEFORE..AFTER.html */
    SITE_NAMES,   /* names/LETTER.html */
    SITE_SEARCH,  /* search/: see search_index.h */
    SITE_FOLDER_COUNT,
};

static const struct output_kind kinds[SITE_FOLDER_COUNT] = {
    [SITE_TOP] = {"", "", NULL, false},
    [SITE_KERNELS] = {"kernel", HTML_SUFFIX, HTML_BEGINNING, false},
    [SITE_PAIRS] = {"pair", HTML_SUFFIX, HTML_BEGINNING, false},
    [SITE_NAMES] = {"names", HTML_SUFFIX, HTML_BEGINNING, false},
    [SITE_SEARCH] = {"search", ".txt", SEARCH_BEGINNING, false},
};

const struct table_output_folders site_folders = {SITE_FOLDER_COUNT, kinds, 1};

struct error *site_create(const struct report_context *context, struct site **site_ret)
{
    struct site *site = calloc(1, sizeof(*site));

    if (!site)
        return error_out_of_memory();
    site->names = context->input.history;
    site->plan = &context->plan;
    struct error *error = kernel_columns_make(context, &site->columns);
    if (!error)
        error = site_users_make(site->names, &site->users);
    if (error) {
        site_destroy(site);
        return error;
    }
    *site_ret = site;
    return NULL;
}

void site_destroy(struct site *site)
{
    if (!site)
        return;
    kernel_columns_deinit(&site->columns);
    site_users_deinit(&site->users);
    free(site);
}

bool site_has_page(const struct site *site, const struct history_definition *entry)
{
    return !site->plan || page_is_wanted(entry, site->plan);
}

const struct history_definition *site_find(const struct site *site, enum definition_kind kind,
                                           const char *name)
{
    const struct history_definition *entry = history_find(site->names, kind, name);

    return entry && site_has_page(site, entry) ? entry : NULL;
}

size_t site_page_count(const struct site *site, enum definition_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < site->names->definition_count; i++)
        count += site->names->definitions[i].kind == kind &&
                 site_has_page(site, &site->names->definitions[i]);
    return count;
}

/* Pages are put one after the other; both buffers are used again. */
struct site_writer {
    const struct report_context *context;
    struct table_output *output;
    struct name_index index;
    struct buffer page;
    struct buffer path;
};

static void site_writer_deinit(struct site_writer *writer)
{
    name_index_deinit(&writer->index);
    buffer_deinit(&writer->page);
    buffer_deinit(&writer->path);
}

/* The page, whose path is put together; both are empty then. */
static struct error *put(struct site_writer *writer, enum site_folder folder)
{
    TRY(buffer_check(&writer->path, "a page's path"));
    TRY(table_output_put(writer->output, folder, buffer_text(&writer->path), &writer->page));
    buffer_clear(&writer->page);
    buffer_clear(&writer->path);
    return NULL;
}

static struct error *put_assets(struct site_writer *writer)
{
    for (size_t i = 0; i < SITE_ASSET_COUNT; i++) {
        const struct site_asset *asset = &site_assets[i];
        buffer_append(&writer->page, asset->bytes, (size_t)(asset->end - asset->bytes));
        buffer_append_text(&writer->path, asset->name);
        TRY(put(writer, SITE_TOP));
    }
    /* GitHub Pages serves the files as they are then. */
    buffer_append_text(&writer->path, ".nojekyll");
    return put(writer, SITE_TOP);
}

static struct error *put_kernels(struct site_writer *writer)
{
    const struct kernel_columns *columns = &writer->context->site->columns;
    const struct history *history = writer->context->input.history;

    for (size_t i = 0; i < columns->count; i++) {
        size_t kernel = columns->columns[i].kernel;
        page_path_append_name(&writer->path, history->kernel_names[kernel], HTML_SUFFIX);
        kernel_page_append(writer->context, kernel, history, kernel, &writer->page);
        TRY(put(writer, SITE_KERNELS));
    }
    return NULL;
}

static struct error *put_pairs(struct site_writer *writer)
{
    const struct survey *survey = &writer->context->survey;
    const char *const *names = writer->context->input.history->kernel_names;

    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct kernel_pair *pair = &survey->pairs[i].kernels;
        pair_path_append(names[pair->before], names[pair->after], HTML_SUFFIX, &writer->path);
        pair_page_append(writer->context, &writer->index, i, &writer->page);
        TRY(put(writer, SITE_PAIRS));
    }
    return NULL;
}

static struct error *put_names(struct site_writer *writer)
{
    const struct name_index *index = &writer->index;

    for (size_t i = 0; i < index->letter_count; i++) {
        const struct name_letter *letter = &index->letters[i];
        for (size_t number = 0; number < name_page_count(letter); number++) {
            name_page_append_path(&writer->path, letter, number);
            name_page_append(writer->context->input.history, index, letter, number, &writer->page);
            TRY(put(writer, SITE_NAMES));
        }
    }
    buffer_append_text(&writer->path, "index" HTML_SUFFIX);
    name_overview_append(index, &writer->page);
    return put(writer, SITE_NAMES);
}

static struct error *put_sitemap(struct site_writer *writer)
{
    const char *url = writer->context->options.url;

    for (size_t i = 0; i < sitemap_part_count(writer->context); i++) {
        sitemap_append_part_name(&writer->path, i);
        sitemap_append_part(writer->context, url, i, &writer->page);
        TRY(put(writer, SITE_TOP));
    }
    buffer_append_text(&writer->path, SITEMAP_NAME);
    sitemap_append_index(writer->context, url, &writer->page);
    return put(writer, SITE_TOP);
}

static struct error *put_for_robots(struct site_writer *writer)
{
    const char *url = writer->context->options.url;

    buffer_append_text(&writer->path, "robots.txt");
    robots_append(url, &writer->page);
    TRY(put(writer, SITE_TOP));
    return url ? put_sitemap(writer) : NULL;
}

struct error *site_write(const struct report_context *context, struct table_output *output)
{
    CLEANUP(site_writer_deinit)
    struct site_writer writer = {.context = context, .output = output};

    buffer_init(&writer.page, PAGE_MAXIMUM);
    buffer_init(&writer.path, PATH_MAXIMUM);
    TRY(name_index_make(context->input.history, &context->plan, &writer.index));
    TRY(put_assets(&writer));
    TRY(put_kernels(&writer));
    TRY(put_pairs(&writer));
    TRY(put_names(&writer));
    TRY(put_for_robots(&writer));
    return search_index_write(context, output, SITE_SEARCH);
}
