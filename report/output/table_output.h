/* SPDX-License-Identifier: MIT */
/* Where a report's tables go: the folders for them, and how many files were put there. */
#ifndef KSTRUCT_REPORT_OUTPUT_TABLE_OUTPUT_H
#define KSTRUCT_REPORT_OUTPUT_TABLE_OUTPUT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash/string_table.h"
#include "report/output/output_folder.h"

/* Some folders of a report's directory, by their numbers; "" is the directory itself. */
struct table_output_folders {
    size_t count; /* at most TABLE_OUTPUT_FOLDERS_MAXIMUM */
    const struct output_kind *kinds;
    unsigned writer; /* a number of its own, since others may write to the directory meanwhile */
};

enum { TABLE_OUTPUT_FOLDERS_MAXIMUM = 5 };

/* Those of the tables. */
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

extern const struct table_output_folders table_folders;

struct table_output {
    size_t folder_count;
    unsigned writer;
    struct output_folder folders[TABLE_OUTPUT_FOLDERS_MAXIMUM];
    struct string_table names[TABLE_OUTPUT_FOLDERS_MAXIMUM]; /* of the files that were put there */
    size_t file_count;
    size_t written_count;
};

/* Is that the name of one of them? */
bool table_output_has_folder(const struct table_output_folders *folders, const char *name);

struct error *table_output_open(const struct output_directory *directory,
                                const struct table_output_folders *folders,
                                struct table_output *output_ret) MUST_CHECK;

/* Puts a file; one that has these bytes already is not touched. What is put into a folder that is
 * new appears with table_output_finish(). */
struct error *table_output_put(struct table_output *output, unsigned folder, const char *name,
                               const struct buffer *content) MUST_CHECK;

/* Removes the pages of earlier reports that were not put this time, and shows new folders. */
struct error *table_output_finish(struct table_output *output) MUST_CHECK;

void table_output_close(struct table_output *output);

#endif
