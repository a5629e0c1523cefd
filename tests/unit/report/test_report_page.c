/* SPDX-License-Identifier: MIT */
#include "base/hash/sha256.h"
#include "model/text/escape.h"
#include "report/pages/struct_page.h"
#include "report/write/page_path.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { PAGE_MAXIMUM = 1024 * 1024 };

static struct type_table types;

static int set_up(void **state UNUSED)
{
    type_table_init(&types);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    type_table_deinit(&types);
    return 0;
}

static struct layout_member field(const char *type, const char *name)
{
    return (struct layout_member){.name = name, .type = named(&types, TYPE_TYPEDEF, type)};
}

#define LAYOUT(members_, count_)                                                                   \
    {                                                                                              \
        .name = "pair", .member_count = (count_), .members = (members_)                            \
    }

/* Three kernels; Regular is the first two, Arch the baseline with the third. */
static const char *const kernel_names[] = {"old", "base", "arm"};
static size_t regular_kernels[] = {0, 1};
static struct kernel_pair regular_pairs[] = {{0, 1}};
static size_t arch_kernels[] = {2};
static struct kernel_pair arch_pairs[] = {{1, 2}};
static char regular_name[] = "Regular";
static char arch_name[] = "Arch";
static char flavor_name[] = "Flavor";
static struct kernel_group group_list[] = {
    {regular_name, 2, regular_kernels, 1, regular_pairs},
    {arch_name, 1, arch_kernels, 1, arch_pairs},
    {flavor_name, 0, NULL, 0, NULL},
};
static const struct kernel_groups groups = {3, group_list};

/* Renders the struct `pair`; compares the page from BEGINNING on. */
static void assert_page_from(const char *beginning, const struct layout **layouts,
                             const char *expected)
{
    struct history_definition entry = {.name = "pair", .layouts = layouts};
    struct page_plan plan;
    struct buffer page;

    buffer_init(&page, PAGE_MAXIMUM);
    assert_success(page_plan_init(&plan, kernel_names, 3, &groups));
    assert_success(struct_page_render(&entry, &plan, &page));
    assert_string_equal(strstr(page.data, beginning), expected);
    page_plan_deinit(&plan);
    buffer_deinit(&page);
}

static const char expected_added_page[] =
    "# Struct: <code>pair</code>\n"
    "\n"
    "## Status\n"
    "<b>Regular</b>\n"
    "<ul>\n"
    "<li>\n"
    "In <code>old</code>: Absent ❓\n"
    "</li>\n"
    "<li>\n"
    "<details>\n"
    "<summary>In <code>base</code>: ✅</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "    u64 first;\n"
    "    char * * rest;\n"
    "}\n"
    "```\n"
    "</details>\n"
    "</li>\n"
    "</ul>\n"
    "<b>Arch</b>\n"
    "<ul>\n"
    "<li>\n"
    "<details>\n"
    "<summary>In <code>arm</code>: ✅</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "    u64 first;\n"
    "    char * * rest;\n"
    "}\n"
    "```\n"
    "</details>\n"
    "</li>\n"
    "</ul>\n"
    "\n"
    "## Differences\n"
    "<b>Regular</b>\n"
    "<ul>\n"
    "<li>\n"
    "<details>\n"
    "<summary>Added between <code>old</code> and <code>base</code> ➕</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "    u64 first;\n"
    "    char * * rest;\n"
    "}\n"
    "```\n"
    "</details>\n"
    "</li>\n"
    "</ul>\n"
    "<b>Arch</b>\n"
    "<ul>\n"
    "<li>\n"
    "No changes between <code>base</code> and <code>arm</code> ✅\n"
    "</li>\n"
    "</ul>\n";

static void absent_added_and_same(void **state UNUSED)
{
    const struct layout_member members[] = {field("u64", "first"), field("char * *", "rest")};
    const struct layout layout = LAYOUT(members, 2);

    assert_page_from("# Struct", (const struct layout *[]){NULL, &layout, &layout},
                     expected_added_page);
}

static const char expected_removed_page[] =
    "# Struct: <code>pair</code>\n"
    "\n"
    "## Status\n"
    "<b>Regular</b>\n"
    "<ul>\n"
    "<li>\n"
    "<details>\n"
    "<summary>In <code>old</code>: ✅</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "}\n"
    "```\n"
    "</details>\n"
    "</li>\n"
    "<li>\n"
    "In <code>base</code>: Absent ❓\n"
    "</li>\n"
    "</ul>\n"
    "<b>Arch</b>\n"
    "<ul>\n"
    "<li>\n"
    "In <code>arm</code>: Absent ❓\n"
    "</li>\n"
    "</ul>\n"
    "\n"
    "## Differences\n"
    "<b>Regular</b>\n"
    "<ul>\n"
    "<li>\n"
    "<details>\n"
    "<summary>Removed between <code>old</code> and <code>base</code> ➖</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "}\n"
    "```\n"
    "</details>\n"
    "</li>\n"
    "</ul>\n";

