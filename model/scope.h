/* SPDX-License-Identifier: MIT */
/*
 * What a name means in one kernel of a history, seen from vmlinux or a module: the module's own
 * definitions go before all others. Whether a struct is defined, and what a typedef stands for, is
 * a question to the kernel, not a part of a type.
 */
#ifndef KSTRUCT_MODEL_SCOPE_H
#define KSTRUCT_MODEL_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/history.h"

struct scope {
    const struct history *history;
    size_t kernel;      /* index in the history */
    const char *module; /* NULL: vmlinux */
};

/* What is seen from where ENTRY's definition in that kernel is; from vmlinux if it is NULL. */
struct scope scope_of_definition(const struct history *history, size_t kernel,
                                 const struct history_definition *entry);

/* What the name means there: the module's own definition, as far as the history was loaded with
 * details, else the first; or NULL. */
const struct layout *scope_find(const struct scope *scope, enum definition_kind kind,
                                const char *name);

/* A type without qualifiers and typedefs. */
struct resolved_type {
    const struct type
        *type; /* TYPE_TYPEDEF only where the kernel does not say what it stands for */
    /* The typedef that names TYPE, which has no other name, and has its members or enumerators;
     * else NULL. */
    const struct layout *named_by;
};

struct resolved_type scope_resolve(const struct scope *scope, const struct type *type);

/* The definition of the struct, union or enum that TYPE is without its qualifiers and typedefs;
 * NULL if it is none, or is not known. */
const struct layout *scope_find_type(const struct scope *scope, const struct type *type);

/* The bytes of a value of TYPE; false if they are not known. */
bool scope_byte_size(const struct scope *scope, const struct type *type, uint64_t *byte_size_ret);

#endif
