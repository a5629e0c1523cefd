/* SPDX-License-Identifier: MIT */
/* Which kernels a report should have, which it has, and why it does not have the others. */
#ifndef KSTRUCT_MODEL_KERNEL_COVERAGE_H
#define KSTRUCT_MODEL_KERNEL_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each with the word that stands for it in tables. */
#define COVERAGE_STATES(X)                                                                         \
    X(COVERAGE_ANALYZED, "analyzed")                                                               \
    X(COVERAGE_NOT_YET, "not yet") /* never tried */                                               \
    X(COVERAGE_FAILED, "failed")   /* tried, and REASON says what happened last */                 \
    X(COVERAGE_SKIPPED, "skipped") /* on purpose; REASON is the list's */

enum coverage_state {
#define X(state, word) state,
    COVERAGE_STATES(X)
#undef X
};

#define COVERAGE_NOT_IN_REPORT SIZE_MAX

/* One kernel. Texts are "" where nothing is known; all are owned by whoever made the table. */
struct coverage_kernel {
    const char *name;
    const char *version; /* the parts of the name: "5.4.0" */
    const char *abi;
    const char *flavor;
    const char *architecture;
    bool is_baseline;
    size_t report_index; /* in the report's list of kernels, or COVERAGE_NOT_IN_REPORT */
    enum coverage_state state;
    const char *reason;
    /* Of an analyzed one: */
    const char *package;
    const char *package_version;
    const char *url;
    const char *sha256;
    const char *build_id;
    const char *release;
    const char *compiler;
    const char *dwarf_versions;
    const char *read_on;   /* UTC, YYYY-MM-DD */
    uint64_t struct_count; /* of vmlinux */
    bool are_modules_known;
    uint64_t module_count;   /* that were read; only if they are known */
    const char *passed_over; /* what could not be read, and why; "" if nothing */
    const char *digest;      /* hexadecimal; equal for kernels that do not differ in any layout */
};

struct coverage {
    size_t count;
    struct coverage_kernel *kernels; /* in the order of kernel names */
};

/* The kernel with that index in the report; there is one for each. */
const struct coverage_kernel *coverage_of(const struct coverage *coverage, size_t report_index);

/* Static. */
const char *coverage_state_text(enum coverage_state state);

#endif
