/* SPDX-License-Identifier: MIT */
#include "export/isf/isf_types.h"

#include <string.h>

enum { ISF_KEY_MAXIMUM = 64 * 1024 };

static json_t *described(struct isf_writer *writer, const char *kind)
{
    json_t *object = json_object();

    json_value_set(&writer->document, object, "kind", json_string(kind));
    return object;
}

static json_t *named(struct isf_writer *writer, const char *kind, const char *name)
{
    json_t *object = described(writer, kind);

    json_value_set(&writer->document, object, "name", json_value_text(name));
    return object;
}

const struct layout *isf_written_layout(const struct isf_writer *writer,
                                        const struct history_definition *entry)
{
    const struct scope *scope = &writer->scope;
    const struct layout *own =
        scope->module ? history_module_layout(entry, scope->kernel, scope->module) : NULL;

    if (own)
        return own;
    return writer->has_all_images ? entry->layouts[scope->kernel]
                                  : history_vmlinux_layout(entry, scope->kernel);
}

static bool is_written(const struct isf_writer *writer, enum definition_kind kind, const char *name)
{
    const struct history_definition *entry = history_find(writer->scope.history, kind, name);

    return entry && isf_written_layout(writer, entry);
}

static bool is_taken(const struct isf_writer *writer, enum definition_kind kind, const char *name,
                     bool is_enum)
{
    switch (kind) {
    case DEFINITION_UNION: return is_written(writer, DEFINITION_STRUCT, name);
    case DEFINITION_TYPEDEF:
        return is_enum ? is_written(writer, DEFINITION_ENUM, name)
                       : is_written(writer, DEFINITION_STRUCT, name) ||
                             is_written(writer, DEFINITION_UNION, name);
    default: return false;
    }
}

static bool is_any_written(const struct isf_writer *writer, const char *name)
{
    return is_written(writer, DEFINITION_STRUCT, name) ||
           is_written(writer, DEFINITION_UNION, name) ||
           is_written(writer, DEFINITION_ENUM, name) ||
           is_written(writer, DEFINITION_TYPEDEF, name);
}

const char *isf_key(struct isf_writer *writer, enum definition_kind kind, const char *name,
                    bool is_enum)
{
    CLEANUP(buffer_deinit) struct buffer key;
    const char *kept;

    buffer_init(&key, ISF_KEY_MAXIMUM);
    if (!is_taken(writer, kind, name, is_enum))
        return name;
    buffer_append_format(&key, "%s__%s", name, definition_kind_texts[kind].word);
    /* Somebody may have a name that looks like this. */
    while (is_any_written(writer, buffer_text(&key)) && !key.has_failed)
        buffer_append_char(&key, '_');
    kept = arena_copy_text(&writer->arena, buffer_text(&key), key.length);
    writer->document.has_failed |= !kept || key.has_failed;
    return kept ? kept : name;
}

const char *isf_integer_name(uint64_t byte_size, bool is_signed)
{
    switch (byte_size) {
    case 1: return is_signed ? "signed char" : "unsigned char";
    case 2: return is_signed ? "short int" : "short unsigned int";
    case 8: return is_signed ? "long long int" : "long long unsigned int";
    default: return is_signed ? "int" : "unsigned int";
    }
}

static json_t *pointer(struct isf_writer *writer, json_t *subtype)
{
    json_t *object = described(writer, "pointer");

    json_value_set(&writer->document, object, "subtype", subtype);
    return object;
}

/* Each dimension is an array of its own, the outermost around the others. */
static json_t *array(struct isf_writer *writer, const struct type *type, const char *unnamed)
{
    json_t *object = isf_type(writer, type->target, unnamed);

    for (uint32_t i = type->count; i-- > 0;) {
        json_t *outer = described(writer, "array");
        json_value_set(&writer->document, outer, "count", json_value_number(type->dimensions[i]));
        json_value_set(&writer->document, outer, "subtype", object);
        object = outer;
    }
    return object;
}

/* An enum that only a typedef names is called as the typedef; of others without a name nothing but
 * that it is an integer is known. */
static json_t *enumeration(struct isf_writer *writer, const struct resolved_type *resolved)
{
    if (resolved->named_by)
        return named(writer, "enum",
                     isf_key(writer, DEFINITION_TYPEDEF, resolved->named_by->name, true));
    if (type_is_anonymous_enum(resolved->type) ||
        !is_written(writer, DEFINITION_ENUM, resolved->type->name))
        return named(writer, "base", "unsigned int");
    return named(writer, "enum", resolved->type->name);
}

/* What the kernel only declares is there with nothing in it, so that pointers to it lead somewhere.
 */
static void add_declared(struct isf_writer *writer, const char *name, const char *key,
                         enum definition_kind kind)
{
    struct json_document *document = &writer->document;

    if (is_written(writer, kind, name) || json_object_get(writer->user_types, key))
        return;
    json_t *object = json_value_set_object(document, writer->user_types, key);
    json_value_set(document, object, "kind", json_string(definition_kind_texts[kind].word));
    json_value_set(document, object, "size", json_value_number(0));
    json_value_set_object(document, object, "fields");
}

static json_t *aggregate(struct isf_writer *writer, const struct type *type, const char *unnamed)
{
    bool is_union = type->kind == TYPE_UNION || type->is_union;
    enum definition_kind kind = is_union ? DEFINITION_UNION : DEFINITION_STRUCT;
    bool is_anonymous = type_is_anonymous_aggregate(type);
    const char *name = is_anonymous ? unnamed : type->name;
    const char *key = is_anonymous ? unnamed : isf_key(writer, kind, name, false);

    add_declared(writer, name, key, kind);
    return named(writer, definition_kind_texts[kind].word, key);
}

json_t *isf_type(struct isf_writer *writer, const struct type *type, const char *unnamed)
{
    const struct resolved_type resolved = scope_resolve(&writer->scope, type);

    /* A typedef of a struct without a name, and mostly without members, names it. */
    if (resolved.named_by)
        unnamed = isf_key(writer, DEFINITION_TYPEDEF, resolved.named_by->name, false);
    else if (unnamed[0] == '\0' && type_unqualified(type)->kind == TYPE_TYPEDEF)
        unnamed = type_unqualified(type)->name;
    switch (resolved.type->kind) {
    case TYPE_PTR: return pointer(writer, isf_type(writer, resolved.type->target, unnamed));
    case TYPE_ARRAY: return array(writer, resolved.type, unnamed);
    case TYPE_FUNC_PROTO: return described(writer, "function");
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_FWD: return aggregate(writer, resolved.type, unnamed);
    case TYPE_ENUM: return enumeration(writer, &resolved);
    case TYPE_INT: return named(writer, "base", resolved.type->name);
    default: return named(writer, "base", "void");
    }
}

json_t *isf_bitfield(struct isf_writer *writer, const struct layout_member *member,
                     uint64_t bit_position)
{
    json_t *object = described(writer, "bitfield");

    json_value_set(&writer->document, object, "bit_position", json_value_number(bit_position));
    json_value_set(&writer->document, object, "bit_length",
                   json_value_number(member->bitfield_size));
    json_value_set(&writer->document, object, "type", isf_type(writer, member->type, ""));
    return object;
}
