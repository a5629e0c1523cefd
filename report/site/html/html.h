/* SPDX-License-Identifier: MIT */
/*
 * Pieces of HTML: texts from outside through one gate, links to definitions, and the frame that all
 * pages of the site have. End tags that HTML lets away are left away, since there are many pages.
 */
#ifndef KSTRUCT_REPORT_SITE_HTML_HTML_H
#define KSTRUCT_REPORT_SITE_HTML_HTML_H

#include "base/buffer.h"
#include "model/definition_kind.h"

/* How every page begins; no other file is taken for one. */
#define HTML_BEGINNING "<!DOCTYPE html>\n<!-- by kstruct -->\n"
#define HTML_SUFFIX ".html"

/* From a page in a folder to the site's directory; all folders are directly in it. */
#define HTML_TO_TOP "../"

/* A text as it is read, in an element. */
void html_append_text(struct buffer *out, const char *text);

/* The same as code. */
void html_append_code(struct buffer *out, const char *text);

/* The text as a part of an id or of a fragment: safe in both. */
void html_append_id(struct buffer *out, const char *text);

/* Up to the page's contents. TITLE is text, and goes into the head alone. TO_TOP leads to the
 * site's directory: "" or "../". */
void html_append_beginning(struct buffer *out, const char *title, const char *to_top);
void html_append_end(struct buffer *out);

/* A field for a text that a server is to look for, which has TEXT already. */
void html_append_search_form(struct buffer *out, const char *to_top, const char *text);

/* The address of a definition's page, for href. */
void html_append_definition_address(struct buffer *out, const char *to_top,
                                    enum definition_kind kind, const char *name);

/* A link to it: its name, after its kind unless it is a struct. */
void html_append_definition_link(struct buffer *out, const char *to_top, enum definition_kind kind,
                                 const char *name);

/* The same of the pages of a kernel, and of a pair. */
void html_append_kernel_address(struct buffer *out, const char *to_top, const char *name);
void html_append_pair_address(struct buffer *out, const char *to_top, const char *before,
                              const char *after);

/* Links to these. */
void html_append_kernel_link(struct buffer *out, const char *to_top, const char *name);
void html_append_pair_link(struct buffer *out, const char *to_top, const char *before,
                           const char *after, const char *text);

#endif
