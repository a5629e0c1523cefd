/* SPDX-License-Identifier: MIT */
/*
 * Memory for many small things that live and die together: allocated one by one, freed at once.
 * Not thread-safe: one arena a thread.
 */
#ifndef KSTRUCT_BASE_ARENA_H
#define KSTRUCT_BASE_ARENA_H

#include <stddef.h>

#include "base/compiler.h"

struct arena_block;

struct arena {
    struct arena_block *newest;
    size_t used;               /* bytes of the newest block */
    struct arena_block *spare; /* zeroed blocks that are used before new ones are made */
};

void arena_init(struct arena *arena);

/* Frees everything that was allocated from it. */
void arena_deinit(struct arena *arena);

/* The same, but keeps some memory for what will be allocated next. */
void arena_clear(struct arena *arena);

/* COUNT × SIZE bytes, zeroed, aligned for any type; NULL when there is no memory (or on overflow).
 * Valid until arena_deinit or arena_clear. */
void *arena_allocate(struct arena *arena, size_t count, size_t size) MUST_CHECK;

/* Makes room for one more after a list's COUNT elements of SIZE bytes, where the list was made by
 * such calls alone: the list, or a longer copy of it; NULL when there is no memory. */
void *arena_append(struct arena *arena, void *list, size_t count, size_t size) MUST_CHECK;

/* A copy of LENGTH bytes of TEXT with a NUL after them; NULL when there is no memory. */
char *arena_copy_text(struct arena *arena, const char *text, size_t length) MUST_CHECK;

/* Moves all blocks of FROM into INTO: what FROM's owner allocated lives as long as INTO now. */
void arena_absorb(struct arena *into, struct arena *from);

#endif
