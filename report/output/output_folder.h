/* SPDX-License-Identifier: MIT */
/*
 * A report's directory on disk, and the folders in it that hold files of one kind each: `Struct/`
 * with the pages, `Status/` with the tables of a letter, and so on.
 *
 * A file is at any moment absent, old or new, never half: it is written beside its place and
 * renamed, or, if its folder is new, the folder is. It is not forced to disk: after a power failure
 * the next run finds by comparing what was lost. One process at a time has the directory open.
 */
#ifndef KSTRUCT_REPORT_OUTPUT_OUTPUT_FOLDER_H
#define KSTRUCT_REPORT_OUTPUT_OUTPUT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash/string_table.h"

struct output_directory {
    char *path;
    int descriptor; /* locked */
    bool adopts;    /* what is another's, too */
};

/* The hidden file by which it is told that a directory is a report's. Whoever likes may keep a text
 * in it. */
#define OUTPUT_DIRECTORY_MARK ".kstruct-report"

/* What to do where a directory is another's. */
#define OUTPUT_DIRECTORY_ADOPTION                                                                  \
    "have what is in a report's way replaced by `kstruct report -o DIR --adopt`"

/* Creates DIRECTORY as far as it is missing, and takes it for a report, as directory_claim() says;
 * ERROR_USAGE if it is another's, unless ADOPTS. Close with output_directory_close(). */
struct error *output_directory_open(const char *path, bool adopts,
                                    struct output_directory *directory_ret) MUST_CHECK;

/* Keeps others from writing there until it is closed. ERROR_SYSTEM if another process does so. */
struct error *output_directory_lock(const struct output_directory *directory) MUST_CHECK;

void output_directory_close(struct output_directory *directory);

/* What a folder is for. */
struct output_kind {
    const char *folder;    /* its name; "" for the report's directory itself */
    const char *suffix;    /* of its files, with the dot */
    const char *beginning; /* of its files; no other file is ever removed. NULL: none is */
    bool has_letters;      /* files are in folders of one letter, as page_path.h says */
};

struct output_folder {
    const struct output_kind *kind;
    char *path;     /* for errors: "DIRECTORY/Struct" */
    int descriptor; /* of the folder */
    int directory;  /* the report directory's, if the folder is new; otherwise -1 */
};

/* Opens the folder, or begins a new one, which has another, hidden name until
 * output_folder_finish(). A link is followed to a directory that is empty or has files of the kind;
 * another's is ERROR_USAGE, unless the directory ADOPTS. DIRECTORY and KIND must live as long as
 * the folder. */
struct error *output_folder_open(const struct output_directory *directory,
                                 const struct output_kind *kind,
                                 struct output_folder *folder_ret) MUST_CHECK;

void output_folder_close(struct output_folder *folder);

/* Makes the folder fit for the files PATHS and no others: creates the letters' folders, removes
 * files of its kind with other paths, what a killed run left behind, and folders that have become
 * empty. Other files stay. */
struct error *output_folder_prepare(const struct output_folder *folder,
                                    const struct string_table *paths,
                                    size_t *removed_count_ret) MUST_CHECK;

/* Puts CONTENT at PATH in the folder; a file that has these bytes already is not touched. Threads
 * may put different files at once if each has a WRITER number of its own. */
struct error *output_folder_put(const struct output_folder *folder, unsigned writer,
                                const char *path, const struct buffer *content,
                                bool *is_written_ret) MUST_CHECK;

/* Removes the file of the folder's kind at PATH, if there is one. */
struct error *output_folder_remove(const struct output_folder *folder, const char *path) MUST_CHECK;

/* When everything is in the folder: gives a new one its name. */
struct error *output_folder_finish(struct output_folder *folder) MUST_CHECK;

#endif
