/* SPDX-License-Identifier: MIT */
#include "export/isf/isf_types.h"

#include <string.h>

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
        return named(writer, "enum", resolved->named_by->name);
    if (type_is_anonymous_enum(resolved->type) ||
        !scope_find(&writer->scope, DEFINITION_ENUM, resolved->type->name))
        return named(writer, "base", "unsigned int");
    return named(writer, "enum", resolved->type->name);
}

static bool is_written(const struct isf_writer *writer, enum definition_kind kind, const char *name)
{
    const struct history_definition *entry = history_find(writer->scope.history, kind, name);

    if (!entry)
        return false;
    return writer->is_of_vmlinux_only ? history_vmlinux_layout(entry, writer->scope.kernel)
                                      : entry->layouts[writer->scope.kernel];
}

/* What the kernel only declares is there with nothing in it, so that pointers to it lead somewhere.
 */
static void add_declared(struct isf_writer *writer, const struct type *type, const char *name,
                         const char *kind)
{
    struct json_document *document = &writer->document;
    enum definition_kind defined = type->kind == TYPE_UNION ? DEFINITION_UNION : DEFINITION_STRUCT;

    if (is_written(writer, defined, name) || json_object_get(writer->user_types, name))
        return;
    json_t *object = json_value_set_object(document, writer->user_types, name);
    json_value_set(document, object, "kind", json_string(kind));
    json_value_set(document, object, "size", json_value_number(0));
    json_value_set_object(document, object, "fields");
}

static json_t *aggregate(struct isf_writer *writer, const struct type *type, const char *unnamed)
{
    const char *kind = type->kind == TYPE_UNION || type->is_union ? "union" : "struct";

    const char *name = type_is_anonymous_aggregate(type) ? unnamed : type->name;

    add_declared(writer, type, name, kind);
    return named(writer, kind, name);
}

json_t *isf_type(struct isf_writer *writer, const struct type *type, const char *unnamed)
{
    const struct resolved_type resolved = scope_resolve(&writer->scope, type);

    /* A typedef of a struct without a name, and mostly without members, names it. */
    if (resolved.named_by)
        unnamed = resolved.named_by->name;
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
