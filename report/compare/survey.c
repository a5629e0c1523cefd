/* SPDX-License-Identifier: MIT */
#include "report/compare/survey.h"

#include <stdlib.h>

#include "base/system/parallel.h"
#include "report/compare/fate.h"

struct surveyor {
    const struct history *history;
    struct survey *survey;
    struct arena *scratch; /* one for each thread */
};

static struct error *list_pairs(const struct kernel_groups *groups, struct survey *survey)
{
    for (size_t i = 0; i < groups->count; i++)
        survey->pair_count += groups->groups[i].pair_count;
    survey->pairs = calloc(survey->pair_count + 1, sizeof(*survey->pairs));
    if (!survey->pairs)
        return error_out_of_memory();
    size_t count = 0;
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        for (size_t j = 0; j < group->pair_count; j++)
            survey->pairs[count++] =
                (struct survey_pair){.group = group, .kernels = group->pairs[j]};
    }
    return NULL;
}

static struct error *find_word(const struct layout *before, const struct layout *after,
                               struct arena *scratch, uint16_t *word_ret)
{
    struct layout_comparison comparison = {0};

    if (!before || !after) {
        *word_ret = before ? SURVEY_REMOVED : after ? SURVEY_ADDED : SURVEY_ABSENT;
        return NULL;
    }
    TRY(layout_compare(before, after, NULL, scratch, &comparison));
    *word_ret = (uint16_t)comparison.kinds;
    return NULL;
}

static struct error *survey_definition(void *context, unsigned worker, size_t index)
{
    struct surveyor *surveyor = context;
    const struct history_definition *entry = &surveyor->history->definitions[index];
    struct survey *survey = surveyor->survey;
    uint16_t *words = &survey->words[index * survey->pair_count];

    arena_clear(&surveyor->scratch[worker]);
    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct kernel_pair *pair = &survey->pairs[i].kernels;
        if (!(survey->kinds[pair->before] & survey->kinds[pair->after] &
              DEFINITION_KIND_BIT(entry->kind)) ||
            history_is_half_known(surveyor->history, entry, pair->before, pair->after) ||
            !definition_is_compared(entry->kind, entry->layouts[pair->before],
                                    entry->layouts[pair->after])) {
            words[i] = SURVEY_ABSENT;
            continue;
        }
        TRY(find_word(entry->layouts[pair->before], entry->layouts[pair->after],
                      &surveyor->scratch[worker], &words[i]));
    }
    return NULL;
}

static void count_word(struct survey_pair *pair, unsigned word)
{
    pair->before_count += !(word & (SURVEY_ADDED | SURVEY_ABSENT));
    pair->after_count += !(word & (SURVEY_REMOVED | SURVEY_ABSENT));
    for (size_t kind = 0; difference_kind_any(word) && kind < DIFFERENCE_KIND_COUNT; kind++)
        pair->counts[kind] += difference_kind_has((enum difference_kind)kind, word);
}

/* The structs' words. */
static void count_words(const struct history *history, struct survey *survey)
{
    for (size_t i = 0; i < survey->definition_count; i++) {
        if (history->definitions[i].kind != DEFINITION_STRUCT)
            continue;
        for (size_t pair = 0; pair < survey->pair_count; pair++)
            count_word(&survey->pairs[pair], survey_word_of(survey, i, pair));
    }
}

static struct error *make(const struct history *history, const struct kernel_groups *groups,
                          unsigned jobs, struct survey *survey)
{
    struct surveyor surveyor = {.history = history, .survey = survey};

    survey->kinds = calloc(history->kernel_count + 1, sizeof(*survey->kinds));
    if (!survey->kinds)
        return error_out_of_memory();
    for (size_t i = 0; i < history->kernel_count; i++)
        survey->kinds[i] = history_kinds(history, i);
    TRY(list_pairs(groups, survey));
    survey->definition_count = history->definition_count;
    survey->words =
        calloc(survey->definition_count * survey->pair_count + 1, sizeof(*survey->words));
    surveyor.scratch = calloc(jobs, sizeof(*surveyor.scratch));
    struct error *error = survey->words && surveyor.scratch ? NULL : error_out_of_memory();
    if (!error)
        error = parallel_for(jobs, survey->definition_count, survey_definition, &surveyor);
    for (unsigned i = 0; surveyor.scratch && i < jobs; i++)
        arena_deinit(&surveyor.scratch[i]);
    free(surveyor.scratch);
    if (!error)
        count_words(history, survey);
    return error;
}

struct error *survey_make(const struct history *history, const struct kernel_groups *groups,
                          unsigned jobs, struct survey *survey_ret)
{
    struct survey survey = {0};
    struct error *error = make(history, groups, jobs > 0 ? jobs : 1, &survey);

    if (error) {
        survey_deinit(&survey);
        return error;
    }
    *survey_ret = survey;
    return NULL;
}

void survey_deinit(struct survey *survey)
{
    free(survey->kinds);
    free(survey->pairs);
    free(survey->words);
    *survey = (struct survey){0};
}

void survey_add_counts(struct survey *survey, const struct survey *other)
{
    for (size_t i = 0; i < survey->pair_count; i++) {
        struct survey_pair *pair = &survey->pairs[i];
        pair->before_count += other->pairs[i].before_count;
        pair->after_count += other->pairs[i].after_count;
        for (size_t kind = 0; kind < DIFFERENCE_KIND_COUNT; kind++)
            pair->counts[kind] += other->pairs[i].counts[kind];
    }
}

bool survey_has_pair(const struct survey *survey, const struct history *history, const char *before,
                     const char *after)
{
    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct kernel_pair *pair = &survey->pairs[i].kernels;
        if (strcmp(history->kernel_names[pair->before], before) == 0 &&
            strcmp(history->kernel_names[pair->after], after) == 0)
            return true;
    }
    return false;
}
