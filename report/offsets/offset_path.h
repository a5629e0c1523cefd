/* SPDX-License-Identifier: MIT */
/*
 * Where a member is in one kernel: `pid`, `se.vruntime` through the struct that a member embeds,
 * `cpu_timers[1].list` through one element of an array.
 *
 * Members of structs and unions without a name are the outer struct's own, as in C. What a pointer
 * points to is elsewhere, and not followed. What a typedef stands for, what is in a union that has
 * a name, and in an imported kernel what is in some structs without one, is not recorded: there the
 * answer is that nobody knows, not that there is no such member.
 */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_PATH_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"
#include "report/compare/layout_comparison.h"

enum offset_status {
    OFFSET_FOUND,
    OFFSET_NO_STRUCT,
    OFFSET_NO_FIELD,
    OFFSET_UNKNOWN, /* it may be there: a pointer, an array without an index, not recorded */
};

struct offset_place {
    enum offset_status status;
    /* OFFSET_FOUND: */
    bool has_bit_offset;    /* is it known? foreign data may not tell */
    uint64_t bit_offset;    /* from the start of the struct that was asked about */
    bool has_byte_size;     /* the same; never for bit-fields */
    uint64_t byte_size;     /* 0 for flexible arrays */
    uint32_t bitfield_size; /* bits; 0: not a bit-field */
    const struct type *type;
    /* Otherwise: */
    const char *reason;      /* for people; never NULL */
    const char *struct_name; /* in which the search ended; NULL with OFFSET_NO_STRUCT */
    size_t path_start;       /* the byte at which the path inside that struct begins */
    size_t path_end;         /* behind the name that the search ended at */
};

/* Looks for PATH, which is not "", in that struct of the kernel that SCOPE is of. The place may
 * refer to ARENA and to the kernel's layouts. Fails for lack of memory only. */
struct error *offset_path_resolve(const struct struct_scope *scope, const char *struct_name,
                                  const char *path, struct arena *arena,
                                  struct offset_place *place_ret) MUST_CHECK;

/* The place of one of the layout's own members, which no pointer and no array is around. */
struct offset_place offset_place_of(const struct layout *layout,
                                    const struct layout_member *member);

/* "The place" of a struct itself is its size; its type is NULL. */
struct offset_place offset_place_of_struct(const struct layout *layout);

/* The places of what is not there, for a struct that the kernel does not have and for a PATH of one
 * name. */
struct offset_place offset_place_without_struct(void);
struct offset_place offset_place_without_field(const struct layout *layout, const char *path);

/* The type inside of all qualifiers. */
const struct type *offset_unqualified(const struct type *type);

#endif
