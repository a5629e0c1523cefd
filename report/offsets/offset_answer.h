/* SPDX-License-Identifier: MIT */
/* What is asked about members' places of which kernels, and the answer for one of them. */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_ANSWER_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/history.h"
#include "report/compare/layout_comparison.h"
#include "report/offsets/offset_path.h"

/* Texts are "" where there is nothing, or nothing is known. */
struct offset_kernel {
    const char *name;
    const char *version; /* the parts of the name: "5.4.0" */
    const char *abi;
    const char *flavor;
    const char *architecture;
    const char *release;  /* `uname -r`, from the kernel's banner */
    const char *build_id; /* hexadecimal */
};

struct offset_input {
    const struct history *history;
    const struct offset_kernel *kernels; /* one for each of the history's, in its order */
    /* Those that answers are for, ascending; the others serve for hints only. */
    size_t shown_count;
    const size_t *shown;
};

/* A guess at what a member is called in a kernel that does not have it. */
struct offset_hint {
    enum change_hint kind;       /* HINT_NONE: there is no guess */
    const char *path;            /* as the path that was asked for */
    const char *definition_name; /* HINT_EMBEDDED: the embedded struct's; else NULL */
    bool has_bit_offset;
    uint64_t bit_offset;
};

/* About one member in one kernel, or about the struct itself. */
struct offset_answer {
    struct offset_place place;
    const char *module; /* the first that has the definition; NULL: vmlinux, or nothing has it */
    struct offset_hint hint;
};

/* Do the two kernels belong to one line of development? */
bool offset_kernels_are_related(const struct offset_kernel *a, const struct offset_kernel *b);

/* Would people be told the same? */
bool offset_answers_are_equal(const struct offset_answer *a, const struct offset_answer *b);

#endif
