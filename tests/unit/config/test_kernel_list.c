/* SPDX-License-Identifier: MIT */
#include "base/text/text_lines.h"
#include "config/list/kernel_list.h"
#include "tests/unit/samples/config_samples.h"
#include "tests/unit/unit.h"

#define PATH "lists/a.list"
#define DIGEST "0123456789abcdefABCDEF00112233445566778899aabbccddeeffAABBCCDDEE"
#define LOWER_DIGEST "0123456789abcdefabcdef00112233445566778899aabbccddeeffaabbccddee"

static void parse_good_bytes(const char *text, size_t length, struct kernel_list *list)
{
    struct config_errors errors = {0};
    struct error *error = kernel_list_parse(PATH, text, length, list, &errors);

    if (errors.count > 0)
        assert_success(errors.errors[0]);
    assert_success(error);
    config_errors_deinit(&errors);
}

static void parse_good(const char *text, struct kernel_list *list)
{
    parse_good_bytes(text, strlen(text), list);
}

static void assert_bad_bytes(const char *text, size_t length, const char *const *expected,
                             size_t count)
{
    struct config_errors errors = {0};
    struct kernel_list list = {.count = 77};
    char summary[40];

    snprintf(summary, sizeof(summary), PATH ": has %zu error%s", count, count == 1 ? "" : "s");
    assert_failure(kernel_list_parse(PATH, text, length, &list, &errors), ERROR_CONFIGURATION,
                   summary);
    assert_int_equal(list.count, 77);
    assert_error_lines(&errors, expected, count);
}

/* Fails unless all that is wrong with TEXT is EXPECTED: "LINE:COLUMN: the beginning of a reason".
 */
static void assert_bad(const char *text, const char *expected)
{
    char line[300];
    const char *lines[] = {line};

    snprintf(line, sizeof(line), PATH ":%s", expected);
    assert_bad_bytes(text, strlen(text), lines, 1);
}

static void assert_bad_words(const char *words, const char *expected)
{
    char text[400];

    snprintf(text, sizeof(text), "5.4.0-26-generic-amd64 %s\n", words);
    assert_bad(text, expected);
}

static void every_word(void **state UNUSED)
{
    struct kernel_list list;

    parse_good("# a comment\n"
               "\n"
               "5.4.0-26-generic-amd64 baseline version=5.4.0-26.30 # the rest is not read: \"\n"
               "\t 6.8.0-31-generic-amd64\turl=https://host/a%20b#c sha256=" DIGEST "\t\n"
               "6.1.0-56-cloud-amd64 file=vmlinux-6.1 group=Debian skip=\"a \\\"b\\\" \\\\ #c\"\n"
               "6.1.0-57-cloud-amd64 apt=linux-image-6.1.0-57-cloud-amd64-dbg group=\"A b+c\"\n"
               "6.8.0-*-generic-amd64 latest=3",
               &list);
    assert_string_equal(list.path, PATH);
    assert_int_equal(list.count, 5);
    assert_int_equal(list.baseline, 0);

    const struct kernel_entry *entry = &list.entries[0];
    assert_string_equal(entry->name.text, "5.4.0-26-generic-amd64");
    assert_int_equal(entry->line, 3);
    assert_true(entry->is_baseline);
    assert_false(entry->is_pattern);
    assert_string_equal(entry->version, "5.4.0-26.30");
    assert_null(entry->url);
    assert_null(entry->skip_reason);

    entry = &list.entries[1];
    assert_false(entry->is_baseline);
    assert_string_equal(entry->url, "https://host/a%20b#c");
    assert_string_equal(entry->sha256, LOWER_DIGEST);

    entry = &list.entries[2];
    assert_string_equal(entry->file, "lists/vmlinux-6.1");
    assert_string_equal(entry->group, "Debian");
    assert_string_equal(entry->skip_reason, "a \"b\" \\ #c");

    entry = &list.entries[3];
    assert_string_equal(entry->apt, "linux-image-6.1.0-57-cloud-amd64-dbg");
    assert_string_equal(entry->group, "A b+c");
    assert_int_equal(entry->latest, 0);

    entry = &list.entries[4];
    assert_true(entry->is_pattern);
    assert_int_equal(entry->latest, 3);
    assert_string_equal(entry->name.abi, "*");
    kernel_list_deinit(&list);
    assert_int_equal(list.count, 0);
}

