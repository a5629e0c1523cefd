/* SPDX-License-Identifier: MIT */
/* Compares what a list expects with what kernels have. */
#ifndef KSTRUCT_CHECK_LIST_FIELD_CHECK_H
#define KSTRUCT_CHECK_LIST_FIELD_CHECK_H

#include "check/finding.h"
#include "check/list/field_list.h"
#include "model/text/json.h"

/* Each with its word for programs. */
#define FIELD_OUTCOMES(X)                                                                          \
    X(FIELD_MATCHES, "match")                                                                      \
    X(FIELD_IS_MISSING, "none")                                                                    \
    X(FIELD_DIFFERS, "differs")                                                                    \
    X(FIELD_IS_UNKNOWN, "unknown")

enum field_outcome {
#define X(outcome, word) outcome,
    FIELD_OUTCOMES(X)
#undef X
};

/* What a word stands for in a kernel. Texts live as long as the check. */
struct field_fact {
    bool is_found;
    bool is_unknown;  /* it is not known whether the kernel has it */
    bool is_member;   /* only members have an offset, known or not */
    bool is_bitfield; /* its place is a byte and a bit */
    bool has_bit_offset;
    bool has_byte_size;
    uint64_t bit_offset;
    uint64_t byte_size;
    const char *type;  /* of a member, or what a typedef stands for; else NULL */
    const char *value; /* of an enumerator; else NULL */
    const char *why;   /* where it is not found */
    const char *hint;  /* what it may be called there; "" without one */
};

struct field_check {
    const struct field_list *list;
    size_t kernel_count;
    const char *const *kernels;
    struct field_fact **facts; /* by word, then by kernel */
};

/* One verdict for each kernel; all is allocated from ARENA or belongs to the check. */
struct error *field_check_judge(const struct field_check *check, struct arena *arena,
                                struct verdict **verdicts_ret) MUST_CHECK;

/* Puts what there is to say into OBJECT, as report/schemas/check.schema.json has it. */
struct error *field_check_set_json(const struct field_check *check, struct json_document *document,
                                   json_t *object) MUST_CHECK;

#endif
