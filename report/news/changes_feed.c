/* SPDX-License-Identifier: MIT */
#include "report/news/changes_feed.h"

#include <string.h>

#include "model/text/escape.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

/* Of a log without entries: RFC 4287 wants both. */
#define EMPTY_ID "urn:kstruct:no-changes"
#define EMPTY_UPDATED "1970-01-01T00:00:00Z"

enum { COMPARISONS_MAXIMUM = 20, TEXT_MAXIMUM = 16 * 1024 * 1024 };

static const struct change_text_style style = {buffer_append_text, buffer_append_text};

/* XML has no control characters and neither U+FFFE nor U+FFFF, not even as numbers; the gate for
 * pages knows all of these but the last two. */
static void append_escaped(struct buffer *out, const char *text)
{
    CLEANUP(buffer_deinit) struct buffer clean;

    buffer_init(&clean, TEXT_MAXIMUM);
    while (*text) {
        if (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0) {
            buffer_append_text(&clean, REPLACEMENT_CHARACTER);
            text += 3;
        } else {
            buffer_append_char(&clean, *text++);
        }
    }
    escape_append(out, ESCAPE_HTML, buffer_text(&clean));
}

static void append_element(struct buffer *out, const char *indent, const char *name,
                           const char *text)
{
    buffer_append_format(out, "%s<%s>", indent, name);
    append_escaped(out, text);
    buffer_append_format(out, "</%s>\n", name);
}

/* To the page for people; an entry without content must have one. */
static void append_link(struct buffer *out, const char *indent, bool has_site)
{
    buffer_append_text(out, indent);
    buffer_append_text(
        out, has_site ? "<link rel=\"alternate\" type=\"text/html\" href=\"changes.html\"/>\n"
                      : "<link rel=\"alternate\" type=\"text/markdown\" href=\"changes.md\"/>\n");
}

static void append_entry(struct buffer *out, const struct change_entry *entry, bool has_site,
                         struct buffer *text)
{
    buffer_append_text(out, "  <entry>\n");
    append_element(out, "    ", "id", entry->id);
    buffer_clear(text);
    change_entry_append_title(text, entry, &style);
    append_element(out, "    ", "title", buffer_text(text));
    append_element(out, "    ", "updated", entry->updated);
    append_link(out, "    ", has_site);
    buffer_append_char(text, '.');
    change_entry_append_comparisons(text, entry, COMPARISONS_MAXIMUM, &style);
    append_element(out, "    ", "summary", buffer_text(text));
    buffer_append_text(out, "  </entry>\n");
}

void changes_feed_append(const struct change_log *log, bool has_site, struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, TEXT_MAXIMUM);
    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                            "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    append_element(out, "  ", "id", log->entry_count > 0 ? log->id : EMPTY_ID);
    append_element(out, "  ", "title", "Linux kernel structs: changes");
    append_element(out, "  ", "updated",
                   log->entry_count > 0 ? log->entries[0].updated : EMPTY_UPDATED);
    buffer_append_text(out, "  <author><name>kstruct</name></author>\n");
    append_link(out, "  ", has_site);
    buffer_append_text(out, "  <link rel=\"self\" type=\"application/atom+xml\" "
                            "href=\"changes.atom\"/>\n");
    for (size_t i = 0; i < log->entry_count; i++)
        append_entry(out, &log->entries[i], has_site, &text);
    buffer_append_text(out, "</feed>\n");
}
