/* SPDX-License-Identifier: MIT */
/* The site's pages, each made when it is asked for. */
#include <ctype.h>
#include <string.h>

#include "report/news/changes_feed.h"
#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"
#include "report/site/pages/changes_page.h"
#include "report/site/pages/site_pages.h"
#include "report/site/pages/sitemap.h"
#include "report/site/site_assets.h"
#include "report/write/page_path.h"
#include "report/write/pair_path.h"
#include "run/serving/pages/search_page.h"
#include "run/serving/pages/view.h"
#include "run/serving/question.h"

enum {
    PATH_MAXIMUM = 4096,
    UNCUT_MAXIMUM = 64, /* a file's name has room for all names up to this */
};

static struct error *answer_front_page(const struct question *question, struct http_answer *answer)
{
    front_page_append(&question->catalog->context, &question->catalog->changes, &answer->contents);
    return NULL;
}

static struct error *answer_asset(const struct question *question, struct http_answer *answer)
{
    for (size_t i = 0; i < SITE_ASSET_COUNT; i++) {
        const struct site_asset *asset = &site_live_assets[i];
        if (strcmp(question->request->path + 1, asset->name) != 0)
            continue;
        answer->type = asset->type;
        buffer_append(&answer->contents, asset->bytes, (size_t)(asset->end - asset->bytes));
        return NULL;
    }
    return question_unknown(question);
}

static struct error *answer_robots(const struct question *question, struct http_answer *answer)
{
    answer->type = http_type_text;
    robots_append(question->catalog->context.options.url, &answer->contents);
    return NULL;
}

static struct error *answer_sitemap(const struct question *question, struct http_answer *answer)
{
    const struct report_context *context = &question->catalog->context;

    if (!context->options.url)
        return question_unknown(question);
    answer->type = "application/xml";
    sitemap_append_index(context, context->options.url, &answer->contents);
    return NULL;
}

/* All else at the top: the parts of the sitemap. */
static struct error *answer_sitemap_part(const struct question *question,
                                         struct http_answer *answer)
{
    const struct report_context *context = &question->catalog->context;

    for (size_t i = 0; context->options.url && i < sitemap_part_count(context); i++) {
        CLEANUP(buffer_deinit) struct buffer name;
        buffer_init(&name, PATH_MAXIMUM);
        sitemap_append_part_name(&name, i);
        if (strcmp(question->request->path + 1, buffer_text(&name)) != 0)
            continue;
        answer->type = "application/xml";
        sitemap_append_part(context, context->options.url, i, &answer->contents);
        return NULL;
    }
    return question_unknown(question);
}

static struct error *answer_changes(const struct question *question, struct http_answer *answer)
{
    changes_page_append(&question->catalog->context, &question->catalog->changes,
                        &answer->contents);
    return NULL;
}

static struct error *answer_feed(const struct question *question, struct http_answer *answer)
{
    answer->type = "application/atom+xml";
    changes_feed_append(&question->catalog->changes, true, &answer->contents);
    return NULL;
}

/* Is FILE the page's file of that name? */
static bool is_file_of(const char *file, const char *name)
{
    CLEANUP(buffer_deinit) struct buffer path = {0};

    buffer_init(&path, PATH_MAXIMUM);
    page_path_append_name(&path, name, HTML_SUFFIX);
    return strcmp(buffer_text(&path), file) == 0;
}

static int digit_of(char character)
{
    return isdigit((unsigned char)character) ? character - '0'
                                             : tolower((unsigned char)character) - 'a' + 10;
}

/* The name whose page has that file, unless it had to be cut. */
static void append_name_of(const char *file, struct buffer *name)
{
    size_t length = strlen(file);
    size_t suffix = strlen(HTML_SUFFIX);

    for (size_t i = 0; length >= suffix && i < length - suffix; i++) {
        if (file[i] == '%' && isxdigit((unsigned char)file[i + 1]) &&
            isxdigit((unsigned char)file[i + 2])) {
            buffer_append_char(name, (char)(digit_of(file[i + 1]) * 16 + digit_of(file[i + 2])));
            i += 2;
        } else {
            buffer_append_char(name, file[i]);
        }
    }
}

/* What a file's name that was cut stands for: only a look at all names tells. */
static const struct history_definition *find_cut(const struct history *names,
                                                 enum definition_kind kind, const char *file)
{
    for (size_t i = 0; strchr(file, '~') && i < names->definition_count; i++) {
        const struct history_definition *entry = &names->definitions[i];
        if (entry->kind == kind && strlen(entry->name) > UNCUT_MAXIMUM &&
            is_file_of(file, entry->name))
            return entry;
    }
    return NULL;
}

static const struct history_definition *find_definition(const struct catalog *catalog,
                                                        enum definition_kind kind, const char *file)
{
    CLEANUP(buffer_deinit) struct buffer name = {0};

    buffer_init(&name, PATH_MAXIMUM);
    append_name_of(file, &name);
    const struct history_definition *entry =
        history_find(&catalog->names, kind, buffer_text(&name));
    if (entry && is_file_of(file, entry->name))
        return entry;
    return find_cut(&catalog->names, kind, file);
}

static struct error *answer_definition(const struct question *question, struct http_answer *answer)
{
    const char *word = question->request->path + 1;
    const struct history_definition *entry = NULL;
    enum definition_kind kind = 0;

    for (; kind < DEFINITION_KIND_COUNT && !entry; kind++) {
        size_t length = strlen(definition_kind_texts[kind].word);
        if (strncmp(word, definition_kind_texts[kind].word, length) == 0 && word[length] == '/')
            entry = find_definition(question->catalog, kind, question->rest);
    }
    if (!entry)
        return question_unknown(question);
    return view_render_definition(question->catalog, &question->service->datasets, entry,
                                  definition_page_render, &answer->contents);
}

