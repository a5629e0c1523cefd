/* SPDX-License-Identifier: MIT */
/* The definitions that are to be in a history, as their rows tell: which image has which layout. */
#ifndef KSTRUCT_DATASET_HISTORY_LOADED_DEFINITIONS_H
#define KSTRUCT_DATASET_HISTORY_LOADED_DEFINITIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "dataset/layout_rows.h"
#include "model/history.h"

/* That of a definition for which another image's stands: it is not the first of its kernel. */
#define LOADED_ORDINAL_UNKNOWN 1000000000

/* That a kernel has a definition. */
struct loaded_definition {
    uint64_t layout_id;
    const char *module_name; /* NULL: vmlinux's */
    uint64_t source_file;    /* an id; 0: unknown, or not asked for */
    uint32_t line;           /* 0 if unknown */
    uint32_t kernel;         /* its place in the history */
    uint32_t ordinal;        /* 0: the first of its kind and name in the kernel */
    uint32_t row;            /* of its layout; after loaded_definitions_name() */
};

struct loaded_definitions {
    size_t count;
    struct loaded_definition *list; /* in the order of their query */
    size_t capacity;
    struct layout_rows rows; /* their layouts; filled by the caller */
    uint32_t *name_indexes;  /* by row: the place of the layout's name in the history */
};

/* Frees the list; the rest belongs to arenas. */
void loaded_definitions_deinit(struct loaded_definitions *definitions);

struct error *loaded_definitions_add(struct loaded_definitions *definitions,
                                     struct loaded_definition definition) MUST_CHECK;

/* The ids of all their layouts, none of which may be above LAST_ID: ascending, each once, from
 * ARENA. */
struct error *loaded_definitions_list_layouts(const struct loaded_definitions *definitions,
                                              uint64_t last_id, struct arena *arena,
                                              uint64_t **ids_ret, size_t *count_ret) MUST_CHECK;

/* Makes an entry of HISTORY for each name, sorted, without a layout in any kernel yet. What is
 * needed until the history is made comes from SCRATCH. ERROR_DATASET, with PATH, if a definition
 * has no layout. */
struct error *loaded_definitions_name(struct loaded_definitions *definitions, const char *path,
                                      struct arena *scratch, struct history *history) MUST_CHECK;

/* The entry for the layout of that row. */
static inline struct history_definition *
loaded_definitions_entry(const struct loaded_definitions *definitions,
                         const struct history *history, size_t row)
{
    return &history->definitions[definitions->name_indexes[row]];
}

#endif
