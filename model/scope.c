/* SPDX-License-Identifier: MIT */
#include "model/scope.h"

#include "base/capped.h"

/* Typedefs of typedefs: C has no more than a few, and foreign bytes may have a circle. */
enum { TYPEDEFS_MAXIMUM = 64 };

struct scope scope_of_definition(const struct history *history, size_t kernel,
                                 const struct history_definition *entry)
{
    struct history_modules modules = {0};

    if (entry)
        modules = history_modules_of(entry, kernel);
    return (struct scope){history, kernel, modules.count > 0 ? modules.names[0] : NULL};
}

const struct layout *scope_find(const struct scope *scope, enum definition_kind kind,
                                const char *name)
{
    const struct history_definition *entry = history_find(scope->history, kind, name);

    const struct layout *own =
        entry && scope->module ? history_module_layout(entry, scope->kernel, scope->module) : NULL;

    if (!entry || own)
        return own;
    return entry->layouts[scope->kernel];
}

struct resolved_type scope_resolve(const struct scope *scope, const struct type *type)
{
    struct resolved_type resolved = {.type = type_unqualified(type)};

    for (unsigned i = 0; i < TYPEDEFS_MAXIMUM && resolved.type->kind == TYPE_TYPEDEF; i++) {
        const struct layout *layout = scope_find(scope, DEFINITION_TYPEDEF, resolved.type->name);
        if (!layout || !layout->type)
            return resolved;
        resolved.type = type_unqualified(layout->type);
        resolved.named_by = layout->member_count + layout->enumerator_count > 0 ? layout : NULL;
    }
    return resolved;
}

static const struct layout *find_resolved(const struct scope *scope,
                                          const struct resolved_type *resolved)
{
    const char *name = resolved->type->name;

    switch (resolved->type->kind) {
    case TYPE_STRUCT:
        return resolved->named_by ? resolved->named_by : scope_find(scope, DEFINITION_STRUCT, name);
    case TYPE_UNION:
        return resolved->named_by ? resolved->named_by : scope_find(scope, DEFINITION_UNION, name);
    case TYPE_ENUM:
        return resolved->named_by ? resolved->named_by : scope_find(scope, DEFINITION_ENUM, name);
    default: return NULL;
    }
}

const struct layout *scope_find_type(const struct scope *scope, const struct type *type)
{
    struct resolved_type resolved = scope_resolve(scope, type);

    return find_resolved(scope, &resolved);
}

bool scope_byte_size(const struct scope *scope, const struct type *type, uint64_t *byte_size_ret)
{
    uint64_t count = 1;
    struct resolved_type resolved = scope_resolve(scope, type);

    while (resolved.type->kind == TYPE_ARRAY) {
        count = multiply_capped(count, type_element_count(resolved.type));
        resolved = scope_resolve(scope, resolved.type->target);
    }
    const struct layout *layout = resolved.type->kind == TYPE_INT
                                      ? scope_find(scope, DEFINITION_INT, resolved.type->name)
                                      : find_resolved(scope, &resolved);
    if (!layout || !layout_has_byte_size(layout))
        return false;
    *byte_size_ret = multiply_capped(count, layout->byte_size);
    return true;
}
