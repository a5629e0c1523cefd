/* SPDX-License-Identifier: MIT */
#include "run/fetching/pattern_resolution.h"
#include "run/data_lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "run/fetching/fetching.h"
#include "run/fetching/kernel_offers.h"
#include "run/fetching/resolution_record.h"
#include "run/update/kernel_update.h"

struct resolution {
    struct workspace *workspace;
    struct kernel_list *list;
    struct fetching fetching;
    struct kernel_offers recorded;
    size_t entry_count;           /* of the list as it was read */
    struct kernel_offers *chosen; /* by entry of it: what a pattern stands for */
};

static void resolution_deinit(struct resolution *resolution)
{
    for (size_t i = 0; resolution->chosen && i < resolution->entry_count; i++)
        kernel_offers_deinit(&resolution->chosen[i]);
    free(resolution->chosen);
    kernel_offers_deinit(&resolution->recorded);
    fetching_end(&resolution->fetching);
}

static bool is_open(const struct kernel_entry *entry)
{
    return entry->is_pattern && !entry->skip_reason;
}

static bool has_patterns(const struct kernel_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (is_open(&list->entries[i]))
            return true;
    }
    return false;
}

bool pattern_covers(const struct kernel_entry *pattern, const struct kernel_name *name)
{
    return pattern->is_pattern && name->abi[0] != '\0' &&
           strcmp(pattern->name.version, name->version) == 0 &&
           strcmp(pattern->name.flavor, name->flavor) == 0 &&
           strcmp(pattern->name.architecture, name->architecture) == 0;
}

/* The newest of OFFERS that the pattern covers; of one name, the greatest version. */
static struct error *choose_newest(const struct kernel_entry *pattern, struct kernel_offers *offers,
                                   struct kernel_offers *chosen)
{
    const char *newer = "";

    kernel_offers_sort(offers);
    for (size_t i = offers->count; i > 0 && chosen->count < pattern->latest; i--) {
        const struct kernel_offer *offer = &offers->offers[i - 1];
        if (!pattern_covers(pattern, &offer->name) || strcmp(offer->name.text, newer) == 0)
            continue;
        newer = offer->name.text;
        TRY(kernel_offers_add(chosen, newer, offer->package_version));
    }
    kernel_offers_sort(chosen);
    return NULL;
}

static bool has_enough(const struct kernel_entry *pattern, struct kernel_offers *offers)
{
    CLEANUP(kernel_offers_deinit) struct kernel_offers chosen = {0};
    struct error *error = choose_newest(pattern, offers, &chosen);
    bool is_enough = !error && chosen.count == pattern->latest;

    error_destroy(error);
    return is_enough;
}

/* Asks one source after the other, until enough is known. *IS_CONCLUSIVE_RET: those that were asked
 * have answered. */
static struct error *ask_sources(struct resolution *resolution, const struct kernel_entry *pattern,
                                 struct kernel_offers *offers, bool *is_conclusive_ret)
{
    const struct fetch_settings *settings = &resolution->fetching.settings;
    const struct discovery_filter filter = {.version = pattern->name.version,
                                            .architecture = pattern->name.architecture,
                                            .flavor = pattern->name.flavor};
    bool has_answer = false;
    bool has_failure = false;

    for (size_t i = 0; i < settings->source_count && !has_enough(pattern, offers); i++) {
        struct error *error =
            kernel_offers_ask(&resolution->fetching, settings->sources[i], &filter, offers);
        if (error && error->code == ERROR_OUT_OF_MEMORY)
            return error;
        has_answer |= !error;
        if (error && error->code != ERROR_UNSUPPORTED) {
            CLEANUP(free_pointer) char *line = error_to_line(error);
            has_failure = true;
            log_write(&resolution->workspace->log, LOG_WARNING,
                      "%s: %s cannot be asked: %s; going on with the kernels that are known",
                      pattern->name.text, kernel_offers_source_name(settings->sources[i]),
                      line ? line : error->why);
        }
        error_destroy(error);
    }
    if (!has_answer && !has_failure)
        log_write(&resolution->workspace->log, LOG_WARNING,
                  "%s: none of the sources in the settings can list what it has",
                  pattern->name.text);
    *is_conclusive_ret = has_answer && !has_failure;
    return NULL;
}

