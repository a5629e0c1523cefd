/* SPDX-License-Identifier: MIT */
/*
 * Where a definition's page is, below a folder of pages of one format: LETTER/NAME.md, as in
 * `k/__ksymtab.md`, or with another suffix; with KIND~ before the name of what is no struct, as in
 * `s/union~sigval.md`.
 *
 * LETTER is the first character of the name that is not an underscore, in lower case; where that is
 * no ASCII letter or digit, `_`. NAME is the definition's own, with every byte but letters, digits,
 * `_`, `-` and `.` as %XX (a leading dot too), so that no name leaves its folder or is hidden.
 * A name too long for a file ends in `~` and digits of its SHA-256: nobody can make two names with
 * one path. Different names get different
 * paths; on a file system that ignores case, `Foo` and `foo` are one file nevertheless.
 */
#ifndef KSTRUCT_REPORT_WRITE_PAGE_PATH_H
#define KSTRUCT_REPORT_WRITE_PAGE_PATH_H

#include "base/buffer.h"
#include "model/definition_kind.h"

/* All letters that a path may begin with. */
#define PAGE_LETTERS "0123456789_abcdefghijklmnopqrstuvwxyz"

/* A file's name that had to be cut ends so. */
enum { PATH_HASH_LENGTH = 1 + 32 }; /* "~" and digits */
void path_append_hash(struct buffer *path, const char *text, size_t length);

/* SUFFIX is ".md" or the like. */
void page_path_append(struct buffer *path, enum definition_kind kind, const char *name,
                      const char *suffix);

/* NAME's part of that alone, as the name of a file: "__ksymtab.md". */
void page_path_append_name(struct buffer *path, const char *name, const char *suffix);

/* The folder that the page is in. */
char page_path_letter(const char *name);

/* Appends PATH as it stands in a link: a `%` of the file's name is one of the name, too. */
void page_path_append_link(struct buffer *out, const char *path);

#endif
