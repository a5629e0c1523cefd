/* SPDX-License-Identifier: MIT */
#include "run/serving/catalog/catalog.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/site/search/search_parts.h"
#include "run/report/reporting.h"

/* So many definitions are in memory at once. */
enum { BATCH_NAMES = 1000, KERNELS_TEXT_MAXIMUM = 64 * 1024 * 1024 };

/* What is needed while a catalog is made. */
struct maker {
    const struct catalog_options *options;
    struct workspace *workspace;
    struct dataset *dataset;
    struct catalog *catalog;
    struct site_users_maker users;
    struct arena scratch;
    uint32_t definition; /* whose parts are added to the search */
};

static void append_list(struct buffer *text, const struct kernel_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct kernel_entry *entry = &list->entries[i];
        buffer_append_format(text, "%s %d %s %s\n", entry->name.text, entry->is_baseline,
                             entry->group ? entry->group : "",
                             entry->skip_reason ? entry->skip_reason : "");
    }
}

/* Which kernels, as they were read, and as the list has them; and what is told of changes. */
static struct error *compute_digest(const struct dataset_kernels *kernels,
                                    const struct kernel_list *list,
                                    const struct change_log *changes, uint8_t digest[SHA256_BYTES])
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, KERNELS_TEXT_MAXIMUM);
    for (size_t i = 0; i < kernels->count; i++) {
        const struct kernel_record *kernel = &kernels->kernels[i];
        buffer_append_format(&text, "%s %s %s %" PRIu64 "\n", kernel->name, kernel->read_at,
                             kernel->reader, kernel->reader_revision);
        buffer_append(&text, kernel->digest, sizeof(kernel->digest));
    }
    append_list(&text, list);
    if (changes->entry_count > 0)
        buffer_append_format(&text, "%zu %s\n", changes->entry_count, changes->entries[0].updated);
    TRY(buffer_check(&text, "the kernels"));
    return sha256_digest(buffer_text(&text), text.length, digest);
}

/* What all pages are about but definitions. */
static struct error *make_context(struct maker *maker)
{
    struct catalog *catalog = maker->catalog;
    struct history *history = &catalog->kernel_names;
    const struct report_selection *selection = &catalog->selection;

    history->kernel_count = selection->count;
    history->kernel_names = selection->texts;
    catalog->context.input =
        (struct report_input){history, &selection->kernel_groups, &catalog->coverage.coverage};
    catalog->context.options.formats = REPORT_HTML;
    catalog->context.options.url = maker->workspace->settings.report_url;
    catalog->context.site = &catalog->site;
    TRY(page_plan_init(&catalog->context.plan, selection->texts, selection->count,
                       &selection->kernel_groups));
    TRY(survey_make(history, &selection->kernel_groups, 1, &catalog->context.survey));
    return kernel_columns_make(&catalog->context, &catalog->site.columns);
}

static struct error *list_kind(struct maker *maker, enum definition_kind kind,
                               struct dataset_names *names)
{
    const struct report_selection *selection = &maker->catalog->selection;
    unsigned kinds = DEFINITION_KIND_BIT(kind);

    if (selection->count == maker->catalog->kernels.count)
        return dataset_list_names(maker->dataset, NULL, kinds, names);
    for (size_t i = 0; i < selection->count; i++)
        TRY(dataset_list_names(maker->dataset, selection->texts[i], kinds, names));
    return NULL;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static struct error *add_names(struct history *history, enum definition_kind kind,
                               struct dataset_names *names)
{
    if (names->count == 0)
        return NULL;
    qsort(names->names, names->count, sizeof(*names->names), compare_texts);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->names[i];
        if (i > 0 && strcmp(name, names->names[i - 1]) == 0)
            continue;
        struct history_definition *grown =
            arena_append(&history->arena, history->definitions, history->definition_count,
                         sizeof(*history->definitions));
        if (!grown)
            return error_out_of_memory();
        history->definitions = grown;
        grown[history->definition_count++] = (struct history_definition){
            .kind = kind, .name = arena_copy_text(&history->arena, name, strlen(name))};
        if (!grown[history->definition_count - 1].name)
            return error_out_of_memory();
    }
    return NULL;
}

