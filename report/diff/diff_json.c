/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_json.h"

#include <string.h>

#include "report/write/declarator.h"
#include "report/write/json.h"

enum { FORMAT_VERSION = 1, DECLARATION_MAXIMUM = 16 * 1024 * 1024, INDENTATION = 1 };

struct json_writer {
    struct json_document document;
    struct buffer declaration;
};

/* The words of change_kinds_append() are for people and may change; these may not. */
static void set_kinds(struct json_writer *writer, json_t *object, unsigned kinds)
{
    static const struct {
        unsigned kind;
        const char *key;
    } keys[] = {
        {CHANGE_ADDED_AT_END, "added_at_end"}, {CHANGE_INSERTED, "inserted"},
        {CHANGE_REMOVED, "removed"},           {CHANGE_MOVED, "moved"},
        {CHANGE_RESIZED, "resized"},           {CHANGE_WIDTH, "width_changed"},
        {CHANGE_TYPE, "type_changed"},         {CHANGE_NESTING, "nesting_changed"},
        {CHANGE_ORDER, "reordered"},           {CHANGE_STRUCT_SIZE, "size_changed"},
    };
    json_t *array = json_value_set_array(&writer->document, object, "changes");

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        if (kinds & keys[i].kind)
            json_value_add(&writer->document, array, json_string(keys[i].key));
    }
}

static void set_text(struct json_writer *writer, json_t *object, const char *key, const char *text)
{
    json_value_set(&writer->document, object, key, json_value_text(text));
}

static void set_number(struct json_writer *writer, json_t *object, const char *key, uint64_t number)
{
    json_value_set(&writer->document, object, key, json_value_number(number));
}

static struct error *set_declaration(struct json_writer *writer, json_t *object,
                                     const struct member_path *path)
{
    buffer_clear(&writer->declaration);
    TRY(declaration_append(&writer->declaration, path->member->type, path->member->name,
                           DECLARATOR_ZERO_LENGTH));
    TRY(buffer_check(&writer->declaration, path->path));
    set_text(writer, object, "declaration", buffer_text(&writer->declaration));
    return NULL;
}

/* What is not known has no key. */
static struct error *set_member_side(struct json_writer *writer, json_t *object, const char *key,
                                     const struct layout *layout, const struct member_path *path)
{
    if (!path)
        return NULL;
    json_t *side = json_value_set_object(&writer->document, object, key);
    const struct layout_member *member = path->member;
    set_text(writer, side, "path", path->path);
    set_text(writer, side, "type", type_text(member->type));
    TRY(set_declaration(writer, side, path));
    if (layout_has_places(layout))
        set_number(writer, side, "bit_offset", member->bit_offset);
    if (!layout->lacks_member_sizes)
        set_number(writer, side, "byte_size", member->byte_size);
    if (member->bitfield_size)
        set_number(writer, side, "bitfield_size", member->bitfield_size);
    if (!layout->lacks_member_sizes)
        set_text(writer, side, "nesting", path->nesting);
    return NULL;
}

static void set_hint(struct json_writer *writer, json_t *object, const struct member_change *change)
{
    static const char *const kinds[] = {
        [HINT_RENAMED] = "renamed", [HINT_RENESTED] = "renested", [HINT_EMBEDDED] = "embedded"};

    if (change->hint == HINT_NONE)
        return;
    json_t *hint = json_value_set_object(&writer->document, object, "hint");
    json_value_set(&writer->document, hint, "kind", json_string(kinds[change->hint]));
    set_text(writer, hint, "path", change->hint_path);
    if (change->hint_struct)
        set_text(writer, hint, "struct", change->hint_struct);
}

static struct error *set_members(struct json_writer *writer, json_t *object,
                                 const struct layout_comparison *comparison)
{
    json_t *members = json_value_set_array(&writer->document, object, "members");

    for (uint32_t i = 0; i < comparison->change_count; i++) {
        const struct member_change *change = &comparison->changes[i];
        json_t *member = json_value_add_object(&writer->document, members);
        set_kinds(writer, member, change->kinds);
        TRY(set_member_side(writer, member, "before", comparison->before, change->before));
        TRY(set_member_side(writer, member, "after", comparison->after, change->after));
        set_hint(writer, member, change);
    }
    return NULL;
}

