/* SPDX-License-Identifier: MIT */
#include "report/news/change_log_update.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/sha256.h"
#include "base/text/hexadecimal.h"
#include "report/write/definition_title.h"

/* Where no kernel says when it was read. */
#define UNKNOWN_DAY "1970-01-01"

#define TIME_FORMAT "%.10sT%02u:%02u:%02uZ"

enum {
    DAY_LENGTH = 10,
    DAY_SECONDS = 24 * 60 * 60,
    IDENTITY_MAXIMUM = 64 * 1024 * 1024,
    TITLE_BYTES_MAXIMUM = 64 * 1024
};

struct log_update {
    const struct report_context *context;
    struct change_log *log;
    struct change_entry entry;
    size_t kernel_count; /* of the report now */
    struct logged_kernel *kernels;
    bool *is_fresh; /* by kernel: added or changed */
};

static const struct logged_kernel *find_kernel(const struct logged_kernel *kernels, size_t count,
                                               const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(kernels[i].name, name) == 0)
            return &kernels[i];
    }
    return NULL;
}

static struct error *list_kernels(struct log_update *update)
{
    const struct report_input *input = &update->context->input;
    size_t count = input->history->kernel_count;
    struct arena *arena = &update->log->arena;

    update->kernels = arena_allocate(arena, count + 1, sizeof(*update->kernels));
    update->is_fresh = arena_allocate(arena, count + 1, sizeof(*update->is_fresh));
    if (!update->kernels || !update->is_fresh)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const struct coverage_kernel *covered = coverage_of(input->coverage, i);
        update->kernels[i] = (struct logged_kernel){.name = input->history->kernel_names[i],
                                                    .digest = covered ? covered->digest : ""};
    }
    update->kernel_count = count;
    return NULL;
}

static void add_name(struct text_list *list, const char *name)
{
    list->texts[list->count++] = name;
}

static struct error *compare_kernels(struct log_update *update)
{
    const struct change_log *log = update->log;
    struct text_list *lists = update->entry.kernels;

    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++) {
        lists[i].texts =
            arena_allocate(&update->log->arena, update->kernel_count + log->kernel_count + 1,
                           sizeof(*lists[i].texts));
        if (!lists[i].texts)
            return error_out_of_memory();
    }
    for (size_t i = 0; i < update->kernel_count; i++) {
        const struct logged_kernel *kernel = &update->kernels[i];
        const struct logged_kernel *old =
            find_kernel(log->kernels, log->kernel_count, kernel->name);
        update->is_fresh[i] = !old || strcmp(old->digest, kernel->digest) != 0;
        if (update->is_fresh[i])
            add_name(&lists[old ? KERNELS_CHANGED : KERNELS_ADDED], kernel->name);
    }
    for (size_t i = 0; i < log->kernel_count; i++) {
        if (!find_kernel(update->kernels, update->kernel_count, log->kernels[i].name))
            add_name(&lists[KERNELS_REMOVED], log->kernels[i].name);
    }
    return NULL;
}

static bool has_news(const struct change_entry *entry)
{
    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++) {
        if (entry->kernels[i].count > 0)
            return true;
    }
    return entry->is_beginning;
}

static void count_definitions(const struct survey *survey, size_t pair,
                              struct change_comparison *comparison)
{
    for (size_t i = 0; i < survey->definition_count; i++) {
        enum fate fate = fate_of_definition(survey_word_of(survey, i, pair));
        if (fate != FATE_NONE)
            comparison->counts[fate]++;
    }
}

/* The log's own copy. */
static struct error *title_of(struct log_update *update, size_t index, const char **title_ret)
{
    const struct history_definition *entry = &update->context->input.history->definitions[index];
    CLEANUP(buffer_deinit) struct buffer title;

    buffer_init(&title, TITLE_BYTES_MAXIMUM);
    if (entry->kind == DEFINITION_STRUCT) {
        *title_ret = entry->name;
        return NULL;
    }
    definition_title_append(&title, entry->kind, entry->name);
    TRY(buffer_check(&title, entry->name));
    *title_ret = arena_copy_text(&update->log->arena, buffer_text(&title), title.length);
    return *title_ret ? NULL : error_out_of_memory();
}

static struct error *name_definitions(struct log_update *update, size_t pair,
                                      struct change_comparison *comparison)
{
    const struct survey *survey = &update->context->survey;
    size_t counts[FATE_COUNT] = {0};

    for (size_t i = 0; i < FATE_COUNT; i++) {
        comparison->names[i] = arena_allocate(&update->log->arena, comparison->counts[i] + 1,
                                              sizeof(*comparison->names[i]));
        if (!comparison->names[i])
            return error_out_of_memory();
    }
    for (size_t i = 0; i < survey->definition_count; i++) {
        enum fate fate = fate_of_definition(survey_word_of(survey, i, pair));
        if (fate != FATE_NONE)
            TRY(title_of(update, i, &comparison->names[fate][counts[fate]++]));
    }
    comparison->has_names = true;
    return NULL;
}

static struct error *compare_definitions(struct log_update *update)
{
    const struct survey *survey = &update->context->survey;
    const char **kernel_names = update->context->input.history->kernel_names;
    struct change_entry *entry = &update->entry;

