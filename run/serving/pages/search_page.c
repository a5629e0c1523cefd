/* SPDX-License-Identifier: MIT */
#include "run/serving/pages/search_page.h"

#include "report/site/html/html.h"
#include "report/write/definition_title.h"

enum { HITS_MAXIMUM = 200 };

void search_append_address(struct buffer *out, const struct catalog *catalog,
                           const struct search_hit *hit)
{
    const struct history_definition *entry = &catalog->names.definitions[hit->definition];

    html_append_definition_address(out, "", entry->kind, entry->name);
    if (hit->path[0] == '\0')
        return;
    buffer_append_text(out, "#field-");
    html_append_id(out, hit->path);
}

static void append_hit(struct buffer *out, const struct catalog *catalog,
                       const struct search_hit *hit)
{
    const struct history_definition *entry = &catalog->names.definitions[hit->definition];

    buffer_append_text(out, "<li><a href=\"");
    search_append_address(out, catalog, hit);
    buffer_append_text(out, "\">");
    definition_title_append_kind(out, entry->kind);
    html_append_text(out, entry->name);
    if (hit->path[0] != '\0') {
        buffer_append_char(out, '.');
        html_append_text(out, hit->path);
    }
    buffer_append_text(out, "</a>\n");
}

static void append_hits(struct buffer *out, const struct catalog *catalog,
                        const struct search_hits *hits)
{
    if (hits->count == 0) {
        buffer_append_text(out, "<p>Nothing of that name.\n");
        return;
    }
    buffer_append_text(out, "<ul>\n");
    for (size_t i = 0; i < hits->count; i++)
        append_hit(out, catalog, &hits->hits[i]);
    buffer_append_text(out, "</ul>\n");
    if (hits->count == HITS_MAXIMUM)
        buffer_append_format(out, "<p>These are the first %d.\n", HITS_MAXIMUM);
}

struct error *search_page_answer(const struct question *question, struct http_answer *answer)
{
    const char *text = http_request_parameter(question->request, "q");
    struct buffer *out = &answer->contents;
    CLEANUP(arena_deinit) struct arena arena;
    struct search_hits hits;

    arena_init(&arena);
    html_append_beginning(out, "Search", "");
    buffer_append_text(out, "<h1>Search</h1>\n");
    html_append_search_form(out, "", text ? text : "");
    if (text && text[0] != '\0') {
        TRY(search_table_find(question->catalog->search, text, HITS_MAXIMUM, &arena, &hits));
        append_hits(out, question->catalog, &hits);
    }
    html_append_end(out);
    return NULL;
}
