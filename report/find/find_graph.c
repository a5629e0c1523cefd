/* SPDX-License-Identifier: MIT */
#include "report/find/find_graph.h"

#include <stdlib.h>
#include <string.h>

/* Longer ways are cut. */
enum { WAY_STEPS_MAXIMUM = 64 };

/* That a part of definition FROM names the definition in whose list this is. */
struct find_edge {
    uint32_t from;
    uint32_t member; /* FIND_NOTHING: what a typedef stands for */
    bool has_pointer;
};

/* Which kind a type names; false for what has no definition. */
static bool kind_of(const struct type *type, enum definition_kind *kind_ret)
{
    switch (type->kind) {
    case TYPE_STRUCT: *kind_ret = DEFINITION_STRUCT; return true;
    case TYPE_UNION: *kind_ret = DEFINITION_UNION; return true;
    case TYPE_ENUM: *kind_ret = DEFINITION_ENUM; return true;
    case TYPE_TYPEDEF: *kind_ret = DEFINITION_TYPEDEF; return true;
    case TYPE_INT: *kind_ret = DEFINITION_INT; return true;
    case TYPE_FWD: *kind_ret = type->is_union ? DEFINITION_UNION : DEFINITION_STRUCT; return true;
    default: return false;
    }
}

/* What a function takes or returns is neither in its pointer nor behind it. */
static const struct type *find_end(const struct type *type, bool *has_pointer)
{
    for (; type->target; type = type->target) {
        if (type->kind == TYPE_FUNC_PROTO)
            return NULL;
        *has_pointer |= type->kind == TYPE_PTR;
    }
    return type->name ? type : NULL;
}

static struct error *number_end(const struct history *history, const struct type *end,
                                struct find_types *types, uint32_t *number_ret)
{
    enum definition_kind kind;
    uint32_t number;

    *number_ret = FIND_NOTHING;
    if (!end || !kind_of(end, &kind))
        return NULL;
    const struct history_definition *entry = history_find(history, kind, end->name);
    if (entry) {
        *number_ret = (uint32_t)(entry - history->definitions);
        return NULL;
    }
    TRY(string_table_intern(&types->undefined, end->name, strlen(end->name), &number));
    *number_ret = (uint32_t)history->definition_count + number;
    return NULL;
}

struct error *find_types_make(const struct history *history, struct find_types *types_ret)
{
    size_t count = (size_t)history->types.count + 1;

    *types_ret = (struct find_types){
        .definitions = calloc(count, sizeof(*types_ret->definitions)),
        .have_pointers = calloc(count, sizeof(*types_ret->have_pointers)),
    };
    string_table_init(&types_ret->undefined);
    if (!types_ret->definitions || !types_ret->have_pointers)
        return error_out_of_memory();
    for (uint32_t i = 0; i < history->types.count; i++) {
        const struct type *end = find_end(history->types.types[i], &types_ret->have_pointers[i]);
        TRY(number_end(history, end, types_ret, &types_ret->definitions[i]));
    }
    return NULL;
}

void find_types_deinit(struct find_types *types)
{
    string_table_deinit(&types->undefined);
    free(types->definitions);
    free(types->have_pointers);
}

/* Hands each part of the kernel's definitions that names a definition to TAKE. */
static void visit_parts(struct find_graph *graph,
                        void (*take)(struct find_graph *, uint32_t, const struct find_edge *))
{
    const struct history *history = graph->history;
    const struct find_types *types = graph->types;

    for (uint32_t i = 0; i < history->definition_count; i++) {
        const struct layout *layout = history->definitions[i].layouts[graph->kernel];
        if (!layout)
            continue;
        if (layout->type) {
            uint32_t number = layout->type->number;
            const struct find_edge edge = {i, FIND_NOTHING, types->have_pointers[number]};
            if (types->definitions[number] != FIND_NOTHING)
                take(graph, types->definitions[number], &edge);
        }
        for (uint32_t j = 0; j < layout->member_count; j++) {
            uint32_t number = layout->members[j].type->number;
            const struct find_edge edge = {i, j, types->have_pointers[number]};
            if (types->definitions[number] != FIND_NOTHING)
                take(graph, types->definitions[number], &edge);
        }
    }
}

