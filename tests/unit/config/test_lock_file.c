/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>
#include <unistd.h>

#include "base/text/text_lines.h"
#include "config/list/lock_file.h"
#include "tests/unit/samples/config_samples.h"
#include "tests/unit/samples/packages.h"

#define PATH "lists/a.lock"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_HASH "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define NAME "5.4.0-26-generic-amd64"
#define WORDS "url=https://host/a.ddeb size=7 sha256=" HASH

static void parse_good(const char *text, struct lock_file *lock)
{
    struct config_errors errors = {0};
    struct error *error = lock_file_parse(PATH, text, strlen(text), lock, &errors);

    if (errors.count > 0)
        assert_success(errors.errors[0]);
    assert_success(error);
}

/* Fails unless the reasons, in order, begin with those. */
static void assert_bad(const char *text, const char *const *expected, size_t count)
{
    struct config_errors errors = {0};
    struct lock_file lock = {.count = 77};

    assert_failure(lock_file_parse(PATH, text, strlen(text), &lock, &errors), ERROR_CONFIGURATION,
                   PATH ": has ");
    assert_int_equal(lock.count, 77);
    assert_error_lines(&errors, expected, count);
}

static void assert_format(const struct lock_file *lock, const char *expected)
{
    struct buffer text;

    buffer_init(&text, CONFIG_FILE_MAXIMUM);
    lock_file_format(lock, &text);
    assert_success(buffer_check(&text, PATH));
    assert_memory_equal(text.data, "# The packages", 14);
    const char *line = strstr(buffer_text(&text), "\n5.");
    assert_string_equal(line ? line + 1 : "", expected);
    buffer_deinit(&text);
}

static void every_word(void **state UNUSED)
{
    struct lock_file lock = {0};

    parse_good("# a comment\n\n"
               "5.8.0-25-generic-amd64 sha256=" HASH
               " size=123456789012 version=5.8.0-25.26 url=\"http://host/\\\"a\\\"\"\r\n"
               "\t" NAME " apt=linux-image given " WORDS " # more\n",
               &lock);
    assert_int_equal(lock.count, 2);
    const struct locked_package *package = lock_file_find(&lock, "5.8.0-25-generic-amd64");
    assert_ptr_equal(package, &lock.packages[1]);
    assert_string_equal(package->version, "5.8.0-25.26");
    assert_string_equal(package->url, "http://host/\"a\"");
    assert_string_equal(package->sha256, HASH);
    assert_true(package->byte_size == UINT64_C(123456789012));
    assert_int_equal(package->line, 3);
    assert_false(package->is_given);
    assert_null(package->apt);
    package = lock_file_find(&lock, NAME);
    assert_null(package->version);
    assert_string_equal(package->apt, "linux-image");
    assert_true(package->is_given);
    assert_null(lock_file_find(&lock, "5.8.0-26-generic-amd64"));
    assert_format(&lock, NAME " apt=linux-image given " WORDS "\n"
                              "5.8.0-25-generic-amd64 version=5.8.0-25.26 "
                              "url=\"http://host/\\\"a\\\"\" size=123456789012 sha256=" HASH "\n");
    lock_file_deinit(&lock);
}

static void empty_files(void **state UNUSED)
{
    static const char *const texts[] = {"", "\n", "# nothing", "\xef\xbb\xbf"};
    struct lock_file lock = {0};

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        parse_good(texts[i], &lock);
        assert_int_equal(lock.count, 0);
        assert_format(&lock, "");
        lock_file_deinit(&lock);
    }
}

static void all_that_is_wrong_is_told(void **state UNUSED)
{
    static const char text[] = "<<<<<<< HEAD\n"
                               "5.4.0-26-generic-amd64 " WORDS "\n"
                               "url=https://host/x\n"
                               "5.8.0-25-generic-amd64 ulr=x size=0 size=1 sha256=1 given=1\n"
                               "5.8.0-25-generic-amd64 " WORDS " baseline\n"
                               "5.11.0-16-generic-amd64 url=/x " WORDS " version=x\n"
                               "5.13.0-19-generic-amd64 version=\"1\n"
                               "5.4.0-26-generic-amd64 " WORDS "\n"
                               "5.15.0-25-generic-amd64\n"
                               "5.19.0-21-generic-amd64 " WORDS " apt=-o \x01\n";
    static const char *const expected[] = {
        PATH ":1:1: kernel name `<<<<<<<`",
        PATH ":1:9: unknown word `HEAD`; expected `version=`",
        PATH ":1: `url=` is missing",
        PATH ":1: `size=` is missing",
        PATH ":1: `sha256=` is missing",
        PATH ":3:1: the line begins with `url=`; expected a kernel's name",
        PATH ":3: `url=` is missing",
        PATH ":3: `size=` is missing",
        PATH ":3: `sha256=` is missing",
        PATH ":4:24: unknown word `ulr=`; did you mean `url=`?",
        PATH ":4:35: `size=0`: expected a number of bytes",
        PATH ":4:37: `size=` is given twice",
        PATH ":4:51: `sha256=1`: expected 64 hexadecimal digits",
        PATH ":4:53: unknown word `given=`; did you mean `given`?",
        PATH ":4: `url=` is missing",
        PATH ":5:127: unknown word `baseline`; expected",
        PATH ":6:29: `url=…`: expected a URL that begins with",
        PATH ":6:32: `url=` is given twice",
        PATH ":6:143: `version=x`: expected the version of a package",
        PATH ":7:33: the quote is not closed",
        PATH ":8: kernel `5.4.0-26-generic-amd64` is locked twice: here and in line 2",
        PATH ":9: `url=` is missing",
        PATH ":9: `size=` is missing",
        PATH ":9: `sha256=` is missing",
        PATH ":10:135: there is a control character in the line",
    };

    assert_bad(text, expected, ARRAY_LENGTH(expected));
}

