/* SPDX-License-Identifier: MIT */
/* How people name a struct or a member: `task_struct`, `task_struct.se.vruntime`. */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_WORD_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_WORD_H

#include "base/arena.h"
#include "base/error.h"

struct offset_word {
    const char *struct_name;
    const char *path; /* as offset_path.h has it; "": the struct itself is meant */
};

/* Takes TEXT apart, also with `struct` before it. ERROR_USAGE says what is wrong. The parts are
 * allocated from ARENA. */
struct error *offset_word_parse(const char *text, struct arena *arena,
                                struct offset_word *word_ret) MUST_CHECK;

#endif
