/* SPDX-License-Identifier: MIT */
/* What a name of C can stand for. A kind is a value: what is said of all kinds alike is a column
 * here, and what each does in its own way is a function in a table of the part that does it. */
#ifndef KSTRUCT_MODEL_DEFINITION_KIND_H
#define KSTRUCT_MODEL_DEFINITION_KIND_H

#include <stdbool.h>

/* What a body may consist of, in a set. */
enum definition_part {
    PART_MEMBERS = 1 << 0,
    PART_ENUMERATORS = 1 << 1,
    PART_TYPE = 1 << 2,     /* always there where it may be */
    PART_ENCODING = 1 << 3, /* the same */
};

/* Each with its word in C and in tables, what people call one and several, what begins a
 * definition's name ("union foo"), its word in the published schema, and its parts: a typedef has
 * those of what has no other name. The order is that of a kernel's definitions. */
#define DEFINITION_KINDS(X)                                                                        \
    X(DEFINITION_STRUCT, "struct", "struct", "structs", "struct ", "STRUCT", PART_MEMBERS)         \
    X(DEFINITION_UNION, "union", "union", "unions", "union ", "UNION", PART_MEMBERS)               \
    X(DEFINITION_ENUM, "enum", "enum", "enums", "enum ", "ENUM", PART_ENUMERATORS)                 \
    X(DEFINITION_TYPEDEF, "typedef", "typedef", "typedefs", "", "TYPEDEF",                         \
      PART_MEMBERS | PART_ENUMERATORS | PART_TYPE)                                                 \
    /* any base type, as in model/type.h */                                                        \
    X(DEFINITION_INT, "int", "base type", "base types", "", "INT", PART_ENCODING)

/* Those that are known by name and not read yet: a row goes up when it is. */
#define DEFINITION_KINDS_TO_COME(X)                                                                \
    X(DEFINITION_FUNCTION, "function", "function", "functions", "", "FUNC", PART_TYPE)

enum definition_kind {
#define X(kind, word, singular, plural, prefix, schema_word, parts) kind,
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
    const char *absence;     /* "no such typedef" */
    unsigned parts;          /* a set of enum definition_part */
};

/* By kind. */
extern const struct definition_kind_text definition_kind_texts[DEFINITION_KIND_COUNT];

/* The kind that WORD stands for, in C or with IS_SCHEMA in the published schema; false if there is
 * none. */
bool definition_kind_from_word(const char *word, bool is_schema, enum definition_kind *kind_ret);

/* The same for a word in C of a kind that is not read yet; NULL if it is of none. */
const struct definition_kind_text *definition_kind_to_come(const char *word);

#endif
