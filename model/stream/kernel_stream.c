/* SPDX-License-Identifier: MIT */
#include "model/stream/kernel_stream.h"

#include <stdlib.h>
#include <string.h>

#include "model/stream/definition_stream.h"
#include "model/stream/layout_stream.h"
#include "model/stream/module_stream.h"
#include "model/stream/symbol_stream.h"

/* "kstruct" and the form's number. */
#define MAGIC UINT64_C(0x066b737472756374)

/* The least that each takes, in numbers: a text without bytes is one. */
enum {
    DEFINITION_NUMBERS = LAYOUT_NUMBERS + PLACE_NUMBERS,
    NAME_NUMBERS = 3 + DEFINITION_NUMBERS,
};

static void append_definition(struct buffer *out, const struct kernel_definition *definition)
{
    stream_append_layout(out, definition->layout);
    stream_append_place(out, definition);
}

static void append_identity(struct buffer *out, const struct kernel_record *identity)
{
    stream_append_text(out, identity->release);
    stream_append_text(out, identity->architecture);
    stream_append_text(out, identity->build_id);
    stream_append_text(out, identity->compiler);
    stream_append_text(out, identity->dwarf_versions);
    stream_append_number(out, identity->elf_class);
    stream_append_number(out, identity->is_big_endian);
    stream_append_number(out, identity->modules);
}

static size_t listed_count(const struct kernel_layouts *layouts)
{
    return layouts->passed_over_count < PASSED_OVER_LISTED_MAXIMUM ? layouts->passed_over_count
                                                                   : PASSED_OVER_LISTED_MAXIMUM;
}

static void append_passed_over(struct buffer *out, const struct kernel_layouts *layouts)
{
    stream_append_number(out, layouts->passed_over_count);
    for (size_t i = 0; i < listed_count(layouts); i++) {
        stream_append_text(out, layouts->passed_over[i].name);
        stream_append_text(out, layouts->passed_over[i].reason);
    }
}

void kernel_stream_append(const struct kernel_layouts *layouts, struct buffer *out)
{
    stream_append_number(out, MAGIC);
    append_identity(out, &layouts->identity);
    append_passed_over(out, layouts);
    stream_append_types(out, &layouts->types);
    stream_append_number(out, layouts->definition_count);
    for (size_t i = 0; i < layouts->definition_count; i++) {
        const struct kernel_definitions *entry = &layouts->definitions[i];
        stream_append_number(out, entry->kind);
        stream_append_text(out, entry->name);
        stream_append_number(out, entry->further_count);
        append_definition(out, &entry->definition);
        for (size_t j = 0; j < entry->further_count; j++)
            append_definition(out, &entry->further[j]);
    }
    stream_append_modules(out, layouts);
    stream_append_symbols(out, &layouts->symbols);
}

static struct error *read_definition(struct stream_reader *reader,
                                     const struct kernel_definitions *entry,
                                     struct kernel_definition *definition)
{
    TRY(stream_read_layout(reader, entry->kind, entry->name, &definition->layout));
    return stream_read_place(reader, definition);
}

static struct error *read_name(struct stream_reader *reader, struct kernel_definitions *entry)
{
    entry->kind = (enum definition_kind)stream_read_number_up_to(reader, DEFINITION_KIND_COUNT - 1);
    TRY(stream_read_text(reader, &entry->name));
    entry->further_count = stream_read_count(reader, DEFINITION_NUMBERS);
    TRY(stream_check(reader));
    entry->further =
        arena_allocate(&reader->layouts->arena, entry->further_count, sizeof(*entry->further));
    if (!entry->further)
        return error_out_of_memory();
    if (entry->further_count > KERNEL_FURTHER_MAXIMUM)
        stream_fault(reader);
    TRY(stream_check(reader));
    TRY(read_definition(reader, entry, &entry->definition));
    for (size_t i = 0; i < entry->further_count; i++) {
        TRY(read_definition(reader, entry, &entry->further[i]));
        if (stream_has_twin(entry, i))
            stream_fault(reader);
    }
    return stream_check(reader);
}

static struct error *read_names(struct stream_reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;

    layouts->definition_count = stream_read_count(reader, NAME_NUMBERS);
    TRY(stream_check(reader));
    layouts->definitions =
        arena_allocate(&layouts->arena, layouts->definition_count, sizeof(*layouts->definitions));
    if (!layouts->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->definition_count; i++) {
        TRY(read_name(reader, &layouts->definitions[i]));
        if (i > 0 &&
            kernel_definitions_compare(&layouts->definitions[i - 1], &layouts->definitions[i]) >= 0)
            stream_fault(reader);
    }
    return stream_check(reader);
}

static struct error *read_identity(struct stream_reader *reader, struct kernel_record *identity)
{
    TRY(stream_read_text(reader, &identity->release));
    TRY(stream_read_text(reader, &identity->architecture));
    TRY(stream_read_text(reader, &identity->build_id));
    TRY(stream_read_text(reader, &identity->compiler));
    TRY(stream_read_text(reader, &identity->dwarf_versions));
    identity->elf_class = stream_read_number_up_to(reader, 64);
    identity->is_big_endian = stream_read_flag(reader);
    identity->modules = stream_read_number_up_to(reader, MODULES_NOT_THERE);
    return stream_check(reader);
}

static struct error *read_short_text(struct stream_reader *reader, const char **text_ret)
{
    TRY(stream_read_text(reader, text_ret));
    if (strlen(*text_ret) > PASSED_OVER_TEXT_MAXIMUM)
        stream_fault(reader);
    return stream_check(reader);
}

static struct error *read_passed_over(struct stream_reader *reader)
{
    struct kernel_layouts *layouts = reader->layouts;

    layouts->passed_over_count = (size_t)stream_read_number_up_to(reader, UINT32_MAX);
    TRY(stream_check(reader));
    layouts->passed_over =
        arena_allocate(&layouts->arena, PASSED_OVER_LISTED_MAXIMUM, sizeof(*layouts->passed_over));
    if (!layouts->passed_over)
        return error_out_of_memory();
    for (size_t i = 0; i < listed_count(layouts); i++) {
        TRY(read_short_text(reader, &layouts->passed_over[i].name));
        TRY(read_short_text(reader, &layouts->passed_over[i].reason));
    }
    return NULL;
}

static struct error *read_all(struct stream_reader *reader)
{
    if (stream_read_number(reader) != MAGIC)
        stream_fault(reader);
    TRY(stream_check(reader));
    TRY(read_identity(reader, &reader->layouts->identity));
    TRY(read_passed_over(reader));
    TRY(stream_read_types(reader));
    TRY(read_names(reader));
    TRY(stream_read_modules(reader));
    TRY(stream_read_symbols(reader));
    if (reader->offset != reader->length)
        stream_fault(reader);
    return stream_check(reader);
}

struct error *kernel_stream_read(const void *bytes, size_t length, const char *where,
                                 struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    struct stream_reader reader = {
        .bytes = bytes, .length = length, .where = where, .layouts = &layouts};

    kernel_layouts_init(&layouts);
    struct error *error = read_all(&reader);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