static void entries_are_found_by_name(void **state UNUSED)
{
    struct kernel_list list;

    parse_good("5.4.0-26-generic-amd64\n6.8.0-*-generic-amd64 latest=1\n", &list);
    assert_int_equal(list.baseline, KERNEL_LIST_NO_BASELINE);
    assert_ptr_equal(kernel_list_find(&list, "5.4.0-26-generic-amd64"), &list.entries[0]);
    assert_ptr_equal(kernel_list_find(&list, "6.8.0-*-generic-amd64"), &list.entries[1]);
    assert_null(kernel_list_find(&list, "6.8.0-31-generic-amd64"));
    kernel_list_deinit(&list);
}

static void empty_lists(void **state UNUSED)
{
    static const char *const texts[] = {"", "\n", "# nothing", " \t\r\n#\r\n", "\xef\xbb\xbf"};
    struct kernel_list list;

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        parse_good(texts[i], &list);
        assert_int_equal(list.count, 0);
        kernel_list_deinit(&list);
    }
}

static void windows_files(void **state UNUSED)
{
    struct kernel_list list;

    parse_good("\xef\xbb\xbf"
               "5.4.0-26-generic-amd64 baseline\r\n"
               "5.8.0-25-generic-amd64 skip=\"gr\xc3\xbc\xc3\x9f\"\r\n",
               &list);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.entries[1].line, 2);
    assert_string_equal(list.entries[1].skip_reason, "gr\xc3\xbc\xc3\x9f");
    kernel_list_deinit(&list);
}

static void all_bad_lines_are_told(void **state UNUSED)
{
    static const char text[] = "5.4.0-26-generic-amd46\n"
                               "5.8.0-25-generic-amd64 verison=1 sha256=12 baseline=yes\n"
                               "fine-is-not-this\n"
                               "5.11.0-16-generic-amd64\n"
                               "5.13.0-19-generic-amd64 skip=\"open\n";
    static const char *const expected[] = {
        PATH ":1:1: kernel name `5.4.0-26-generic-amd46` ends in `amd46`",
        PATH ":2:24: unknown word `verison=`; did you mean `version=`?",
        PATH ":2:41: `sha256=12`: expected 64 hexadecimal digits",
        PATH ":2:44: `baseline` takes no value",
        PATH ":3:1: kernel name `fine-is-not-this` does not begin with a version",
        PATH ":5:30: the quote is not closed",
    };

    assert_bad_bytes(text, strlen(text), expected, ARRAY_LENGTH(expected));
}

static void kernels_are_listed_once(void **state UNUSED)
{
    assert_bad(
        "5.4.0-26-generic-amd64\n\n5.8.0-25-generic-amd64\n5.4.0-26-generic-amd64 baseline\n",
        "4:1: kernel `5.4.0-26-generic-amd64` is listed twice: here and in line 1");
}

static void there_is_one_baseline(void **state UNUSED)
{
    assert_bad("5.4.0-26-generic-amd64\n5.8.0-25-generic-amd64 baseline\n"
               "5.11.0-16-generic-amd64 baseline\n",
               "3:25: a second `baseline`; line 2 has the first");
    assert_bad_words("baseline baseline", "1:33: `baseline` is given twice");
    assert_bad_words("skip=no baseline", "1:24: the baseline cannot be left out");
    assert_bad_words("baseline group=X", "1:33: the baseline cannot have `group=`");
}

static void a_name_comes_first(void **state UNUSED)
{
    assert_bad("version=1\n", "1:1: the line begins with `version=`; expected a kernel's name");
    assert_bad("\n  baseline version=1\n", "2:3: the line begins with `baseline`; expected");
}

