/* SPDX-License-Identifier: MIT */
/*
 * What a definition has inside, by name.
 *
 * The members of a struct by how C reaches them: `flags`, and `header.length` or `table->size` for
 * what is in a struct or union without a name that a member has as its type, or points to.
 *
 * Members of a struct or union without a name and without a member's name count as the outer
 * struct's, as in C; such a struct or union has no path itself.
 */
#ifndef KSTRUCT_REPORT_COMPARE_MEMBERS_MEMBER_PATHS_H
#define KSTRUCT_REPORT_COMPARE_MEMBERS_MEMBER_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"

#define MEMBER_PATH_NONE UINT32_MAX

enum member_path_kind {
    PATH_MEMBER,
    PATH_ENUMERATOR, /* of an enum: its place is its value */
    PATH_TYPE,       /* what a typedef or base type is, under its own name; it has no place */
};

struct member_path {
    enum member_path_kind kind;
    const char *path;
    uint32_t parent;                     /* index of the one it is inside of, or MEMBER_PATH_NONE */
    const struct layout_member *member;  /* made up for what is no member: its name and type hold */
    const struct enumerator *enumerator; /* PATH_ENUMERATOR; else NULL */
    /* The nameless structs (s) and unions (u) that it is in and whose members count as the outer
     * one's, from the outermost on, since the last one with a name: "us". */
    const char *nesting;
    bool is_field; /* the pages show it: layout_next_field() */
};

struct member_paths {
    uint32_t count;
    struct member_path *paths; /* in the layout's order */
};

/* All is allocated from ARENA or belongs to LAYOUT. */
struct error *member_paths_list(const struct layout *layout, struct arena *arena,
                                struct member_paths *paths_ret) MUST_CHECK;

/* Does C reach what is inside of the member as the outer struct's own? It has no path itself. */
bool member_is_transparent(const struct layout *layout, uint32_t index);

#endif
