/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/text/utf8.h"
#include "export/json_lines.h"

struct writer {
    const struct json_lines_kernel *kernel;
    /* By type number, for each without sizes and with them: made once, shared by all that use it;
     * NULL: not yet. */
    json_t **types;
    size_t type_count;
    bool has_sizes; /* of the definition that is being written */
    export_sink *sink;
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

/* As kernel_definitions_compare() orders them. */
static int compare_layouts(const void *left, const void *right)
{
    const struct layout *a = *(const struct layout *const *)left;
    const struct layout *b = *(const struct layout *const *)right;

    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

/* The kernel's definition of that name, or NULL. */
static const struct layout *find(const struct writer *writer, enum definition_kind kind,
                                 const char *name)
{
    const struct layout wanted = {.kind = kind, .name = name};
    const struct layout *key = &wanted;
    const struct layout *const *found =
        bsearch(&key, writer->kernel->layouts, writer->kernel->count, sizeof(const struct layout *),
                compare_layouts);

    return found ? *found : NULL;
}

/* A struct or union that the kernel names and does not define. */
static bool is_forward(const struct writer *writer, const struct type *type)
{
    if (type->kind == TYPE_FWD)
        return true;
    if (!writer->kernel->is_complete || !type_is_aggregate(type) ||
        type_is_anonymous_aggregate(type))
        return false;
    return !find(writer, type->kind == TYPE_UNION ? DEFINITION_UNION : DEFINITION_STRUCT,
                 type->name);
}

/* An enum's size is told with each that has the type, where sizes are known. */
static bool fill_enum(const struct writer *writer, json_t *object, const struct type *type)
{
    const struct layout *layout =
        writer->has_sizes ? find(writer, DEFINITION_ENUM, type->name) : NULL;

    return set(object, "kind", json_string(type_kind_word(TYPE_ENUM))) &&
           set(object, "name", name_string(type->name)) &&
           (!layout || set(object, "size", json_integer((json_int_t)layout->byte_size)));
}

static bool fill_forward(json_t *object, const struct type *type)
{
    bool is_union = type->is_union || type->kind == TYPE_UNION;

    return set(object, "kind", json_string(type_kind_word(TYPE_FWD))) &&
           set(object, "name", name_string(type->name)) &&
           set(object, "fwd_kind", json_string(is_union ? "union" : "struct"));
}

static bool fill_type(struct writer *writer, json_t *object, const struct type *type)
{
    const char *word = type_kind_word(type->kind);

    if (is_forward(writer, type))
        return fill_forward(object, type);
    switch (type->kind) {
    case TYPE_VOID:
        return set(object, "name", json_string("void")) && set(object, "kind", json_string(word));
    case TYPE_INT:
    case TYPE_TYPEDEF:
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_FWD:
        return set(object, "kind", json_string(word)) &&
               set(object, "name", name_string(type->name));
    case TYPE_ENUM: return fill_enum(writer, object, type);
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
    json_t **place = &writer->types[(size_t)type->number * 2 + writer->has_sizes];

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

/* Adds ITEM to LIST; false if it could not be made. */
static bool append(json_t *list, json_t *item)
{
    return json_array_append_new(list, item) == 0;
}

static bool set_size(json_t *object, const struct layout *layout)
{
    return set(object, "size", json_integer((json_int_t)layout->byte_size));
}

static bool fill_members(struct writer *writer, json_t *object, const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *member;
    json_t *members = json_array();
    bool is_fine = set_size(object, layout) && set(object, "members", members);

    while (is_fine && (member = layout_next_field(&fields)))
        is_fine = append(members, member_object(writer, member));
    return is_fine;
}

/* JSON has numbers of any size, and what reads it here has not: what is over 2^63 - 1 is written as
 * a text. */
static json_t *value_of(const struct enumerator *enumerator)
{
    if (!enumerator->is_unsigned)
        return json_integer(enumerator->value);
    return json_sprintf("%" PRIu64, (uint64_t)enumerator->value);
}

static bool fill_enumerators(struct writer *writer UNUSED, json_t *object,
                             const struct layout *layout)
{
    json_t *values = json_array();
    bool is_fine = set_size(object, layout) && set(object, "values", values);

    for (uint32_t i = 0; is_fine && i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        json_t *value = json_object();
        is_fine = set(value, "name", name_string(enumerator->name)) &&
                  set(value, "val", value_of(enumerator)) && append(values, json_incref(value));
        json_decref(value);
    }
    return is_fine;
}

static bool fill_typedef(struct writer *writer, json_t *object, const struct layout *layout)
{
    return set_type(writer, object, "type", layout->type);
}

static bool fill_int(struct writer *writer UNUSED, json_t *object, const struct layout *layout)
{
    return set_size(object, layout);
}

typedef bool fill_body(struct writer *writer, json_t *object, const struct layout *layout);

static fill_body *const bodies[DEFINITION_KIND_COUNT] = {
    [DEFINITION_STRUCT] = fill_members,   [DEFINITION_UNION] = fill_members,
    [DEFINITION_ENUM] = fill_enumerators, [DEFINITION_TYPEDEF] = fill_typedef,
    [DEFINITION_INT] = fill_int,
};

static json_t *definition_object(struct writer *writer, const struct layout *layout)
{
    json_t *object = json_object();
    writer->has_sizes = layout_has_places(layout);
    const char *name = layout_is_unnamed_enum(layout) ? TYPE_ANONYMOUS : layout->name;

    if (set(object, "kind", json_string(definition_kind_texts[layout->kind].schema_word)) &&
        set(object, "name", name_string(name)) && bodies[layout->kind](writer, object, layout))
        return object;
    json_decref(object);
    return NULL;
}

static struct error *write_definition(struct writer *writer, const struct layout *layout)
{
    json_t *object = definition_object(writer, layout);
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

struct error *json_lines_write(const struct json_lines_kernel *kernel, export_sink *sink,
                               void *context)
{
    struct writer writer = {
        .kernel = kernel,
        .types = calloc((size_t)kernel->types->count + 1, 2 * sizeof(*writer.types)),
        .type_count = (size_t)kernel->types->count * 2,
        .sink = sink,
        .context = context,
    };
    struct error *error = writer.types ? NULL : error_out_of_memory();

    for (size_t i = 0; i < kernel->count && !error; i++) {
        bool is_context = kernel->are_context && kernel->are_context[i];
        if (!is_context && (kernel->kinds & DEFINITION_KIND_BIT(kernel->layouts[i]->kind)))
            error = write_definition(&writer, kernel->layouts[i]);
    }
    for (size_t i = 0; writer.types && i < writer.type_count; i++)
        json_decref(writer.types[i]);
    free(writer.types);
    return error;
}
