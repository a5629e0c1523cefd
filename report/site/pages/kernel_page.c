/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stddef.h>

#include "report/site/html/html.h"
#include "report/site/pages/site_pages.h"

/* What is known of where it comes from. */
static void append_coverage(const struct coverage_kernel *kernel, struct buffer *out)
{
    static const struct {
        size_t place;
        const char *heading;
    } texts[] = {
        {offsetof(struct coverage_kernel, package), "package"},
        {offsetof(struct coverage_kernel, package_version), "its version"},
        {offsetof(struct coverage_kernel, url), "from"},
        {offsetof(struct coverage_kernel, sha256), "SHA-256"},
        {offsetof(struct coverage_kernel, build_id), "build-id"},
        {offsetof(struct coverage_kernel, release), "release"},
        {offsetof(struct coverage_kernel, compiler), "compiler"},
        {offsetof(struct coverage_kernel, dwarf_versions), "DWARF"},
        {offsetof(struct coverage_kernel, read_on), "read on"},
        {offsetof(struct coverage_kernel, passed_over), "left out"},
        {offsetof(struct coverage_kernel, digest), "digest"},
    };

    buffer_append_text(out,
                       "<h2>Read from</h2>\n<div class=\"wide\" tabindex=\"0\"><table><tbody>\n");
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        const char *text = *(const char *const *)((const char *)kernel + texts[i].place);
        if (!text || text[0] == '\0')
            continue;
        buffer_append_format(out, "<tr><th scope=\"row\">%s<td>", texts[i].heading);
        html_append_text(out, text);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "<tr><th scope=\"row\">modules<td>");
    if (kernel->are_modules_known)
        buffer_append_format(out, "%" PRIu64 "\n", kernel->module_count);
    else
        buffer_append_text(out, "not read\n");
    buffer_append_text(out, "</tbody></table></div>\n");
}

/* The names of a kind, folded up since there are many; COUNT of them, OF_MODULES in no vmlinux. */
static void append_names(const struct history *history, size_t kernel, enum definition_kind kind,
                         size_t count, size_t of_modules, struct buffer *out)
{
    buffer_append_format(out, "<details><summary>%zu %s", count,
                         count == 1 ? definition_kind_texts[kind].singular
                                    : definition_kind_texts[kind].plural);
    if (of_modules > 0)
        buffer_append_format(out, ", %zu of them only in modules", of_modules);
    buffer_append_text(out, "</summary>\n<ul class=\"names\">\n");
    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        if (entry->kind != kind || !entry->layouts[kernel])
            continue;
        buffer_append_text(out, "<li>");
        html_append_definition_link(out, HTML_TO_TOP, kind, entry->name);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "</ul></details>\n");
}

static void append_definitions(const struct history *history, size_t kernel, struct buffer *out)
{
    size_t counts[DEFINITION_KIND_COUNT] = {0};
    size_t of_modules[DEFINITION_KIND_COUNT] = {0};

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        counts[entry->kind] += entry->layouts[kernel] != NULL;
        of_modules[entry->kind] += history_modules_of(entry, kernel).count > 0;
    }
    buffer_append_text(out, "<h2>What it has</h2>\n");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (counts[kind] > 0)
            append_names(history, kernel, kind, counts[kind], of_modules[kind], out);
    }
}

static void append_pairs(const struct report_context *context, size_t kernel, struct buffer *out)
{
    const char *const *names = context->input.history->kernel_names;

    buffer_append_text(out, "<h2>Compared</h2>\n<ul>\n");
    for (size_t i = 0; i < context->survey.pair_count; i++) {
        const struct kernel_pair *pair = &context->survey.pairs[i].kernels;
        if (pair->before != kernel && pair->after != kernel)
            continue;
        bool is_second = pair->after == kernel;
        buffer_append_text(out, is_second ? "<li>from " : "<li>to ");
        html_append_pair_link(out, HTML_TO_TOP, names[pair->before], names[pair->after],
                              names[is_second ? pair->before : pair->after]);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "</ul>\n");
}

void kernel_page_append(const struct report_context *context, size_t kernel,
                        const struct history *history, size_t index, struct buffer *out)
{
    const char *name = report_kernel_name(context, kernel);
    const struct coverage_kernel *coverage = coverage_of(context->input.coverage, kernel);

    html_append_beginning(out, name, HTML_TO_TOP);
    buffer_append_text(out, "<h1><small>kernel</small> ");
    html_append_text(out, name);
    buffer_append_text(out, "</h1>\n");
    append_definitions(history, index, out);
    append_pairs(context, kernel, out);
    if (coverage)
        append_coverage(coverage, out);
    html_append_end(out);
}