/* Of what the edges and steps are by. */
static size_t node_count(const struct find_graph *graph)
{
    return graph->history->definition_count + graph->types->undefined.count;
}

static void count_edge(struct find_graph *graph, uint32_t to, const struct find_edge *edge UNUSED)
{
    graph->starts[to + 1]++;
    graph->edge_count++;
}

/* Each start goes on to the next one's place while edges are put in. */
static void put_edge(struct find_graph *graph, uint32_t to, const struct find_edge *edge)
{
    graph->edges[graph->starts[to]++] = *edge;
}

static struct error *list_edges(struct find_graph *graph)
{
    size_t count = node_count(graph);

    graph->starts = calloc(count + 2, sizeof(*graph->starts));
    if (!graph->starts)
        return error_out_of_memory();
    visit_parts(graph, count_edge);
    for (size_t i = 0; i < count; i++)
        graph->starts[i + 1] += graph->starts[i];
    graph->edges = calloc(graph->edge_count + 1, sizeof(*graph->edges));
    if (!graph->edges)
        return error_out_of_memory();
    visit_parts(graph, put_edge);
    memmove(graph->starts + 1, graph->starts, count * sizeof(*graph->starts));
    graph->starts[0] = 0;
    return NULL;
}

/* Definitions whose steps are known, and whose edges are still to be followed back. */
struct find_queue {
    uint32_t *definitions;
    size_t first;
    size_t end;
};

static void reach(struct find_step *steps, struct find_queue *queue, uint32_t definition,
                  uint32_t member, uint32_t next)
{
    if (steps[definition].leads_there)
        return;
    steps[definition] = (struct find_step){true, member, next};
    queue->definitions[queue->end++] = definition;
}

static bool is_step_free(const struct find_edge *edge)
{
    return edge->member == FIND_NOTHING;
}

/* Follows edges without pointers back from what is in the queue: through typedefs, and with IS_DEEP
 * through members. */
static void spread_embedding(struct find_graph *graph, struct find_queue *queue, bool is_deep)
{
    while (queue->first < queue->end) {
        uint32_t to = queue->definitions[queue->first++];
        for (uint32_t i = graph->starts[to]; i < graph->starts[to + 1]; i++) {
            const struct find_edge *edge = &graph->edges[i];
            if (!edge->has_pointer && (is_deep || is_step_free(edge)))
                reach(graph->embeds, queue, edge->from, edge->member, to);
        }
    }
}

/* What has a pointer to something that embeds the target, or is it; then, with IS_DEEP, what leads
 * there in whatever way; without, typedefs. */
static void spread_pointing(struct find_graph *graph, struct find_queue *queue, bool is_deep)
{
    for (uint32_t to = 0; to < node_count(graph); to++) {
        for (uint32_t i = graph->starts[to];
             graph->embeds[to].leads_there && i < graph->starts[to + 1]; i++) {
            const struct find_edge *edge = &graph->edges[i];
            if (edge->has_pointer && (is_deep || is_step_free(edge)))
                reach(graph->points_to, queue, edge->from, edge->member, to);
        }
    }
    while (queue->first < queue->end) {
        uint32_t to = queue->definitions[queue->first++];
        for (uint32_t i = graph->starts[to]; i < graph->starts[to + 1]; i++) {
            const struct find_edge *edge = &graph->edges[i];
            if (is_deep || (is_step_free(edge) && !edge->has_pointer))
                reach(graph->points_to, queue, edge->from, edge->member, to);
        }
    }
}

