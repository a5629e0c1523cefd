/* SPDX-License-Identifier: MIT */
#include "report/site/html/html.h"

#include "model/text/escape.h"
#include "report/write/definition_title.h"
#include "report/write/page_path.h"
#include "report/write/pair_path.h"

enum { PATH_MAXIMUM = 4096 };

void html_append_text(struct buffer *out, const char *text)
{
    escape_append(out, ESCAPE_HTML, text);
}

void html_append_code(struct buffer *out, const char *text)
{
    buffer_append_text(out, "<code>");
    html_append_text(out, text);
    buffer_append_text(out, "</code>");
}

void html_append_id(struct buffer *out, const char *text)
{
    page_path_append_link(out, text);
}

void html_append_beginning(struct buffer *out, const char *title, const char *to_top)
{
    buffer_append_text(out, HTML_BEGINNING
                       "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>");
    html_append_text(out, title);
    buffer_append_format(out,
                         "</title>\n"
                         "<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
                         "<link rel=\"icon\" href=\"%sicon.svg\">\n"
                         "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Changes\" "
                         "href=\"%schanges.atom\">\n"
                         "<script src=\"%ssearch.js\" data-top=\"%s\" defer></script>\n"
                         "</head>\n<body>\n"
                         "<a class=\"skip\" href=\"#main\">To the contents</a>\n"
                         "<header><a class=\"home\" href=\"%sindex.html\">kstruct</a>\n"
                         "<nav aria-label=\"Site\"><a href=\"%snames/index.html\">Names</a>\n"
                         "<a href=\"%sindex.html#kernels\">Kernels</a>\n"
                         "<a href=\"%sindex.html#differences\">Differences</a>\n"
                         "<a href=\"%schanges.html\">Changes</a></nav>\n"
                         "<div id=\"search\" role=\"search\"></div></header>\n<main id=\"main\">\n",
                         to_top, to_top, to_top, to_top, to_top, to_top, to_top, to_top, to_top,
                         to_top);
}

void html_append_end(struct buffer *out)
{
    buffer_append_text(out, "</main>\n</body>\n</html>\n");
}

void html_append_search_form(struct buffer *out, const char *to_top, const char *text)
{
    buffer_append_format(out,
                         "<form action=\"%ssearch.html\"><label>Name or part of "
                         "one: <input type=\"search\" name=\"q\" value=\"",
                         to_top);
    html_append_text(out, text);
    buffer_append_text(out, "\"></label> <button>Search</button></form>\n");
}

/* Of the page of NAME in a folder of the site. */
static void append_address(struct buffer *out, const char *to_top, const char *folder,
                           const char *name)
{
    CLEANUP(buffer_deinit) struct buffer path;

    buffer_init(&path, PATH_MAXIMUM);
    page_path_append_name(&path, name, HTML_SUFFIX);
    buffer_take_failure(out, &path);
    buffer_append_format(out, "%s%s/", to_top, folder);
    page_path_append_link(out, buffer_text(&path));
}

void html_append_definition_address(struct buffer *out, const char *to_top,
                                    enum definition_kind kind, const char *name)
{
    append_address(out, to_top, definition_kind_texts[kind].word, name);
}

void html_append_definition_link(struct buffer *out, const char *to_top, enum definition_kind kind,
                                 const char *name)
{
    buffer_append_text(out, "<a href=\"");
    html_append_definition_address(out, to_top, kind, name);
    buffer_append_text(out, "\">");
    definition_title_append_kind(out, kind);
    html_append_text(out, name);
    buffer_append_text(out, "</a>");
}

void html_append_kernel_address(struct buffer *out, const char *to_top, const char *name)
{
    append_address(out, to_top, "kernel", name);
}

void html_append_pair_address(struct buffer *out, const char *to_top, const char *before,
                              const char *after)
{
    buffer_append_format(out, "%spair/", to_top);
    pair_path_append_link(before, after, HTML_SUFFIX, out);
}

void html_append_kernel_link(struct buffer *out, const char *to_top, const char *name)
{
    buffer_append_text(out, "<a href=\"");
    html_append_kernel_address(out, to_top, name);
    buffer_append_text(out, "\">");
    html_append_text(out, name);
    buffer_append_text(out, "</a>");
}

void html_append_pair_link(struct buffer *out, const char *to_top, const char *before,
                           const char *after, const char *text)
{
    buffer_append_text(out, "<a href=\"");
    html_append_pair_address(out, to_top, before, after);
    buffer_append_text(out, "\">");
    html_append_text(out, text);
    buffer_append_text(out, "</a>");
}
