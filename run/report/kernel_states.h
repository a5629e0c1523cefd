/* SPDX-License-Identifier: MIT */
/* How far each kernel has come: those of the list, and others that the data set has. */
#ifndef KSTRUCT_RUN_REPORT_KERNEL_STATES_H
#define KSTRUCT_RUN_REPORT_KERNEL_STATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/workspace.h"

/* How far a kernel is. */
enum kernel_state {
    STATE_WANTED,     /* never tried */
    STATE_FETCHED,    /* its package is there, and not read yet */
    STATE_ANALYZED,   /* in the data set, and not in the report as it is there */
    STATE_REPORTED,   /* in both */
    STATE_SKIPPED,    /* the list says so */
    STATE_UNRESOLVED, /* a pattern that stands for no kernel so far */
    STATE_FAILURE,    /* and those after it: this and an enum failure_state */
};

/* Static. */
const char *kernel_state_text(enum kernel_state state);

/* Texts are NULL where there is nothing to tell. */
struct kernel_status {
    const char *name;
    bool is_listed;
    enum kernel_state state;
    const char *since;                     /* UTC, ISO 8601: that state, as far as is known */
    const struct kernel_record *stored;    /* what the data set has of it; NULL: nothing */
    bool is_outdated;                      /* that is not what the list asks for now */
    const struct dataset_failure *failure; /* the tries that failed since; NULL: none */
    const char *next_try;                  /* not before then; of a failure, NULL: the next run */
    const char *skip_reason;
    const char *warning; /* something of it should be looked at */
};

struct kernel_states {
    size_t count;
    struct kernel_status *kernels; /* the list's in its order, then the others by name */
    struct dataset_kernels stored;
    struct dataset_failures failures;
    struct arena arena; /* owns what the two above do not */
};

/* DATASET is NULL where there is none yet. Refers to LIST; free with kernel_states_deinit(), also
 * after a failure. */
struct error *kernel_states_make(struct workspace *workspace, struct dataset *dataset,
                                 const struct kernel_list *list,
                                 struct kernel_states *states) MUST_CHECK;

void kernel_states_deinit(struct kernel_states *states);

#endif