/* A struct without fields is its two outer lines; a pair without the struct is left out, and so is
 * a group that only has such pairs. */
static void removed_empty_and_a_group_without_items(void **state UNUSED)
{
    const struct layout layout = LAYOUT(NULL, 0);

    assert_page_from("# Struct", (const struct layout *[]){&layout, NULL, NULL},
                     expected_removed_page);
}

static const char expected_differences[] =
    "\n"
    "## Differences\n"
    "<b>Regular</b>\n"
    "<ul>\n"
    "<li>\n"
    "<details>\n"
    "<summary>Changed between <code>old</code> and <code>base</code> ❓</summary>\n"
    "<ul>\n"
    "<li>\n"
    "<b>Field added. </b>\n"
    "<code>int new</code>\n"
    "</li>\n"
    "<li>\n"
    "<b>Field added. </b>\n"
    "<code>int newer</code>\n"
    "</li>\n"
    "<li>\n"
    "<b>Field removed. </b>\n"
    "<code>int gone</code>\n"
    "</li>\n"
    "<li>\n"
    "<b>Field removed. </b>\n"
    "<code>int left</code>\n"
    "</li>\n"
    "<li>\n"
    "<b>Field type changed. </b>\n"
    "<code>u32 b</code> ➡️ <code>u64 b</code>\n"
    "</li>\n"
    "<li>\n"
    "<b>Field type changed. </b>\n"
    "<code>u8 a</code> ➡️ <code>u64 a</code>\n"
    "</li>\n"
    "</ul>\n"
    "</details>\n"
    "</li>\n"
    "</ul>\n"
    "<b>Arch</b>\n"
    "<ul>\n"
    "<li>\n"
    "No changes between <code>base</code> and <code>arm</code> ✅\n"
    "</li>\n"
    "</ul>\n";

static void changes_are_in_the_order_added_removed_changed(void **state UNUSED)
{
    const struct layout_member old_members[] = {
        field("int", "gone"), field("int", "kept"), field("u32", "b"),
        field("u8", "a"),     field("int", "left"),
    };
    const struct layout_member new_members[] = {
        field("u64", "a"),    field("int", "new"),   field("u64", "b"),
        field("int", "kept"), field("int", "newer"),
    };
    const struct layout old_layout = LAYOUT(old_members, 5);
    const struct layout new_layout = LAYOUT(new_members, 5);

    assert_page_from("\n## Differences",
                     (const struct layout *[]){&old_layout, &new_layout, &new_layout},
                     expected_differences);
}

static void foreign_texts_cannot_leave_their_place(void **state UNUSED)
{
    const struct layout_member members[] = {field("a<b>&\n```", "`x`\n")};
    const struct layout layout = LAYOUT(members, 1);
    const struct layout other = LAYOUT(NULL, 0);
    struct history_definition entry = {.name = "[<b>]*\n",
                                       .layouts = (const struct layout *[]){&layout, &other, NULL}};
    struct page_plan plan;
    struct buffer page;

    buffer_init(&page, PAGE_MAXIMUM);
    assert_success(page_plan_init(&plan, kernel_names, 3, &groups));
    assert_success(struct_page_render(&entry, &plan, &page));
    assert_non_null(strstr(page.data, "# Struct: <code>&#91;&lt;b&gt;&#93;&#42;\xef\xbf\xbd<"));
    assert_non_null(strstr(page.data, "    a<b>&\xef\xbf\xbd``` `x`\xef\xbf\xbd;\n"));
    assert_non_null(strstr(page.data, "<code>a&lt;b&gt;&amp;\xef\xbf\xbd&#96;&#96;&#96; &#96;x"));
    page_plan_deinit(&plan);
    buffer_deinit(&page);
}

