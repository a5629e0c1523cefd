/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_tables.h"

#include <jansson.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "report/report_context.h"
#include "report/tables/coverage/coverage_page.h"
#include "tests/unit/samples/directory_tree.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { FILE_MAXIMUM = 1024 * 1024 };

/* A kernel that was not analyzed; nothing more is known of it. */
#define MISSING_KERNEL(name_, state_, reason_)                                                     \
    {                                                                                              \
        .name = (name_), .version = "5.0.0", .abi = "1", .flavor = "", .architecture = "amd64",    \
        .report_index = COVERAGE_NOT_IN_REPORT, .state = (state_), .reason = (reason_),            \
        .package = "", .package_version = "", .url = "", .sha256 = "", .build_id = "",             \
        .release = "", .compiler = "", .dwarf_versions = "", .read_on = "", .digest = "",          \
        .passed_over = "",                                                                         \
    }

static const struct coverage_kernel failed =
    MISSING_KERNEL("5.0.0-1-amd64", COVERAGE_FAILED, "not found: HTTP status 404");
static const struct coverage_kernel skipped =
    MISSING_KERNEL("5.0.1-1-amd64", COVERAGE_SKIPPED, "it has no DWARF");
static const struct coverage_kernel not_yet = MISSING_KERNEL("5.0.2-1-amd64", COVERAGE_NOT_YET, "");
static const struct coverage_kernel analyzed =
    TEST_COVERED_KERNEL("5.4.0", "1", "generic", "amd64", 0);

static int begin_page(void **state)
{
    struct buffer *page = calloc(1, sizeof(*page));

    assert_non_null(page);
    buffer_init(page, FILE_MAXIMUM);
    *state = page;
    return 0;
}

static int end_page(void **state)
{
    buffer_deinit(*state);
    free(*state);
    return 0;
}

static void make_page(struct buffer *page, size_t count, const struct coverage_kernel *kernels)
{
    struct coverage_kernel copies[8];

    assert_true(count <= ARRAY_LENGTH(copies));
    memcpy(copies, kernels, count * sizeof(*kernels));
    const struct coverage coverage = {count, copies};
    buffer_clear(page);
    coverage_page_append(&coverage, page);
    assert_success(buffer_check(page, "a page"));
}

static void assert_has(const struct buffer *page, const char *text)
{
    if (!strstr(buffer_text(page), text))
        fail_msg("there is no \"%s\" in:\n%s", text, buffer_text(page));
}

static void assert_lacks(const struct buffer *page, const char *text)
{
    if (strstr(buffer_text(page), text))
        fail_msg("there is \"%s\" in:\n%s", text, buffer_text(page));
}

static void every_state_is_counted_and_explained(void **state)
{
    struct buffer *page = *state;
    const struct coverage_kernel kernels[] = {failed, skipped, not_yet, analyzed, analyzed};

    make_page(page, ARRAY_LENGTH(kernels), kernels);
    assert_true(strncmp(buffer_text(page), "# Coverage\n", 11) == 0);
    assert_has(page, "\n5 kernels are wanted: 2 analyzed, 1 not yet tried, 1 failed, 1 skipped.\n");
    assert_has(page, "\n| `5.0.0-1-amd64` | failed | not found: HTTP status 404 |\n");
    assert_has(page, "\n| `5.0.1-1-amd64` | skipped | it has no DWARF |\n");
    assert_has(page, "\n| `5.0.2-1-amd64` | not yet | It was not tried so far. |\n");
    assert_has(page, "\n| `5.4.0-1-generic-amd64` | 0 | not read | 2020-01-01 | 5 |");
    assert_true(strstr(buffer_text(page), "## Not analyzed") <
                strstr(buffer_text(page), "## Analyzed"));
    assert_lacks(page, "bsent");
    assert_lacks(page, "## Not read anew");
}

static void a_section_without_kernels_is_left_out(void **state)
{
    struct buffer *page = *state;

    make_page(page, 1, &analyzed);
    assert_has(page, "\n1 kernel is wanted: 1 analyzed.\n");
    assert_lacks(page, "## Not");
    make_page(page, 1, &failed);
    assert_has(page, "\n1 kernel is wanted: 1 failed.\n");
    assert_lacks(page, "## Analyzed");
    assert_lacks(page, "## Their packages");
}

