/* SPDX-License-Identifier: MIT */
#include "report/tables/kernel_columns.h"

#include "report/tables/name_index.h"
#include "report/write/pair_path.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { KERNEL_MAXIMUM = 8, PATH_MAXIMUM = 4096 };

/* COUNT kernels in one group; the heads, in order, are EXPECTED. */
static void assert_heads(struct coverage_kernel *kernels, size_t count, const char *const *expected)
{
    const char *names[KERNEL_MAXIMUM];
    size_t order[KERNEL_MAXIMUM];
    char group_name[] = "Regular";
    struct kernel_group group = {group_name, count, order, 0, NULL};
    const struct kernel_groups groups = {1, &group};
    const struct coverage coverage = {count, kernels};
    const struct history history = {.kernel_count = count, .kernel_names = names};
    const struct report_context context = {.input = {&history, &groups, &coverage}};
    struct kernel_columns columns;

    for (size_t i = 0; i < count; i++) {
        names[i] = kernels[i].name;
        order[i] = i;
    }
    assert_success(kernel_columns_make(&context, &columns));
    assert_int_equal(columns.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(columns.columns[i].head, expected[i]);
    kernel_columns_deinit(&columns);
}

static void heads_tell_by_what_kernels_differ(void **state UNUSED)
{
    struct coverage_kernel kernels[] = {
        TEST_COVERED_KERNEL("4.15.0", "20", "generic", "amd64", 0),
        TEST_COVERED_KERNEL("5.0.0", "13", "generic", "amd64", 1),
        TEST_COVERED_KERNEL("5.4.0", "26", "generic", "amd64", 2),
        TEST_COVERED_KERNEL("6.8.12", "31", "generic", "amd64", 3),
        TEST_COVERED_KERNEL("5.4.0", "24", "generic", "riscv64", 4),
        TEST_COVERED_KERNEL("5.4.0", "1009", "aws", "amd64", 5),
        TEST_COVERED_KERNEL("6.8.0", "31", "generic-64k", "arm64", 6),
    };

    kernels[2].is_baseline = true;
    assert_heads(kernels, 7,
                 (const char *[]){"4.15", "5.0", "5.4", "6.8.12", "riscv64", "aws",
                                  "6.8 generic-64k arm64"});
}

static void equal_heads_become_longer(void **state UNUSED)
{
    struct coverage_kernel kernels[] = {
        TEST_COVERED_KERNEL("5.4.0", "26", "generic", "amd64", 0),
        TEST_COVERED_KERNEL("5.4.0", "100", "generic", "amd64", 1),
        TEST_COVERED_KERNEL("5.4.0", "100", "aws", "amd64", 2),
        TEST_COVERED_KERNEL("5.4.0", "1009", "aws", "amd64", 3),
        TEST_COVERED_KERNEL("5.8.0", "1", "generic", "amd64", 4),
    };

    kernels[0].is_baseline = true;
    assert_heads(
        kernels, 5,
        (const char *[]){"5.4.0-26", "5.4.0-100", "5.4.0-100 aws", "5.4.0-1009 aws", "5.8"});
}

static void heads_that_stay_equal_are_names(void **state UNUSED)
{
    struct coverage_kernel kernels[] = {
        TEST_COVERED_KERNEL("5.4.0", "26", "generic", "amd64", 0),
        TEST_COVERED_KERNEL("6.1.0", "", "a", "b-amd64", 1),
        TEST_COVERED_KERNEL("6.1.0", "", "a b", "amd64", 2),
    };

    kernels[1].architecture = "b amd64";
    kernels[1].name = "one";
    kernels[2].flavor = "a b amd64";
    kernels[2].name = "two";
    assert_heads(kernels, 3, (const char *[]){"5.4", "one", "two"});
}

/* Debian's names lack parts; without a marked baseline it is the first kernel. */
static void debians_names_have_short_heads(void **state UNUSED)
{
    struct coverage_kernel kernels[] = {
        TEST_COVERED_KERNEL("6.1.0", "56", "cloud", "amd64", 0),
        TEST_COVERED_KERNEL("6.12.117+deb13", "", "cloud", "amd64", 1),
        TEST_COVERED_KERNEL("6.12.117+deb13", "", "", "s390x", 2),
        TEST_COVERED_KERNEL("6.1.0", "56", "", "amd64", 3),
        TEST_COVERED_KERNEL("7.2.13+deb13", "", "cloud", "amd64", 4),
        TEST_COVERED_KERNEL("7.2.13+deb14", "", "cloud", "amd64", 5),
    };

    assert_heads(kernels, 6,
                 (const char *[]){"6.1.0-56-cloud-amd64", "6.12.117", "6.12.117 s390x",
                                  "6.1.0-56--amd64", "7.2.13+deb13", "7.2.13+deb14"});
}

static void names_are_compared_as_a_reader_does(void **state UNUSED)
{
    assert_int_equal(name_index_common_length("__ksymtab", "KSpec"), 2);
    assert_int_equal(name_index_common_length("KSpec", "__ksymtab"), 2);
    assert_int_equal(name_index_common_length("_a", "a"), 1);
    assert_int_equal(name_index_common_length("a", "b"), 0);
    assert_int_equal(name_index_common_length("__", ""), 0);
}

static void assert_pair_path(const char *before, const char *after, const char *expected)
{
    struct buffer path;

    buffer_init(&path, PATH_MAXIMUM);
    pair_path_append(before, after, ".md", &path);
    assert_string_equal(buffer_text(&path), expected);
    buffer_deinit(&path);
}

static void a_pairs_path_is_safe(void **state UNUSED)
{
    assert_pair_path("6.1.0-56-amd64", "6.12+deb13~1-amd64",
                     "6.1.0-56-amd64..6.12+deb13~1-amd64.md");
    assert_pair_path("../a", ".b c", "%2E.%2Fa...b%20c.md");
    assert_pair_path("%2E", "\xc3\xb6", "%252E..%C3%B6.md");
}

static void a_long_path_is_cut_and_stays_its_own(void **state UNUSED)
{
    char name[200 + 1] = {0};
    struct buffer first;
    struct buffer second;

    memset(name, '5', sizeof(name) - 1);
    buffer_init(&first, PATH_MAXIMUM);
    buffer_init(&second, PATH_MAXIMUM);
    pair_path_append(name, name, ".md", &first);
    assert_int_equal(first.length, 255);
    name[199] = '6';
    pair_path_append(name, name, ".md", &second);
    assert_string_not_equal(buffer_text(&first), buffer_text(&second));
    buffer_deinit(&first);
    buffer_deinit(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_tell_by_what_kernels_differ),
        cmocka_unit_test(equal_heads_become_longer),
        cmocka_unit_test(heads_that_stay_equal_are_names),
        cmocka_unit_test(debians_names_have_short_heads),
        cmocka_unit_test(names_are_compared_as_a_reader_does),
        cmocka_unit_test(a_pairs_path_is_safe),
        cmocka_unit_test(a_long_path_is_cut_and_stays_its_own),
    };

    return cmocka_run_group_tests_name("kernel columns", tests, NULL, NULL);
}