static void assert_escaped_for(enum escape_context context, const char *text, const char *expected)
{
    struct buffer out;

    buffer_init(&out, PAGE_MAXIMUM);
    escape_append(&out, context, text);
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void assert_escaped(const char *text, const char *expected)
{
    assert_escaped_for(ESCAPE_HTML, text, expected);
}

static void what_is_no_utf8_is_replaced(void **state UNUSED)
{
    assert_escaped("größe → 𝟙", "größe → 𝟙");
    assert_escaped("int (*)(const struct a *, void)", "int (*)(const struct a *, void)");
    assert_escaped("a\xff", "a\xef\xbf\xbd");
    assert_escaped("\xc3", "\xef\xbf\xbd");
    assert_escaped("\xe2\x86", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("\xc2\x9b", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("\x7f\t", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("\xe2\x80\xae", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void underscores_are_no_emphasis(void **state UNUSED)
{
    assert_escaped_for(ESCAPE_HEADING, "__ksymtab", "__ksymtab");
    assert_escaped_for(ESCAPE_HEADING, "sg_", "sg_");
    assert_escaped_for(ESCAPE_HEADING, "a__b_c", "a__b_c");
    assert_escaped_for(ESCAPE_HEADING, "__x__", "&#95;&#95;x__");
    assert_escaped_for(ESCAPE_HEADING, "_a_b_", "&#95;a_b_");
    assert_escaped_for(ESCAPE_HEADING, "__", "&#95;&#95;");
    assert_escaped_for(ESCAPE_HEADING, "_a_ b", "&#95;a&#95; b");
    assert_escaped_for(ESCAPE_HEADING, "", "");
    assert_escaped("__x__ _a_", "__x__ _a_");
}

/* Jekyll looks for them in code, too. */
static void braces_begin_no_tag(void **state UNUSED)
{
    assert_escaped("{{ x }}", "&#123;{ x }}");
    assert_escaped("{{{a{%b", "&#123;&#123;{a&#123;%b");
    assert_escaped("{a} {", "{a} {");
    assert_escaped_for(ESCAPE_HEADING, "{{ x", "&#123;{ x");
    assert_escaped_for(ESCAPE_NOTHING_MORE, "{{ x {% y {z}", "\xef\xbf\xbd{ x \xef\xbf\xbd% y {z}");
}

static void a_page_over_the_limit_is_an_error(void **state UNUSED)
{
    const struct layout layout = LAYOUT(NULL, 0);
    struct history_definition entry = {
        .name = "pair", .layouts = (const struct layout *[]){&layout, &layout, &layout}};
    struct page_plan plan;
    struct buffer page;

    buffer_init(&page, 300);
    assert_success(page_plan_init(&plan, kernel_names, 3, &groups));
    assert_failure(struct_page_render(&entry, &plan, &page), ERROR_LIMIT, "pair: longer than");
    page_plan_deinit(&plan);
    buffer_deinit(&page);
}

static void assert_path(const char *name, const char *expected)
{
    struct buffer path;

    buffer_init(&path, PAGE_MAXIMUM);
    page_path_append(&path, DEFINITION_STRUCT, name, ".md");
    assert_string_equal(buffer_text(&path), expected);
    buffer_deinit(&path);
}

static void a_path_is_safe_for_every_name(void **state UNUSED)
{
    assert_path("task_struct", "t/task_struct.md");
    assert_path("__ksymtab", "k/__ksymtab.md");
    assert_path("ZSTD_outBuffer_s", "z/ZSTD_outBuffer_s.md");
    assert_path("_3c59x", "3/_3c59x.md");
    assert_path("_", "_/_.md");
    assert_path("../../etc/passwd", "_/%2E.%2F..%2Fetc%2Fpasswd.md");
    assert_path("a%2F", "a/a%252F.md");
    assert_path(".hidden", "_/%2Ehidden.md");
    assert_path("größe", "g/gr%C3%B6%C3%9Fe.md");
}

static void a_long_name_is_cut_and_stays_its_own(void **state UNUSED)
{
    char name[400];
    char digits[SHA256_HEX_LENGTH + 1];
    struct buffer first;
    struct buffer second;

    buffer_init(&first, PAGE_MAXIMUM);
    buffer_init(&second, PAGE_MAXIMUM);
    memset(name, 'a', sizeof(name));
    name[252] = '\0';
    page_path_append(&first, DEFINITION_STRUCT, name, ".md");
    assert_int_equal(first.length, 2 + 255);
    assert_null(strchr(first.data, '~'));

    memset(name, 'a', sizeof(name));
    name[399] = '\0';
    buffer_clear(&first);
    page_path_append(&first, DEFINITION_STRUCT, name, ".md");
    name[398] = 'b';
    page_path_append(&second, DEFINITION_STRUCT, name, ".md");
    assert_int_equal(first.length, 2 + 255);
    assert_string_not_equal(buffer_text(&first), buffer_text(&second));
    /* No hash for which somebody can find two names. */
    assert_success(sha256_of_bytes(name, strlen(name), digits));
    assert_int_equal(second.data[2 + 252 - 33], '~');
    assert_memory_equal(second.data + 2 + 252 - 32, digits, 32);
    buffer_deinit(&first);
    buffer_deinit(&second);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(absent_added_and_same),
        TEST(removed_empty_and_a_group_without_items),
        TEST(changes_are_in_the_order_added_removed_changed),
        TEST(foreign_texts_cannot_leave_their_place),
        TEST(what_is_no_utf8_is_replaced),
        TEST(underscores_are_no_emphasis),
        TEST(braces_begin_no_tag),
        TEST(a_page_over_the_limit_is_an_error),
        TEST(a_path_is_safe_for_every_name),
        TEST(a_long_name_is_cut_and_stays_its_own),
    };
#undef TEST
    return cmocka_run_group_tests_name("report page", tests, NULL, NULL);
}
