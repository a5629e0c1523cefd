/* SPDX-License-Identifier: MIT */
/*
 * A whole report in a directory: a file for every definition in each of the formats that were asked
 * for, and the tables over all of them.
 */
#ifndef KSTRUCT_REPORT_REPORT_H
#define KSTRUCT_REPORT_REPORT_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/error.h"
#include "base/log.h"
#include "model/history.h"
#include "model/kernel/coverage.h"
#include "model/kernel/kernel_group.h"
#include "report/output/report_state.h"

/* The formats of a definition's own file, for a set. md is of structs only. */
enum report_format {
    REPORT_MARKDOWN = 1 << 0,      /* "md": Struct/LETTER/NAME.md */
    REPORT_MARKDOWN_FULL = 1 << 1, /* "md-full": Full/LETTER/NAME.md, with offsets and sizes */
    REPORT_JSON = 1 << 2,          /* "json": Json/LETTER/NAME.json, all of that for programs */
    REPORT_HTML = 1 << 3,          /* "html": a site, with KIND/NAME.html and index.html */
};

/* What the report is about. The history has details if one of the formats but REPORT_MARKDOWN is
 * written. */
struct report_input {
    const struct history *history;
    const struct kernel_groups *groups;
    const struct coverage *coverage; /* has an entry for every kernel of the history, or more */
};

/* Called by any thread, each time that some of the files have been written or compared: DONE of
 * TOTAL parts of the work. Should not wait. */
struct report_observer {
    void (*notify)(void *context, size_t done, size_t total);
    void *context;
};

struct report_options {
    const char *directory; /* created as far as it is missing */
    bool adopts;           /* it may be another's; see report_claim() */
    unsigned formats;      /* of enum report_format */
    const char *url;       /* where the site will be, without a slash at its end; NULL: not known */
    unsigned jobs;         /* threads; 0 counts as 1. The files do not depend on it. */
    const struct report_observer *observer; /* NULL: none */
    struct log *log; /* warned of definitions that are too large to be told of; NULL: nobody is */
    const atomic_bool *is_cancelled; /* NULL: never; when set, it ends with ERROR_INTERRUPTED */
};

struct report_result {
    size_t page_count; /* definitions' files: written and unchanged ones */
    size_t written_count;
    size_t unchanged_count; /* those that had the same bytes and were not touched */
    size_t removed_count;   /* of definitions that the report no longer has */
    size_t table_count;     /* all other files */
    size_t table_written_count;
    struct report_state state; /* of the directory, when all was there and nobody else wrote yet */
};

/* Creates DIRECTORY as far as it is missing, and takes it for reports. ERROR_USAGE, and nothing is
 * written, if it is not empty and no report's, or has a README.md that is no report's, unless
 * ADOPTS. */
struct error *report_claim(const char *directory, bool adopts) MUST_CHECK;

/* Brings DIRECTORY up to date, as far as report_claim() lets it have that. After a failure some
 * files are new and some old, each complete; the next call does the rest. Files that are not a
 * report's are left alone. */
struct error *report_write(const struct report_input *input, const struct report_options *options,
                           struct report_result *result_ret) MUST_CHECK;

/* The set of formats that a text such as "md, json" names; ERROR_USAGE says what is wrong. */
struct error *report_parse_formats(const char *text, unsigned *formats_ret) MUST_CHECK;

#endif
