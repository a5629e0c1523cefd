/* SPDX-License-Identifier: MIT */
/*
 * The names of definitions, members and enumerators, to be searched by any part of them: a data
 * base in a temporary file, by SQLite's full-text search with three letters at a time
 * (https://sqlite.org/fts5.html, section 4.3.4). It lives as long as it is open.
 */
#ifndef KSTRUCT_RUN_SERVING_CATALOG_SEARCH_TABLE_H
#define KSTRUCT_RUN_SERVING_CATALOG_SEARCH_TABLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct search_table;

struct error *search_table_create(struct search_table **table_ret) MUST_CHECK;

/* NULL-safe. */
void search_table_destroy(struct search_table *table);

/* To be filled by one thread: that definition number DEFINITION has a part of that path and last
 * name, or with PATH "" that it is called NAME. A definition's name comes before its parts, and
 * definitions in the order of their numbers; what is there already is not added again. */
struct error *search_table_add(struct search_table *table, uint32_t definition, const char *path,
                               const char *name) MUST_CHECK;

/* All is there: from now on any number of threads may ask. */
struct error *search_table_complete(struct search_table *table) MUST_CHECK;

struct search_hit {
    uint32_t definition;
    const char *path; /* "": the definition itself */
};

struct search_hits {
    size_t count;
    struct search_hit *hits; /* the best first */
};

/* What TEXT may mean, at most MAXIMUM: "pid", "task_struct.pid", "struct task". Definitions before
 * parts, whole names before beginnings, and these before other places. All is allocated from ARENA.
 * ERROR_LIMIT if it takes too long. */
struct error *search_table_find(struct search_table *table, const char *text, size_t maximum,
                                struct arena *arena, struct search_hits *hits_ret) MUST_CHECK;

#endif
