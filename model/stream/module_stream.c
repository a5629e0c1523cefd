/* SPDX-License-Identifier: MIT */
#include "model/stream/module_stream.h"

#include <string.h>

#include "model/layout_set.h"
#include "model/stream/definition_stream.h"
#include "model/stream/layout_stream.h"

/* The least that each takes, in numbers. */
enum {
    KIND_AND_NAME_NUMBERS = 2,
    DEFINITION_NUMBERS = 1 + PLACE_NUMBERS,
    ENTRY_NUMBERS = 1 + DEFINITION_NUMBERS,
    MODULE_NUMBERS = 4,
};

static struct error *add_layout(struct layout_set *set, const struct layout *layout)
{
    return layout_set_find(set, layout) == LAYOUT_NOT_FOUND ? layout_set_add(set, layout) : NULL;
}

static struct error *add_module(struct layout_set *set, const struct kernel_image *module)
{
    for (size_t i = 0; i < module->definition_count; i++) {
        const struct kernel_definitions *entry = &module->definitions[i];
        TRY(add_layout(set, entry->definition.layout));
        for (size_t j = 0; j < entry->further_count; j++)
            TRY(add_layout(set, entry->further[j].layout));
    }
    return NULL;
}

static struct error *add_modules(struct layout_set *set, const struct kernel_layouts *layouts)
{
    for (size_t i = 0; i < layouts->module_count; i++)
        TRY(add_module(set, &layouts->modules[i]));
    return NULL;
}

static void append_definition(struct buffer *out, const struct layout_set *set,
                              const struct kernel_definition *definition)
{
    stream_append_number(out, layout_set_find(set, definition->layout));
    stream_append_place(out, definition);
}

static void append_module(struct buffer *out, const struct layout_set *set,
                          const struct kernel_image *module)
{
    stream_append_text(out, module->name);
    stream_append_text(out, module->build_id);
    stream_append_text(out, module->source_version);
    stream_append_number(out, module->definition_count);
    for (size_t i = 0; i < module->definition_count; i++) {
        const struct kernel_definitions *entry = &module->definitions[i];
        stream_append_number(out, entry->further_count);
        append_definition(out, set, &entry->definition);
        for (size_t j = 0; j < entry->further_count; j++)
            append_definition(out, set, &entry->further[j]);
    }
}

static void append_all(struct buffer *out, const struct layout_set *set,
                       const struct kernel_layouts *layouts)
{
    stream_append_number(out, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        stream_append_number(out, set->layouts[i]->kind);
        stream_append_text(out, set->layouts[i]->name);
        stream_append_layout(out, set->layouts[i]);
    }
    stream_append_number(out, layouts->module_count);
    for (size_t i = 0; i < layouts->module_count; i++)
        append_module(out, set, &layouts->modules[i]);
}

void stream_append_modules(struct buffer *out, const struct kernel_layouts *layouts)
{
    CLEANUP(layout_set_deinit) struct layout_set set = {0};
    struct error *error = add_modules(&set, layouts);

    if (error)
        buffer_fail(out, error->code == ERROR_LIMIT ? ERROR_LIMIT : ERROR_OUT_OF_MEMORY);
    else
        append_all(out, &set, layouts);
    error_destroy(error);
}

/* The layouts that were read, by their number. */
struct layout_list {
    const struct layout **layouts;
    size_t count;
};

static struct error *read_layouts(struct stream_reader *reader, struct layout_list *list)
{
    list->count = stream_read_count(reader, KIND_AND_NAME_NUMBERS + LAYOUT_NUMBERS);
    TRY(stream_check(reader));
    list->layouts = arena_allocate(&reader->layouts->arena, list->count, sizeof(*list->layouts));
    if (!list->layouts)
        return error_out_of_memory();
    for (size_t i = 0; i < list->count; i++) {
        const char *name;
        enum definition_kind kind =
            (enum definition_kind)stream_read_number_up_to(reader, DEFINITION_KIND_COUNT - 1);
        TRY(stream_read_text(reader, &name));
        TRY(stream_read_layout(reader, kind, name, &list->layouts[i]));
    }
    return NULL;
}