/* What is analyzed stays so where a newer package could not be read. */
static void a_kernel_that_could_not_be_read_anew_is_named(void **state)
{
    struct buffer *page = *state;
    struct coverage_kernel kernel = analyzed;

    kernel.reason = "corrupt: cut short";
    kernel.is_baseline = true;
    make_page(page, 1, &kernel);
    assert_has(page, "\n1 kernel is wanted: 1 analyzed.\n");
    assert_has(page, "`5.4.0-1-generic-amd64` is the baseline: other architectures and flavors are "
                     "compared with it.\n");
    assert_has(page, "## Not read anew\n");
    assert_has(page, "\n| `5.4.0-1-generic-amd64` | corrupt: cut short |\n");
}

static void long_texts_are_cut_short(void **state)
{
    struct buffer *page = *state;
    struct coverage_kernel kernel = analyzed;

    kernel.sha256 = "0123456789abcdef0123456789abcdef";
    kernel.build_id = "0123456789ab";
    kernel.compiler = "GCC: (Debian 14) 14.2; rustc 1.85";
    make_page(page, 1, &kernel);
    assert_has(page, " | 0123456789ab… | 0123456789ab |\n");
    assert_has(page, " | GCC: (Debian 14) 14.2… |\n");
    kernel.compiler = "0123456789012345678901234567890123456789012345678901234567äöü";
    make_page(page, 1, &kernel);
    assert_has(page, "01234567ä… |\n");
}

static void only_web_addresses_are_links(void **state)
{
    struct buffer *page = *state;
    struct coverage_kernel kernel = analyzed;

    kernel.url = "https://example.org/+files/a_1~2.deb?x=1&copy=)|<b> \"`";
    make_page(page, 1, &kernel);
    assert_has(page, "[linux.deb](https://example.org/+files/a_1~2.deb?x=1&amp;copy=%29%7C%3Cb%3E"
                     "%20%22%60) |");
    kernel.url = "javascript:alert(1)";
    make_page(page, 1, &kernel);
    assert_has(page, "| linux.deb |");
    kernel.url = "file:///home/linux.deb";
    make_page(page, 1, &kernel);
    assert_has(page, "| linux.deb |");
}

#define EVIL "a|b `c` <script>*x*</script>\n\r\x01\x7f\xff[d](e) &amp; {{f}}"

static void texts_do_not_become_markup(void **state)
{
    struct buffer *page = *state;
    struct coverage_kernel kernels[] = {failed, analyzed};

    make_page(page, ARRAY_LENGTH(kernels), kernels);
    size_t lines = 0;
    for (const char *rest = buffer_text(page); (rest = strchr(rest, '\n')); rest++)
        lines++;
    kernels[0].reason = EVIL;
    kernels[1].compiler = EVIL;
    kernels[1].package = EVIL;
    kernels[1].package_version = EVIL;
    kernels[1].sha256 = EVIL;
    kernels[1].build_id = EVIL;
    kernels[1].dwarf_versions = EVIL;
    make_page(page, ARRAY_LENGTH(kernels), kernels);
    for (const char *rest = buffer_text(page); (rest = strchr(rest, '\n')); rest++)
        lines--;
    assert_int_equal(lines, 0);
    static const char *const markup[] = {"<",    "a|b",  "`c`", "*x*", "\r",    "\x01",
                                         "\x7f", "\xff", "[d]", "{{f", "&amp; "};
    for (size_t i = 0; i < ARRAY_LENGTH(markup); i++)
        assert_lacks(page, markup[i]);
}

/* Writes all three files of these kernels, and reads the one called NAME. */
static void write_tables(size_t count, struct coverage_kernel *kernels, const char *name,
                         struct buffer *content)
{
    char path[] = "/tmp/kstruct-coverage-XXXXXX";
    const struct coverage coverage = {count, kernels};
    const struct report_context context = {.input.coverage = &coverage};
    struct output_directory directory = {.descriptor = -1};
    struct table_output output;
    char *bytes = NULL;
    size_t length = 0;