static void sizes_are_numbers(void **state UNUSED)
{
    static const char *const sizes[] = {"-1", "1k", "0x1", "01", "1234567890123456789", "\"\""};

    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        char text[200];
        const char *const expected[] = {PATH ":1:49: `size="};

        snprintf(text, sizeof(text), NAME " url=http://host/xyz size=%s sha256=" HASH, sizes[i]);
        assert_bad(text, expected, 1);
    }
}

static void packages_replace_others(void **state UNUSED)
{
    struct lock_file lock = {0};
    char url[] = "https://host/a.ddeb";
    char hash[] = OTHER_HASH;
    char version[] = "5.4.0-26.30";
    const struct locked_package package = {
        .url = url, .sha256 = hash, .byte_size = 8, .version = version};

    assert_success(lock_file_put(&lock, "5.15.0-25-generic-amd64", &package));
    assert_success(lock_file_put(&lock, "5.8.0-25-generic-amd64", &package));
    assert_success(lock_file_put(&lock, "5.8.0-25-generic-arm64", &package));
    assert_success(
        lock_file_put(&lock, "5.8.0-25-generic-amd64",
                      &(const struct locked_package){
                          .url = url, .sha256 = hash, .byte_size = 9, .is_given = true}));
    assert_format(&lock,
                  "5.8.0-25-generic-amd64 given url=https://host/a.ddeb size=9 sha256=" OTHER_HASH
                  "\n5.8.0-25-generic-arm64 version=5.4.0-26.30 url=https://host/a.ddeb size=8 "
                  "sha256=" OTHER_HASH "\n"
                  "5.15.0-25-generic-amd64 version=5.4.0-26.30 url=https://host/a.ddeb size=8 "
                  "sha256=" OTHER_HASH "\n");
    lock_file_deinit(&lock);
}

static void what_could_not_be_read_back_is_refused(void **state UNUSED)
{
    struct lock_file lock = {0};
    char long_url[CONFIG_LINE_MAXIMUM + 1];
    char spaced[] = "http://host/a b";
    char controlled[] = "http://host/a\nb";
    char hash[] = HASH;
    struct locked_package package = {.url = spaced, .sha256 = hash, .byte_size = 1};

    assert_failure(lock_file_put(&lock, NAME, &package), ERROR_UNSUPPORTED, "without spaces");
    package.url = controlled;
    assert_failure(lock_file_put(&lock, NAME, &package), ERROR_UNSUPPORTED, "control character");
    memset(long_url, 'a', sizeof(long_url) - 1);
    memcpy(long_url, "http://", 7);
    long_url[sizeof(long_url) - 1] = '\0';
    package.url = long_url;
    assert_failure(lock_file_put(&lock, NAME, &package), ERROR_UNSUPPORTED, "longer than");
    assert_int_equal(lock.count, 0);
}

static bool fits(const char *words, struct kernel_entry entry)
{
    struct lock_file lock = {0};
    char text[400];

    snprintf(text, sizeof(text), NAME " %s\n", words);
    parse_good(text, &lock);
    bool result = locked_package_fits(&lock.packages[0], &entry);
    lock_file_deinit(&lock);
    return result;
}

static void the_list_decides(void **state UNUSED)
{
    char url[] = "https://host/a.ddeb";
    char other_url[] = "https://host/b.ddeb";
    char version[] = "5.4.0-26.30";
    char hash[] = HASH;
    char other_hash[] = OTHER_HASH;
    char apt[] = "linux-image";

    assert_true(fits(WORDS, (struct kernel_entry){0}));
    assert_true(fits(WORDS, (struct kernel_entry){.sha256 = hash}));
    assert_false(fits(WORDS, (struct kernel_entry){.sha256 = other_hash}));
    assert_false(fits(WORDS, (struct kernel_entry){.version = version}));
    assert_false(fits("version=1 " WORDS, (struct kernel_entry){.version = version}));
    assert_true(fits("version=5.4.0-26.30 " WORDS, (struct kernel_entry){.version = version}));
    assert_false(fits(WORDS, (struct kernel_entry){.file = url}));
    /* The same place, but who named it? */
    assert_false(fits(WORDS, (struct kernel_entry){.url = url}));
    assert_true(fits("given " WORDS, (struct kernel_entry){.url = url}));
    assert_false(fits("given " WORDS, (struct kernel_entry){.url = other_url}));
    assert_false(fits("given " WORDS, (struct kernel_entry){0}));
    assert_true(fits("apt=linux-image " WORDS, (struct kernel_entry){.apt = apt}));
    assert_false(fits("apt=other " WORDS, (struct kernel_entry){.apt = apt}));
    assert_false(fits("apt=linux-image " WORDS, (struct kernel_entry){0}));
    assert_false(fits(WORDS, (struct kernel_entry){.apt = apt}));
}

