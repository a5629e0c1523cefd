/* SPDX-License-Identifier: MIT */
/* The words of `kstruct offsets`, and what to say about those that lead nowhere. */
#ifndef KSTRUCT_CLI_WORDS_OFFSET_REQUESTS_H
#define KSTRUCT_CLI_WORDS_OFFSET_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "dataset/dataset.h"
#include "model/history.h"
#include "report/offsets/offset_table.h"

/* What is asked about one definition. */
struct offset_request {
    unsigned kinds; /* that are meant: a set of DEFINITION_KIND_BIT() */
    const char *definition_name;
    bool with_size; /* the definition itself was a word */
    size_t path_count;
    const char **paths; /* distinct */
};

struct offset_requests {
    size_t count;
    struct offset_request *requests; /* in the order of the first word about each */
};

/* All is allocated from ARENA. ERROR_USAGE says which word is wrong. */
struct error *offset_requests_parse(char *const *words, size_t word_count, struct arena *arena,
                                    struct offset_requests *requests_ret) MUST_CHECK;

/* The names of the members that the paths lead through, and to: "se" and "load" of
 * task_struct.se.load. Allocated from ARENA. */
struct error *offset_requests_list_members(const struct offset_requests *requests,
                                           struct arena *arena, const char ***names_ret,
                                           size_t *count_ret) MUST_CHECK;

/* ERROR_NOT_FOUND, which says why and what may have been meant, if no kernel shown has what ROW of
 * TABLE is about. The input may have no more than what was asked for, so what a definition may be
 * called is looked for in DATASET. ARENA is for scratch. */
struct error *offset_request_explain(struct dataset *dataset, const char *image,
                                     const struct offset_input *input,
                                     const struct offset_table *table, const struct offset_row *row,
                                     struct arena *arena) MUST_CHECK;

#endif
