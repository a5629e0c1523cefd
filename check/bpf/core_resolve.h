/* SPDX-License-Identifier: MIT */
/* What an object's relocations come to in one kernel, by libbpf's own rules (src/relo_core.c). */
#ifndef KSTRUCT_CHECK_BPF_CORE_RESOLVE_H
#define KSTRUCT_CHECK_BPF_CORE_RESOLVE_H

#include "check/bpf/core_candidates.h"
#include "check/bpf/core_value.h"

/* Each with its word for programs. */
#define CORE_OUTCOMES(X)                                                                           \
    X(OUTCOME_MATCH, "match")                                                                      \
    X(OUTCOME_NONE, "none")                                                                        \
    X(OUTCOME_AMBIGUOUS, "ambiguous") /* libbpf does not load such an object */                    \
    X(OUTCOME_UNKNOWN, "unknown")     /* the kernel was imported, and not all of it is known */

enum core_outcome {
#define X(outcome, word) outcome,
    CORE_OUTCOMES(X)
#undef X
};

const char *core_outcome_word(enum core_outcome outcome);

struct core_result {
    enum core_outcome outcome;
    bool has_place; /* is BIT_OFFSET known: of a field that matches, in the kernel? */
    uint64_t bit_offset;
    bool has_value; /* is VALUE known: what the instruction gets? */
    uint64_t value;
    bool is_poisoned;  /* the kernel does not load the program if the instruction is reached */
    bool is_refused;   /* libbpf does not load the object, whatever is reached */
    bool is_unreached; /* it is poisoned, and a check before it keeps it from being reached */
    const char *why;   /* static; NULL where there is nothing to say */
};

/* A kernel to check against. */
struct core_kernel {
    struct core_index vmlinux;
    bool is_big_endian;
    /* Of an imported kernel: */
    bool lacks_places; /* members' offsets and structs' sizes are not known */
    unsigned
        missing_kinds; /* nothing is known of types of these kinds: a bit for each BTF_KIND_… */
    /* Puts the indexes of the modules' BTF into a list that lives as long as the kernel: of those
     * that define something of that name. NULL: what modules define is not known. */
    struct error *(*find_modules)(void *context, const char *name, size_t name_length,
                                  const struct core_index *const **list_ret, size_t *count_ret);
    void *context;
};

/* NAMES has those of the object. RESULTS has room for one result for each relocation. */
struct error *core_resolve(const struct bpf_object *object, const struct string_table *names,
                           const struct core_kernel *kernel,
                           struct core_result *results) MUST_CHECK;

#endif
