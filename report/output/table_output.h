/* SPDX-License-Identifier: MIT */
/* Where a report's tables go: the folders for them, and how many files were put there. */
#ifndef KSTRUCT_REPORT_OUTPUT_TABLE_OUTPUT_H
#define KSTRUCT_REPORT_OUTPUT_TABLE_OUTPUT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash/string_table.h"
#include "report/output/output_folder.h"

enum table_folder {
    TABLE_TOP,         /* the report's directory: README.md, Coverage.md, changes.md, … */
    TABLE_STATUS,      /* Status/: README.md and a page a letter */
    TABLE_DIFFERENCES, /* Differences/: README.md and a page a pair of kernels */
    TABLE_DATA,        /* tables/: the same as JSON and CSV */
    TABLE_FOLDER_COUNT,
};

/* How the pages of the folders Status and Differences begin; no other file is taken for one. */
#define STATUS_PAGE_BEGINNING "# Status"
#define DIFFERENCES_PAGE_BEGINNING "# Differences"

struct table_output {
    struct output_folder folders[TABLE_FOLDER_COUNT];
    struct string_table names[TABLE_FOLDER_COUNT]; /* of the files that were put there */
    size_t file_count;
    size_t written_count;
};

/* Is that the name of one of the folders? */
bool table_output_has_folder(const char *name);

struct error *table_output_open(const struct output_directory *directory,
                                struct table_output *output_ret) MUST_CHECK;

/* Puts a file; one that has these bytes already is not touched. What is put into a folder that is
 * new appears with table_output_finish(). */
struct error *table_output_put(struct table_output *output, enum table_folder folder,
                               const char *name, const struct buffer *content) MUST_CHECK;

/* Removes the pages of earlier reports that were not put this time, and shows new folders. */
struct error *table_output_finish(struct table_output *output) MUST_CHECK;

void table_output_close(struct table_output *output);

#endif