static void unknown_words(void **state UNUSED)
{
    assert_bad_words("basline", "1:24: unknown word `basline`; did you mean `baseline`?");
    assert_bad_words("Version=1", "1:24: unknown word `Version=`; did you mean `version=`?");
    assert_bad_words("version", "1:24: `version` has no value; expected `version=` and the value");
    assert_bad_words("version:5.4.0",
                     "1:24: unknown word `version:5.4.0`; did you mean `version=5.4.0`?");
    assert_bad_words("5.4.0-26.30",
                     "1:24: unknown word `5.4.0-26.30`; did you mean `version=5.4.0-26.30`?");
    assert_bad_words("https://host/x",
                     "1:24: unknown word `https://host/x`; did you mean `url=https://host/x`?");
    assert_bad_words("x.ddeb", "1:24: unknown word `x.ddeb`; did you mean `file=x.ddeb`?");
    assert_bad_words("5.8.0-25-generic-amd64",
                     "1:24: `5.8.0-25-generic-amd64` is a second kernel's name");
    assert_bad_words("=x", "1:24: a key is missing before `=`");
    assert_bad_words("; a comment", "1:24: `;` begins no comment; expected `#`");
    assert_bad_words("// a comment", "1:24: `//` begins no comment; expected `#`");
    assert_bad("; 5.4.0 and more\n", "1:1: `;` begins no comment; expected `#`");
    assert_bad("baseline 5.4.0-26-generic-amd64\n",
               "1:1: the line begins with `baseline`; expected a kernel's name");
    assert_bad_words("sha256=12", "1:31: `sha256=12`: expected 64 hexadecimal digits; it has 2 ch");
    assert_bad_words("sha-256=1", "1:24: unknown word `sha-256=`; did you mean `sha256=`?");
    assert_bad_words("colour=1", "1:24: unknown key `colour=`; expected `version=`");
    assert_bad_words("=1", "1:24: a key is missing before `=`");
    assert_bad_words("skip=no reason", "1:32: unknown word `reason`; expected `baseline` or key");
}

