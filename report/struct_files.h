/* SPDX-License-Identifier: MIT */
/* The files that a report has for each struct, in one of several formats. */
#ifndef KSTRUCT_REPORT_STRUCT_FILES_H
#define KSTRUCT_REPORT_STRUCT_FILES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "report/output_folder.h"
#include "report/report_context.h"

struct struct_format {
    enum report_format format;
    const char *word;
    struct output_kind output;
    /* Appends the file of struct number STRUCT_INDEX to CONTENT. SCRATCH is empty, and emptied
     * afterwards. Called by several threads at once with one CONTEXT. */
    struct error *(*render)(const struct report_context *context, size_t struct_index,
                            struct arena *scratch, struct buffer *content);
};

enum { STRUCT_FORMAT_COUNT = 3 };

/* In the order of enum report_format. */
extern const struct struct_format struct_formats[STRUCT_FORMAT_COUNT];

/* The format that links in Markdown tables lead to: the first one that the report has of md,
 * md-full and json. */
const struct struct_format *struct_format_to_link(unsigned formats);

/* Writes the files of all structs that a kernel of a group has, and removes all others of that
 * format. Adds to the counts in *RESULT. */
struct error *struct_files_write(const struct report_context *context,
                                 const struct output_directory *directory,
                                 const struct struct_format *format,
                                 struct report_result *result) MUST_CHECK;

#endif
