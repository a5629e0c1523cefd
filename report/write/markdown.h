/* SPDX-License-Identifier: MIT */
/*
 * Pieces of Markdown that mean the same to GitHub, CommonMark and kramdown, in text and in table
 * cells: nothing that a name contains is taken for markup.
 */
#ifndef KSTRUCT_REPORT_WRITE_MARKDOWN_H
#define KSTRUCT_REPORT_WRITE_MARKDOWN_H

#include "base/buffer.h"
#include "report/output/page_files.h"

/* A name or type as code: `__ksymtab`. */
void markdown_append_code(struct buffer *out, const char *text);

/* A text for people, such as a reason: as it is read, not as it is written. One line. */
void markdown_append_text(struct buffer *out, const char *text);

/* A definition's name as code, after its kind unless it is a struct, that links to its page in the
 * one of FORMATS that says most; and to that in the default format, where it has both. TO_TOP leads
 * from the page to the report's directory: "" or "../". */
void markdown_append_definition_link(struct buffer *out, const char *to_top, unsigned formats,
                                     enum definition_kind kind, const char *name);

/* The same to its file in FORMAT, with its name alone. */
void markdown_append_format_link(struct buffer *out, const char *to_top,
                                 const struct page_format *format, enum definition_kind kind,
                                 const char *name);

#endif