static void bad_keys_values_and_quotes(void **state UNUSED)
{
    static const struct {
        const char *words;
        const char *expected;
    } cases[] = {
        {"version=", "1:32: `version=` has no value"},
        {"version= baseline", "1:32: `version=` has no value"},
        {"skip=\"\"", "1:29: `skip=` has no value"},
        {"version=x", "1:32: `version=x`: expected the version of a package"},
        {"version=5.4/1", "1:32: `version=5.4/1`: expected the version"},
        {"url=ftp://h/x", "1:28: `url=…`: expected a URL that begins with"},
        {"url=https://", "1:28: `url=…`: expected a URL that begins with"},
        {"url=/x", "1:28: `url=…`: expected a URL that begins with"},
        {"url=\"http://h/a b\"", "1:28: `url=…`: expected a URL without spaces"},
        {"sha256=" LOWER_DIGEST "0", "1:31: `sha256=" LOWER_DIGEST "0`: expected 64 hex"},
        {"sha256=g123456789abcdefabcdef00112233445566778899aabbccddeeffaabbccddee",
         "1:31: `sha256=g123456789abcdefabcdef00112233445566778899aabbccddeeffaabbccddee`: exp"},
        {"apt=--option", "1:28: `apt=--option`: expected the name of a package"},
        {"apt=Linux", "1:28: `apt=Linux`: expected the name of a package"},
        {"group=<b>", "1:30: `group=<b>`: expected only letters"},
        {"group=Arch", "1:30: `group=Arch`: expected another name"},
        {"group=regular", "1:30: `group=regular`: expected another name"},
        {"group=\" x\"", "1:30: `group= x`: expected no space at either end"},
        {"version=1 url=http://h/ version=2", "1:48: `version=` is given twice"},
        {"file=a apt=b", "1:31: `file=` and `apt=` both say where"},
        {"apt=b url=file:///x", "1:24: `url=` and `apt=` both say where"},
        {"skip=\"open", "1:29: the quote is not closed"},
        {"skip=\"open\\\"", "1:29: the quote is not closed"},
        {"skip=\"open\\", "1:29: the quote is not closed"},
        {"skip=\"a\"b", "1:29: something follows the closing quote"},
        {"skip=a\"b\"", "1:29: a quote stands inside a value"},
        {"skip=\"\\n\"", "1:29: a backslash stands before neither"},
        {"\"baseline\"", "1:24: a quote stands outside a value"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_bad_words(cases[i].words, cases[i].expected);
}

static void group_names_have_at_most_64_bytes(void **state UNUSED)
{
    struct kernel_list list;
    char text[120];
    char expected[200];

    snprintf(text, sizeof(text), "5.4.0-26-generic-amd64 group=%064d", 0);
    parse_good(text, &list);
    kernel_list_deinit(&list);
    snprintf(text, sizeof(text), "group=%065d", 0);
    snprintf(expected, sizeof(expected), "1:30: `%s`: expected a name of at most 64 bytes", text);
    assert_bad_words(text, expected);
}

static void patterns(void **state UNUSED)
{
    assert_bad("6.8.0-*-generic-amd64\n", "1:1: a pattern needs `latest=N`");
    assert_bad("6.*-generic-amd64 latest=1\n", "1:1: in pattern `6.*-generic-amd64` the `*` does");
    assert_bad_words("latest=3", "1:24: `latest=` needs a pattern");
    assert_bad("6.8.0-*-generic-amd64 latest=1 baseline", "1:32: a pattern cannot be the baseline");
    assert_bad("6.8.0-*-generic-amd64 latest=1 version=1",
               "1:32: a pattern cannot have `version=`");
    assert_bad("6.8.0-*-generic-amd64 latest=1 file=x", "1:32: a pattern cannot have `file=`");
    assert_bad("6.8.0-*-generic-amd64 latest=0", "1:30: `latest=0`: expected a number from 1 to");
    assert_bad("6.8.0-*-generic-amd64 latest=1001", "1:30: `latest=1001`: expected a number");
    assert_bad("6.8.0-*-generic-amd64 latest=-1", "1:30: `latest=-1`: expected a number");
    assert_bad("6.8.0-*-generic-amd64 latest=3x", "1:30: `latest=3x`: expected a number");
    assert_bad("6.8.0-*-generic-amd64 latest=18446744073709551617", "1:30: `latest=184467440737");
}

static void files_are_beside_the_list(void **state UNUSED)
{
    static const char text[] = "5.4.0-26-generic-amd64 file=x/y\n"
                               "5.8.0-25-generic-amd64 file=/x/y\n"
                               "6.8.0-31-generic-amd64 file=~/y\n";
    struct config_errors errors = {0};
    struct kernel_list list;

    assert_int_equal(setenv("HOME", "/home/me", 1), 0);
    assert_success(kernel_list_parse("a.list", text, strlen(text), &list, &errors));
    assert_string_equal(list.entries[0].file, "x/y");
    kernel_list_deinit(&list);
    assert_success(kernel_list_parse("/a.list", text, strlen(text), &list, &errors));
    assert_string_equal(list.entries[0].file, "/x/y");
    kernel_list_deinit(&list);
    assert_success(kernel_list_parse("/d/a.list", text, strlen(text), &list, &errors));
    assert_string_equal(list.entries[0].file, "/d/x/y");
    assert_string_equal(list.entries[1].file, "/x/y");
    assert_string_equal(list.entries[2].file, "/home/me/y");
    kernel_list_deinit(&list);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_bad("5.4.0-26-generic-amd64 file=~/y\n", "1:29: `~/y` needs the environment's HOME");
}

static void bytes_that_are_not_text(void **state UNUSED)
{
    static const char text[] = "5.4.0-26-generic-amd64\0\n# \xff\n# \x1b[2J\na\rb\n";
    static const char *const expected[] = {
        PATH ":1:23: there is a NUL byte",
        PATH ":2:3: the line is not valid UTF-8",
        PATH ":3:3: there is a control character",
        PATH ":4:2: there is a control character",
    };

    assert_bad_bytes(text, sizeof(text) - 1, expected, ARRAY_LENGTH(expected));
}

static void lines_have_at_most_4096_bytes(void **state UNUSED)
{
    static const char *const expected[] = {PATH ":1:4097: the line is longer than 4096 bytes"};
    struct kernel_list list;
    char text[CONFIG_LINE_MAXIMUM + 3];

    memset(text, 'x', sizeof(text));
    memcpy(text, "5.4.0-26-generic-amd64 skip=", 28);
    memcpy(text + CONFIG_LINE_MAXIMUM, "\r\n", 2);
    parse_good_bytes(text, CONFIG_LINE_MAXIMUM + 2, &list);
    assert_int_equal(strlen(list.entries[0].skip_reason), CONFIG_LINE_MAXIMUM - 28);
    kernel_list_deinit(&list);
    memcpy(text + CONFIG_LINE_MAXIMUM, "x\n", 2);
    assert_bad_bytes(text, CONFIG_LINE_MAXIMUM + 2, expected, 1);
}

static void files_that_cannot_be_read(void **state UNUSED)
{
    struct config_errors errors = {0};
    struct kernel_list list;
    char *text = malloc(CONFIG_FILE_MAXIMUM + 1);

    assert_non_null(text);
    memset(text, '\n', CONFIG_FILE_MAXIMUM + 1);
    parse_good_bytes(text, CONFIG_FILE_MAXIMUM, &list);
    kernel_list_deinit(&list);
    assert_failure(kernel_list_parse(PATH, text, CONFIG_FILE_MAXIMUM + 1, &list, &errors),
                   ERROR_LIMIT, PATH ": has 4194305 bytes");
    memset(text, 'x', CONFIG_FILE_MAXIMUM);
    for (size_t i = 1; i < CONFIG_FILE_MAXIMUM; i += 2)
        text[i] = '\n';
    assert_failure(kernel_list_parse(PATH, text, CONFIG_FILE_MAXIMUM, &list, &errors),
                   ERROR_CONFIGURATION, "has 2097152 errors");
    assert_int_equal(errors.count, 1000);
    assert_int_equal(errors.dropped_count, 2097152 - 1000);
    config_errors_deinit(&errors);
    free(text);
    assert_failure(kernel_list_read("/nonexistent/a.list", &list, &errors), ERROR_NOT_FOUND,
                   "/nonexistent/a.list");
    assert_int_equal(errors.count, 0);
}

static void many_kernels(void **state UNUSED)
{
    enum { KERNEL_COUNT = 20000 };
    struct kernel_list list;
    char *text = malloc(KERNEL_COUNT * 40);
    size_t length = 0;

    assert_non_null(text);
    for (int i = 0; i < KERNEL_COUNT; i++)
        length += (size_t)sprintf(text + length, "5.4.0-%d-generic-amd64\n", i);
    parse_good_bytes(text, length, &list);
    assert_int_equal(list.count, KERNEL_COUNT);
    assert_string_equal(list.entries[KERNEL_COUNT - 1].name.abi, "19999");
    kernel_list_deinit(&list);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word),
        cmocka_unit_test(entries_are_found_by_name),
        cmocka_unit_test(empty_lists),
        cmocka_unit_test(windows_files),
        cmocka_unit_test(all_bad_lines_are_told),
        cmocka_unit_test(kernels_are_listed_once),
        cmocka_unit_test(there_is_one_baseline),
        cmocka_unit_test(a_name_comes_first),
        cmocka_unit_test(unknown_words),
        cmocka_unit_test(bad_keys_values_and_quotes),
        cmocka_unit_test(group_names_have_at_most_64_bytes),
        cmocka_unit_test(patterns),
        cmocka_unit_test(files_are_beside_the_list),
        cmocka_unit_test(bytes_that_are_not_text),
        cmocka_unit_test(lines_have_at_most_4096_bytes),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(many_kernels),
    };
    return cmocka_run_group_tests_name("kernel_list", tests, NULL, NULL);
}
