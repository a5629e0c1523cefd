/* SPDX-License-Identifier: MIT */
#include "analyze/layout_assembly.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/definition_order.h"
#include "analyze/definition_users.h"
#include "analyze/dwarf/die_reader.h"
#include "analyze/dwarf/source_files.h"
#include "analyze/kind/layout_decoder.h"
#include "base/buffer.h"
#include "base/capped.h"
#include "base/hash/string_table.h"
#include "base/system/parallel.h"
#include "model/type_translation.h"

/* Neighbours in the file share a unit, and with it what libdwarf and the readers have loaded. */
enum { DEFINITIONS_PER_ITEM = 64 };

/* A thread's tools, and what they made. */
struct worker {
    bool is_ready;
    struct libdwarf_reader reader;
    struct type_decoder decoder;
    struct die_reader source_reader;
    struct buffer path;
    /* The source file that was looked up last: neighbours mostly share it. */
    const struct unit *known_unit;
    uint64_t known_file_index;
    const char *known_file;
    struct arena arena;
    struct type_translation translation; /* of this worker's types into the result's */
};

/* A definition, decoded. */
struct decoded_definition {
    unsigned worker;
    enum definition_kind kind;
    struct layout *layout;
    struct layout_member *members;
    const char *declaration_file;
    uint32_t declaration_line;
    struct error *failure; /* why it is passed over; NULL: it is not */
};

struct assembly {
    const struct dwarf_sections *sections;
    const struct unit_list *units;
    const struct definition_index *index;
    struct worker *workers;
    unsigned jobs;
    bool needs_digests;
    uint32_t *order; /* numbers of definitions, in the order of the file */
    size_t order_count;
    struct decoded_definition *decoded; /* by definition number */
    struct string_table paths;
    struct layout_budget budget;
    uint32_t types_paid; /* of the result's, from the first: they have taken their part of it */
    struct kernel_layouts *layouts;
};

static void prepare_worker(struct assembly *assembly, struct worker *worker)
{
    if (worker->is_ready)
        return;
    libdwarf_reader_init(&worker->reader, assembly->sections, assembly->units);
    type_decoder_init(&worker->decoder, &worker->reader);
    die_reader_init(&worker->source_reader, assembly->sections);
    buffer_init(&worker->path, SOURCE_PATH_MAXIMUM);
    arena_init(&worker->arena);
    worker->is_ready = true;
}

static void release_worker(struct worker *worker)
{
    if (!worker->is_ready)
        return;
    type_translation_deinit(&worker->translation);
    type_decoder_deinit(&worker->decoder);
    libdwarf_reader_deinit(&worker->reader);
    die_reader_deinit(&worker->source_reader);
    buffer_deinit(&worker->path);
    arena_deinit(&worker->arena);
}

/* The path of a unit's file number INDEX; belongs to the worker. */
static struct error *find_source_file(struct worker *worker, const struct unit *unit,
                                      uint64_t index, const char **path_ret)
{
    if (worker->known_unit != unit || worker->known_file_index != index) {
        TRY(source_file_by_index(&worker->source_reader, unit, index, &worker->path));
        const char *path =
            arena_copy_text(&worker->arena, buffer_text(&worker->path), worker->path.length);
        if (!path)
            return error_out_of_memory();
        worker->known_unit = unit;
        worker->known_file_index = index;
        worker->known_file = path;
    }
    *path_ret = worker->known_file;
    return NULL;
}

static struct error *decode_definition(struct assembly *assembly, unsigned worker_number,
                                       uint32_t number)
{
    struct worker *worker = &assembly->workers[worker_number];
    const struct definition *definition = &assembly->index->definitions[number];
    const struct unit *unit = &assembly->units->units[definition->unit];
    struct decoded_definition *result = &assembly->decoded[number];
    const struct layout_decoding decoding = {
        .decoder = &worker->decoder,
        .place = {unit->section, definition->die_offset},
        .kind = result->kind,
        .budget = &assembly->budget,
        .arena = &worker->arena,
    };
    struct decoded_layout decoded;

    libdwarf_reader_forget_others(&worker->reader, unit);
    TRY(layout_decode(&decoding, &decoded));
    result->worker = worker_number;
    result->declaration_file = "";
    result->declaration_line = decoded.declaration_line;
    result->layout = arena_allocate(&worker->arena, 1, sizeof(*result->layout));
    if (!result->layout)
        return error_out_of_memory();
    *result->layout = decoded.layout;
    result->members = decoded.members;
    /* Of a name's only definition nobody here asks for it. */
    if (!definition->is_plain || assembly->needs_digests)
        TRY(layout_compute_digest(result->layout));
    if (!decoded.has_declaration_file)
        return NULL;
    return find_source_file(worker, unit, decoded.declaration_file_index,
                            &result->declaration_file);
}

