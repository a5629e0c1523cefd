/* SPDX-License-Identifier: MIT */
/*
 * Which definitions of a kernel lead to a given one: those that embed it, or that have a pointer to
 * it, directly or through others. A typedef is no step: what embeds it embeds what it stands for.
 * Names count: of several definitions of one name the first is looked at.
 */
#ifndef KSTRUCT_REPORT_FIND_FIND_GRAPH_H
#define KSTRUCT_REPORT_FIND_FIND_GRAPH_H

#include "base/hash/string_table.h"
#include "model/history.h"
#include "report/find/find_query.h"

/* What the types of a history name at their ends, for all its kernels. What no kernel defines has a
 * number, too, after those of the definitions. */
struct find_types {
    struct string_table undefined; /* names */
    uint32_t *definitions;         /* by type: the definition's number, or FIND_NOTHING */
    bool *have_pointers;           /* by type: is there one on the way? */
};

#define FIND_NOTHING UINT32_MAX

struct error *find_types_make(const struct history *history,
                              struct find_types *types_ret) MUST_CHECK;
void find_types_deinit(struct find_types *types);

/* The next step from a definition to the target. */
struct find_step {
    bool leads_there;
    uint32_t member; /* of the definition's layout; FIND_NOTHING: what the typedef stands for */
    uint32_t next;   /* definition */
};

struct find_graph {
    const struct history *history;
    const struct find_types *types;
    size_t kernel;
    size_t edge_count;
    struct find_edge *edges; /* by definition that they lead to */
    uint32_t *starts;        /* by definition: its first edge */
    /* By definition: */
    struct find_step *embeds;    /* how it embeds the target; the target itself leads there */
    struct find_step *points_to; /* how it comes to the target through a pointer */
};

/* Of one kernel. DEEP: also through other definitions. Free with find_graph_deinit(), also after a
 * failure. */
struct error *find_graph_make(const struct history *history, const struct find_types *types,
                              size_t kernel, const struct find_target *target, bool is_deep,
                              struct find_graph *graph) MUST_CHECK;
void find_graph_deinit(struct find_graph *graph);

/* How a member of that type leads to the target: the definition that it names, where that leads on;
 * FIND_NOTHING if it does not. */
uint32_t find_graph_embeds(const struct find_graph *graph, const struct type *type);
uint32_t find_graph_points_to(const struct find_graph *graph, const struct type *type);

/* Appends how it goes on from a member of that type, by the graph's STEPS: ".wait.lock", "->next";
 * nothing if the type is the target. */
void find_graph_append_way(struct buffer *out, const struct find_graph *graph,
                           const struct find_step *steps, const struct type *type);

#endif
