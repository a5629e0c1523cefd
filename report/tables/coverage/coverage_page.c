/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_page.h"

#include "report/tables/coverage/coverage_columns.h"
#include "report/write/markdown.h"

enum { SECTION_COLUMNS_MAXIMUM = 6, STATE_COUNT = COVERAGE_SKIPPED + 1 };

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
        markdown_append_code(out, coverage->kernels[i].name);
        buffer_append_text(out, " is the baseline: other architectures and flavors are compared "
                                "with it.\n");
    }
    buffer_append_text(out, "The whole table, with nothing cut short, is there as "
                            "[CSV](tables/coverage.csv) and [JSON](tables/coverage.json).\n");
}

static bool is_analyzed(const struct table *table, size_t row)
{
    return coverage_kernel_at(table, row)->state == COVERAGE_ANALYZED;
}

static bool is_missing(const struct table *table, size_t row)
{
    return !is_analyzed(table, row);
}

static bool is_not_read_anew(const struct table *table, size_t row)
{
    return is_analyzed(table, row) && coverage_kernel_at(table, row)->reason[0] != '\0';
}

static bool lacks_something(const struct table *table, size_t row)
{
    return is_analyzed(table, row) && coverage_kernel_at(table, row)->passed_over[0] != '\0';
}

/* A part of the page, which is there if its table has a row. */
static const struct section {
    const char *introduction;
    bool (*has_row)(const struct table *table, size_t row);
    size_t column_count;
    unsigned char columns[SECTION_COLUMNS_MAXIMUM]; /* of enum coverage_column */
} sections[] = {
    {"\n## Not analyzed\n\n"
     "Nothing is known of these kernels' structs, and no page shows them.\n\n",
     is_missing,
     3,
     {COVERAGE_COLUMN_KERNEL, COVERAGE_COLUMN_STATE, COVERAGE_COLUMN_REASON}},
    {"\n## Not read anew\n\n"
     "These kernels were analyzed, and the report has them as they were then; the last try to read "
     "them again failed.\n\n",
     is_not_read_anew,
     2,
     {COVERAGE_COLUMN_KERNEL, COVERAGE_COLUMN_REASON}},
    {"\n## Left out\n\n"
     "These kernels were analyzed but for what could not be read, which is missing here.\n\n",
     lacks_something,
     2,
     {COVERAGE_COLUMN_KERNEL, COVERAGE_COLUMN_PASSED_OVER}},
    {"\n## Analyzed\n\n",
     is_analyzed,
     6,
     {COVERAGE_COLUMN_KERNEL, COVERAGE_COLUMN_STRUCTS, COVERAGE_COLUMN_MODULES,
      COVERAGE_COLUMN_READ_ON, COVERAGE_COLUMN_DWARF, COVERAGE_COLUMN_COMPILER}},
    {"\n## Their packages\n\n",
     is_analyzed,
     5,
     {COVERAGE_COLUMN_KERNEL, COVERAGE_COLUMN_PACKAGE, COVERAGE_COLUMN_PACKAGE_VERSION,
      COVERAGE_COLUMN_SHA256, COVERAGE_COLUMN_BUILD_ID}},
};

static void append_section(const struct coverage *coverage, const struct section *section,
                           struct buffer *out)
{
    const struct table table = {
        .rows = coverage,
        .row_count = coverage->count,
        .fill = coverage_fill_row,
        .has_row = section->has_row,
        .column_count = COVERAGE_COLUMN_COUNT,
        .columns = coverage_columns,
        .selected_count = section->column_count,
        .selected = section->columns,
    };

    if (!table_has_rows(&table))
        return;
    buffer_append_text(out, section->introduction);
    table_append_markdown(&table, out);
}

void coverage_page_append(const struct coverage *coverage, struct buffer *out)
{
    buffer_append_text(out, "# Coverage\n\n");
    append_summary(coverage, out);
    for (size_t i = 0; i < ARRAY_LENGTH(sections); i++)
        append_section(coverage, &sections[i], out);
}