static struct error *read_definition(struct stream_reader *reader, const struct layout_list *list,
                                     struct kernel_definition *definition)
{
    uint64_t number = stream_read_number(reader);

    if (number >= list->count)
        stream_fault(reader);
    TRY(stream_check(reader));
    definition->layout = list->layouts[number];
    return stream_read_place(reader, definition);
}

/* Is further definition INDEX of the entry's kind and name, and different from those before it? */
static bool belongs(const struct kernel_definitions *entry, size_t index)
{
    const struct layout *layout = entry->further[index].layout;

    return layout->kind == entry->kind && strcmp(layout->name, entry->name) == 0 &&
           !stream_has_twin(entry, index);
}

static struct error *read_entry(struct stream_reader *reader, const struct layout_list *list,
                                struct kernel_definitions *entry)
{
    entry->further_count = stream_read_count(reader, DEFINITION_NUMBERS);
    if (entry->further_count > KERNEL_FURTHER_MAXIMUM)
        stream_fault(reader);
    TRY(stream_check(reader));
    entry->further =
        arena_allocate(&reader->layouts->arena, entry->further_count, sizeof(*entry->further));
    if (!entry->further)
        return error_out_of_memory();
    TRY(read_definition(reader, list, &entry->definition));
    entry->kind = entry->definition.layout->kind;
    entry->name = entry->definition.layout->name;
    for (size_t i = 0; i < entry->further_count; i++) {
        TRY(read_definition(reader, list, &entry->further[i]));
        if (!belongs(entry, i))
            stream_fault(reader);
    }
    return stream_check(reader);
}

static struct error *read_module(struct stream_reader *reader, const struct layout_list *list,
                                 struct kernel_image *module)
{
    TRY(stream_read_text(reader, &module->name));
    TRY(stream_read_text(reader, &module->build_id));
    TRY(stream_read_text(reader, &module->source_version));
    module->definition_count = stream_read_count(reader, ENTRY_NUMBERS);
    TRY(stream_check(reader));
    module->definitions = arena_allocate(&reader->layouts->arena, module->definition_count,
                                         sizeof(*module->definitions));
    if (!module->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < module->definition_count; i++) {
        TRY(read_entry(reader, list, &module->definitions[i]));
        if (i > 0 &&
            kernel_definitions_compare(&module->definitions[i - 1], &module->definitions[i]) >= 0)
            stream_fault(reader);
    }
    return stream_check(reader);
}

/* Are the layouts what the modules have, each once, in the order that is written? */
static struct error *check_layouts(struct stream_reader *reader, const struct layout_list *list)
{
    CLEANUP(layout_set_deinit) struct layout_set set = {0};

    TRY(add_modules(&set, reader->layouts));
    bool is_same = set.count == list->count;
    for (uint32_t i = 0; is_same && i < set.count; i++)
        is_same = set.layouts[i] == list->layouts[i];
    if (!is_same)
        stream_fault(reader);
    return stream_check(reader);
}

struct error *stream_read_modules(struct stream_reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;
    struct layout_list list = {0};

    TRY(read_layouts(reader, &list));
    layouts->module_count = stream_read_count(reader, MODULE_NUMBERS);
    TRY(stream_check(reader));
    layouts->modules =
        arena_allocate(&layouts->arena, layouts->module_count, sizeof(*layouts->modules));
    if (!layouts->modules)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->module_count; i++) {
        TRY(read_module(reader, &list, &layouts->modules[i]));
        if (i > 0 && strcmp(layouts->modules[i - 1].name, layouts->modules[i].name) >= 0)
            stream_fault(reader);
    }
    TRY(stream_check(reader));
    return check_layouts(reader, &list);
}
