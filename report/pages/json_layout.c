/* SPDX-License-Identifier: MIT */
#include "report/pages/json_layout.h"

#include "report/compare/members/member_paths.h"
#include "report/compare/waste.h"
#include "report/write/change_json.h"

struct layout_writer {
    struct json_document *document;
    const struct layout *layout;
    struct buffer *scratch;
    const struct member_path **paths; /* by index of the member; NULL: it has none */
    json_t **objects;                 /* the same */
};

static struct error *add_member(struct layout_writer *writer, json_t *members, uint32_t index)
{
    struct json_document *document = writer->document;
    const struct layout_member *member = &writer->layout->members[index];
    const struct member_path *path = writer->paths[index];
    json_t *object = json_value_add_object(document, members);

    writer->objects[index] = object;
    json_value_set(document, object, "path", path ? json_value_text(path->path) : json_null());
    json_value_set(document, object, "name", json_value_text(member->name));
    json_value_set(document, object, "depth", json_value_number(member->depth));
    TRY(change_json_set_member(document, object, writer->layout, member, writer->scratch));
    if (writer->layout->lacks_member_sizes)
        json_value_set(document, object, "holes_before", json_null());
    else
        json_value_set_array(document, object, "holes_before");
    return NULL;
}

static void add_hole(struct layout_writer *writer, const struct hole *hole)
{
    struct json_document *document = writer->document;
    json_t *array = json_object_get(writer->objects[hole->before_member], "holes_before");
    json_t *object = json_value_add_object(document, array);

    json_value_set(document, object, "bit_offset", json_value_number(hole->bit_offset));
    json_value_set(document, object, "bit_size", json_value_number(hole->bit_size));
    json_value_set(document, object, "is_in_bitfield", json_boolean(hole->is_in_bitfield));
}

/* Tells of the holes between the members of CONTAINER, and of the padding after them in OBJECT. */
static struct error *add_container(struct layout_writer *writer, uint32_t container, json_t *object,
                                   struct waste_sum *sum_ret)
{
    bool is_known = holes_are_known(writer->layout);
    CLEANUP(holes_deinit) struct holes holes = {0};

    if (is_known)
        TRY(holes_find(writer->layout, container, &holes));
    for (size_t i = 0; i < holes.count; i++)
        add_hole(writer, &holes.holes[i]);
    *sum_ret = waste_sum_of(&holes);
    json_value_set(writer->document, object, "padding_bits",
                   json_value_number_or_null(is_known, sum_ret->padding.bits_in_bytes));
    json_value_set(writer->document, object, "bit_padding_bits",
                   json_value_number_or_null(is_known, sum_ret->padding.bitfield_bits));
    return NULL;
}

static struct error *find_paths(struct layout_writer *writer, struct arena *arena)
{
    const struct layout *layout = writer->layout;
    struct member_paths paths;

    TRY(member_paths_list(layout, arena, &paths));
    writer->paths = arena_allocate(arena, (size_t)layout->member_count + 1, sizeof(*writer->paths));
    writer->objects = arena_allocate(arena, (size_t)layout->member_count + 1, sizeof(json_t *));
    if (!writer->paths || !writer->objects)
        return error_out_of_memory();
    for (uint32_t i = 0; i < paths.count; i++) {
        if (paths.paths[i].kind == PATH_MEMBER)
            writer->paths[paths.paths[i].member - layout->members] = &paths.paths[i];
    }
    return NULL;
}

/* All but the members. */
static void set_sums(struct layout_writer *writer, json_t *object, const struct waste_sum *sum)
{
    struct json_document *document = writer->document;
    bool is_known = holes_are_known(writer->layout);

    json_value_set(document, object, "hole_count",
                   json_value_number_or_null(is_known, sum->hole_count));
    json_value_set(document, object, "hole_bits",
                   json_value_number_or_null(is_known, sum->holes.bits_in_bytes));
    json_value_set(document, object, "bit_hole_count",
                   json_value_number_or_null(is_known, sum->bit_hole_count));
    json_value_set(document, object, "bit_hole_bits",
                   json_value_number_or_null(is_known, sum->holes.bitfield_bits));
}

/* What only definitions of other kinds than struct and union have. */
static void set_other_kinds(struct json_document *document, json_t *object,
                            const struct layout *layout)
{
    if (layout->type)
        json_value_set(document, object, "type", json_value_text(type_text(layout->type)));
    if (layout->encoding)
        json_value_set(document, object, "encoding", json_value_text(layout->encoding));
    if (layout->enumerator_count == 0)
        return;
    json_t *list = json_value_set_array(document, object, "enumerators");
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        json_t *item = json_value_add_object(document, list);
        json_value_set(document, item, "name", json_value_text(layout->enumerators[i].name));
        json_value_set(document, item, "value", json_value_enumerator(&layout->enumerators[i]));
    }
}

struct error *json_layout_set(struct json_document *document, json_t *object,
                              const struct layout *layout, struct arena *arena,
                              struct buffer *scratch)
{
    struct layout_writer writer = {.document = document, .layout = layout, .scratch = scratch};
    struct waste_sum sum;

    TRY(find_paths(&writer, arena));
    json_value_set(document, object, "byte_size",
                   json_value_number_or_null(layout_has_byte_size(layout), layout->byte_size));
    json_t *members = json_array();
    if (!members)
        return error_out_of_memory();
    struct error *error = NULL;
    for (uint32_t i = 0; i < layout->member_count && !error; i++)
        error = add_member(&writer, members, i);
    if (!error)
        error = add_container(&writer, HOLES_WHOLE_STRUCT, object, &sum);
    if (!error)
        set_sums(&writer, object, &sum);
    for (uint32_t i = 0; i < layout->member_count && !error; i++) {
        if (layout_member_end(layout, i) > i + 1)
            error = add_container(&writer, i, writer.objects[i], &sum);
    }
    json_value_set(document, object, "members", members);
    set_other_kinds(document, object, layout);
    return error;
}
