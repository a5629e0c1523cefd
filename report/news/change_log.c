/* SPDX-License-Identifier: MIT */
#include "report/news/change_log.h"

#include <inttypes.h>

#include "base/text/counted.h"

static const char *const news_words[] = {
#define X(news, key, word) [news] = (word),
    KERNEL_NEWS(X)
#undef X
};

void change_log_deinit(struct change_log *log)
{
    arena_deinit(&log->arena);
    *log = (struct change_log){0};
}

static void append_names(struct buffer *out, const struct text_list *names,
                         const struct change_text_style *style)
{
    if (names->count > TITLE_NAMES_MAXIMUM) {
        buffer_append_format(out, "%zu kernels", names->count);
        return;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            buffer_append_text(out, ", ");
        style->append_name(out, names->texts[i]);
    }
}

void change_entry_append_title(struct buffer *out, const struct change_entry *entry,
                               const struct change_text_style *style)
{
    const char *separator = "";

    if (entry->is_beginning) {
        size_t count = entry->kernels[KERNELS_ADDED].count;
        buffer_append_format(out, "%zu %s to begin with", COUNTED(count, "kernel"));
        return;
    }
    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++) {
        if (entry->kernels[i].count == 0)
            continue;
        buffer_append_text(out, separator);
        append_names(out, &entry->kernels[i], style);
        buffer_append_format(out, " %s", news_words[i]);
        separator = "; ";
    }
}

/* "12 definitions added, 1 changed". */
static void append_counts(struct buffer *out, const struct change_comparison *comparison)
{
    bool is_first = true;

    for (size_t i = 0; i < FATE_COUNT; i++) {
        uint64_t count = comparison->counts[i];
        if (count == 0)
            continue;
        buffer_append_format(out, "%s%" PRIu64 "%s %s", is_first ? "" : ", ", count,
                             !is_first    ? ""
                             : count == 1 ? " definition"
                                          : " definitions",
                             fate_texts[i].word);
        is_first = false;
    }
    if (is_first)
        buffer_append_text(out, "nothing differs");
}

void change_entry_append_comparisons(struct buffer *out, const struct change_entry *entry,
                                     size_t maximum, const struct change_text_style *style)
{
    if (entry->is_beginning)
        return;
    for (size_t i = 0; i < entry->comparison_count && i < maximum; i++) {
        const struct change_comparison *comparison = &entry->comparisons[i];
        buffer_append_char(out, ' ');
        style->append_name(out, comparison->after);
        buffer_append_text(out, " compared with ");
        style->append_name(out, comparison->before);
        buffer_append_text(out, " (");
        style->append_text(out, comparison->group);
        buffer_append_text(out, "): ");
        append_counts(out, comparison);
        buffer_append_char(out, '.');
    }
    if (entry->comparison_count > maximum)
        buffer_append_format(out, " And %zu more such comparisons.",
                             entry->comparison_count - maximum);
}