static void the_file_is_beside_the_list(void **state UNUSED)
{
    static const char *const cases[][2] = {
        {"kernels.list", "kernels.lock"},
        {"/etc/kernels.list", "/etc/kernels.lock"},
        {"a.list/kernels", "a.list/kernels.lock"},
        {"k.list.old", "k.list.old.lock"},
        {"x/.list", "x/.list.lock"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char *path = NULL;

        assert_success(lock_file_default_path(cases[i][0], &path));
        assert_string_equal(path, cases[i][1]);
        free(path);
    }
}

/* What is at PATH is as it was: not even written again. */
static void assert_untouched(const char *directory)
{
    run_in(directory, "test -n \"$(find a.lock -mmin +30)\" && test $(ls | wc -l) = 1");
}

static void files_are_updated(void **state UNUSED)
{
    char *directory = make_directory();
    CLEANUP(config_errors_deinit) struct config_errors errors = {0};
    struct lock_file changes = {0};
    struct lock_file lock = {0};
    char path[600];

    snprintf(path, sizeof(path), "%s/a.lock", directory);
    assert_success(lock_file_read(path, &lock, &errors));
    assert_int_equal(lock.count, 0);
    parse_good("5.8.0-25-generic-amd64 " WORDS, &changes);
    assert_success(lock_file_update(path, &changes));
    lock_file_deinit(&changes);
    parse_good(NAME " " WORDS, &changes);
    assert_success(lock_file_update(path, &changes));
    assert_success(lock_file_read(path, &lock, &errors));
    assert_format(&lock, NAME " " WORDS "\n5.8.0-25-generic-amd64 " WORDS "\n");
    lock_file_deinit(&lock);

    run_in(directory, "touch -d '-1 hour' a.lock");
    assert_success(lock_file_update(path, &changes));
    assert_untouched(directory);

    /* Somebody else's mistake is not overwritten. */
    run_in(directory, "echo mistake >> a.lock && touch -d '-1 hour' a.lock");
    assert_failure(lock_file_update(path, &changes), ERROR_CONFIGURATION, "a.lock: has 4 errors");
    assert_untouched(directory);
    lock_file_deinit(&changes);
    remove_directory(directory);
}

enum { UPDATERS = 4, UPDATES_EACH = 25 };

/* In a process of its own: locks one kernel after the other. */
static void update_again_and_again(const char *path, int updater)
{
    for (int i = 0; i < UPDATES_EACH; i++) {
        struct lock_file changes = {0};
        char line[256];

        snprintf(line, sizeof(line), "5.4.0-%d-generic-amd64 " WORDS, updater * UPDATES_EACH + i);
        parse_good(line, &changes);
        if (lock_file_update(path, &changes))
            _exit(1);
        lock_file_deinit(&changes);
    }
    _exit(0);
}

static void updates_at_the_same_time_lose_nothing(void **state UNUSED)
{
    char *directory = make_directory();
    CLEANUP(config_errors_deinit) struct config_errors errors = {0};
    CLEANUP(lock_file_deinit) struct lock_file lock = {0};
    pid_t updaters[UPDATERS];
    char path[600];

    snprintf(path, sizeof(path), "%s/a.lock", directory);
    for (int i = 0; i < UPDATERS; i++) {
        updaters[i] = fork();
        assert_true(updaters[i] >= 0);
        if (updaters[i] == 0)
            update_again_and_again(path, i);
    }
    for (int i = 0; i < UPDATERS; i++) {
        int status = -1;

        assert_int_equal(waitpid(updaters[i], &status, 0), updaters[i]);
        assert_int_equal(status, 0);
    }
    assert_success(lock_file_read(path, &lock, &errors));
    assert_int_equal(lock.count, UPDATERS * UPDATES_EACH);
    remove_directory(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word),
        cmocka_unit_test(empty_files),
        cmocka_unit_test(all_that_is_wrong_is_told),
        cmocka_unit_test(sizes_are_numbers),
        cmocka_unit_test(packages_replace_others),
        cmocka_unit_test(what_could_not_be_read_back_is_refused),
        cmocka_unit_test(the_list_decides),
        cmocka_unit_test(the_file_is_beside_the_list),
        cmocka_unit_test(files_are_updated),
        cmocka_unit_test(updates_at_the_same_time_lose_nothing),
    };

    return cmocka_run_group_tests_name("lock_file", tests, NULL, NULL);
}
