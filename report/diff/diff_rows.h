/* SPDX-License-Identifier: MIT */
/* The members of a struct that differ between two kernels, as rows of a table for people. */
#ifndef KSTRUCT_REPORT_DIFF_DIFF_ROWS_H
#define KSTRUCT_REPORT_DIFF_DIFF_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "report/compare/kernel_difference.h"

/* What a row says. Texts are "" where there is nothing to say, and as they came from outside: they
 * have to be escaped. */
struct difference_row {
    char sign; /* '+' added, '-' removed, '~' changed, '>' only its place has, '=' told above */
    const char *before; /* where it was: bytes, or bytes:bits for a bit-field; "" if not known */
    const char *after;
    const char *size;   /* "8", "4 -> 8", "3 bits"; "" where it is not known */
    const char *member; /* as C declares it; of a run, the first one's path */
    const char *words;  /* "moved, type changed" */
    const char *was;    /* as C declared it before, if that differs */
    const char *hint;   /* "renamed? now", to be followed by the path */
    const char *hint_path;
    const char *hint_struct; /* whose member that is, if it is another struct's */
    /* How many members it is, one after the other, that have moved by the same distance, or have
     * been told above, as members of the outer struct at the same place. */
    uint32_t run_count;
    const char *last_member; /* of a run of several: the last one's path */
};

struct difference_rows {
    size_t count;
    struct difference_row *rows;
};

/* All is allocated from ARENA or belongs to CHANGE, which both kernels have. */
struct error *difference_rows_make(const struct definition_change *change, struct arena *arena,
                                   struct difference_rows *rows_ret) MUST_CHECK;

/* "24 -> 32 bytes; holes 4 -> 0; padding 3 -> 7:2; members reordered": as far as known, and but for
 * the size only what differs. Holes are in bytes, or bytes:bits. Begins with PREFIX unless there is
 * nothing to say. */
void difference_append_sizes(struct buffer *out, const char *prefix,
                             const struct definition_change *change);

/* Where it is declared: "include/linux/sched.h:629 (was include/linux/task.h:1)"; nothing if not
 * recorded. */
void difference_append_places(struct buffer *out, const struct definition_change *change);

/* ", module kvm (was vmlinux)": whose it is, unless it is vmlinux's in both. */
void difference_append_images(struct buffer *out, const struct definition_change *change);

/* "structs of this name: 3 -> 2, the first is compared"; nothing if there is only one. */
void difference_append_further(struct buffer *out, const struct definition_change *change);

/* "+3 -1 ~2 >40": members that were added, removed, changed, and that only moved. */
void difference_append_counts(struct buffer *out, const size_t counts[FATE_COUNT]);

#endif
