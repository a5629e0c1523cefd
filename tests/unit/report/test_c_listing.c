/* SPDX-License-Identifier: MIT */
#include "report/site/html/c_listing.h"

#include "report/site/html/html.h"
#include "tests/unit/unit.h"

enum { TEXT_MAXIMUM = 4096 };

static const struct layout layout;
static const struct layout *here[] = {&layout};
static const struct layout *nowhere[] = {NULL};

/* By kind and name, as a history has them. */
static struct history_definition definitions[] = {
    {.kind = DEFINITION_STRUCT, .name = "list_head", .layouts = here},
    {.kind = DEFINITION_STRUCT, .name = "nowhere", .layouts = nowhere},
    {.kind = DEFINITION_STRUCT, .name = "u32", .layouts = here},
    {.kind = DEFINITION_ENUM, .name = "color", .layouts = here},
    {.kind = DEFINITION_TYPEDEF, .name = "color", .layouts = here},
    {.kind = DEFINITION_TYPEDEF, .name = "u32", .layouts = here},
};
static const char *kernel_names[] = {"6.1.0-1-generic-amd64"};
static char group_name[] = "Regular";
static size_t group_kernels[] = {0};
static struct kernel_group group = {group_name, 1, group_kernels, 0, NULL};
static struct kernel_groups groups = {1, &group};
static struct history history = {.kernel_count = 1,
                                 .kernel_names = kernel_names,
                                 .definition_count = ARRAY_LENGTH(definitions),
                                 .definitions = definitions};

#define LIST "<a href=\"../struct/list_head.html\">list_head</a>"
#define U32 "<a href=\"../typedef/u32.html\">u32</a>"

static void types_are_links(void **state UNUSED)
{
    static const struct {
        const char *text;
        const char *html;
    } cases[] = {
        {"struct list_head *next;\n", "struct " LIST " *next;\n"},
        {"    u32 u32;\n    const u32 color;\n", "    " U32 " u32;\n    const " U32 " color;\n"},
        {"enum color color;", "enum <a href=\"../enum/color.html\">color</a> color;"},
        {"struct color color;", "struct color color;"},
        {"int (*u32)(u32, struct list_head *, u32 *);",
         "int (*u32)(" U32 ", struct " LIST " *, " U32 " *);"},
        {"u32 a[2][u32];", U32 " a[2][u32];"},
        {"unsigned int u32:3; /* u32 <b> */\n", "unsigned int u32:3; <i>/* u32 &lt;b&gt; */</i>\n"},
        {"typedef u32 color;", "typedef " U32 " color;"},
        {"struct nowhere x;", "struct nowhere x;"},
        {"struct <b> x;\n", "struct &lt;b&gt; x;\n"},
        {"struct \xc3\xa9 x;", "struct \xc3\xa9 x;"},
        {"/* never ends", "<i>/* never ends</i>"},
        {"", ""},
    };
    struct page_plan plan;
    const struct site site = {.names = &history, .plan = &plan};
    struct buffer out;

    assert_success(page_plan_init(&plan, kernel_names, 1, &groups));
    buffer_init(&out, TEXT_MAXIMUM);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        buffer_clear(&out);
        c_listing_append(&out, &site, "../", cases[i].text);
        assert_string_equal(buffer_text(&out), cases[i].html);
    }
    buffer_deinit(&out);
    page_plan_deinit(&plan);
}

static void addresses_are_those_of_the_files(void **state UNUSED)
{
    static const struct {
        const char *name;
        const char *address;
    } cases[] = {
        {"task_struct", "a/struct/task_struct.html"},
        {"(anon-A)", "a/struct/%2528anon-A%2529.html"},
        {".x", "a/struct/%252Ex.html"},
        {"\xc3\xa9", "a/struct/%25C3%25A9.html"},
        {"a%b\"c", "a/struct/a%2525b%2522c.html"},
    };
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        buffer_clear(&out);
        html_append_definition_address(&out, "a/", DEFINITION_STRUCT, cases[i].name);
        assert_string_equal(buffer_text(&out), cases[i].address);
    }
    buffer_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_links),
        cmocka_unit_test(addresses_are_those_of_the_files),
    };
    return cmocka_run_group_tests_name("c_listing", tests, NULL, NULL);
}