    assert_non_null(mkdtemp(path));
    assert_success(output_directory_open(path, false, &directory));
    assert_success(table_output_open(&directory, &table_folders, &output));
    assert_success(coverage_tables_write(&context, &output));
    assert_success(table_output_finish(&output));
    assert_int_equal(output.written_count, 3);
    table_output_close(&output);
    output_directory_close(&directory);
    CLEANUP(free_pointer) char *file = path_join(path, name);
    assert_success(file_read(file, FILE_MAXIMUM, &bytes, &length));
    buffer_clear(content);
    buffer_append(content, bytes, length);
    free(bytes);
    remove_tree(path);
}

static void tables_have_everything(void **state)
{
    struct buffer *content = *state;
    struct coverage_kernel kernels[] = {failed, analyzed};

    kernels[1].struct_count = 7000;
    kernels[1].are_modules_known = true;
    kernels[1].module_count = 1121;
    kernels[1].sha256 = "0123456789abcdef0123456789abcdef";
    kernels[1].is_baseline = true;
    write_tables(2, kernels, "tables/coverage.csv", content);
    assert_string_equal(
        buffer_text(content),
        "kernel,state,baseline,in_report,structs,reason,version,abi,flavor,architecture,package,"
        "package_version,url,sha256,build_id,release,compiler,dwarf_versions,read_on,digest,"
        "passed_over,modules\n"
        "5.0.0-1-amd64,failed,no,no,\"\",not found: HTTP status 404,5.0.0,1,\"\",amd64,\"\",\"\","
        "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n"
        "5.4.0-1-generic-amd64,analyzed,yes,yes,7000,\"\",5.4.0,1,generic,amd64,linux.deb,\"\","
        "\"\",0123456789abcdef0123456789abcdef,\"\",\"\",\"\",5,2020-01-01,0123456789abcdef5.4."
        "0,\"\",1121\n");
    write_tables(2, kernels, "tables/coverage.json", content);
    json_t *root = json_loads(buffer_text(content), 0, NULL);
    const json_t *list = json_object_get(root, "kernels");
    assert_string_equal(json_string_value(json_object_get(root, "format")), "kstruct-coverage");
    assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
    assert_int_equal(json_array_size(list), 2);
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "structs")));
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "flavor")));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "structs")), 7000);
    assert_true(json_is_true(json_object_get(json_array_get(list, 1), "baseline")));
    json_decref(root);
}

static void what_was_left_out_is_named(void **state)
{
    struct buffer *content = *state;
    struct coverage_kernel kernel = analyzed;

    kernel.passed_over = "1 left out: struct odd: it is odd";
    make_page(content, 1, &kernel);
    assert_has(content, "## Left out\n");
    assert_has(content, "| `5.4.0-1-generic-amd64` | 1 left out: struct odd: it is odd |\n");
}

static void tables_hold_any_text(void **state)
{
    struct buffer *content = *state;
    struct coverage_kernel kernel = analyzed;

    kernel.reason = EVIL ",\"";
    write_tables(1, &kernel, "tables/coverage.csv", content);
    assert_has(content, "\"a|b `c` <script>*x*</script>    \xef\xbf\xbd[d](e) &amp; {{f}},\"\"\"");
    write_tables(1, &kernel, "tables/coverage.json", content);
    json_t *root = json_loads(buffer_text(content), 0, NULL);
    assert_non_null(root);
    json_decref(root);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin_page, end_page)
    const struct CMUnitTest tests[] = {
        TEST(every_state_is_counted_and_explained),
        TEST(a_section_without_kernels_is_left_out),
        TEST(a_kernel_that_could_not_be_read_anew_is_named),
        TEST(long_texts_are_cut_short),
        TEST(only_web_addresses_are_links),
        TEST(texts_do_not_become_markup),
        TEST(tables_have_everything),
        TEST(what_was_left_out_is_named),
        TEST(tables_hold_any_text),
    };
#undef TEST
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