static struct error *add_stored(struct workspace *workspace, struct kernel_offers *offers)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};
    struct dataset *dataset = NULL;

    struct error *error = workspace_open_dataset(workspace, DATASET_READ, &dataset);
    if (!error)
        error = dataset_list(dataset, &kernels);
    if (error && (error->code == ERROR_NOT_FOUND || error->code == ERROR_DATASET)) {
        /* Nothing was read so far; or what is wrong with it is told by who comes to need it. */
        error_destroy(error);
        error = NULL;
    }
    for (size_t i = 0; i < kernels.count && !error; i++) {
        const struct kernel_record *kernel = &kernels.kernels[i];
        if (strcmp(kernel->source, KERNEL_SOURCE_BY_NAME) == 0)
            error = kernel_offers_add(offers, kernel->name, kernel->package_version);
    }
    dataset_close(dataset);
    return error;
}

static struct error *add_recorded(const struct resolution *resolution, struct kernel_offers *offers)
{
    for (size_t i = 0; i < resolution->recorded.count; i++) {
        const struct kernel_offer *offer = &resolution->recorded.offers[i];
        TRY(kernel_offers_add(offers, offer->name.text, offer->package_version));
    }
    return NULL;
}

static struct error *resolve(struct resolution *resolution, const struct kernel_entry *pattern,
                             struct kernel_offers *chosen)
{
    CLEANUP(kernel_offers_deinit) struct kernel_offers offers = {0};
    bool is_conclusive = false;

    if (!resolution->fetching.engine) {
        /* The archive's index is kept there. */
        TRY(data_make(resolution->workspace));
        TRY(fetching_begin(resolution->workspace, &resolution->fetching));
    }
    TRY(ask_sources(resolution, pattern, &offers, &is_conclusive));
    if (!is_conclusive) {
        TRY(add_recorded(resolution, &offers));
        TRY(add_stored(resolution->workspace, &offers));
    }
    TRY(choose_newest(pattern, &offers, chosen));
    log_write(&resolution->workspace->log, LOG_DETAIL, "%s: stands for %zu %s", pattern->name.text,
              COUNTED(chosen->count, "kernel"));
    return NULL;
}

/* An entry for a kernel that PATTERN stands for; LINE is the pattern's own entry, or another one
 * that was made of it. */
static struct error *make_entry(const char *pattern, const struct kernel_entry *line,
                                const char *name, const char *package_version,
                                struct kernel_entry *entry)
{
    *entry = (struct kernel_entry){.line = line->line, .pattern = strdup(pattern)};
    TRY(kernel_name_parse(name, &entry->name));
    if (package_version[0] != '\0')
        entry->version = strdup(package_version);
    if (line->group)
        entry->group = strdup(line->group);
    if (!entry->pattern || (package_version[0] != '\0' && !entry->version) ||
        (line->group && !entry->group))
        return error_out_of_memory();
    return NULL;
}

/* Entries that will take the place of the list's. Those of its lines are borrowed from it. */
struct new_entries {
    size_t count;
    struct kernel_entry *entries;
};

static void new_entries_deinit(struct new_entries *new)
{
    for (size_t i = 0; i < new->count; i++) {
        if (new->entries[i].pattern)
            kernel_entry_deinit(&new->entries[i]);
    }
    free(new->entries);
}

static struct error *add_entries(const struct resolution *resolution, size_t index,
                                 struct new_entries *new)
{
    const struct kernel_entry *entry = &resolution->list->entries[index];
    const struct kernel_offers *chosen = &resolution->chosen[index];