static struct error *answer_names(const struct question *question, struct http_answer *answer)
{
    const struct name_index *index = &question->catalog->name_index;

    if (strcmp(question->rest, "index" HTML_SUFFIX) == 0) {
        name_overview_append(index, &answer->contents);
        return NULL;
    }
    for (size_t i = 0; i < index->letter_count; i++) {
        const struct name_letter *letter = &index->letters[i];
        for (size_t number = 0; number < name_page_count(letter); number++) {
            CLEANUP(buffer_deinit) struct buffer path = {0};
            buffer_init(&path, PATH_MAXIMUM);
            name_page_append_path(&path, letter, number);
            if (strcmp(buffer_text(&path), question->rest) != 0)
                continue;
            name_page_append(&question->catalog->names, index, letter, number, &answer->contents);
            return NULL;
        }
    }
    return question_unknown(question);
}

static struct error *answer_kernel(const struct question *question, struct http_answer *answer)
{
    const struct report_selection *selection = &question->catalog->selection;
    struct view view;
    size_t kernel = 0;

    while (kernel < selection->count && !is_file_of(question->rest, selection->texts[kernel]))
        kernel++;
    if (kernel == selection->count)
        return question_unknown(question);
    TRY(view_open_kernels(question->catalog, &question->service->datasets, &kernel, 1, &view));
    kernel_page_append(&question->catalog->context, kernel, &view.history, 0, &answer->contents);
    view_close(&view);
    return NULL;
}

/* Does the pair's file have that name, or does it begin so where AFTER is ""? */
static bool is_pair_file(const char *file, const char *before, const char *after)
{
    CLEANUP(buffer_deinit) struct buffer path = {0};

    buffer_init(&path, PATH_MAXIMUM);
    pair_path_append(before, after, after[0] ? HTML_SUFFIX : "", &path);
    return strncmp(buffer_text(&path), file, path.length) == 0 &&
           (after[0] == '\0' || file[path.length] == '\0');
}

/* The two kernels whose page has that file. */
static bool find_pair(const struct report_selection *selection, const char *file, size_t kernels[2])
{
    for (size_t before = 0; before < selection->count; before++) {
        if (!is_pair_file(file, selection->texts[before], ""))
            continue;
        for (size_t after = 0; after < selection->count; after++) {
            kernels[0] = before;
            kernels[1] = after;
            if (before != after &&
                is_pair_file(file, selection->texts[before], selection->texts[after]))
                return true;
        }
    }
    return false;
}

static struct error *render_pair(const struct view *view, struct buffer *out)
{
    struct name_index index;

    TRY(name_index_make(&view->history, &view->context.plan, &index));
    pair_page_append(&view->context, &index, 0, out);
    name_index_deinit(&index);
    return NULL;
}

static struct error *answer_pair(const struct question *question, struct http_answer *answer)
{
    size_t kernels[2];
    struct view view;

    if (!find_pair(&question->catalog->selection, question->rest, kernels))
        return question_unknown(question);
    TRY(view_open_kernels(question->catalog, &question->service->datasets, kernels, 2, &view));
    struct error *error = render_pair(&view, &answer->contents);
    view_close(&view);
    return error;
}

/* Where the form of the front page leads: on to the pair's own address. */
static struct error *answer_compare(const struct question *question, struct http_answer *answer)
{
    CLEANUP(buffer_deinit) struct buffer location = {0};
    const char *before;
    const char *after;
    size_t kernel;

    TRY(question_parameter(question, "before", &before));
    TRY(question_parameter(question, "after", &after));
    TRY(question_find_kernel(question, before, &kernel));
    TRY(question_find_kernel(question, after, &kernel));
    if (strcmp(before, after) == 0)
        return error_create(ERROR_USAGE, NULL, "these are one kernel; choose two");
    buffer_init(&location, PATH_MAXIMUM * 2);
    html_append_pair_address(&location, "", before, after);
    TRY(buffer_check(&location, "an address"));
    answer->status = HTTP_FOUND;
    answer->location = strdup(buffer_text(&location));
    return answer->location ? NULL : error_out_of_memory();
}

#define KIND_ROUTE(kind, word, ...)                                                                \
    {"/" word "/", HTTP_LIGHT, false, false, true, answer_definition},

const struct route page_routes[] = {
    {"/", HTTP_LIGHT, false, false, true, answer_front_page},
    {"/index.html", HTTP_LIGHT, false, false, true, answer_front_page},
    {"/style.css", HTTP_LIGHT, false, false, true, answer_asset},
    {"/search.js", HTTP_LIGHT, false, false, true, answer_asset},
    {"/icon.svg", HTTP_LIGHT, false, false, true, answer_asset},
    {"/robots.txt", HTTP_LIGHT, false, false, true, answer_robots},
    {"/sitemap.xml", HTTP_LIGHT, false, false, true, answer_sitemap},
    {"/changes.html", HTTP_LIGHT, false, false, true, answer_changes},
    {"/changes.atom", HTTP_LIGHT, false, false, true, answer_feed},
    {"/names/", HTTP_LIGHT, false, false, true, answer_names},
    {"/search.html", HTTP_LIGHT, false, true, false, search_page_answer},
    {"/compare", HTTP_LIGHT, false, true, false, answer_compare},
    {"/kernel/", HTTP_HEAVY, false, false, true, answer_kernel},
    {"/pair/", HTTP_HEAVY, false, false, true, answer_pair},
    DEFINITION_KINDS(KIND_ROUTE){"", HTTP_LIGHT, false, false, true, answer_sitemap_part},
    {0},
};
