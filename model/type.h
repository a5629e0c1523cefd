/* SPDX-License-Identifier: MIT */
/*
 * C types as struct members use them: small trees that end in a name, a void or a function's
 * parameters. A type names a struct, it does not contain it.
 *
 * Types are interned in a table: within one table equal types are one object, so they are compared
 * by address.
 */
#ifndef KSTRUCT_MODEL_TYPE_H
#define KSTRUCT_MODEL_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "base/hash/slots.h"

/* The kinds, with the word that stands for each in the published schema. */
#define TYPE_KINDS(X)                                                                              \
    X(TYPE_VOID, "VOID")                                                                           \
    X(TYPE_INT, "INT") /* any base type: integer, _Bool, char, floating point */                   \
    X(TYPE_TYPEDEF, "TYPEDEF")                                                                     \
    X(TYPE_STRUCT, "STRUCT")                                                                       \
    X(TYPE_UNION, "UNION")                                                                         \
    X(TYPE_ENUM, "ENUM")                                                                           \
    X(TYPE_FWD, "FWD") /* a struct or union that this kernel declares and never defines */         \
    X(TYPE_CONST, "CONST")                                                                         \
    X(TYPE_VOLATILE, "VOLATILE")                                                                   \
    X(TYPE_RESTRICT, "RESTRICT")                                                                   \
    X(TYPE_ATOMIC, "ATOMIC")                                                                       \
    X(TYPE_PTR, "PTR")                                                                             \
    X(TYPE_ARRAY, "ARRAY")                                                                         \
    X(TYPE_FUNC_PROTO, "FUNC_PROTO")

enum type_kind {
#define X(kind, word) kind,
    TYPE_KINDS(X)
#undef X
};

/* The bytes of a name, of a type, a struct or a member; in kernels none has a tenth of it. */
enum { C_NAME_MAXIMUM = 1024 };

/* The name of a struct, union or enum without one. */
#define TYPE_ANONYMOUS "(anon)"

struct type {
    enum type_kind kind;
    uint32_t number;  /* in its table, from 0 in the order of interning; targets come first */
    uint32_t depth;   /* 1 more than that of the deepest type it refers to */
    bool is_union;    /* TYPE_FWD: declared with `union`, not `struct` */
    uint32_t count;   /* of DIMENSIONS (TYPE_ARRAY) or PARAMETERS (TYPE_FUNC_PROTO) */
    const char *name; /* INT, TYPEDEF, STRUCT, UNION, ENUM, FWD; else NULL */
    /* What a qualifier qualifies, a pointer points to, an array has elements of, a function
     * returns; else NULL. Never NULL for those: void is a type. */
    const struct type *target;
    const uint64_t *dimensions;     /* elements, outermost first; 0 for a flexible one */
    const struct type **parameters; /* a variable argument list is a last TYPE_VOID */
    const char *text;               /* as type_text() says */
};

struct type_table {
    struct hash_key key;
    struct arena arena;
    struct type **types; /* COUNT of them, by number */
    uint32_t count;
    uint32_t capacity;
    struct slots slots;
};

void type_table_init(struct type_table *table);

/* Frees all its types. */
void type_table_deinit(struct type_table *table);

/* The table's own copy of a type that is equal to *TYPE in all but NUMBER, DEPTH and TEXT. Its
 * target and parameters must be this table's. Fails on lack of memory, or ERROR_LIMIT for a type
 * whose text is longer than TYPE_TEXT_MAXIMUM bytes, whose name is longer than C_NAME_MAXIMUM or
 * which is nested deeper than TYPE_DEPTH_MAXIMUM. */
struct error *type_intern(struct type_table *table, const struct type *type,
                          const struct type **type_ret) MUST_CHECK;

enum { TYPE_TEXT_MAXIMUM = 64 * 1024, TYPE_DEPTH_MAXIMUM = 256 };

/* As the pages print it, without a field's name: `const struct dentry *`, `atomic64_t[3]`,
 * `int (*)(struct file *, loff_t)`. Lives as long as the table. */
static inline const char *type_text(const struct type *type)
{
    return type->text;
}

/* Does it have what its kind cannot be without, and no list that its kind has not? To be asked of
 * types from outside before they are interned. */
bool type_is_complete(const struct type *type);

/* The product of an array's dimensions, capped at UINT64_MAX; 0 if one is 0. */
uint64_t type_element_count(const struct type *type);

/* Is it a struct or union itself, not a pointer to or array of one? */
static inline bool type_is_aggregate(const struct type *type)
{
    return type->kind == TYPE_STRUCT || type->kind == TYPE_UNION;
}

/* The type inside of all qualifiers. */
const struct type *type_unqualified(const struct type *type);

/* The type at the end of the pointers, arrays, functions and qualifiers. */
const struct type *type_leaf(const struct type *type);

/* Does a pointer, or a function, lie between the type and its end? What is inside of that end is
 * counted from its own beginning then. */
bool type_leads_through_pointer(const struct type *type);

/* A struct or union, or an enum, without a name. */
bool type_is_anonymous_aggregate(const struct type *type);
bool type_is_anonymous_enum(const struct type *type);

/* Is there, on the way from a type to its end, a struct or union without a name? Then its members
 * are listed with whatever has the type. */
bool type_has_unnamed_members(const struct type *type);

/* "STRUCT", "PTR", …: static. */
const char *type_kind_word(enum type_kind kind);

/* The kind that WORD stands for; false if there is none. */
bool type_kind_from_word(const char *word, enum type_kind *kind_ret);

#endif
