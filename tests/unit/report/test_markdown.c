/* SPDX-License-Identifier: MIT */
#include "model/text/json.h"
#include "report/write/markdown.h"
#include "tests/unit/unit.h"

#define REPLACEMENT "\xef\xbf\xbd"

enum { TEXT_MAXIMUM = 1024 * 1024 };

typedef void append_function(struct buffer *out, const char *text);

static void assert_appended(append_function *append, const char *text, const char *expected)
{
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    append(&out, text);
    assert_success(buffer_check(&out, "a text"));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void append_link(struct buffer *out, const char *name)
{
    markdown_append_definition_link(out, "../", REPORT_MARKDOWN, DEFINITION_STRUCT, name);
}

static void append_json(struct buffer *out, const char *text)
{
    struct json_document document;

    json_document_init(&document, "test", 1);
    json_value_set(&document, document.root, "text", json_value_text(text));
    assert_success(json_document_append(&document, 0, out));
    json_document_deinit(&document);
}

static void names_are_code(void **state UNUSED)
{
    assert_appended(markdown_append_code, "task_struct", "`task_struct`");
    assert_appended(markdown_append_code, "__ksymtab", "`__ksymtab`");
    assert_appended(markdown_append_code, "__x__", "`__x__`");
    assert_appended(markdown_append_code, "int (*)(struct a *, void)",
                    "`int (*)(struct a *, void)`");
    assert_appended(markdown_append_code, "", "");
}

static void what_ends_or_splits_code_is_encoded(void **state UNUSED)
{
    assert_appended(markdown_append_code, "a|b", "<code>a&#124;b</code>");
    assert_appended(markdown_append_code, "`", "<code>&#96;</code>");
    assert_appended(markdown_append_code, "<script>", "<code>&#60;script&#62;</code>");
    assert_appended(markdown_append_code, "{{ x }}", "<code>&#123;&#123; x &#125;&#125;</code>");
    assert_appended(markdown_append_code, "{% x", "<code>&#123;&#37; x</code>");
    assert_appended(markdown_append_code, "a\\", "<code>a&#92;</code>");
    assert_appended(markdown_append_code, " a", "<code> a</code>");
    assert_appended(markdown_append_code, "a\n\n# b",
                    "<code>a" REPLACEMENT REPLACEMENT "&#35; b</code>");
    assert_appended(markdown_append_code, "\xc2\x85\xe2\x81\xa6",
                    "<code>" REPLACEMENT REPLACEMENT "</code>");
    assert_appended(markdown_append_code, "gr\xc3\xb6\xff",
                    "<code>gr\xc3\xb6" REPLACEMENT "</code>");
}

static void texts_are_not_markup(void **state UNUSED)
{
    assert_appended(markdown_append_text, "not found: a.deb (404)", "not found: a.deb (404)");
    assert_appended(markdown_append_text, "*a* _b_ `c` [d](e) | <f> ~g~ $h$ !i #j",
                    "&#42;a&#42; &#95;b&#95; &#96;c&#96; &#91;d&#93;(e) &#124; &#60;f&#62; "
                    "&#126;g&#126; &#36;h&#36; &#33;i &#35;j");
    assert_appended(markdown_append_text, "{{ x }}\n{% y",
                    "&#123;&#123; x &#125;&#125;" REPLACEMENT "&#123;% y");
    assert_appended(markdown_append_text, "&amp; \\", "&#38;amp; &#92;");
}

static void links_lead_to_the_file(void **state UNUSED)
{
    assert_appended(append_link, "__ksymtab", "[`__ksymtab`](../Struct/k/__ksymtab.md)");
    assert_appended(append_link, "a|b", "[<code>a&#124;b</code>](../Struct/a/a%257Cb.md)");
    assert_appended(append_link, "x)](y", "[`x)](y`](../Struct/x/x%2529%255D%2528y.md)");
    assert_appended(append_link, "<", "[<code>&#60;</code>](../Struct/_/%253C.md)");
}

static void json_takes_any_bytes(void **state UNUSED)
{
#define DOCUMENT(text) "{\"format\": \"test\", \"version\": 1, \"text\": \"" text "\"}\n"
    assert_appended(append_json, "a|b`<script>{{ x }}", DOCUMENT("a|b`<script>{{ x }}"));
    assert_appended(append_json, "a\"\\\n\x01", DOCUMENT("a\\\"\\\\\\n\\u0001"));
    assert_appended(append_json, "\xff\xc3\xb6\xc3", DOCUMENT(REPLACEMENT "\xc3\xb6" REPLACEMENT));
    assert_appended(append_json, "", DOCUMENT(""));
#undef DOCUMENT
}

static void a_large_number_stays_one(void **state UNUSED)
{
    json_t *number = json_value_number(UINT64_MAX);

    assert_true(json_integer_value(number) == INT64_MAX);
    json_decref(number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_code),
        cmocka_unit_test(what_ends_or_splits_code_is_encoded),
        cmocka_unit_test(texts_are_not_markup),
        cmocka_unit_test(links_lead_to_the_file),
        cmocka_unit_test(json_takes_any_bytes),
        cmocka_unit_test(a_large_number_stays_one),
    };

    return cmocka_run_group_tests_name("markdown, CSV and JSON", tests, NULL, NULL);
}
