/* SPDX-License-Identifier: MIT */
/*
 * What a report remembers of its earlier states: the kernels that it was last made from, and what
 * was new each time that these changed. On disk it is changes.json (change_log_json.h).
 */
#ifndef KSTRUCT_REPORT_NEWS_CHANGE_LOG_H
#define KSTRUCT_REPORT_NEWS_CHANGE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "report/compare/fate.h"

enum {
    CHANGE_LOG_ENTRIES_MAXIMUM = 50,
    TITLE_NAMES_MAXIMUM = 3, /* more names than these make no title: then it has their number */
};

/* What became of kernels since the last entry. Each with its key in JSON and the word for it. */
#define KERNEL_NEWS(X)                                                                             \
    X(KERNELS_ADDED, "kernels_added", "added")                                                     \
    X(KERNELS_REMOVED, "kernels_removed", "removed")                                               \
    X(KERNELS_CHANGED, "kernels_changed", "changed") /* the same name, other definitions */

enum kernel_news {
#define X(news, key, word) news,
    KERNEL_NEWS(X)
#undef X
        KERNEL_NEWS_COUNT,
};

struct text_list {
    size_t count;
    const char **texts;
};

/* A new kernel beside the one that it is compared with. */
struct change_comparison {
    const char *group;
    const char *before; /* names of kernels */
    const char *after;
    uint64_t counts[FATE_COUNT];
    const char **names[FATE_COUNT]; /* as many as COUNTS says; only where HAS_NAMES */
    bool has_names;
};

struct change_entry {
    const char *id;      /* "urn:uuid:…" */
    const char *updated; /* "2024-05-01T00:00:00Z"; later entries have later ones */
    bool is_beginning;   /* of a report that had none before, or whose changes.json was lost */
    struct text_list kernels[KERNEL_NEWS_COUNT];
    size_t comparison_count;
    struct change_comparison *comparisons; /* in the order of the report's pairs */
};

struct logged_kernel {
    const char *name;
    const char *digest; /* coverage's */
};

/* All 0 for a report that remembers nothing. */
struct change_log {
    struct arena arena; /* owns everything below */
    const char *id;     /* "urn:uuid:…"; stays the same as long as the log goes on */
    size_t kernel_count;
    struct logged_kernel *kernels;
    size_t entry_count;           /* CHANGE_LOG_ENTRIES_MAXIMUM at most */
    struct change_entry *entries; /* newest first; only the first may have names of definitions */
};

void change_log_deinit(struct change_log *log);

/* How texts are put into the document at hand. */
struct change_text_style {
    void (*append_name)(struct buffer *out, const char *name); /* of a kernel */
    void (*append_text)(struct buffer *out, const char *text);
};

/* "X, Y added; 5 kernels removed", or "25 kernels to begin with". */
void change_entry_append_title(struct buffer *out, const struct change_entry *entry,
                               const struct change_text_style *style);

/* " X compared with Y (Regular): 12 definitions added, 1 changed." for each comparison up to that
 * many, then how many more there are. Nothing for a beginning: then they are no news. */
void change_entry_append_comparisons(struct buffer *out, const struct change_entry *entry,
                                     size_t maximum, const struct change_text_style *style);

#endif
