/* SPDX-License-Identifier: MIT */
/* The list, explained for programs. A key is left out where there is nothing to say. */
#include <string.h>

#include "base/system/file.h"
#include "base/text/public_url.h"
#include "cli/list/list_explanation.h"
#include "model/text/json.h"
#include "run/fetching/fetching.h"

static void set_text(struct json_document *document, json_t *object, const char *key,
                     const char *text)
{
    if (text && text[0] != '\0')
        json_value_set(document, object, key, json_value_text(text));
}

static void set_url(struct json_document *document, json_t *object, const char *url)
{
    CLEANUP(free_pointer) char *public = NULL;

    if (url)
        error_destroy(public_url(url, &public));
    set_text(document, object, "url", public);
}

static void set_sources(struct json_document *document, json_t *object, const char *words)
{
    json_t *sources = json_value_set_array(document, object, "sources");

    while (*(words += strspn(words, ", "))) {
        size_t length = strcspn(words, ", ");
        json_value_add(document, sources, json_stringn(words, length));
        words += length;
    }
}

static void set_doubt(struct json_document *document, json_t *object,
                      const struct list_explanation *explanation, const struct kernel_entry *entry)
{
    CLEANUP(free_pointer) char *doubt = fetching_doubt(&explanation->cli->workspace, entry);

    set_text(document, object, "doubt", doubt);
}

/* What the line asks for. */
static void set_request(struct json_document *document, json_t *object,
                        const struct list_explanation *explanation,
                        const struct kernel_entry *entry)
{
    set_text(document, object, "version", entry->version);
    set_text(document, object, "file", entry->file);
    set_url(document, object, entry->url);
    set_text(document, object, "apt", entry->apt);
    set_text(document, object, "sha256", entry->sha256);
    if (!entry->file && !entry->url && !entry->apt)
        set_sources(document, object, explanation->cli->workspace.settings.sources);
}

static void set_locked(struct json_document *document, json_t *object,
                       const struct explained_kernel *kernel)
{
    const struct locked_package *locked = kernel->locked;
    json_t *package = json_value_set_object(document, object, "locked");

    set_text(document, package, "version", locked->version);
    set_url(document, package, locked->url);
    json_value_set(document, package, "byte_size", json_value_number(locked->byte_size));
    set_text(document, package, "sha256", locked->sha256);
    json_value_set(document, package, "is_obsolete", json_boolean(kernel->is_lock_obsolete));
}

static void add_kernel(struct json_document *document, json_t *kernels,
                       const struct list_explanation *explanation,
                       const struct explained_kernel *kernel)
{
    const struct kernel_entry *entry = kernel->entry;
    json_t *object = json_value_add_object(document, kernels);

    set_text(document, object, "name", entry->name.text);
    json_value_set(document, object, "line", json_value_number(entry->line));
    set_text(document, object, "pattern", entry->pattern);
    json_value_set(document, object, "is_baseline", json_boolean(kernel->is_baseline));
    set_text(document, object, "skip_reason", entry->skip_reason);
    set_request(document, object, explanation, entry);
    if (kernel->locked)
        set_locked(document, object, kernel);
    set_text(document, object, "group", kernel->group);
    if (kernel->compared_with)
        set_text(document, object, "compared_with", kernel->compared_with->name.text);
    set_doubt(document, object, explanation, entry);
}

static void add_pattern(struct json_document *document, json_t *patterns,
                        const struct list_explanation *explanation,
                        const struct explained_line *line)
{
    json_t *object = json_value_add_object(document, patterns);

    set_text(document, object, "pattern", line->entry->name.text);
    json_value_set(document, object, "line", json_value_number(line->entry->line));
    json_value_set(document, object, "latest", json_value_number(line->entry->latest));
    set_text(document, object, "skip_reason", line->entry->skip_reason);
    set_doubt(document, object, explanation, line->entry);
    json_t *kernels = json_value_set_array(document, object, "kernels");
    for (size_t i = 0; i < line->kernel_count; i++)
        json_value_add(
            document, kernels,
            json_value_text(explanation->kernels[line->first_kernel + i].entry->name.text));
}

struct error *list_json_append(const struct list_explanation *explanation, struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, "kstruct-list", 1);
    set_text(&document, document.root, "list", explanation->written.path);
    set_text(&document, document.root, "lock", explanation->keeper.path);
    json_t *patterns = json_value_set_array(&document, document.root, "patterns");
    for (size_t i = 0; i < explanation->written.count; i++) {
        if (explanation->lines[i].entry->is_pattern)
            add_pattern(&document, patterns, explanation, &explanation->lines[i]);
    }
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < explanation->kernel_count; i++)
        add_kernel(&document, kernels, explanation, &explanation->kernels[i]);
    return json_document_append(&document, 2, out);
}
