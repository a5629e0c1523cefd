/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text/utf8.h"
#include "export/json_lines.h"

struct writer {
    json_t **types; /* by type number: made once, shared by all that use it; NULL: not yet */
    uint32_t type_count;
    json_lines_sink *sink;
    void *context;
};

/* Objects and strings are made with jansson's calls that take the new reference, so that a failure
 * to allocate shows as NULL or -1 once, at the end of an object. */
static bool set(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static json_t *type_object(struct writer *writer, const struct type *type);

/* JSON is UTF-8, and names may be other bytes. So that different names stay different, a byte that
 * is no UTF-8 is written as \xNN, and a backslash, which no name in C has, as two. */
static json_t *name_string(const char *name)
{
    json_t *string = strchr(name, '\\') ? NULL : json_string(name);
    CLEANUP(buffer_deinit) struct buffer escaped;
    const unsigned char *rest = (const unsigned char *)name;
    size_t left = strlen(name);

    buffer_init(&escaped, 4 * left + 1);
    while (!string && left > 0) {
        size_t length = utf8_character_length(rest, left);
        if (length == 0)
            buffer_append_format(&escaped, "\\x%02x", *rest);
        else if (*rest == '\\')
            buffer_append_text(&escaped, "\\\\");
        else
            buffer_append(&escaped, rest, length);
        rest += length ? length : 1;
        left -= length ? length : 1;
    }
    return string || escaped.has_failed ? string : json_string(buffer_text(&escaped));
}

static bool set_type(struct writer *writer, json_t *object, const char *key,
                     const struct type *type)
{
    return set(object, key, json_incref(type_object(writer, type)));
}

/* "(anon)", "(anon-1)", … */
static json_t *parameter_name(uint32_t index)
{
    return index == 0 ? json_string(TYPE_ANONYMOUS) : json_sprintf("(anon-%" PRIu32 ")", index);
}

static json_t *parameter_list(struct writer *writer, const struct type *type)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < type->count; i++) {
        json_t *parameter = json_object();
        if (!set(parameter, "name", parameter_name(i)) ||
            !set_type(writer, parameter, "type", type->parameters[i]) ||
            json_array_append_new(list, parameter) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool fill_type(struct writer *writer, json_t *object, const struct type *type)
{
    const char *word = type_kind_word(type->kind);

    switch (type->kind) {
    case TYPE_VOID:
        return set(object, "name", json_string("void")) && set(object, "kind", json_string(word));
    case TYPE_INT:
    case TYPE_TYPEDEF:
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_ENUM:
        return set(object, "kind", json_string(word)) &&
               set(object, "name", name_string(type->name));
    case TYPE_FWD:
        return set(object, "kind", json_string(word)) &&
               set(object, "name", name_string(type->name)) &&
               set(object, "fwd_kind", json_string(type->is_union ? "union" : "struct"));
    case TYPE_PTR:
        return set(object, "kind", json_string(word)) &&
               set_type(writer, object, "type", type->target);
    case TYPE_CONST:
    case TYPE_VOLATILE:
    case TYPE_RESTRICT:
    case TYPE_ATOMIC:
        return set(object, "kind", json_string(word)) &&
               set(object, "name", json_string(TYPE_ANONYMOUS)) &&
               set_type(writer, object, "type", type->target);
    case TYPE_ARRAY:
        return set(object, "kind", json_string(word)) &&
               set(object, "name", json_string(TYPE_ANONYMOUS)) &&
               set(object, "nr_elems", json_integer((json_int_t)type_element_count(type))) &&
               set_type(writer, object, "type", type->target);
    case TYPE_FUNC_PROTO:
        return set(object, "kind", json_string(word)) &&
               set(object, "params", parameter_list(writer, type)) &&
               set_type(writer, object, "ret_type", type->target);
    }
    return false;
}

/* A reference that the writer keeps; NULL if it cannot be made. */
static json_t *type_object(struct writer *writer, const struct type *type)
{
    json_t **place = &writer->types[type->number];

    if (!*place) {
        json_t *object = json_object();
        if (!fill_type(writer, object, type)) {
            json_decref(object);
            return NULL;
        }
        *place = object;
    }
    return *place;
}

static json_t *member_object(struct writer *writer, const struct layout_member *member)
{
    json_t *object = json_object();
    bool is_fine = set(object, "name", name_string(member->name)) &&
                   set(object, "bits_offset", json_integer((json_int_t)member->bit_offset));

    if (is_fine && member->bitfield_size > 0)
        is_fine = set(object, "bitfield_size", json_integer(member->bitfield_size));
    if (is_fine && set_type(writer, object, "type", member->type))
        return object;
    json_decref(object);
    return NULL;
}

static json_t *struct_object(struct writer *writer, const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *member;
    json_t *members = json_array();
    json_t *object = json_object();

    while ((member = layout_next_field(&fields))) {
        if (json_array_append_new(members, member_object(writer, member)) != 0) {
            json_decref(members);
            json_decref(object);
            return NULL;
        }
    }
    if (set(object, "kind", json_string("STRUCT")) &&
        set(object, "name", name_string(layout->name)) &&
        set(object, "size", json_integer((json_int_t)layout->byte_size)) &&
        json_object_set(object, "members", members) == 0) {
        json_decref(members);
        return object;
    }
    json_decref(members);
    json_decref(object);
    return NULL;
}

static struct error *write_struct(struct writer *writer, const struct layout *layout)
{
    json_t *object = struct_object(writer, layout);
    char *text = object ? json_dumps(object, JSON_ENSURE_ASCII) : NULL;

    json_decref(object);
    if (!text)
        return error_out_of_memory();
    size_t length = strlen(text);
    text[length] = '\n';
    struct error *error = writer->sink(writer->context, text, length + 1);
    free(text);
    return error;
}

struct error *json_lines_write(const struct kernel_layouts *layouts, json_lines_sink *sink,
                               void *context)
{
    struct writer writer = {
        .types = calloc((size_t)layouts->types.count + 1, sizeof(*writer.types)),
        .type_count = layouts->types.count,
        .sink = sink,
        .context = context,
    };
    struct error *error = writer.types ? NULL : error_out_of_memory();

    for (size_t i = 0; i < layouts->struct_count && !error; i++)
        error = write_struct(&writer, layouts->structs[i].definition.layout);
    for (uint32_t i = 0; writer.types && i < writer.type_count; i++)
        json_decref(writer.types[i]);
    free(writer.types);
    return error;
}
