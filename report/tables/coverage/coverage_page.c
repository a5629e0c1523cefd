/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/utf8.h"
#include "report/write/markdown.h"

enum {
    HASH_DIGITS = 12,      /* enough to tell kernels apart, and to search for */
    COMPILER_MAXIMUM = 60, /* bytes */
    TEXT_MAXIMUM = 4096,
    STATE_COUNT = COVERAGE_SKIPPED + 1,
};

/* So that they are no more than a cell takes. */
#define ELLIPSIS "…"

static void append_summary(const struct coverage *coverage, struct buffer *out)
{
    size_t counts[STATE_COUNT] = {0};
    const char *separator = ": ";

    for (size_t i = 0; i < coverage->count; i++)
        counts[coverage->kernels[i].state]++;
    buffer_append_format(out, "%zu kernel%s wanted", coverage->count,
                         coverage->count == 1 ? " is" : "s are");
    for (size_t i = 0; i < STATE_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        buffer_append_format(out, "%s%zu %s%s", separator, counts[i], coverage_state_text(i),
                             i == COVERAGE_NOT_YET ? " tried" : "");
        separator = ", ";
    }
    buffer_append_text(out, ".\n");
    for (size_t i = 0; i < coverage->count; i++) {
        if (!coverage->kernels[i].is_baseline)
            continue;
        buffer_append_text(out, "The others are compared with ");
        markdown_append_code(out, coverage->kernels[i].name);
        buffer_append_text(out, ", the baseline.\n");
    }
    buffer_append_text(out, "The whole table, with nothing cut short, is there as "
                            "[CSV](tables/coverage.csv) and [JSON](tables/coverage.json).\n");
}

static void append_kernel(struct buffer *out, const struct coverage_kernel *kernel)
{
    buffer_append_text(out, "| ");
    markdown_append_code(out, kernel->name);
    buffer_append_text(out, " | ");
}

static void append_missing(const struct coverage *coverage, struct buffer *out)
{
    bool is_first = true;

    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        if (kernel->state == COVERAGE_ANALYZED)
            continue;
        if (is_first)
            buffer_append_text(out, "\n## Not analyzed\n\n"
                                    "Nothing is known of these kernels' structs, and no page "
                                    "speaks of them.\n\n"
                                    "| kernel | state | why |\n|---|---|---|\n");
        is_first = false;
        append_kernel(out, kernel);
        buffer_append_format(out, "%s | ", coverage_state_text(kernel->state));
        markdown_append_text(out, kernel->reason[0] == '\0' && kernel->state == COVERAGE_NOT_YET
                                      ? "It was not tried so far."
                                      : kernel->reason);
        buffer_append_text(out, " |\n");
    }
}

static const char *reason_not_read_anew(const struct coverage_kernel *kernel)
{
    return kernel->reason;
}

static const char *what_was_left_out(const struct coverage_kernel *kernel)
{
    return kernel->passed_over;
}

/* A section with a row for each analyzed kernel of which TEXT_OF has something to say. */
static void append_remarks(const struct coverage *coverage, const char *introduction,
                           const char *(*text_of)(const struct coverage_kernel *kernel),
                           struct buffer *out)
{
    bool is_first = true;

    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        if (kernel->state != COVERAGE_ANALYZED || text_of(kernel)[0] == '\0')
            continue;
        if (is_first)
            buffer_append_text(out, introduction);
        is_first = false;
        append_kernel(out, kernel);
        markdown_append_text(out, text_of(kernel));
        buffer_append_text(out, " |\n");
    }
}

/* TEXT up to MAXIMUM bytes, with the ellipsis where that is not all of it. */
static void append_cut(struct buffer *out, const char *text, size_t maximum)
{
    CLEANUP(buffer_deinit) struct buffer cut;
    size_t length = strlen(text);
    size_t kept = 0;

    buffer_init(&cut, TEXT_MAXIMUM);
    while (kept < length) {
        size_t step = utf8_character_length((const unsigned char *)text + kept, length - kept);
        if (kept + (step > 0 ? step : 1) > maximum)
            break;
        kept += step > 0 ? step : 1;
    }
    buffer_append(&cut, text, kept);
    if (kept < length)
        buffer_append_text(&cut, ELLIPSIS);
    markdown_append_text(out, buffer_text(&cut));
}

