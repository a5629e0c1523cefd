/* SPDX-License-Identifier: MIT */
/* What the tables of coverage say of a kernel. */
#ifndef KSTRUCT_REPORT_TABLES_COVERAGE_COLUMNS_H
#define KSTRUCT_REPORT_TABLES_COVERAGE_COLUMNS_H

#include "model/kernel/coverage.h"
#include "report/write/table/table.h"

/* Each with its key in CSV and JSON, its heading, and how it is aligned. Long texts are cut
 * short for people. */
#define COVERAGE_COLUMNS(X)                                                                        \
    X(KERNEL, "kernel", "kernel", ALIGN_LEFT)                                                      \
    X(STATE, "state", "state", ALIGN_LEFT)                                                         \
    X(BASELINE, "baseline", "baseline", ALIGN_LEFT)                                                \
    X(IN_REPORT, "in_report", "in the report", ALIGN_LEFT)                                         \
    X(STRUCTS, "structs", "structs", ALIGN_RIGHT)                                                  \
    X(REASON, "reason", "why", ALIGN_LEFT)                                                         \
    X(VERSION, "version", "version", ALIGN_LEFT)                                                   \
    X(ABI, "abi", "ABI", ALIGN_LEFT)                                                               \
    X(FLAVOR, "flavor", "flavor", ALIGN_LEFT)                                                      \
    X(ARCHITECTURE, "architecture", "architecture", ALIGN_LEFT)                                    \
    X(PACKAGE, "package", "package", ALIGN_LEFT)                                                   \
    X(PACKAGE_VERSION, "package_version", "version", ALIGN_LEFT)                                   \
    X(URL, "url", "URL", ALIGN_LEFT)                                                               \
    X(SHA256, "sha256", "SHA-256", ALIGN_LEFT)                                                     \
    X(BUILD_ID, "build_id", "build-id", ALIGN_LEFT)                                                \
    X(RELEASE, "release", "release", ALIGN_LEFT)                                                   \
    X(COMPILER, "compiler", "compiler", ALIGN_LEFT)                                                \
    X(DWARF, "dwarf_versions", "DWARF", ALIGN_LEFT)                                                \
    X(READ_ON, "read_on", "read on", ALIGN_LEFT)                                                   \
    X(DIGEST, "digest", "digest", ALIGN_LEFT)                                                      \
    X(PASSED_OVER, "passed_over", "what, and why", ALIGN_LEFT)                                     \
    X(MODULES, "modules", "modules", ALIGN_RIGHT)

enum coverage_column {
#define X(name, key, heading, alignment) COVERAGE_COLUMN_##name,
    COVERAGE_COLUMNS(X)
#undef X
        COVERAGE_COLUMN_COUNT
};

extern const struct table_column coverage_columns[COVERAGE_COLUMN_COUNT];

/* Of a table whose rows are a struct coverage's kernels, that kernel. */
static inline const struct coverage_kernel *coverage_kernel_at(const struct table *table,
                                                               size_t row)
{
    return &((const struct coverage *)table->rows)->kernels[row];
}

/* Fills a row of a table whose rows are a struct coverage's kernels. */
table_row_function coverage_fill_row;

#endif
