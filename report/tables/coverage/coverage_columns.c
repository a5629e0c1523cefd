/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_columns.h"

#include <string.h>

#include "base/text/utf8.h"
#include "model/kernel/coverage.h"
#include "report/write/markdown.h"

enum {
    HASH_DIGITS = 12,      /* enough to tell kernels apart, and to search for */
    COMPILER_MAXIMUM = 60, /* bytes */
    TEXT_MAXIMUM = 4096,
};

#define ELLIPSIS "…"

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
    buffer_take_failure(out, &cut);
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

static void append_package(const struct coverage_kernel *kernel, struct buffer *out)
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

/* The texts that Markdown has otherwise than programs. */
static void show(const struct coverage_kernel *kernel, struct table_cell *cells)
{
    if (kernel->reason[0] == '\0' && kernel->state == COVERAGE_NOT_YET)
        table_cell_set_text(&cells[COVERAGE_COLUMN_REASON], "It was not tried so far.");
    if (!kernel->are_modules_known)
        table_cell_set_text(&cells[COVERAGE_COLUMN_MODULES], "not read");
    append_package(kernel, table_cell_show(&cells[COVERAGE_COLUMN_PACKAGE]));
    append_compiler(table_cell_show(&cells[COVERAGE_COLUMN_COMPILER]), kernel->compiler);
    append_cut(table_cell_show(&cells[COVERAGE_COLUMN_SHA256]), kernel->sha256, HASH_DIGITS);
    append_cut(table_cell_show(&cells[COVERAGE_COLUMN_BUILD_ID]), kernel->build_id, HASH_DIGITS);
}

void coverage_fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct coverage_kernel *kernel = coverage_kernel_at(table, row);

    table_cell_set_code(&cells[COVERAGE_COLUMN_KERNEL], kernel->name);
    table_cell_set_text(&cells[COVERAGE_COLUMN_STATE], coverage_state_text(kernel->state));
    table_cell_set_flag(&cells[COVERAGE_COLUMN_BASELINE], kernel->is_baseline);
    table_cell_set_flag(&cells[COVERAGE_COLUMN_IN_REPORT],
                        kernel->report_index != COVERAGE_NOT_IN_REPORT);
    if (kernel->state == COVERAGE_ANALYZED)
        table_cell_set_number(&cells[COVERAGE_COLUMN_STRUCTS], kernel->struct_count);
    table_cell_set_text(&cells[COVERAGE_COLUMN_REASON], kernel->reason);
    table_cell_set_text(&cells[COVERAGE_COLUMN_VERSION], kernel->version);
    table_cell_set_text(&cells[COVERAGE_COLUMN_ABI], kernel->abi);
    table_cell_set_text(&cells[COVERAGE_COLUMN_FLAVOR], kernel->flavor);
    table_cell_set_text(&cells[COVERAGE_COLUMN_ARCHITECTURE], kernel->architecture);
    table_cell_set_text(&cells[COVERAGE_COLUMN_PACKAGE], kernel->package);
    table_cell_set_text(&cells[COVERAGE_COLUMN_PACKAGE_VERSION], kernel->package_version);
    table_cell_set_text(&cells[COVERAGE_COLUMN_URL], kernel->url);
    table_cell_set_text(&cells[COVERAGE_COLUMN_SHA256], kernel->sha256);
    table_cell_set_text(&cells[COVERAGE_COLUMN_BUILD_ID], kernel->build_id);
    table_cell_set_text(&cells[COVERAGE_COLUMN_RELEASE], kernel->release);
    table_cell_set_text(&cells[COVERAGE_COLUMN_COMPILER], kernel->compiler);
    table_cell_set_text(&cells[COVERAGE_COLUMN_DWARF], kernel->dwarf_versions);
    table_cell_set_text(&cells[COVERAGE_COLUMN_READ_ON], kernel->read_on);
    table_cell_set_text(&cells[COVERAGE_COLUMN_DIGEST], kernel->digest);
    table_cell_set_text(&cells[COVERAGE_COLUMN_PASSED_OVER], kernel->passed_over);
    table_cell_set_known_number(&cells[COVERAGE_COLUMN_MODULES], kernel->are_modules_known,
                                kernel->module_count);
    if (cells[0].notation == TABLE_MARKDOWN)
        show(kernel, cells);
}

const struct table_column coverage_columns[COVERAGE_COLUMN_COUNT] = {
#define X(name, key, heading, alignment) [COVERAGE_COLUMN_##name] = {key, heading, alignment},
    COVERAGE_COLUMNS(X)
#undef X
};
