/* SPDX-License-Identifier: MIT */
#include "report/tables/status/status_index.h"

#include "base/text/counted.h"
#include "report/output/table_output.h"

/* GitHub cuts a README after that many bytes. */
enum { README_SHOWN_MAXIMUM = 500 * 1024 };

static const char *name_of(const struct status_pages *pages, size_t entry_index)
{
    return pages->context->input.history->definitions[entry_index].name;
}

static size_t count_kernels(const struct status_pages *pages, size_t entry_index)
{
    const struct history_definition *entry =
        &pages->context->input.history->definitions[entry_index];
    size_t count = 0;

    for (size_t i = 0; i < pages->columns->count; i++)
        count += entry->layouts[pages->columns->columns[i].kernel] != NULL;
    return count;
}

/* Names with the same first two characters are a paragraph, so that the eye finds its way. */
static void append_names(const struct status_pages *pages, const struct name_letter *letter,
                         struct buffer *out)
{
    for (size_t i = 0; i < letter->count; i++) {
        size_t own = letter->entries[i];
        size_t count = count_kernels(pages, own);
        if (i > 0 && name_index_common_length(name_of(pages, letter->entries[i - 1]),
                                              name_of(pages, own)) < 2)
            buffer_append_text(out, "\n\n");
        else if (i > 0)
            buffer_append_text(out, ",\n");
        status_page_append_link(pages, own, out);
        if (count < pages->columns->count)
            buffer_append_format(out, " (%zu)", count);
    }
    buffer_append_char(out, '\n');
}

static void append_letters(const struct status_pages *pages, struct buffer *out)
{
    for (size_t i = 0; i < pages->index->letter_count; i++) {
        const struct name_letter *letter = &pages->index->letters[i];
        buffer_append_text(out, "\n## ");
        status_page_append_letter_name(letter->letter, out);
        buffer_append_format(out, "\n\n[The table of %zu %s](%c.md)\n\n",
                             COUNTED(letter->count, "definition"), letter->letter);
        append_names(pages, letter, out);
    }
}

struct error *status_index_append(const struct status_pages *pages, struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer names;

    buffer_init(&names, out->maximum);
    append_letters(pages, &names);
    TRY(buffer_check(&names, "the index of names"));
    buffer_append_text(out,
                       STATUS_PAGE_BEGINNING "\n\nIn which kernels each definition is, and where "
                                             "it changed, by the first letter of its name "
                                             "without underscores:\n\n");
    status_page_append_letter_links(pages, '\0', out);
    buffer_append_format(
        out,
        "\n\nBelow: %zu %s, each with a link to its page, and with the number of kernels that have "
        "it where not all %zu do.\n",
        COUNTED(pages->index->entry_count, "definition"), pages->columns->count);
    if (out->length + names.length > README_SHOWN_MAXIMUM)
        buffer_append_text(out, "\nGitHub shows only the beginning of so long a page; the letters' "
                                "tables above are complete.\n");
    buffer_append(out, buffer_text(&names), names.length);
    return NULL;
}