static void set_struct_side(struct json_writer *writer, json_t *object, const char *key,
                            const struct struct_side *side)
{
    if (!side->layout)
        return;
    json_t *value = json_value_set_object(&writer->document, object, key);
    if (layout_has_places(side->layout))
        set_number(writer, value, "byte_size", side->layout->byte_size);
    if (side->waste.is_known) {
        set_number(writer, value, "hole_bits", side->waste.hole_bits);
        set_number(writer, value, "padding_bits", side->waste.padding_bits);
    }
    if (side->place.file && side->place.file[0] != '\0') {
        set_text(writer, value, "file", side->place.file);
        if (side->place.line > 0)
            set_number(writer, value, "line", side->place.line);
    }
    set_number(writer, value, "further_definitions", side->further_count);
}

static struct error *add_struct(struct json_writer *writer, json_t *structs,
                                const struct struct_change *change, enum difference_detail detail)
{
    json_t *object = json_value_add_object(&writer->document, structs);

    set_text(writer, object, "name", change->name);
    json_value_set(
        &writer->document, object, "status",
        json_string(
            fate_texts[struct_change_is_in_both(change) ? FATE_CHANGED : change->fate].key));
    set_struct_side(writer, object, "before", &change->before);
    set_struct_side(writer, object, "after", &change->after);
    if (!struct_change_is_in_both(change))
        return NULL;
    set_kinds(writer, object, change->comparison.kinds);
    json_t *counts = json_value_set_object(&writer->document, object, "member_counts");
    set_number(writer, counts, "added", change->member_counts[FATE_ADDED]);
    set_number(writer, counts, "removed", change->member_counts[FATE_REMOVED]);
    set_number(writer, counts, "changed", change->member_counts[FATE_CHANGED]);
    set_number(writer, counts, "moved", change->member_counts[FATE_ONLY_MOVED]);
    return detail == DIFFERENCE_MEMBERS ? set_members(writer, object, &change->comparison) : NULL;
}

static void set_kernel(struct json_writer *writer, const char *key, const char *name, size_t count)
{
    json_t *kernel = json_value_set_object(&writer->document, writer->document.root, key);

    set_text(writer, kernel, "kernel", name);
    set_number(writer, kernel, "struct_count", count);
}

static struct error *build(struct json_writer *writer, const struct kernel_difference *difference,
                           enum difference_detail detail)
{
    struct json_document *document = &writer->document;

    set_kernel(writer, "before", difference->before_name, difference->before_count);
    set_kernel(writer, "after", difference->after_name, difference->after_count);
    json_value_set(document, document->root, "is_selection",
                   json_boolean(difference->is_selection));
    json_t *counts = json_value_set_object(document, document->root, "struct_counts");
    set_number(writer, counts, "added", difference->added_count);
    set_number(writer, counts, "removed", difference->removed_count);
    set_number(writer, counts, "changed", difference->changed_count);
    set_number(writer, counts, "only_places_changed", difference->only_places_count);
    json_t *structs = json_value_set_array(document, document->root, "structs");
    for (size_t i = 0; i < difference->change_count; i++)
        TRY(add_struct(writer, structs, &difference->changes[i], detail));
    return NULL;
}

struct error *difference_json_render(const struct kernel_difference *difference,
                                     enum difference_detail detail, struct buffer *out)
{
    struct json_writer writer;

    json_document_init(&writer.document, "kstruct-diff", FORMAT_VERSION);
    buffer_init(&writer.declaration, DECLARATION_MAXIMUM);
    struct error *error = build(&writer, difference, detail);
    if (!error)
        error = json_document_append(&writer.document, INDENTATION, out);
    buffer_deinit(&writer.declaration);
    json_document_deinit(&writer.document);
    return error;
}
