/* SPDX-License-Identifier: MIT */
/* What all files of a report are made from. Read by any number of threads. */
#ifndef KSTRUCT_REPORT_REPORT_CONTEXT_H
#define KSTRUCT_REPORT_REPORT_CONTEXT_H

#include "report/compare/survey.h"
#include "report/pages/page_plan.h"
#include "report/report.h"

struct site;

struct report_context {
    struct report_input input;
    struct report_options options;
    struct page_plan plan;
    struct survey survey;
    struct site *site; /* what its pages have in common; NULL: there are none */
};

/* The name of the kernel with that number in the history. */
static inline const char *report_kernel_name(const struct report_context *context, size_t kernel)
{
    return context->input.history->kernel_names[kernel];
}

#endif