    if (chosen->count == 0)
        new->entries[new->count++] = *entry;
    for (size_t i = 0; i < chosen->count; i++) {
        const struct kernel_offer *offer = &chosen->offers[i];
        if (!kernel_list_find(resolution->list, offer->name.text))
            TRY(make_entry(entry->name.text, entry, offer->name.text, offer->package_version,
                           &new->entries[new->count++]));
    }
    return NULL;
}

static void find_baseline(struct kernel_list *list)
{
    list->baseline = KERNEL_LIST_NO_BASELINE;
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].is_baseline)
            list->baseline = i;
    }
}

/* The list owns the new entries from now on, and those of its patterns no more that were resolved.
 */
static void replace_entries(const struct resolution *resolution, struct new_entries *new)
{
    struct kernel_list *list = resolution->list;

    for (size_t i = 0; i < list->count; i++) {
        if (resolution->chosen[i].count > 0)
            kernel_entry_deinit(&list->entries[i]);
        kernel_offers_deinit(&resolution->chosen[i]);
    }
    free(list->entries);
    list->entries = new->entries;
    list->count = new->count;
    find_baseline(list);
    *new = (struct new_entries){0};
}

static struct error *apply(struct resolution *resolution)
{
    CLEANUP(new_entries_deinit) struct new_entries new = {0};
    size_t room = resolution->list->count;

    for (size_t i = 0; i < resolution->list->count; i++)
        room += resolution->chosen[i].count;
    new.entries = calloc(room, sizeof(*new.entries));
    if (!new.entries)
        return error_out_of_memory();
    for (size_t i = 0; i < resolution->list->count; i++)
        TRY(add_entries(resolution, i, &new));
    replace_entries(resolution, &new);
    return NULL;
}

/* With words, the sources are asked only for what these may mean. */
static bool is_asked_for(const struct resolution *resolution, const struct kernel_entry *pattern,
                         char *const *words, int word_count)
{
    bool is_asked = word_count == 0;

    for (int i = 0; i < word_count && !is_asked; i++) {
        struct kernel_name name = {0};
        struct error *error = kernel_name_parse(words[i], &name);
        is_asked =
            error ? strcmp(words[i], pattern->name.text) == 0
                  : pattern_covers(pattern, &name) && !kernel_list_find(resolution->list, words[i]);
        error_destroy(error);
        kernel_name_deinit(&name);
    }
    return is_asked;
}

static struct error *begin(struct workspace *workspace, struct kernel_list *list,
                           struct resolution *resolution)
{
    *resolution =
        (struct resolution){.workspace = workspace, .list = list, .entry_count = list->count};
    resolution->chosen = calloc(list->count, sizeof(*resolution->chosen));
    if (!resolution->chosen)
        return error_out_of_memory();
    return resolution_record_read(workspace, &resolution->recorded);
}

struct error *pattern_resolution_ask(struct workspace *workspace, char *const *words,
                                     int word_count, struct kernel_list *list)
{
    CLEANUP(resolution_deinit) struct resolution resolution = {0};
    bool has_asked = false;

    if (!has_patterns(list))
        return NULL;
    TRY(begin(workspace, list, &resolution));
    for (size_t i = 0; i < list->count; i++) {
        const struct kernel_entry *entry = &list->entries[i];
        if (!is_open(entry))
            continue;
        if (is_asked_for(&resolution, entry, words, word_count)) {
            TRY(resolve(&resolution, entry, &resolution.chosen[i]));
            has_asked = true;
        } else {
            TRY(choose_newest(entry, &resolution.recorded, &resolution.chosen[i]));
        }
    }
    if (has_asked)
        TRY(resolution_record_write(workspace, resolution.chosen, resolution.entry_count));
    return apply(&resolution);
}

struct error *pattern_resolution_recall(struct workspace *workspace, struct kernel_list *list)
{
    CLEANUP(resolution_deinit) struct resolution resolution = {0};

