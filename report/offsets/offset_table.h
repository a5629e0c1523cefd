/* SPDX-License-Identifier: MIT */
/*
 * Where the members of one definition are in every kernel: what tracing agents and authors of eBPF
 * programs otherwise build by hand.
 *
 * Kernels come line by line of development (architecture and flavor), each from its first version
 * on, so that neighbours mostly agree. Where a member is absent, its neighbours in the line may
 * tell what it was called there.
 */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_TABLE_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_TABLE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/history.h"
#include "report/offsets/offset_answer.h"

struct offset_row {
    const char *path;                    /* "": the struct itself */
    const struct offset_answer *answers; /* one for each kernel shown */
    size_t found_count;                  /* in how many of all kernels it is */
    size_t shown_found_count;            /* in how many of those shown */
};

struct offset_table {
    enum definition_kind kind;
    const char *definition_name; /* or that of another kind */
    struct offset_row size;      /* of the definition itself */
    size_t row_count;
    struct offset_row *rows;
};

/* The index after the last of the answers from INDEX on that are equal. */
size_t offset_row_run_end(const struct offset_row *row, size_t index, size_t shown_count);

/* A table with a row for each of PATHS, in that order; of the first of KINDS, a set, that a kernel
 * shown has a definition of that name of, or else any kernel, or else of the first of them. A
 * kernel that lacks that one answers of what the name means there. All is allocated from ARENA, or
 * belongs to the input or the arguments. */
struct error *offset_table_make(const struct offset_input *input, unsigned kinds, const char *name,
                                const char *const *paths, size_t path_count, struct arena *arena,
                                struct offset_table *table_ret) MUST_CHECK;

/* The same with all members that a kernel shown has and that are written without an index: first
 * those of the first kernel. Of several members of one name, which C does not allow, only the first
 * is there. */
struct error *offset_table_make_whole(const struct offset_input *input,
                                      const struct history_definition *entry, struct arena *arena,
                                      struct offset_table *table_ret) MUST_CHECK;

#endif