/* Of "GCC: (Debian 14.2.0) 14.2.0; rustc version 1.85.0 (…)" the first: it made the structs. */
static void append_compiler(struct buffer *out, const char *compiler)
{
    size_t length = strcspn(compiler, ";");

    append_cut(out, compiler, length < COMPILER_MAXIMUM ? length : COMPILER_MAXIMUM);
}

/* The address may be any text that a list has: only what a browser fetches becomes a link. */
static bool is_web_address(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static void append_address(struct buffer *out, const char *url)
{
    for (; *url; url++) {
        if (*url == '&')
            buffer_append_text(out, "&amp;");
        else if ((*url >= 'a' && *url <= 'z') || (*url >= 'A' && *url <= 'Z') ||
                 (*url >= '0' && *url <= '9') || strchr("/:._-~%?=+,@#", *url))
            buffer_append_char(out, *url);
        else
            buffer_append_format(out, "%%%02X", (unsigned char)*url);
    }
}

static void append_package(struct buffer *out, const struct coverage_kernel *kernel)
{
    bool is_linked = is_web_address(kernel->url) && kernel->package[0] != '\0';

    buffer_append_text(out, is_linked ? "[" : "");
    markdown_append_text(out, kernel->package);
    if (is_linked) {
        buffer_append_text(out, "](");
        append_address(out, kernel->url);
        buffer_append_char(out, ')');
    }
}

static void append_analyzed(const struct coverage *coverage, struct buffer *out)
{
    buffer_append_text(out, "\n## Analyzed\n\n"
                            "| kernel | structs | read on | DWARF | compiler |\n"
                            "|---|--:|---|---|---|\n");
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        if (kernel->state != COVERAGE_ANALYZED)
            continue;
        append_kernel(out, kernel);
        buffer_append_format(out, "%" PRIu64 " | ", kernel->struct_count);
        markdown_append_text(out, kernel->read_on);
        buffer_append_text(out, " | ");
        markdown_append_text(out, kernel->dwarf_versions);
        buffer_append_text(out, " | ");
        append_compiler(out, kernel->compiler);
        buffer_append_text(out, " |\n");
    }
}

static void append_packages(const struct coverage *coverage, struct buffer *out)
{
    buffer_append_text(out, "\n## Their packages\n\n"
                            "| kernel | package | version | SHA-256 | build-id |\n"
                            "|---|---|---|---|---|\n");
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        if (kernel->state != COVERAGE_ANALYZED)
            continue;
        append_kernel(out, kernel);
        append_package(out, kernel);
        buffer_append_text(out, " | ");
        markdown_append_text(out, kernel->package_version);
        buffer_append_text(out, " | ");
        append_cut(out, kernel->sha256, HASH_DIGITS);
        buffer_append_text(out, " | ");
        append_cut(out, kernel->build_id, HASH_DIGITS);
        buffer_append_text(out, " |\n");
    }
}

void coverage_page_append(const struct coverage *coverage, struct buffer *out)
{
    bool has_analyzed = false;

    for (size_t i = 0; i < coverage->count; i++)
        has_analyzed |= coverage->kernels[i].state == COVERAGE_ANALYZED;
    buffer_append_text(out, "# Coverage\n\n");
    append_summary(coverage, out);
    append_missing(coverage, out);
    append_remarks(
        coverage,
        "\n## Not read anew\n\n"
        "These kernels were analyzed, and the report has them as they were then; the last "
        "try to read them again failed.\n\n"
        "| kernel | why |\n|---|---|\n",
        reason_not_read_anew, out);
    append_remarks(coverage,
                   "\n## Left out\n\n"
                   "These kernels were analyzed but for what could not be read, which is missing "
                   "here.\n\n"
                   "| kernel | what, and why |\n|---|---|\n",
                   what_was_left_out, out);
    if (!has_analyzed)
        return;
    append_analyzed(coverage, out);
    append_packages(coverage, out);
}