static struct error *list_names(struct maker *maker)
{
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        struct dataset_names names = {0};
        struct error *error = list_kind(maker, kind, &names);
        if (!error)
            error = add_names(&maker->catalog->names, kind, &names);
        dataset_names_deinit(&names);
        TRY(error);
    }
    return NULL;
}

static struct error *add_part(void *context, const char *path, const char *name)
{
    struct maker *maker = context;

    return search_table_add(maker->catalog->search, maker->definition, path, name);
}

static struct error *add_to_search(struct maker *maker, const struct history *history)
{
    const struct history *names = &maker->catalog->names;

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        const struct history_definition *name = history_find(names, entry->kind, entry->name);
        if (!name)
            continue;
        maker->definition = (uint32_t)(name - names->definitions);
        TRY(search_table_add(maker->catalog->search, maker->definition, "", entry->name));
        TRY(search_parts_visit(history, entry, &maker->scratch, add_part, maker));
    }
    return NULL;
}

static struct error *add_to_survey(struct maker *maker, const struct history *history)
{
    const struct kernel_groups *groups = &maker->catalog->selection.kernel_groups;
    struct survey survey;

    TRY(survey_make(history, groups, 1, &survey));
    survey_add_counts(&maker->catalog->context.survey, &survey);
    survey_deinit(&survey);
    return NULL;
}

static struct error *take(struct maker *maker, enum definition_kind kind,
                          const struct history *history)
{
    TRY(site_users_add(&maker->users, history));
    TRY(add_to_search(maker, history));
    return kind == DEFINITION_STRUCT ? add_to_survey(maker, history) : NULL;
}

/* The data set is opened for each: between two, another file can take its place. */
static struct error *load_batch(const struct maker *maker,
                                const struct dataset_selection *selection, struct history *history)
{
    struct dataset *dataset;

    TRY(workspace_open_dataset(maker->workspace, DATASET_READ, &dataset));
    struct error *error = dataset_load_history(dataset, selection, history);
    dataset_close(dataset);
    return error;
}

/* Takes the definitions from number FIRST to before END, which are of one kind. */
static struct error *take_batch(struct maker *maker, size_t first, size_t end)
{
    const struct catalog *catalog = maker->catalog;
    enum definition_kind kind = catalog->names.definitions[first].kind;
    const char *names[BATCH_NAMES];
    struct history history;

    for (size_t i = first; i < end; i++)
        names[i - first] = catalog->names.definitions[i].name;
    const struct dataset_selection selection = {
        .kernel_count = catalog->selection.count,
        .kernel_names = catalog->selection.texts,
        .kinds = DEFINITION_KIND_BIT(kind),
        .name_count = end - first,
        .names = names,
        .has_details = true, /* further definitions are looked for, and use others, too */
    };
    TRY(load_batch(maker, &selection, &history));
    struct error *error = take(maker, kind, &history);
    history_deinit(&history);
    return error;
}

static struct error *let_others(const struct maker *maker)
{
    const struct catalog_options *options = maker->options;

    if (options->pause)
        options->pause(options->context);
    return atomic_load(options->is_cancelled)
               ? error_create(ERROR_INTERRUPTED, NULL, "the data set was not read to its end")
               : NULL;
}

static struct error *take_all(struct maker *maker)
{
    const struct history *names = &maker->catalog->names;
    size_t end;

    for (size_t first = 0; first < names->definition_count; first = end) {
        for (end = first; end < names->definition_count && end - first < BATCH_NAMES &&
                          names->definitions[end].kind == names->definitions[first].kind;)
            end++;
        TRY(take_batch(maker, first, end));
        TRY(let_others(maker));
    }
    return NULL;
}

/* All that the open data set is needed for. */
static struct error *begin(struct maker *maker)
{
    struct catalog *catalog = maker->catalog;
    const struct kernel_list *list = maker->options->takes_all ? NULL : &catalog->list;

