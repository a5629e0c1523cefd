/* SPDX-License-Identifier: MIT */
/*
 * What a name stands for in one kernel, as one compiler laid it out: a struct's or union's size and
 * its members with their places, an enum's enumerators, a typedef's type, a base type's encoding.
 * Layouts are values: two kernels that agree share one.
 */
#ifndef KSTRUCT_MODEL_LAYOUT_H
#define KSTRUCT_MODEL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "model/definition_kind.h"
#include "model/type.h"

/*
 * One member, or one member of a struct or union without a name that stands inside.
 *
 * A layout lists its members in source order with the members of unnamed structs and unions right
 * after the member that has them, one level deeper. Two cases:
 *   struct { int a; };      NAME is "": the members count as the outer struct's own
 *   struct { int a; } s[4]; NAME is "s": the members are reached through s only
 */
struct layout_member {
    const char *name; /* "" for a dissolved member, see layout_member_is_dissolved() */
    const struct type *type;
    /* From the start of the outermost struct. For a member of an array's element: in the array's
     * first element. For a member of what a pointer points to: from the start of that. */
    uint64_t bit_offset;
    uint64_t byte_size;     /* of the member's type; 0 where unknown and for flexible arrays */
    uint32_t bitfield_size; /* bits; 0: not a bit-field */
    uint32_t depth;         /* 0 for the struct's own members, one more inside each unnamed one */
};

struct enumerator {
    const char *name;
    int64_t value;
    bool is_unsigned; /* VALUE is negative, and stands for what is 2^64 more */
};

/* Do they have one name and value? */
static inline bool enumerators_are_equal(const struct enumerator *a, const struct enumerator *b)
{
    return a->value == b->value && a->is_unsigned == b->is_unsigned &&
           strcmp(a->name, b->name) == 0;
}

enum {
    LAYOUT_DEPTH_MAXIMUM = 64,
    LAYOUT_MEMBERS_MAXIMUM = 1000000, /* or enumerators */
    LAYOUT_DIGEST_BYTES = 32,
};

struct layout {
    enum definition_kind kind;
    /* An enum without a name is called after its first enumerator, see layout_is_unnamed_enum(). */
    const char *name;
    uint64_t byte_size; /* 0 where it is not told, see layout_has_byte_size() */
    /* Where the layout came from tells no member's size: all are 0 then. */
    bool lacks_member_sizes;
    /* Of a struct or union. A typedef of a struct or union that has no other name has its members,
     * and of an enum its enumerators. */
    uint32_t member_count;
    const struct layout_member *members;
    uint32_t enumerator_count;
    const struct enumerator *enumerators; /* in source order */
    const struct type *type;              /* what a typedef stands for; else NULL */
    const char *encoding; /* of a base type, as DWARF has it: "signed", "boolean"; else NULL */
    uint8_t digest[LAYOUT_DIGEST_BYTES]; /* of all of the above; equal digests, equal layouts */
};

/* Does it tell where members are, and how large the struct is? Foreign data may not: then all of it
 * is 0. */
static inline bool layout_has_places(const struct layout *layout)
{
    return !layout->lacks_member_sizes || layout->byte_size > 0 || layout->member_count == 0;
}

/* Is its size told? That of a typedef only where it is a struct, union or enum that nothing else
 * names. */
static inline bool layout_has_byte_size(const struct layout *layout)
{
    return layout_has_places(layout) &&
           (layout->kind != DEFINITION_TYPEDEF || layout->byte_size > 0);
}

/* Is what it stands for told? Foreign data tells neither a base type's encoding, nor what is in a
 * struct, union or enum that only a typedef names. */
bool layout_tells_what_it_is(const struct layout *layout);

/* The name of an enum that has none in C: "(anon-FIRST_ENUMERATOR)". */
#define UNNAMED_ENUM_FORMAT "(anon-%s)"

bool layout_is_unnamed_enum(const struct layout *layout);

/* Is a value of the enum below zero, so that its type has a sign? */
bool layout_has_negative_enumerator(const struct layout *layout);

/* Is it a struct or union, or the typedef of one without another name? */
static inline bool layout_is_aggregate(const struct layout *layout)
{
    return definition_kind_texts[layout->kind].parts == PART_MEMBERS || layout->member_count > 0;
}

/* Are its members alternatives, which all begin at its start? */
bool layout_is_union(const struct layout *layout);

/* "-1", "18446744073709551615". */
void enumerator_append_value(struct buffer *out, const struct enumerator *enumerator);

/* Does it stand for its own members, which count as the outer struct's? */
static inline bool layout_member_is_dissolved(const struct layout_member *member)
{
    return member->name[0] == '\0';
}

/* Has it no name in C? Then it is dissolved, or has one that pages and the published schema give
 * it:
 * "(anon)", and "(anon-1)" for the next of its container. */
bool layout_member_is_unnamed(const struct layout_member *member);

/* Computes layout->digest from everything else: SHA-256 over a canonical form that depends neither
 * on the type table nor on the machine. */
struct error *layout_compute_digest(struct layout *layout) MUST_CHECK;

/* Are their enumerators the same ones, in the same order? */
bool layouts_have_same_enumerators(const struct layout *a, const struct layout *b);

/* Are both the same in all that their digests, which are there, were made from? */
static inline bool layouts_are_equal(const struct layout *a, const struct layout *b)
{
    return memcmp(a->digest, b->digest, LAYOUT_DIGEST_BYTES) == 0;
}

/*
 * Walks a layout's fields, which are what pages and the published schema show: every member but the
 * dissolved ones, whose members are fields instead, and but what is inside named unnamed structs.
 *   struct layout_fields fields = {.layout = layout};
 *   while ((member = layout_next_field(&fields))) …
 */
struct layout_fields {
    const struct layout *layout;
    uint32_t next;
};
const struct layout_member *layout_next_field(struct layout_fields *fields);

/* The index after the last member that is inside member INDEX: INDEX + 1 if nothing is. */
uint32_t layout_member_end(const struct layout *layout, uint32_t index);

#endif