/* Is it the definition's own fault? Then it costs that definition, not the kernel. */
static bool costs_definition(const struct error *error)
{
    return error->code == ERROR_BAD_DWARF || error->code == ERROR_UNSUPPORTED ||
           error->code == ERROR_LIMIT;
}

static struct error *decode_item(void *context, unsigned worker_number, size_t item)
{
    struct assembly *assembly = context;
    size_t end = (item + 1) * DEFINITIONS_PER_ITEM;

    prepare_worker(assembly, &assembly->workers[worker_number]);
    if (end > assembly->order_count)
        end = assembly->order_count;
    for (size_t i = item * DEFINITIONS_PER_ITEM; i < end; i++) {
        struct error *error = decode_definition(assembly, worker_number, assembly->order[i]);
        if (error && layout_budget_is_exhausted(&assembly->budget)) {
            error_destroy(error);
            return layout_budget_take(&assembly->budget, 0);
        }
        if (error && !costs_definition(error))
            return error;
        assembly->decoded[assembly->order[i]].failure = error;
    }
    return NULL;
}

static int compare_places(const void *left, const void *right, void *context)
{
    const struct definition_index *index = context;

    return definition_compare_places(&index->definitions[*(const uint32_t *)left],
                                     &index->definitions[*(const uint32_t *)right]);
}

/* Lists the definitions in the order of the file. */
static struct error *make_order(struct assembly *assembly)
{
    const struct definition_index *index = assembly->index;

    assembly->order = calloc((size_t)index->definition_count + 1, sizeof(*assembly->order));
    assembly->decoded = calloc((size_t)index->definition_count + 1, sizeof(*assembly->decoded));
    assembly->workers = calloc(assembly->jobs, sizeof(*assembly->workers));
    if (!assembly->order || !assembly->decoded || !assembly->workers)
        return error_out_of_memory();
    for (uint32_t i = 0; i < index->name_count; i++) {
        if (index->names[i].is_too_long)
            continue;
        for (uint32_t j = index->names[i].first; j != DEFINITION_NONE;
             j = index->definitions[j].next) {
            assembly->decoded[j].kind = index->names[i].kind;
            assembly->order[assembly->order_count++] = j;
        }
    }
    union {
        const struct definition_index *constant;
        void *pointer;
    } context = {index};
    qsort_r(assembly->order, assembly->order_count, sizeof(*assembly->order), compare_places,
            context.pointer);
    return NULL;
}

/* Takes from the budget what the result's newest types need. */
static struct error *pay_types(struct assembly *assembly)
{
    const struct type_table *types = &assembly->layouts->types;

    for (; assembly->types_paid < types->count; assembly->types_paid++) {
        const struct type *type = types->types[assembly->types_paid];
        uint64_t name_length = type->name ? strlen(type->name) : 0;
        TRY(layout_budget_take(&assembly->budget, sizeof(*type) + strlen(type->text) + name_length +
                                                      type->count * sizeof(uint64_t)));
    }
    return NULL;
}

/* Makes the layout's types the result's, and its name one that stays: the name that was decoded
 * points into the mapped file. */
static struct error *adopt_layout(struct assembly *assembly, const char *name,
                                  const struct decoded_definition *decoded)
{
    struct type_translation *translation = &assembly->workers[decoded->worker].translation;

    for (uint32_t i = 0; i < decoded->layout->member_count; i++) {
        TRY(type_translate(translation, decoded->members[i].type, &decoded->members[i].type));
        TRY(pay_types(assembly));
    }
    if (decoded->layout->type) {
        TRY(type_translate(translation, decoded->layout->type, &decoded->layout->type));
        TRY(pay_types(assembly));
    }
    decoded->layout->name = name;
    return NULL;
}

/* The one object for a path's text. */
static struct error *share_path(struct assembly *assembly, const char *path, const char **path_ret)
{
    uint32_t known = assembly->paths.count;
    uint32_t number;

    TRY(string_table_intern(&assembly->paths, path, strlen(path), &number));
    if (number == known)
        TRY(layout_budget_take(&assembly->budget, strlen(path) + 1));
    *path_ret = assembly->paths.texts[number];
    return NULL;
}

