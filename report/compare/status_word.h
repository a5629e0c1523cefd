/* SPDX-License-Identifier: MIT */
/* What a status table says of a definition in a kernel, in words, symbols and letters. */
#ifndef KSTRUCT_REPORT_COMPARE_STATUS_WORD_H
#define KSTRUCT_REPORT_COMPARE_STATUS_WORD_H

#include "report/report_context.h"
#include "report/tables/kernel_columns.h"

/* Each with its word for programs, its letter for JSON, its symbol for people and what that means:
 * compared with the kernel that the column's kernel is compared with. */
#define STATUS_WORDS(X)                                                                            \
    X(STATUS_PRESENT, "present", "P", "✅", "there, and nothing has changed")                       \
    X(STATUS_CHANGED, "changed", "C", "❓",                                                         \
      "changed: members or enumerators, their types, sizes or values, or its own size")            \
    X(STATUS_MOVED, "moved", "M", "↔",                                                             \
      "only moved: other offsets, order or nesting of members, and nothing else")                  \
    X(STATUS_ADDED, "added", "A", "➕", "new")                                                      \
    X(STATUS_ABSENT, "absent", "-", "·", "not there")                                              \
    X(STATUS_NOT_IN_VMLINUX, "not in vmlinux", "v", "∘",                                           \
      "not in vmlinux; the kernel's modules were not read")                                        \
    X(STATUS_UNKNOWN, "unknown", "?", "❔", "not known: the kernel was read without that kind")

enum status_word {
#define X(status, word, letter, symbol, meaning) status,
    STATUS_WORDS(X)
#undef X
        STATUS_COUNT
};

struct status_text {
    const char *word;
    const char *letter;
    const char *symbol;
    const char *meaning;
};

/* By enum status_word. */
extern const struct status_text status_texts[STATUS_COUNT];

/* A kernel that is compared with none only says whether it has the definition. */
enum status_word status_word_of(const struct report_context *context, size_t entry_index,
                                const struct kernel_column *column);

#endif
