/* SPDX-License-Identifier: MIT */
#include "base/text/control_stanza.h"

#include "base/compiler.h"
#include "fetch/archive/packages_index.h"
#include "tests/unit/unit.h"

#define SHA256 "bf1ed2ebbbbcaa8a7d8a5ce3d6bb6ed4e7d9ac12e1b2a9b2a4a6de9c5b0c2a11"

static void assert_text(const struct control_text *text, const char *expected)
{
    if (!control_text_equals(text, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, (int)text->length, text->bytes);
}

/* The field of the one stanza in TEXT; NULL: it has none. */
static void assert_field(const char *text, const char *name, const char *expected)
{
    struct control_text rest = {text, strlen(text)};
    struct control_text stanza;
    struct control_text value;

    assert_true(control_next_stanza(&rest, &stanza));
    assert_int_equal(control_find_field(&stanza, name, &value), expected != NULL);
    if (expected)
        assert_text(&value, expected);
}

static void fields_are_found(void **state UNUSED)
{
    assert_field("Package: a\nVersion: 1\n", "Version", "1");
    assert_field("PACKAGE:a\n", "package", "a");
    assert_field("Package: \t a b \t\n", "Package", "a b");
    assert_field("Package: a", "Package", "a");
    assert_field("Package: a\r\nVersion: 2\r\n\r\n", "Version", "2");
    assert_field("Package:\n", "Package", "");
    assert_field("Package:", "Package", "");
    assert_field("Package: a: b\n", "Package", "a: b");
    assert_field("X: 1\nX: 2\n", "X", "1");
    assert_field("Package: a\n", "Pack", NULL);
    assert_field("Package: a\n", "Packages", NULL);
    assert_field("no colon\nPackage: a\n", "Package", "a");
    assert_field("# Package: b\nPackage: a\n", "Package", "a");
}

static void values_go_on(void **state UNUSED)
{
    assert_field("Files:\n a 1\n b 2\nX: y\n", "Files", "a 1\n b 2");
    assert_field("Files: a\n\tb", "Files", "a\n\tb");
    assert_field("Description: a\n Package: b\nPackage: c\n", "Package", "c");
    assert_field("Description: a\n .\n b\nX: y\n", "X", "y");
}

static void stanzas_end_at_blank_lines_or_at_the_end(void **state UNUSED)
{
    static const char text[] = "\n\nA: 1\nB: 2\n\n \t\nA: 3\n\r\nA: 4";
    static const char *const expected[] = {"1", "3", "4"};
    struct control_text rest = {text, sizeof(text) - 1};
    struct control_text stanza;
    struct control_text value;

    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        assert_true(control_next_stanza(&rest, &stanza));
        assert_true(control_find_field(&stanza, "a", &value));
        assert_text(&value, expected[i]);
    }
    assert_false(control_next_stanza(&rest, &stanza));
    rest = (struct control_text){"\n \n", 3};
    assert_false(control_next_stanza(&rest, &stanza));
    rest = (struct control_text){NULL, 0};
    assert_false(control_next_stanza(&rest, &stanza));
}

static void lines_may_be_long(void **state UNUSED)
{
    enum { LENGTH = 300000 };
    char *text = malloc(LENGTH);
    struct control_text rest = {text, LENGTH};
    struct control_text stanza;
    struct control_text value;

    memset(text, 'x', LENGTH);
    memcpy(text, "Depends: ", 9);
    memcpy(text + LENGTH - 5, "\nA: 1", 5);
    assert_true(control_next_stanza(&rest, &stanza));
    assert_true(control_find_field(&stanza, "Depends", &value));
    assert_int_equal(value.length, LENGTH - 14);
    assert_true(control_find_field(&stanza, "A", &value));
    assert_text(&value, "1");
    free(text);
}

static void lines_and_words_are_taken(void **state UNUSED)
{
    static const char text[] = "  a  1\n\n b\t2 ";
    struct control_text rest = {text, sizeof(text) - 1};
    struct control_text line;
    struct control_text word;

    assert_true(control_next_line(&rest, &line));
    assert_text(&line, "a  1");
    assert_true(control_next_word(&line, &word));
    assert_text(&word, "a");
    assert_true(control_next_word(&line, &word));
    assert_text(&word, "1");
    assert_false(control_next_word(&line, &word));
    assert_true(control_next_line(&rest, &line));
    assert_text(&line, "");
    assert_true(control_next_line(&rest, &line));
    assert_text(&line, "b\t2");
    assert_false(control_next_line(&rest, &line));
}

static void numbers_are_read(void **state UNUSED)
{
    static const struct {
        const char *text;
        bool is_number;
        uint64_t number;
    } cases[] = {
        {"0", true, 0},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"1 2", false, 0},
        {"1a", false, 0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct control_text text = {cases[i].text, strlen(cases[i].text)};
        uint64_t number = 0;
        assert_int_equal(control_text_number(&text, &number), cases[i].is_number);
        assert_int_equal(number, cases[i].number);
    }
}

static void kernel_packages_are_listed(void **state UNUSED)
{
    static const char text[] =
        "Package: bash-dbgsym\nVersion: 1\nArchitecture: amd64\n\n"
        "Package: linux-image-dbgsym\nVersion: 1\nArchitecture: amd64\n\n"
        "Package: linux-image-6.8.0-31-generic-dbgsym\nArchitecture: amd64\n\n"
        "Package: linux-image-6.8.0-31-generic-dbgsym\nVersion: 1 2\nArchitecture: amd64\n\n"
        "package: linux-image-6.8.0-31-generic-dbgsym\nVERSION: 6.8.0-31.31+1~2\n"
        "Architecture: arm64\nDescription: a\n .\n b\nSize: 12\nsha256: " SHA256 "\n"
        "Filename: pool/x.ddeb\n\n"
        "Package: linux-image-unsigned-5.4.0-26-generic-dbgsym\nVersion: 2\n"
        "Architecture: amd64\nSize: -1\nSHA256: 12";
    struct packages_index index;

    packages_index_init(&index);
    assert_success(packages_index_add(&index, text, sizeof(text) - 1));
    assert_int_equal(index.count, 2);
    assert_string_equal(index.packages[0].name, "linux-image-6.8.0-31-generic-dbgsym");
    assert_string_equal(index.packages[0].version, "6.8.0-31.31+1~2");
    assert_string_equal(index.packages[0].architecture, "arm64");
    assert_string_equal(index.packages[0].path, "pool/x.ddeb");
    assert_string_equal(index.packages[0].sha256, SHA256);
    assert_int_equal(index.packages[0].byte_size, 12);
    assert_null(index.packages[1].path);
    assert_null(index.packages[1].sha256);
    assert_int_equal(index.packages[1].byte_size, UINT64_MAX);
    packages_index_deinit(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found),
        cmocka_unit_test(values_go_on),
        cmocka_unit_test(stanzas_end_at_blank_lines_or_at_the_end),
        cmocka_unit_test(lines_may_be_long),
        cmocka_unit_test(lines_and_words_are_taken),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(kernel_packages_are_listed),
    };

    return cmocka_run_group_tests_name("control_stanza", tests, NULL, NULL);
}
