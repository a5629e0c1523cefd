/* SPDX-License-Identifier: MIT */
/* The list, explained for people: a line that begins with the name, and indented ones below it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/public_url.h"
#include "cli/list/list_explanation.h"
#include "cli/terminal/progress_text.h"
#include "run/fetching/fetching.h"

/* The beginning of a hash tells two of them apart; all of it is in the JSON. */
enum { HASH_SHOWN = 16 };

/* "  key      ", after which its value stands: so a package's name fits a line. */
static void append_key(struct buffer *out, const char *key)
{
    buffer_append_format(out, "  %-9s", key);
}

/* "launchpad, ddebs": the words of the setting with a comma between them. */
static void append_sources(struct buffer *out, const struct settings *settings)
{
    const char *words = settings->sources;
    const char *mirror = fetch_source_words[FETCH_MIRROR];
    const char *separator = "";

    while (*(words += strspn(words, ", "))) {
        size_t length = strcspn(words, ", ");
        buffer_append_format(out, "%s%.*s", separator, (int)length, words);
        if (!settings->mirror && strncmp(words, mirror, length) == 0)
            buffer_append_text(out, " (which is not set)");
        separator = ", ";
        words += length;
    }
}

static void append_url(struct buffer *out, const char *url)
{
    CLEANUP(free_pointer) char *public = NULL;

    error_destroy(public_url(url, &public));
    buffer_append_text(out, public ? public : "?");
}

/* Where the package is looked for, unless what is locked is still there. */
static void append_source(const struct list_explanation *explanation,
                          const struct kernel_entry *entry, struct buffer *out)
{
    append_key(out, "from");
    if (entry->file)
        buffer_append_format(out, "file %s", entry->file);
    else if (entry->url)
        append_url(out, entry->url);
    else if (entry->apt)
        buffer_append_format(out, "apt, package %s", entry->apt);
    else
        append_sources(out, &explanation->cli->workspace.settings);
    if (entry->version)
        buffer_append_format(out, ", version %s", entry->version);
    buffer_append_char(out, '\n');
    if (entry->sha256) {
        append_key(out, "demanded");
        buffer_append_format(out, "SHA-256 %.*s…\n", HASH_SHOWN, entry->sha256);
    }
}

static void append_locked(const struct explained_kernel *kernel, struct buffer *out)
{
    const struct locked_package *locked = kernel->locked;
    char size[PROGRESS_FIELD];

    if (!locked)
        return;
    append_key(out, "locked");
    if (kernel->is_lock_obsolete)
        buffer_append_text(out, "for another request; the next run locks anew instead of\n"
                                "           ");
    buffer_append_format(out, "%s\n", path_base_name(locked->url));
    append_key(out, "");
    if (locked->version)
        buffer_append_format(out, "version %s, ", locked->version);
    progress_format_bytes((double)locked->byte_size, size);
    buffer_append_format(out, "%s, SHA-256 %.*s…\n", size, HASH_SHOWN, locked->sha256);
}

static void append_group(const struct explained_kernel *kernel, struct buffer *out)
{
    append_key(out, "group");
    buffer_append_text(out, kernel->group);
    if (kernel->compared_with)
        buffer_append_format(out, ", compared with %s", kernel->compared_with->name.text);
    else
        buffer_append_text(out, ", the first one");
    buffer_append_char(out, '\n');
}

static void append_doubt(const struct list_explanation *explanation,
                         const struct kernel_entry *entry, struct buffer *out)
{
    CLEANUP(free_pointer) char *doubt = fetching_doubt(&explanation->cli->workspace, entry);

    if (!doubt)
        return;
    append_key(out, "doubtful");
    buffer_append_format(out, "%s\n", doubt);
}

static void append_baseline(const struct list_explanation *explanation,
                            const struct explained_kernel *kernel, struct buffer *out)
{
    if (kernel->is_baseline)
        buffer_append_text(out, explanation->names_baseline ? ", baseline"
                                                            : ", baseline as the first by version");
}

static void append_kernel(const struct list_explanation *explanation,
                          const struct explained_kernel *kernel, struct buffer *out)
{
    const struct kernel_entry *entry = kernel->entry;

    buffer_append_format(out, "%s  line %u", entry->name.text, entry->line);
    if (entry->pattern)
        buffer_append_format(out, ", of %s", entry->pattern);
    append_baseline(explanation, kernel, out);
    if (entry->skip_reason) {
        buffer_append_format(out, ", skipped: %s\n", entry->skip_reason);
        return;
    }
    buffer_append_char(out, '\n');
    append_source(explanation, entry, out);
    append_locked(kernel, out);
    append_group(kernel, out);
    append_doubt(explanation, entry, out);
}

static void append_pattern(const struct list_explanation *explanation,
                           const struct explained_line *line, struct buffer *out)
{
    const struct kernel_entry *entry = line->entry;

    buffer_append_format(out, "%s  line %u, the newest %u", entry->name.text, entry->line,
                         entry->latest);
    if (entry->skip_reason) {
        buffer_append_format(out, ", skipped: %s\n", entry->skip_reason);
        return;
    }
    buffer_append_char(out, '\n');
    append_key(out, "kernels");
    if (line->kernel_count == 0)
        buffer_append_text(out, "none is known but those with lines of their own;\n"
                                "           run and fetch ask anew\n");
    for (size_t i = 0; i < line->kernel_count; i++) {
        if (i > 0)
            append_key(out, "");
        buffer_append_format(out, "%s\n",
                             explanation->kernels[line->first_kernel + i].entry->name.text);
    }
    append_doubt(explanation, entry, out);
}

struct error *list_text_append(const struct list_explanation *explanation, struct buffer *out)
{
    for (size_t i = 0; i < explanation->written.count; i++) {
        const struct explained_line *line = &explanation->lines[i];
        if (line->entry->is_pattern)
            append_pattern(explanation, line, out);
        for (size_t j = 0; j < line->kernel_count; j++)
            append_kernel(explanation, &explanation->kernels[line->first_kernel + j], out);
    }
    return buffer_check(out, "the list");
}