    entry->comparisons =
        arena_allocate(&update->log->arena, survey->pair_count + 1, sizeof(*entry->comparisons));
    if (!entry->comparisons)
        return error_out_of_memory();
    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct survey_pair *pair = &survey->pairs[i];
        if (!update->is_fresh[pair->kernels.after])
            continue;
        struct change_comparison *comparison = &entry->comparisons[entry->comparison_count++];
        *comparison = (struct change_comparison){.group = pair->group->name,
                                                 .before = kernel_names[pair->kernels.before],
                                                 .after = kernel_names[pair->kernels.after]};
        count_definitions(survey, i, comparison);
        if (!entry->is_beginning)
            TRY(name_definitions(update, i, comparison));
    }
    return NULL;
}

/* Is it a day as coverage.h has them? */
static bool is_day(const char *text)
{
    static const char form[] = "0000-00-00";

    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    }
    return text[DAY_LENGTH] == '\0';
}

static const char *latest_day(const struct coverage *coverage)
{
    const char *latest = UNKNOWN_DAY;

    for (size_t i = 0; i < coverage->count; i++) {
        const char *day = coverage->kernels[i].read_on;
        if (is_day(day) && strcmp(day, latest) > 0)
            latest = day;
    }
    return latest;
}

static struct error *set_time(struct log_update *update)
{
    const char *day = latest_day(update->context->input.coverage);
    unsigned second = 0;
    char text[64];

    if (update->log->entry_count > 0) {
        const char *last = update->log->entries[0].updated;
        const char *clock = last + DAY_LENGTH + 1;
        if (strncmp(day, last, DAY_LENGTH) <= 0) {
            day = last;
            second = (unsigned)(strtoul(clock, NULL, 10) * 3600 +
                                strtoul(clock + 3, NULL, 10) * 60 + strtoul(clock + 6, NULL, 10)) +
                     1;
        }
    }
    /* No report changes so often in a day. */
    if (second >= DAY_SECONDS)
        second = DAY_SECONDS - 1;
    int length = snprintf(text, sizeof(text), TIME_FORMAT, day, second / 3600, second / 60 % 60,
                          second % 60);
    update->entry.updated = arena_copy_text(&update->log->arena, text, (size_t)length);
    return update->entry.updated ? NULL : error_out_of_memory();
}

/* A URN that follows from CONTENT: a UUID of the kind that is left to whoever makes it (RFC 9562,
 * version 8), from the first bytes of its SHA-256. */
static struct error *make_id(const struct buffer *content, struct arena *arena, const char **id_ret)
{
    uint8_t digest[SHA256_BYTES];
    char text[SHA256_HEX_LENGTH + 1];
    char id[] = "urn:uuid:00000000-0000-0000-0000-000000000000";
    size_t place = strlen("urn:uuid:");

    TRY(buffer_check(content, "what a change is known by"));
    TRY(sha256_digest(content->data, content->length, digest));
    digest[6] = (digest[6] & 0x0f) | 0x80;
    digest[8] = (digest[8] & 0x3f) | 0x80;
    hexadecimal(digest, sizeof(digest), text);
    for (size_t i = 0; i < 16; i++) {
        place += id[place] == '-';
        id[place++] = text[2 * i];
        id[place++] = text[2 * i + 1];
    }
    *id_ret = arena_copy_text(arena, id, strlen(id));
    return *id_ret ? NULL : error_out_of_memory();
}

/* An entry is known by the one before it and the report's kernels: all else follows from these. The
 * feed is known by its first entry, wherever the report is and whatever has left the feed since. */
static struct error *set_ids(struct log_update *update)
{
    struct change_log *log = update->log;
    CLEANUP(buffer_deinit) struct buffer content;

    buffer_init(&content, IDENTITY_MAXIMUM);
    buffer_append_format(&content, "entry\n%s\n%s\n",
                         log->entry_count > 0 ? log->entries[0].id : "none", update->entry.updated);
    for (size_t i = 0; i < update->kernel_count; i++)
        buffer_append_format(&content, "%s %s\n", update->kernels[i].name,
                             update->kernels[i].digest);
    TRY(make_id(&content, &log->arena, &update->entry.id));
    if (log->entry_count > 0)
        return NULL;
    buffer_clear(&content);
    buffer_append_format(&content, "feed\n%s\n", update->entry.id);
    return make_id(&content, &log->arena, &log->id);
}

static struct error *put_in_front(struct log_update *update)
{
    struct change_log *log = update->log;
    struct change_entry *entries =
        arena_allocate(&log->arena, log->entry_count + 1, sizeof(*entries));

    if (!entries)
        return error_out_of_memory();
    if (log->entry_count > 0)
        memcpy(entries + 1, log->entries, log->entry_count * sizeof(*entries));
    entries[0] = update->entry;
    log->entries = entries;
    if (log->entry_count < CHANGE_LOG_ENTRIES_MAXIMUM)
        log->entry_count++;
    log->kernels = update->kernels;
    log->kernel_count = update->kernel_count;
    return NULL;
}

struct error *change_log_update(const struct report_context *context, struct change_log *log,
                                bool *is_new_ret)
{
    struct log_update update = {
        .context = context, .log = log, .entry.is_beginning = log->entry_count == 0};

    TRY(list_kernels(&update));
    TRY(compare_kernels(&update));
    *is_new_ret = has_news(&update.entry);
    if (!*is_new_ret)
        return NULL;
    TRY(compare_definitions(&update));
    TRY(set_time(&update));
    TRY(set_ids(&update));
    return put_in_front(&update);
}