    TRY(dataset_list(maker->dataset, &catalog->kernels));
    TRY(reporting_recall(maker->workspace, &catalog->changes));
    TRY(compute_digest(&catalog->kernels, &catalog->list, &catalog->changes, catalog->digest));
    TRY(report_select(maker->workspace, list, &catalog->kernels, &catalog->selection));
    TRY(report_coverage_make(maker->dataset, list, &catalog->kernels, &catalog->selection,
                             &catalog->coverage));
    TRY(make_context(maker));
    return list_names(maker);
}

static struct error *open_and_begin(struct maker *maker)
{
    TRY(reporting_open(maker->workspace, maker->options->takes_all, &maker->catalog->list,
                       &maker->dataset));
    struct error *error = begin(maker);
    dataset_close(maker->dataset);
    return error;
}

static struct error *make(struct maker *maker)
{
    struct catalog *catalog = maker->catalog;

    TRY(open_and_begin(maker));
    catalog->site.names = &catalog->names;
    catalog->site.is_live = true;
    TRY(search_table_create(&catalog->search));
    TRY(site_users_begin(&catalog->names, &maker->users));
    TRY(take_all(maker));
    TRY(site_users_end(&maker->users, &catalog->site.users));
    TRY(search_table_complete(catalog->search));
    return name_index_make(&catalog->names, NULL, &catalog->name_index);
}

static void catalog_destroy(struct catalog *catalog)
{
    search_table_destroy(catalog->search);
    name_index_deinit(&catalog->name_index);
    site_users_deinit(&catalog->site.users);
    kernel_columns_deinit(&catalog->site.columns);
    survey_deinit(&catalog->context.survey);
    page_plan_deinit(&catalog->context.plan);
    history_deinit(&catalog->names);
    history_deinit(&catalog->kernel_names);
    change_log_deinit(&catalog->changes);
    report_coverage_deinit(&catalog->coverage);
    report_selection_deinit(&catalog->selection);
    dataset_kernels_deinit(&catalog->kernels);
    kernel_list_deinit(&catalog->list);
    free(catalog);
}

struct error *catalog_make(const struct catalog_options *options, struct catalog **catalog_ret)
{
    struct catalog *catalog = calloc(1, sizeof(*catalog));
    struct maker maker = {.options = options, .workspace = options->workspace, .catalog = catalog};

    if (!catalog)
        return error_out_of_memory();
    atomic_init(&catalog->holders, 1);
    history_init(&catalog->names);
    history_init(&catalog->kernel_names);
    arena_init(&maker.scratch);
    struct error *error = make(&maker);
    site_users_maker_deinit(&maker.users);
    arena_deinit(&maker.scratch);
    if (error) {
        catalog_destroy(catalog);
        return error;
    }
    *catalog_ret = catalog;
    return NULL;
}

struct catalog *catalog_hold(struct catalog *catalog)
{
    atomic_fetch_add(&catalog->holders, 1);
    return catalog;
}

void catalog_release(struct catalog *catalog)
{
    if (catalog && atomic_fetch_sub(&catalog->holders, 1) == 1)
        catalog_destroy(catalog);
}

struct error *catalog_check(const struct catalog *catalog, const struct catalog_options *options,
                            bool *is_current_ret)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};
    struct kernel_list list;
    struct dataset *dataset;
    struct change_log changes;
    uint8_t digest[SHA256_BYTES];

    TRY(reporting_open(options->workspace, options->takes_all, &list, &dataset));
    struct error *error = dataset_list(dataset, &kernels);
    dataset_close(dataset);
    if (!error)
        error = reporting_recall(options->workspace, &changes);
    if (!error) {
        error = compute_digest(&kernels, &list, &changes, digest);
        change_log_deinit(&changes);
    }
    kernel_list_deinit(&list);
    if (!error)
        *is_current_ret = memcmp(digest, catalog->digest, sizeof(digest)) == 0;
    return error;
}
