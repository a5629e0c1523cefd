/* SPDX-License-Identifier: MIT */
#include "report/compare/status_word.h"

#include "report/compare/fate.h"

const struct status_text status_texts[STATUS_COUNT] = {
#define X(status, word, letter, symbol, meaning) [status] = {word, letter, symbol, meaning},
    STATUS_WORDS(X)
#undef X
};

enum status_word status_word_of(const struct report_context *context, size_t entry_index,
                                const struct kernel_column *column)
{
    const struct history_definition *entry = &context->input.history->definitions[entry_index];

    if (!(context->survey.kinds[column->kernel] & DEFINITION_KIND_BIT(entry->kind)))
        return STATUS_UNKNOWN;
    if (!entry->layouts[column->kernel])
        return history_lacks_modules(context->input.history, column->kernel) ? STATUS_NOT_IN_VMLINUX
                                                                             : STATUS_ABSENT;
    if (column->pair == COLUMN_WITHOUT_PAIR)
        return STATUS_PRESENT;
    switch (fate_of_definition(survey_word_of(&context->survey, entry_index, column->pair))) {
    case FATE_ADDED: return STATUS_ADDED;
    case FATE_CHANGED: return STATUS_CHANGED;
    case FATE_ONLY_MOVED: return STATUS_MOVED;
    default: return STATUS_PRESENT;
    }
}
