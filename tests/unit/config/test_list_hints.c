/* SPDX-License-Identifier: MIT */
#include "config/list/list_hints.h"
#include "tests/unit/unit.h"

static void assert_doubt(const char *text, const char *expected)
{
    struct kernel_name name;

    assert_success(strchr(text, '*') ? kernel_name_parse_pattern(text, &name)
                                     : kernel_name_parse(text, &name));
    char *doubt = list_hint_name(&name);
    if (!expected)
        assert_null(doubt);
    else if (!doubt || !strstr(doubt, expected))
        fail_msg("%s: expected \"%s\", got \"%s\"", text, expected, doubt ? doubt : "nothing");
    free(doubt);
    kernel_name_deinit(&name);
}

static void names_that_are_hardly_ubuntus(void **state UNUSED)
{
    assert_doubt("5.4.0-26-generic-amd64", NULL);
    assert_doubt("5.4.0-26-lowlatency-64k-arm64", NULL);
    assert_doubt("6.8.0-*-generic-amd64", NULL);
    /* A new one, of which nothing is known. */
    assert_doubt("6.8.0-1001-quantum-amd64", NULL);
    assert_doubt("5.4.0-26-genreic-amd64", "no flavor `genreic` is known; did you mean `generic`?");
    assert_doubt("5.4.0-26-generc-amd64", "did you mean `generic`?");
    assert_doubt("5.4.0-26-lowlatancy-amd64", "did you mean `lowlatency`?");
    assert_doubt("6.8.0-*-genric-amd64", "did you mean `generic`?");
    assert_doubt("5.4.0-generic-amd64", "no ABI number");
    assert_doubt("5.4-26-generic-amd64", "`5.4` has not three numbers");
}

static void keys_of_words_without_one(void **state UNUSED)
{
    assert_string_equal(list_hint_key("https://host/a.ddeb"), "url");
    assert_string_equal(list_hint_key("a.ddeb"), "file");
    assert_string_equal(list_hint_key("debs/a"), "file");
    assert_string_equal(list_hint_key("vmlinux-5.4.0"), "file");
    assert_string_equal(list_hint_key("5.4.0-26.30"), "version");
    assert_string_equal(
        list_hint_key("0123456789abcdefabcdef00112233445566778899aabbccddeeffaabbccddee"),
        "sha256");
    assert_null(list_hint_key("26"));
    assert_null(list_hint_key("baselin"));
}

static void comments_of_other_files(void **state UNUSED)
{
    assert_true(list_hint_is_comment(";"));
    assert_true(list_hint_is_comment("//text"));
    assert_true(list_hint_is_comment("--"));
    assert_false(list_hint_is_comment("--baseline"));
    assert_false(list_hint_is_comment("/srv/vmlinux"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_hardly_ubuntus),
        cmocka_unit_test(keys_of_words_without_one),
        cmocka_unit_test(comments_of_other_files),
    };

    return cmocka_run_group_tests_name("list_hints", tests, NULL, NULL);
}
