/* SPDX-License-Identifier: MIT */
/*
 * Pieces of Markdown that mean the same to GitHub, CommonMark and kramdown, in text and in table
 * cells: nothing that a name contains is taken for markup.
 */
#ifndef KSTRUCT_REPORT_WRITE_MARKDOWN_H
#define KSTRUCT_REPORT_WRITE_MARKDOWN_H

#include "base/buffer.h"
#include "report/output/struct_files.h"

/* A name or type as code: `__ksymtab`. */
void markdown_append_code(struct buffer *out, const char *text);

/* A text for people, such as a reason: as it is read, not as it is written. One line. */
void markdown_append_text(struct buffer *out, const char *text);

/* A struct's name as code that links to its file in FORMAT; TO_TOP leads from the page to the
 * report's directory: "" or "../". */
void markdown_append_struct_link(struct buffer *out, const char *to_top,
                                 const struct struct_format *format, const char *struct_name);

#endif
