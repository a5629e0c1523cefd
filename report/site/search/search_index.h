/* SPDX-License-Identifier: MIT */
/*
 * What the search of the site looks up, in files of text that it fetches as it needs them:
 *
 * names.txt has, after its first line, a line for each kind, `struct 15509`, then an empty one, and
 * then the names, kind after kind. A definition's number is its place there, from 0.
 *
 * Another file has the members and enumerators whose names begin with two characters, in lower
 * case and with `-` for what is no letter, digit or underscore, or is not there: `pi.txt`. A line
 * has a name, and after a tab the numbers, to the base 36, of the definitions that have it in any
 * kernel. Where a member is inside of another one, its path follows: `1a:header.length`.
 *
 * Names that a file's name cannot hold, or that are no text, are left out.
 */
#ifndef KSTRUCT_REPORT_SITE_SEARCH_SEARCH_INDEX_H
#define KSTRUCT_REPORT_SITE_SEARCH_SEARCH_INDEX_H

#include "report/output/table_output.h"
#include "report/report_context.h"

/* How each file begins; no other is taken for one. */
#define SEARCH_BEGINNING "kstruct search 1\n"

/* Puts them into FOLDER of OUTPUT. */
struct error *search_index_write(const struct report_context *context, struct table_output *output,
                                 unsigned folder) MUST_CHECK;

#endif