    if (!has_patterns(list))
        return NULL;
    TRY(begin(workspace, list, &resolution));
    for (size_t i = 0; i < list->count; i++) {
        if (is_open(&list->entries[i]))
            TRY(choose_newest(&list->entries[i], &resolution.recorded, &resolution.chosen[i]));
    }
    return apply(&resolution);
}

static bool is_of_pattern(const struct kernel_entry *entry, const char *pattern)
{
    return entry->pattern && strcmp(entry->pattern, pattern) == 0;
}

/* Do the names differ by nothing but the ABI? */
static bool is_sibling(const struct kernel_name *a, const struct kernel_name *b)
{
    return strcmp(a->version, b->version) == 0 && strcmp(a->flavor, b->flavor) == 0 &&
           strcmp(a->architecture, b->architecture) == 0;
}

/* Of the kernels that were looked for by name and that the list lacks, the newest that only differs
 * from ENTRY's by its ABI; NULL if there is none. */
static struct error *find_stand_in(const struct kernel_list *list, const struct kernel_entry *entry,
                                   const struct dataset_kernels *stored,
                                   const struct kernel_record **ret)
{
    CLEANUP(kernel_name_deinit) struct kernel_name newest = {0};

    *ret = NULL;
    for (size_t i = 0; i < stored->count; i++) {
        CLEANUP(kernel_name_deinit) struct kernel_name name = {0};
        const struct kernel_record *kernel = &stored->kernels[i];
        if (strcmp(kernel->source, KERNEL_SOURCE_BY_NAME) != 0 ||
            kernel_list_find(list, kernel->name))
            continue;
        TRY(kernel_name_parse(kernel->name, &name));
        if (!is_sibling(&name, &entry->name) || (*ret && kernel_name_compare(&name, &newest) < 0))
            continue;
        struct kernel_name older = newest;
        newest = name;
        name = older;
        *ret = kernel;
    }
    return NULL;
}

static struct error *insert_stand_in(struct kernel_list *list, size_t index,
                                     const struct kernel_record *kernel)
{
    struct kernel_entry *grown = reallocarray(list->entries, list->count + 1, sizeof(*grown));
    struct kernel_entry entry;

    if (!grown)
        return error_out_of_memory();
    list->entries = grown;
    struct error *error = make_entry(grown[index].pattern, &grown[index], kernel->name,
                                     kernel->package_version, &entry);
    if (error) {
        kernel_entry_deinit(&entry);
        return error;
    }
    memmove(&grown[index + 1], &grown[index], (list->count - index) * sizeof(*grown));
    grown[index] = entry;
    list->count++;
    find_baseline(list);
    return NULL;
}

/* How many of the kernels that the pattern stands for the data set lacks; *END_RET is the index
 * after the last of them all. */
static size_t count_missing(const struct kernel_list *list, size_t first,
                            const struct dataset_kernels *stored, size_t *end_ret)
{
    const char *pattern = list->entries[first].pattern;
    size_t count = 0;
    size_t i = first;

    for (; i < list->count && is_of_pattern(&list->entries[i], pattern); i++)
        count += !dataset_kernels_find(stored, list->entries[i].name.text);
    *end_ret = i;
    return count;
}

struct error *pattern_resolution_add_stand_ins(struct dataset *dataset, struct kernel_list *list)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels stored = {0};
    size_t end;

    if (!dataset)
        return NULL;
    TRY(dataset_list(dataset, &stored));
    for (size_t first = 0; first < list->count; first = end) {
        end = first + 1;
        if (!list->entries[first].pattern)
            continue;
        size_t missing = count_missing(list, first, &stored, &end);
        for (; missing > 0; missing--, end++) {
            const struct kernel_record *kernel = NULL;
            TRY(find_stand_in(list, &list->entries[first], &stored, &kernel));
            if (!kernel)
                break;
            TRY(insert_stand_in(list, first, kernel));
        }
    }
    return NULL;
}