static struct error *fill_definition(struct assembly *assembly, const char *name, uint32_t number,
                                     struct kernel_definition *definition)
{
    const struct decoded_definition *decoded = &assembly->decoded[number];

    TRY(adopt_layout(assembly, name, decoded));
    definition->layout = decoded->layout;
    definition->declaration_line = decoded->declaration_line;
    return share_path(assembly, decoded->declaration_file, &definition->declaration_file);
}

/* Names the units, in their order and each once, as users of DEFINITION. */
static struct error *name_users(struct assembly *assembly, struct definition_users *units,
                                struct kernel_definition *definition)
{
    struct worker *worker = &assembly->workers[0];

    definition_users_sort(units);
    definition->users =
        arena_allocate(&assembly->layouts->arena, units->count, sizeof(*definition->users));
    if (!definition->users)
        return error_out_of_memory();
    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &assembly->units->units[units->numbers[i]];
        TRY(source_file_of_unit(&worker->source_reader, unit, &worker->path));
        TRY(share_path(assembly, buffer_text(&worker->path),
                       &definition->users[definition->user_count]));
        definition->user_count++;
    }
    return NULL;
}

static bool have_one_layout(const struct decoded_definition *a, const struct decoded_definition *b)
{
    return !a->failure && !b->failure && layouts_are_equal(a->layout, b->layout);
}

/* The first definition from NUMBER on that was decoded. */
static uint32_t next_decoded(const struct assembly *assembly, uint32_t number)
{
    while (number != DEFINITION_NONE && assembly->decoded[number].failure)
        number = assembly->index->definitions[number].next;
    return number;
}

/* Has an earlier definition of the name, in the list that begins with FIRST, the layout of
 * NUMBER's? */
static bool is_repeated(const struct assembly *assembly, uint32_t first, uint32_t number)
{
    const struct definition *definitions = assembly->index->definitions;

    for (uint32_t i = first; i != number; i = definitions[i].next) {
        if (have_one_layout(&assembly->decoded[i], &assembly->decoded[number]))
            return true;
    }
    return false;
}

/* Adds definition NUMBER, which differs from those before it, with the users of all that equal it.
 */
static struct error *add_one_further(struct assembly *assembly, uint32_t number,
                                     struct kernel_definitions *entry)
{
    const struct definition *definitions = assembly->index->definitions;
    struct kernel_definition *further = &entry->further[entry->further_count++];
    struct definition_users units = {0};

    TRY(fill_definition(assembly, entry->name, number, further));
    struct error *error = NULL;
    for (uint32_t i = number; i != DEFINITION_NONE && !error; i = definitions[i].next) {
        if (have_one_layout(&assembly->decoded[i], &assembly->decoded[number]))
            error = definition_users_add(assembly->index, i, &units);
    }
    if (!error)
        error = name_users(assembly, &units, further);
    free(units.numbers);
    return error;
}

/* Adds the definitions after the first one: those that really differ from it and each other. */
static struct error *add_further(struct assembly *assembly, uint32_t first,
                                 struct kernel_definitions *entry)
{
    const struct definition *definitions = assembly->index->definitions;
    size_t count = 0;

    for (uint32_t i = definitions[first].next; i != DEFINITION_NONE; i = definitions[i].next)
        count++;
    entry->further = arena_allocate(&assembly->layouts->arena, count, sizeof(*entry->further));
    if (!entry->further)
        return error_out_of_memory();
    for (uint32_t i = definitions[first].next; i != DEFINITION_NONE; i = definitions[i].next) {
        if (!assembly->decoded[i].failure && !is_repeated(assembly, first, i))
            TRY(add_one_further(assembly, i, entry));
    }
    return NULL;
}

/* Adds the name whose first decoded definition is FIRST. */
static struct error *add_name(struct assembly *assembly, uint32_t first)
{
    struct kernel_layouts *layouts = assembly->layouts;
    struct kernel_definitions *entry = &layouts->definitions[layouts->definition_count++];
    const char *name = assembly->decoded[first].layout->name;

    entry->kind = assembly->decoded[first].kind;
    entry->name = arena_copy_text(&layouts->arena, name, strlen(name));
    if (!entry->name)
        return error_out_of_memory();
    TRY(fill_definition(assembly, entry->name, first, &entry->definition));
    if (assembly->index->definitions[first].next != DEFINITION_NONE)
        TRY(add_further(assembly, first, entry));
    return NULL;
}

