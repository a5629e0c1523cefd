/* SPDX-License-Identifier: MIT */
#include "report/site.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAXIMUM = 64 * 1024 };

static const char configuration[] =
    "# For GitHub Pages, or `jekyll build` with jekyll-commonmark and "
    "jekyll-optional-front-matter.\n"
    "# Written once: what you change here stays.\n"
    "title: Linux kernel structs\n"
    "# kramdown does not see code in <details>; UNSAFE lets the pages' own HTML through.\n"
    "markdown: CommonMarkGhPages\n"
    "commonmark:\n"
    "  options: [UNSAFE]\n"
    "  extensions: [table, strikethrough, autolink]\n"
    "# Jekyll leaves out what begins with an underscore, and some names of structs.\n"
    "include: [\"_*.md\", \"[_]\", copying.md, license.md, licence.md, contributing.md, "
    "readme.md]\n"
    "# Takes minutes for so many pages; the layout does it.\n"
    "relative_links: {enabled: false}\n"
    "optional_front_matter: {remove_originals: true}\n"
    "readme_index: {remove_originals: true}\n"
    "defaults:\n"
    "  - scope: {path: \"\"}\n"
    "    values: {layout: default, render_with_liquid: false}\n";

/* Jekyll makes `BEFORE/AFTER.html` of `BEFORE..AFTER.md`, so links to such a page have to be
 * changed, and those on it begin one level higher. */
static const char layout[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>{{ page.title | default: page.name | escape }}</title>\n"
    "{% if page.path contains '..' %}<base href=\"../\">{% endif %}\n"
    "<style>\n"
    "body { font: 16px/1.5 sans-serif; color: #222; margin: 2em auto; max-width: 75em; "
    "padding: 0 1em }\n"
    "p, ul { max-width: 60em }\n"
    "code, pre { font: 14px/1.4 monospace }\n"
    "pre { background: #f6f8fa; padding: 1em; overflow: auto }\n"
    "table { border-collapse: collapse; display: block; overflow: auto }\n"
    "td, th { border: 1px solid #ddd; padding: .2em .4em }\n"
    "tr:nth-child(even) { background: #f6f8fa }\n"
    "summary { cursor: pointer }\n"
    "a { color: #0550ae }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "{% assign body = content | replace: 'README.md\"', './\"' | replace: '.md\"', '.html\"' | "
    "replace: '.md#', '.html#' %}"
    "{% if page.path == 'Differences/README.md' %}"
    "{% assign body = body | replace: '..', '/' %}"
    "{% endif %}"
    "{{ body }}\n"
    "</body>\n"
    "</html>\n";

static struct error *put_unless_there(struct table_output *output, enum table_folder folder,
                                      const char *name, const char *text)
{
    CLEANUP(buffer_deinit) struct buffer content;
    struct stat status;

    buffer_init(&content, FILE_MAXIMUM);
    /* Whatever is there, also a link that leads nowhere, is somebody's. */
    if (fstatat(output->folders[folder].descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        return NULL;
    if (errno != ENOENT)
        return error_create_errno(errno, name, "cannot look for it");
    buffer_append_text(&content, text);
    return table_output_put(output, folder, name, &content);
}

struct error *site_write(struct table_output *output)
{
    TRY(put_unless_there(output, TABLE_TOP, "_config.yml", configuration));
    return put_unless_there(output, TABLE_LAYOUTS, "default.html", layout);
}
