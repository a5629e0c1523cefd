/* SPDX-License-Identifier: MIT */
#include "run/serving/pages/error_page.h"

#include <string.h>

#include "report/site/html/html.h"

/* No address that leads anywhere has so many parts. */
enum { WAY_MAXIMUM = 256 };

/* From the page at PATH to the site's top. */
static void append_way_to_top(struct buffer *way, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
        buffer_append_text(way, HTML_TO_TOP);
}

static const char *title_of(enum http_status status)
{
    switch (status) {
    case HTTP_NOT_FOUND: return "Not found";
    case HTTP_BAD_REQUEST: return "Not understood";
    case HTTP_UNAVAILABLE:
    case HTTP_TIMEOUT: return "Not now";
    default: return "Failed";
    }
}

void error_page_answer(struct http_answer *answer, const char *path, const struct error *error)
{
    CLEANUP(buffer_deinit) struct buffer way;
    struct buffer *out = &answer->contents;

    buffer_init(&way, WAY_MAXIMUM);
    append_way_to_top(&way, path);
    answer->status = http_status_of(error->code);
    answer->type = http_type_html;
    buffer_clear(out);
    html_append_beginning(out, title_of(answer->status), buffer_text(&way));
    buffer_append_format(out, "<h1>%s</h1>\n<p>", title_of(answer->status));
    html_append_text(out, error->why);
    buffer_append_text(out, ".\n");
    html_append_search_form(out, buffer_text(&way), "");
    html_append_end(out);
}
