/* SPDX-License-Identifier: MIT */
/* The files that a report has for each definition, in one of several formats. */
#ifndef KSTRUCT_REPORT_OUTPUT_PAGE_FILES_H
#define KSTRUCT_REPORT_OUTPUT_PAGE_FILES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash/string_table.h"
#include "report/output/output_folder.h"
#include "report/report_context.h"

struct page_format {
    enum report_format format;
    const char *word;
    unsigned kinds;     /* that have such files: a set of DEFINITION_KIND_BIT() */
    bool is_of_vmlinux; /* what only modules define has none */
    struct output_kind output;
    /* Appends the file of definition number ENTRY_INDEX to CONTENT. SCRATCH is empty, and emptied
     * afterwards. Called by several threads at once with one CONTEXT. */
    struct error *(*render)(const struct report_context *context, size_t entry_index,
                            struct arena *scratch, struct buffer *content);
};

enum { PAGE_FORMAT_COUNT = 3 + DEFINITION_KIND_COUNT };

/* In the order of enum report_format; the site has a row for each kind. */
extern const struct page_format page_formats[PAGE_FORMAT_COUNT];

/* The one of FORMATS that links to such a definition lead to, from Markdown: md-full, since the
 * pages of md may deny what a table says of offsets and sizes; else the first that has that kind;
 * NULL: none has. */
const struct page_format *page_format_to_link(unsigned formats, enum definition_kind kind);

/* Those of the report's formats in which the definition has a file, a set. */
unsigned page_formats_of(const struct report_context *context,
                         const struct history_definition *entry);

struct file_worker;
struct file_batch;

/* The files of one format while they are written: in batches, each by one thread. */
struct page_files {
    const struct report_context *context;
    const struct page_format *format;
    struct output_folder folder;
    size_t removed_count;
    struct string_table paths; /* by file number */
    size_t *entry_indexes;     /* by file number */
    uint32_t *order;           /* file numbers, those of a folder's letter together */
    size_t batch_count;
    struct file_batch *batches;
    struct file_worker *workers; /* one for each of the report's threads */
    unsigned worker_count;
};

/* Lists the files of all definitions that a kernel of a group has, and removes all others of that
 * format. CONTEXT and FORMAT must live as long. Close with page_files_close(). */
struct error *page_files_open(const struct report_context *context,
                              const struct output_directory *directory,
                              const struct page_format *format,
                              struct page_files *files_ret) MUST_CHECK;

/* Writes the files of a batch. Threads with different WORKER numbers may do so at once. */
struct error *page_files_write_batch(struct page_files *files, unsigned worker,
                                     size_t batch) MUST_CHECK;

/* When all batches are written. Adds to the counts in *RESULT. */
struct error *page_files_finish(struct page_files *files, struct report_result *result) MUST_CHECK;

void page_files_close(struct page_files *files);

#endif
