/* SPDX-License-Identifier: MIT */
/* What a name of C can stand for. A kind is a value: what is said of all kinds alike is a column
 * here, and what each does in its own way is a function in a table of the part that does it. */
#ifndef KSTRUCT_MODEL_DEFINITION_KIND_H
#define KSTRUCT_MODEL_DEFINITION_KIND_H

#include <stdbool.h>

/* Each with its word in C and in tables, its plural, what begins a definition's name ("union foo"),
 * and its word in the published schema. The order is that of a kernel's definitions. */
#define DEFINITION_KINDS(X)                                                                        \
    X(DEFINITION_STRUCT, "struct", "struct", "structs", "struct ", "STRUCT")                       \
    X(DEFINITION_UNION, "union", "union", "unions", "union ", "UNION")                             \
    X(DEFINITION_ENUM, "enum", "enum", "enums", "enum ", "ENUM")                                   \
    X(DEFINITION_TYPEDEF, "typedef", "typedef", "typedefs", "", "TYPEDEF")                         \
    X(DEFINITION_INT, "int", "base type", "base types", "",                                        \
      "INT") /* any base type, as in model/type.h */

enum definition_kind {
#define X(kind, word, singular, plural, prefix, schema_word) kind,
    DEFINITION_KINDS(X) DEFINITION_KIND_COUNT
#undef X
};

/* In a set of kinds. */
#define DEFINITION_KIND_BIT(kind) (1u << (kind))
enum { DEFINITION_KINDS_ALL = (1u << DEFINITION_KIND_COUNT) - 1 };

struct definition_kind_text {
    const char *word;        /* "typedef" */
    const char *singular;    /* for people: "base type" where the word is "int" */
    const char *plural;      /* "typedefs" */
    const char *list_key;    /* of a list of them in JSON: "typedefs", "ints" */
    const char *prefix;      /* "struct ", "" */
    const char *schema_word; /* "TYPEDEF" */
};

/* By kind. */
extern const struct definition_kind_text definition_kind_texts[DEFINITION_KIND_COUNT];

/* The kind that WORD stands for, in C or with IS_SCHEMA in the published schema; false if there is
 * none. */
bool definition_kind_from_word(const char *word, bool is_schema, enum definition_kind *kind_ret);

/* Does a definition of that kind have members? */
static inline bool definition_kind_has_members(enum definition_kind kind)
{
    return kind == DEFINITION_STRUCT || kind == DEFINITION_UNION;
}

#endif
