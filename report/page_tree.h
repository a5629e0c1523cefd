/* SPDX-License-Identifier: MIT */
/*
 * The folder of pages on disk, `Struct/` in a report's directory. Paths of pages are those of
 * page_path.h.
 *
 * A page is at any moment absent, old or new, never half: it is written beside its place and
 * renamed. It is not forced to disk: after a power failure the next run finds by comparing what was
 * lost. One process at a time has the tree open.
 */
#ifndef KSTRUCT_REPORT_PAGE_TREE_H
#define KSTRUCT_REPORT_PAGE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/string_table.h"

struct page_tree {
    char *path;    /* for errors: "DIRECTORY/Struct" */
    int directory; /* file descriptor, locked */
};

/* Creates DIRECTORY/Struct as far as it is missing. Fails with ERROR_SYSTEM if another process has
 * it open. Close with page_tree_close(). */
struct error *page_tree_open(const char *directory, struct page_tree *tree_ret) MUST_CHECK;

void page_tree_close(struct page_tree *tree);

/* Makes the tree fit for the pages PATHS and no others: creates their folders, removes pages of
 * other paths, what a killed run left behind, and folders that have become empty. Files that are no
 * pages of ours stay. */
struct error *page_tree_prepare(const struct page_tree *tree, const struct string_table *paths,
                                size_t *removed_count_ret) MUST_CHECK;

/* Puts PAGE at PATH, whose folder exists; a file that has these bytes already is not touched.
 * Threads may put different pages at once if each has a WRITER number of its own. */
struct error *page_tree_put(const struct page_tree *tree, unsigned writer, const char *path,
                            const struct buffer *page, bool *is_written_ret) MUST_CHECK;

#endif
