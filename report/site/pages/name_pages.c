/* SPDX-License-Identifier: MIT */
#include "base/text/counted.h"
#include "report/site/html/html.h"
#include "report/site/pages/site_pages.h"

/* So that a page stays well under 300 KB. */
enum { PAGE_NAMES = 2500 };

size_t name_page_count(const struct name_letter *letter)
{
    return (letter->count + PAGE_NAMES - 1) / PAGE_NAMES;
}

void name_page_append_path(struct buffer *path, const struct name_letter *letter, size_t number)
{
    buffer_append_char(path, letter->letter);
    if (number > 0)
        buffer_append_format(path, "-%zu", number + 1);
    buffer_append_text(path, HTML_SUFFIX);
}

/* "a b c", with the pages of a letter that has several. */
static void append_letters(const struct name_index *index, struct buffer *out)
{
    buffer_append_text(out, "<nav class=\"toc letters\" aria-label=\"Letters\">");
    for (size_t i = 0; i < index->letter_count; i++) {
        const struct name_letter *letter = &index->letters[i];
        for (size_t number = 0; number < name_page_count(letter); number++) {
            buffer_append_text(out, "<a href=\"");
            name_page_append_path(out, letter, number);
            buffer_append_format(out, "\">%c", letter->letter);
            if (number > 0)
                buffer_append_format(out, " %zu", number + 1);
            buffer_append_text(out, "</a> ");
        }
    }
    buffer_append_text(out, "</nav>\n");
}

void name_page_append(const struct history *history, const struct name_index *index,
                      const struct name_letter *letter, size_t number, struct buffer *out)
{
    size_t first = number * PAGE_NAMES;
    size_t end = first + PAGE_NAMES < letter->count ? first + PAGE_NAMES : letter->count;
    const char title[] = {'N', 'a', 'm', 'e', 's', ':', ' ', letter->letter, '\0'};

    html_append_beginning(out, title, HTML_TO_TOP);
    buffer_append_format(out, "<h1>Names: %c</h1>\n", letter->letter);
    append_letters(index, out);
    buffer_append_text(out, "<ul class=\"names\">\n");
    for (size_t i = first; i < end; i++) {
        const struct history_definition *entry = &history->definitions[letter->entries[i]];
        buffer_append_text(out, "<li>");
        html_append_definition_link(out, HTML_TO_TOP, entry->kind, entry->name);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "</ul>\n");
    html_append_end(out);
}

void name_overview_append(const struct name_index *index, struct buffer *out)
{
    html_append_beginning(out, "Names", HTML_TO_TOP);
    buffer_append_format(out,
                         "<h1>Names</h1>\n<p>%zu %s, by the first letter of the name without "
                         "underscores:\n",
                         COUNTED(index->entry_count, "definition"));
    append_letters(index, out);
    html_append_end(out);
}