/* Says which of the name's definitions are passed over. */
static struct error *tell_passed_over(struct assembly *assembly, const struct defined_name *name)
{
    const char *word = definition_kind_texts[name->kind].singular;

    for (uint32_t i = name->first; i != DEFINITION_NONE; i = assembly->index->definitions[i].next) {
        const struct error *failure = assembly->decoded[i].failure;
        char reason[PASSED_OVER_TEXT_MAXIMUM + 1];
        if (!failure)
            continue;
        if (failure->offset == ERROR_NO_OFFSET)
            snprintf(reason, sizeof(reason), "%s", failure->why);
        else
            snprintf(reason, sizeof(reason), "at byte %" PRIu64 ": %s", failure->offset,
                     failure->why);
        TRY(kernel_layouts_pass_over(assembly->layouts, word, name->text, reason));
    }
    return NULL;
}

#define TOO_LONG_REASON "its name is longer than any that a kernel has"

static struct error *fill_names(struct assembly *assembly)
{
    const struct definition_index *index = assembly->index;
    struct kernel_layouts *layouts = assembly->layouts;

    layouts->definitions =
        arena_allocate(&layouts->arena, index->name_count, sizeof(*layouts->definitions));
    if (!layouts->definitions)
        return error_out_of_memory();
    for (uint32_t i = 0; i < index->name_count; i++) {
        const struct defined_name *name = &index->names[i];
        if (name->is_too_long) {
            TRY(kernel_layouts_pass_over(layouts, definition_kind_texts[name->kind].singular,
                                         name->text, TOO_LONG_REASON));
            continue;
        }
        uint32_t first = next_decoded(assembly, name->first);
        TRY(tell_passed_over(assembly, name));
        if (first != DEFINITION_NONE)
            TRY(add_name(assembly, first));
    }
    return NULL;
}

/* A kernel without a single struct that can be decoded has something wrong as a whole. */
static struct error *check_something_was_decoded(const struct assembly *assembly)
{
    const struct error *failure = NULL;

    for (size_t i = 0; i < assembly->order_count; i++) {
        const struct decoded_definition *decoded = &assembly->decoded[assembly->order[i]];
        if (definition_kind_texts[decoded->kind].parts != PART_MEMBERS)
            continue;
        if (!decoded->failure)
            return NULL;
        if (!failure)
            failure = decoded->failure;
    }
    return failure ? error_copy(failure) : NULL;
}

/* Hands over what the layouts point to. */
static void hand_over(struct assembly *assembly)
{
    struct kernel_layouts *layouts = assembly->layouts;

    for (unsigned i = 0; i < assembly->jobs; i++)
        arena_absorb(&layouts->arena, &assembly->workers[i].arena);
    arena_absorb(&layouts->arena, &assembly->paths.arena);
}

static struct error *assemble(struct assembly *assembly)
{
    size_t item_count;

    TRY(make_order(assembly));
    item_count = (assembly->order_count + DEFINITIONS_PER_ITEM - 1) / DEFINITIONS_PER_ITEM;
    libdwarf_reader_set_up();
    TRY(parallel_for(assembly->jobs, item_count, decode_item, assembly));
    TRY(check_something_was_decoded(assembly));
    prepare_worker(assembly, &assembly->workers[0]);
    for (unsigned i = 0; i < assembly->jobs; i++)
        type_translation_init(&assembly->workers[i].translation, &assembly->layouts->types);
    TRY(fill_names(assembly));
    TRY(definition_order_make(assembly->layouts));
    hand_over(assembly);
    return NULL;
}

struct error *layout_assembly_run(const struct layout_assembly_input *input,
                                  struct kernel_layouts *layouts)
{
    struct assembly assembly = {
        .sections = input->sections,
        .units = input->units,
        .index = input->index,
        .jobs = input->jobs,
        .needs_digests = input->needs_digests,
        .layouts = layouts,
    };

    layout_budget_init(&assembly.budget,
                       add_capped(input->sections->ranges[DWARF_INFO].byte_size,
                                  input->sections->ranges[DWARF_TYPES].byte_size));
    string_table_init(&assembly.paths);
    struct error *error = assemble(&assembly);
    for (unsigned i = 0; assembly.workers && i < assembly.jobs; i++)
        release_worker(&assembly.workers[i]);
    free(assembly.workers);
    for (uint32_t i = 0; assembly.decoded && i < assembly.index->definition_count; i++)
        error_destroy(assembly.decoded[i].failure);
    free(assembly.order);
    free(assembly.decoded);
    string_table_deinit(&assembly.paths);
    return error;
}
