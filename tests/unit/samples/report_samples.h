/* SPDX-License-Identifier: MIT */
/* Types made by hand, for tests of layouts and reports. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_REPORT_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_REPORT_SAMPLES_H

#include "model/kernel/coverage.h"
#include "model/type.h"
#include "tests/unit/unit.h"

/* A kernel of a report that was analyzed. */
#define TEST_COVERED_KERNEL(version_, abi_, flavor_, architecture_, index)                         \
    {                                                                                              \
        .name = version_ "-" abi_ "-" flavor_ "-" architecture_, .version = version_, .abi = abi_, \
        .flavor = flavor_, .architecture = architecture_, .report_index = (index),                 \
        .state = COVERAGE_ANALYZED, .reason = "", .package = "linux.deb", .package_version = "",   \
        .url = "", .sha256 = "", .build_id = "", .release = "", .compiler = "",                    \
        .dwarf_versions = "5", .read_on = "2020-01-01", .digest = "0123456789abcdef" version_,     \
        .passed_over = "",                                                                         \
    }

static inline const struct type *intern(struct type_table *table, const struct type *type)
{
    const struct type *result = NULL;

    assert_success(type_intern(table, type, &result));
    return result;
}

static inline const struct type *named(struct type_table *table, enum type_kind kind,
                                       const char *name)
{
    struct type type = {.kind = kind, .name = name};

    return intern(table, &type);
}

/* A pointer to, or a qualifier of, TARGET. */
static inline const struct type *around(struct type_table *table, enum type_kind kind,
                                        const struct type *target)
{
    struct type type = {.kind = kind, .target = target};

    return intern(table, &type);
}

static inline const struct type *pointer_to(struct type_table *table, const struct type *target)
{
    return around(table, TYPE_PTR, target);
}

static inline const struct type *array_of(struct type_table *table, const struct type *target,
                                          uint32_t count, const uint64_t *dimensions)
{
    struct type type = {
        .kind = TYPE_ARRAY, .target = target, .count = count, .dimensions = dimensions};

    return intern(table, &type);
}

static inline const struct type *row_of(struct type_table *table, const struct type *target,
                                        uint64_t element_count)
{
    return array_of(table, target, 1, &element_count);
}

static inline const struct type *function_of(struct type_table *table, const struct type *result,
                                             uint32_t count, const struct type **parameters)
{
    struct type type = {
        .kind = TYPE_FUNC_PROTO, .target = result, .count = count, .parameters = parameters};

    return intern(table, &type);
}

static inline const struct type *void_type(struct type_table *table)
{
    struct type type = {.kind = TYPE_VOID};

    return intern(table, &type);
}

static inline const struct type *int_type(struct type_table *table)
{
    return named(table, TYPE_INT, "int");
}

#endif