static bool is_target(const struct find_graph *graph, uint32_t number,
                      const struct find_target *target)
{
    const struct history *history = graph->history;

    if (number >= history->definition_count)
        return strcmp(graph->types->undefined.texts[number - history->definition_count],
                      target->name) == 0;
    const struct history_definition *entry = &history->definitions[number];
    return (target->kinds & DEFINITION_KIND_BIT(entry->kind)) &&
           strcmp(entry->name, target->name) == 0;
}

static struct error *spread(struct find_graph *graph, const struct find_target *target,
                            bool is_deep)
{
    size_t count = node_count(graph);
    struct find_queue queue = {.definitions = calloc(count + 1, sizeof(*queue.definitions))};

    graph->embeds = calloc(count + 1, sizeof(*graph->embeds));
    graph->points_to = calloc(count + 1, sizeof(*graph->points_to));
    if (!queue.definitions || !graph->embeds || !graph->points_to) {
        free(queue.definitions);
        return error_out_of_memory();
    }
    for (uint32_t i = 0; i < count; i++) {
        if (is_target(graph, i, target))
            reach(graph->embeds, &queue, i, FIND_NOTHING, FIND_NOTHING);
    }
    spread_embedding(graph, &queue, is_deep);
    queue.first = queue.end = 0;
    spread_pointing(graph, &queue, is_deep);
    free(queue.definitions);
    return NULL;
}

struct error *find_graph_make(const struct history *history, const struct find_types *types,
                              size_t kernel, const struct find_target *target, bool is_deep,
                              struct find_graph *graph)
{
    *graph = (struct find_graph){.history = history, .types = types, .kernel = kernel};
    TRY(list_edges(graph));
    return spread(graph, target, is_deep);
}

void find_graph_deinit(struct find_graph *graph)
{
    free(graph->edges);
    free(graph->starts);
    free(graph->embeds);
    free(graph->points_to);
    *graph = (struct find_graph){0};
}

uint32_t find_graph_embeds(const struct find_graph *graph, const struct type *type)
{
    uint32_t definition = graph->types->definitions[type->number];

    return definition != FIND_NOTHING && !graph->types->have_pointers[type->number] &&
                   graph->embeds[definition].leads_there
               ? definition
               : FIND_NOTHING;
}

uint32_t find_graph_points_to(const struct find_graph *graph, const struct type *type)
{
    uint32_t definition = graph->types->definitions[type->number];

    if (definition == FIND_NOTHING)
        return FIND_NOTHING;
    bool has_pointer = graph->types->have_pointers[type->number];
    return graph->points_to[definition].leads_there ||
                   (has_pointer && graph->embeds[definition].leads_there)
               ? definition
               : FIND_NOTHING;
}

void find_graph_append_way(struct buffer *out, const struct find_graph *graph,
                           const struct find_step *steps, const struct type *type)
{
    uint32_t definition = graph->types->definitions[type->number];
    bool has_pointer = graph->types->have_pointers[type->number];
    bool is_behind_pointer = has_pointer;

    for (unsigned i = 0; i < WAY_STEPS_MAXIMUM && definition < graph->history->definition_count;
         i++) {
        /* Behind a pointer it goes on by what is embedded as soon as that leads there. */
        const struct find_step *step = is_behind_pointer && graph->embeds[definition].leads_there
                                           ? &graph->embeds[definition]
                                           : &steps[definition];
        const struct layout *layout =
            graph->history->definitions[definition].layouts[graph->kernel];
        if (!step->leads_there || step->next == FIND_NOTHING || !layout)
            return;
        if (step->member == FIND_NOTHING) {
            has_pointer |= layout->type && graph->types->have_pointers[layout->type->number];
            is_behind_pointer |= has_pointer;
        } else {
            const struct layout_member *member = &layout->members[step->member];
            buffer_append_text(out, has_pointer ? "->" : ".");
            buffer_append_text(out, layout_member_is_dissolved(member) ? "…" : member->name);
            has_pointer = graph->types->have_pointers[member->type->number];
            is_behind_pointer |= has_pointer;
        }
        definition = step->next;
    }
}
