/* SPDX-License-Identifier: MIT */
/* How people name a definition or what is in it: `task_struct`, `task_struct.se.vruntime`, `enum
 * pid_type.PIDTYPE_PID`. */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_WORD_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_WORD_H

#include "base/arena.h"
#include "base/error.h"

struct offset_word {
    const char *definition_name;
    const char *path; /* as offset_path.h has it; "": the definition itself is meant */
};

/* Takes TEXT apart, from which a kind's word is taken already. ERROR_USAGE says what is wrong. The
 * parts are allocated from ARENA. */
struct error *offset_word_parse(const char *text, struct arena *arena,
                                struct offset_word *word_ret) MUST_CHECK;

#endif
