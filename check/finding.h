/* SPDX-License-Identifier: MIT */
/* What keeps a program from fitting a kernel, in words, whatever kind of program it is. */
#ifndef KSTRUCT_CHECK_FINDING_H
#define KSTRUCT_CHECK_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* Texts are as they came from outside, and "" where there is nothing to say. */
struct finding {
    const char *place;   /* where in the program: "kprobe/x, handler(), x.bpf.c:12" */
    const char *subject; /* "struct request.rq_disk" */
    const char *why;     /* "the type has no such field" */
    const char *hint;    /* a guess at what it is called there: "renamed? q" */
    bool is_guarded;     /* a check before it keeps it from doing harm */
    bool is_unknown;     /* nobody knows whether it is there: the kernel was imported */
};

/* About one program in one kernel. It fits, as far as is known, unless one of the findings is
 * neither guarded nor unknown. */
struct verdict {
    const char *kernel;
    size_t count;
    struct finding *findings; /* of ARENA's, by place in the program */
};

bool verdict_is_fit(const struct verdict *verdict);

/* Adds a finding, which is copied but for its texts, unless the last one says the same: an access
 * to a bit-field has several relocations. */
struct error *verdict_add(struct verdict *verdict, struct arena *arena,
                          const struct finding *finding) MUST_CHECK;

/* What people read of a program: its name with REMARK, which may be "", a line for each kernel, and
 * below it what does not fit; what is guarded or not known too if HAS_ALL. */
void verdicts_append_text(struct buffer *out, const char *name, const char *remark,
                          const struct verdict *verdicts, size_t count, bool has_all);

#endif
