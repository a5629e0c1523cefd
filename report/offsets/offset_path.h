/* SPDX-License-Identifier: MIT */
/*
 * Where a member is in one kernel: `pid`, `se.vruntime` through the struct or union that a member
 * embeds, `i_uid.val` through what a typedef stands for, `cpu_timers[1].list` through one element
 * of an array; and which value an enumerator has.
 *
 * Members of structs and unions without a name are the outer struct's own, as in C. What a pointer
 * points to is elsewhere, and not followed. In an imported kernel, what is in some structs without
 * a name, and what typedefs stand for, is not recorded: there the answer is that nobody knows, not
 * that there is no such member.
 */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_PATH_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"
#include "model/scope.h"
#include "report/compare/members/member_paths.h"

enum offset_status {
    OFFSET_FOUND,
    OFFSET_NO_DEFINITION,
    OFFSET_NO_FIELD,
    OFFSET_NO_ELEMENT,   /* the array has not so many, or it is none */
    OFFSET_NOT_FOLLOWED, /* through a pointer, or an array without an index: the path is at fault */
    OFFSET_UNKNOWN,      /* it may be there, but what is on the way was not recorded */
};

struct offset_place {
    enum offset_status status;
    /* OFFSET_FOUND: */
    bool has_bit_offset;                 /* is it known? foreign data may not tell */
    uint64_t bit_offset;                 /* from the start of the struct that was asked about */
    bool has_byte_size;                  /* the same; never for bit-fields */
    uint64_t byte_size;                  /* 0 for flexible arrays */
    uint32_t bitfield_size;              /* bits; 0: not a bit-field */
    const struct type *type;             /* NULL of an enumerator, and of a definition itself */
    const struct type *stands_for;       /* of a typedef itself, what it is; else NULL */
    const struct enumerator *enumerator; /* the answer is its value; else NULL */
    /* Otherwise: */
    const char *reason;          /* for people; never NULL */
    bool lacks_modules;          /* OFFSET_NO_DEFINITION: modules were not read, and may have it */
    enum definition_kind kind;   /* of what the search ended in */
    const char *definition_name; /* its name; NULL with OFFSET_NO_DEFINITION */
    size_t path_start;           /* the byte at which the path inside that struct begins */
    size_t path_end;             /* after the name that the search ended at */
};

/* Looks for PATH, which is not "", in that definition of the kernel that SCOPE is of. The place may
 * refer to ARENA and to the kernel's layouts. Fails for lack of memory only. */
struct error *offset_path_resolve(const struct scope *scope, enum definition_kind kind,
                                  const char *name, const char *path, struct arena *arena,
                                  struct offset_place *place_ret) MUST_CHECK;

/* The place of one of the layout's own members, which no pointer and no array is around, or of an
 * enumerator: of what has a path in member_paths.h. */
struct offset_place offset_place_of(const struct layout *layout, const struct member_path *path);

/* "The place" of a definition itself is its size; its type is NULL. */
struct offset_place offset_place_of_whole(const struct scope *scope, const struct layout *layout);

/* The places of what is not there, for a definition that the kernel does not have, as far as its
 * images were read, and for a PATH of one name. */
struct offset_place offset_place_without_definition(const struct history *history, size_t kernel,
                                                    enum definition_kind kind);
struct offset_place offset_place_without_field(const struct layout *layout, const char *path);

#endif
