/* SPDX-License-Identifier: MIT */
#include "base/system/file.h"
#include "base/text/text_lines.h"
#include "config/settings/settings.h"
#include "tests/unit/samples/config_samples.h"
#include "tests/unit/unit.h"

#define PATH "/etc/x/k.ini"

static void parse_good(const char *path, const char *text, struct settings *settings)
{
    struct config_errors errors = {0};
    struct error *error = settings_parse(path, text, strlen(text), settings, &errors);

    if (errors.count > 0)
        assert_success(errors.errors[0]);
    assert_success(error);
}

static void assert_all_bad(const char *text, size_t length, const char *const *expected,
                           size_t count)
{
    struct config_errors errors = {0};
    struct settings settings = {.jobs = 77};

    assert_failure(settings_parse(PATH, text, length, &settings, &errors), ERROR_CONFIGURATION,
                   PATH ": has ");
    assert_int_equal(settings.jobs, 77);
    assert_error_lines(&errors, expected, count);
}

/* Fails unless all that is wrong with TEXT is EXPECTED: "LINE: the beginning of a reason". */
static void assert_bad(const char *text, const char *expected)
{
    char line[300];
    const char *lines[] = {line};

    snprintf(line, sizeof(line), PATH ":%s", expected);
    assert_all_bad(text, strlen(text), lines, 1);
}

static void assert_defaults(const struct settings *settings)
{
    assert_string_equal(settings->data_dir, "/home/me/.local/share/kstruct");
    assert_string_equal(settings->list, KSTRUCT_SYSCONFDIR "/kernels.list");
    assert_null(settings->report_dir);
    assert_int_equal(settings->jobs, 0);
    assert_true(settings->keep_bytes == SETTINGS_KEEP_ALL);
    assert_string_equal(settings->sources, "launchpad, ddebs");
    assert_string_equal(settings->launchpad_api_url, "https://api.launchpad.net/devel");
    assert_string_equal(settings->launchpad_files_url,
                        "https://launchpad.net/ubuntu/+archive/primary/+files");
    assert_string_equal(settings->ddebs_url, "http://ddebs.ubuntu.com");
    assert_string_equal(settings->ddebs_keyring, "/usr/share/keyrings/ubuntu-dbgsym-keyring.gpg");
    assert_string_equal(settings->ddebs_suites,
                        "resolute-updates resolute questing-updates questing noble-updates noble "
                        "jammy-updates jammy focal-updates focal");
    assert_null(settings->mirror);
    assert_null(settings->ca_bundle);
    assert_int_equal(settings->minimum_package_bytes, 10000000);
    assert_int_equal(settings->transfers, 4);
    assert_int_equal(settings->connections_per_host, 2);
    assert_true(settings->memory_bytes == SETTINGS_MEMORY_ALL);
    assert_true(settings->child_memory_bytes == UINT64_C(6) << 30);
    assert_int_equal(settings->child_seconds, 1800);
    assert_int_equal(settings->tries, 4);
    assert_int_equal(settings->retry_wait_seconds, 1);
    assert_int_equal(settings->retry_after_maximum_seconds, 600);
    assert_string_equal(settings->user_agent, "kstruct/" KSTRUCT_VERSION);
    assert_int_equal(settings->connect_timeout_seconds, 30);
    assert_int_equal(settings->low_speed_bytes_per_second, 1024);
    assert_int_equal(settings->low_speed_seconds, 60);
    assert_int_equal(settings->average_bytes_per_second, 16384);
    assert_string_equal(settings->report_format, "md");
}

static int set_home(void **state UNUSED)
{
    return setenv("HOME", "/home/me", 1);
}

static void defaults(void **state UNUSED)
{
    struct settings settings;

    assert_success(settings_init_defaults(&settings));
    assert_defaults(&settings);
    settings_deinit(&settings);
    parse_good(PATH, "", &settings);
    assert_defaults(&settings);
    settings_deinit(&settings);
}

static void defaults_without_home(void **state UNUSED)
{
    static const char *const homes[] = {"", "relative"};
    struct settings settings;

    for (size_t i = 0; i < ARRAY_LENGTH(homes); i++) {
        assert_int_equal(setenv("HOME", homes[i], 1), 0);
        assert_success(settings_init_defaults(&settings));
        assert_string_equal(settings.data_dir, "/var/lib/kstruct");
        settings_deinit(&settings);
    }
    assert_int_equal(unsetenv("HOME"), 0);
    assert_bad("[kstruct]\ndata_dir = ~/x\n", "2: `~/x` needs the environment's HOME");
}

static void every_key(void **state UNUSED)
{
    struct settings settings;

    parse_good(PATH,
               "; a comment\n# another\n"
               "[kstruct]\n"
               "data_dir = /srv/k s\n"
               "list=~/my.list ; after the value\n"
               "report_dir : ../www\n"
               "jobs = 1024\n"
               "[fetch]\n"
               "keep = none\n"
               "user_agent = me/1 (a; b)\n"
               "ca_bundle = certs/own.pem\n"
               "connect_timeout = 5\n"
               "low_speed_limit = 1073741824\n"
               "low_speed_time = 86400\n"
               "average_speed_limit = 0\n"
               "[report]\n"
               "format = md\n"
               "url = https://example.org/k/",
               &settings);
    assert_string_equal(settings.data_dir, "/srv/k s");
    assert_string_equal(settings.list, "/home/me/my.list");
    assert_string_equal(settings.report_dir, "/etc/x/../www");
    assert_int_equal(settings.jobs, 1024);
    assert_true(settings.keep_bytes == SETTINGS_KEEP_NONE);
    assert_string_equal(settings.user_agent, "me/1 (a; b)");
    assert_string_equal(settings.ca_bundle, "/etc/x/certs/own.pem");
    assert_int_equal(settings.connect_timeout_seconds, 5);
    assert_int_equal(settings.low_speed_bytes_per_second, 1073741824);
    assert_int_equal(settings.low_speed_seconds, 86400);
    assert_int_equal(settings.average_bytes_per_second, 0);
    assert_string_equal(settings.report_format, "md");
    assert_string_equal(settings.report_url, "https://example.org/k");
    settings_deinit(&settings);
}

static void paths_are_beside_the_file(void **state UNUSED)
{
    struct settings settings;

    parse_good("k.ini", "[kstruct]\nlist = a.list\ndata_dir = ~\n", &settings);
    assert_string_equal(settings.list, "a.list");
    assert_string_equal(settings.data_dir, "~");
    settings_deinit(&settings);
}

static void indentation_does_not_continue_a_value(void **state UNUSED)
{
    struct settings settings;

    parse_good(PATH, "[kstruct]\n  jobs = 3\n\t list = /b\n  # c\n  [fetch]\n  keep = none\n",
               &settings);
    assert_int_equal(settings.jobs, 3);
    assert_string_equal(settings.list, "/b");
    assert_true(settings.keep_bytes == SETTINGS_KEEP_NONE);
    settings_deinit(&settings);
}

static void windows_files(void **state UNUSED)
{
    struct settings settings;

    parse_good(PATH, "\xef\xbb\xbf[kstruct]\r\njobs = 3\r\nlist = /b\r\n", &settings);
    assert_int_equal(settings.jobs, 3);
    assert_string_equal(settings.list, "/b");
    settings_deinit(&settings);
}

static void bad_numbers(void **state UNUSED)
{
    static const char *const jobs[] = {
        "-1", "+1", "1025", "4x", "0x4", "1 2", "4294967297", "18446744073709551617",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        char text[100];
        char expected[100];
        snprintf(text, sizeof(text), "[kstruct]\njobs = %s\n", jobs[i]);
        snprintf(expected, sizeof(expected), "2: `jobs` is `%s`; expected a number from 0 to 1024",
                 jobs[i]);
        assert_bad(text, expected);
    }
    assert_bad("[fetch]\nconnect_timeout = 0\n",
               "2: `connect_timeout` is `0`; expected a number from 1 to 86400");
    assert_bad("[fetch]\nlow_speed_time = 86401\n", "2: `low_speed_time` is `86401`; expected");
    assert_bad("[fetch]\nlow_speed_limit = 1073741825\n",
               "2: `low_speed_limit` is `1073741825`; expected a number from 1 to 1073741824");
}

static void bad_words(void **state UNUSED)
{
    assert_bad("[fetch]\nkeep = nonne\n", "2: `keep` is `nonne`; did you mean `none`");
    assert_bad("[fetch]\nkeep = sometimes\n", "2: `keep` is `sometimes`; expected a value such");
    assert_bad("[kstruct]\nmemory = none\n",
               "2: `memory` is `none`; expected a size such as `6G`, or `all`");
    assert_bad("[kstruct]\nmemory = 0\n", "2: `memory` is `0`; expected a size");
    assert_bad("[kstruct]\nchild_memory = 6 GB\n", "2: `child_memory` is `6 GB`; expected a size");
    assert_bad("[kstruct]\nmemorry = 6G\n",
               "2: unknown key `memorry` in section `[kstruct]`; did you mean `memory`?");
    assert_bad("[report]\nformat = pdf\n", "2: `format` is `pdf`; expected a value such as `md`");
    assert_bad("[kstruct]\nlist =\n", "2: `list` has no value");
    assert_bad("[kstruct]\nlist = ; nothing\n", "2: `list` has no value");
}

static void bad_keys(void **state UNUSED)
{
    assert_bad("[kstruct]\nlsit = x\n",
               "2: unknown key `lsit` in section `[kstruct]`; did you mean `list`?");
    assert_bad("[kstruct]\n\ncolour = x\n", "3: unknown key `colour` in section `[kstruct]`");
    assert_bad("[fetch]\njobs = 2\n",
               "2: `jobs` is in section `[fetch]`; it belongs in `[kstruct]`");
    assert_bad("[kstruct]\njobs = 2\n[fetch]\n[kstruct]\njobs = 2\n",
               "5: `jobs` is given twice: here and in line 2");
    assert_bad("jobs = 2\n", "1: the setting stands before any section");
}

static void unknown_sections_are_told_once(void **state UNUSED)
{
    assert_bad("[fetc]\nkeep = all\nuser_agent = x\n",
               "2: the setting is in unknown section `[fetc]`; did you mean `[fetch]`?");
    assert_bad("[paint]\nkeep = all\n",
               "2: the setting is in unknown section `[paint]`; expected `[kstruct]`");
}

static void lines_without_form(void **state UNUSED)
{
    assert_bad("[kstruct]\njobs\n", "2: expected `key = value`");
    assert_bad("[kstruct]\n[fetch\n", "2: expected `key = value`");
}

static void all_errors_are_told(void **state UNUSED)
{
    static const char text[] = "[kstruct]\njobs = many\nlists = a\nwhat\n[fetch]\nkeep = no\n";
    static const char *const expected[] = {
        PATH ":2: `jobs` is `many`",
        PATH ":3: unknown key `lists`",
        PATH ":6: `keep` is `no`",
        PATH ":4: expected `key = value`",
    };

    assert_all_bad(text, strlen(text), expected, ARRAY_LENGTH(expected));
}

/* How long a line may be depends on how inih was built; no length may lose a part of the value. */
static void long_lines_are_not_cut(void **state UNUSED)
{
    bool was_refused = false;

    for (int width = 150; width < 4200; width++) {
        struct config_errors errors = {0};
        struct settings settings;
        char text[4300];
        int length = sprintf(text, "[kstruct]\nlist = /%0*d\njobs = 2\n", width, 0);
        struct error *error = settings_parse(PATH, text, (size_t)length, &settings, &errors);
        if (!error) {
            assert_false(was_refused);
            assert_int_equal(strlen(settings.list), width + 1);
            assert_int_equal(settings.jobs, 2);
            settings_deinit(&settings);
            continue;
        }
        was_refused = true;
        error_destroy(error);
        assert_int_equal(errors.count, 1);
        assert_string_equal(errors.errors[0]->where, PATH ":2");
        assert_non_null(strstr(errors.errors[0]->why, "the line is longer than "));
        config_errors_deinit(&errors);
    }
    assert_true(was_refused);
}

static void bytes_that_are_not_text(void **state UNUSED)
{
    static const char text[] = "[kstruct]\nlist = a\0b\ndata_dir = \xff\n; \x01\n";
    static const char *const expected[] = {
        PATH ":2: there is a NUL byte",
        PATH ":3: the line is not valid UTF-8",
        PATH ":4: there is a control character",
    };

    assert_all_bad(text, sizeof(text) - 1, expected, ARRAY_LENGTH(expected));
}

static void mirrors_are_urls_or_paths(void **state UNUSED)
{
    static const struct {
        const char *line;
        const char *mirror;
    } cases[] = {
        {"[fetch]\nmirror = http://h/{file}", "http://h/{file}"},
        {"[fetch]\nmirror = ddebs/{file}", "/etc/x/ddebs/{file}"},
        {"[fetch]\nmirror = ~/ddebs", "/home/me/ddebs"},
        {"[fetch]\nmirror = /srv/{package}", "/srv/{package}"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct settings settings;
        parse_good(PATH, cases[i].line, &settings);
        assert_string_equal(settings.mirror, cases[i].mirror);
        settings_deinit(&settings);
    }
}

static void sizes_and_lists_of_words(void **state UNUSED)
{
    struct settings settings;

    parse_good(PATH,
               "[fetch]\nkeep = 20G\nsources = mirror,launchpad-files  apt\n"
               "launchpad_api = http://127.0.0.1:1/devel//\n",
               &settings);
    assert_true(settings.keep_bytes == UINT64_C(20) << 30);
    assert_string_equal(settings.sources, "mirror,launchpad-files  apt");
    assert_string_equal(settings.launchpad_api_url, "http://127.0.0.1:1/devel");
    settings_deinit(&settings);
    parse_good(PATH, "[fetch]\nkeep = 77\nminimum_package = 3K\n", &settings);
    assert_int_equal(settings.keep_bytes, 77);
    assert_int_equal(settings.minimum_package_bytes, 3072);
    settings_deinit(&settings);
    parse_good(PATH, "[kstruct]\nmemory = 4G\nchild_memory = all\n", &settings);
    assert_true(settings.memory_bytes == UINT64_C(4) << 30);
    assert_true(settings.child_memory_bytes == SETTINGS_MEMORY_ALL);
    settings_deinit(&settings);
    assert_bad("[fetch]\nkeep = 3Q\n", "2: `keep` is `3Q`; expected a value such as `300M`");
    assert_bad("[fetch]\nkeep = 3GB\n", "2: `keep` is `3GB`");
    assert_bad("[fetch]\nkeep = 99999999999T\n", "2: `keep` is `99999999999T`");
    assert_bad("[fetch]\nsources = launchpad, debs\n",
               "2: `sources` is `debs`; did you mean `ddebs`");
    assert_bad("[fetch]\nsources = ,\n", "2: `sources` is ``");
}

static void files_that_cannot_be_read(void **state UNUSED)
{
    struct config_errors errors = {0};
    struct settings settings;
    size_t length = 4 * 1024 * 1024 + 1;
    char *text = calloc(1, length);

    assert_non_null(text);
    assert_failure(settings_parse(PATH, text, length, &settings, &errors), ERROR_LIMIT, PATH);
    free(text);
    assert_failure(settings_read("/nonexistent/k.ini", &settings, &errors), ERROR_NOT_FOUND,
                   "/nonexistent/k.ini");
    assert_failure(settings_read("/", &settings, &errors), ERROR_SYSTEM, "not a regular file");
    assert_int_equal(errors.count, 0);
}

/* Each key of the shipped file is a comment with its default, so that making settings of these
 * comments must change nothing but the paths that depend on where things are. */
static void the_shipped_file_shows_the_defaults(void **state UNUSED)
{
    struct config_errors errors = {0};
    struct settings settings;
    char *text = NULL;
    size_t length = 0;

    assert_success(settings_read("config/kstruct.ini", &settings, &errors));
    assert_defaults(&settings);
    settings_deinit(&settings);

    assert_success(file_read("config/kstruct.ini", 65536, &text, &length));
    size_t key_count = 0;
    for (char *c = strchr(text, ';'); c; c = strchr(c + 1, ';')) {
        if (c > text && c[-1] == '\n' && c[1] >= 'a' && c[1] <= 'z') {
            *c = ' ';
            key_count++;
        }
    }
    assert_int_equal(key_count, 30);
    parse_good("config/kstruct.ini", text, &settings);
    assert_string_equal(settings.report_dir, "/home/me/.local/share/kstruct/report");
    assert_string_equal(settings.list, "/usr/local/etc/kstruct/kernels.list");
    assert_string_equal(settings.lock, "/usr/local/etc/kstruct/kernels.lock");
    assert_string_equal(settings.report_url, "https://example.org/kernel");
    free(settings.report_dir);
    settings.report_dir = NULL;
    free(settings.list);
    settings.list = strdup(KSTRUCT_SYSCONFDIR "/kernels.list");
    assert_defaults(&settings);
    settings_deinit(&settings);
    free(text);
}

static void only_valid_utf8(void **state UNUSED)
{
    static const char *const good[] = {"\x7e", "\xc2\x80", "\xe2\x82\xac", "\xf0\x9f\x90\xa7"};
    static const char *const bad[] = {
        "\x80",
        "\xff",
        "\xc0\xaf",
        "\xe0\x80\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xe2\x82",
        "\xe2\x82x",
    };
    unsigned column = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        assert_null(text_line_find_fault(good[i], strlen(good[i]), &column));
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_string_equal(text_line_find_fault(bad[i], strlen(bad[i]), &column),
                            "the line is not valid UTF-8");
        assert_int_equal(column, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults, set_home),
        cmocka_unit_test_setup(defaults_without_home, set_home),
        cmocka_unit_test_setup(every_key, set_home),
        cmocka_unit_test_setup(paths_are_beside_the_file, set_home),
        cmocka_unit_test(indentation_does_not_continue_a_value),
        cmocka_unit_test(windows_files),
        cmocka_unit_test(bad_numbers),
        cmocka_unit_test(bad_words),
        cmocka_unit_test(bad_keys),
        cmocka_unit_test(unknown_sections_are_told_once),
        cmocka_unit_test(lines_without_form),
        cmocka_unit_test(all_errors_are_told),
        cmocka_unit_test(long_lines_are_not_cut),
        cmocka_unit_test(bytes_that_are_not_text),
        cmocka_unit_test(only_valid_utf8),
        cmocka_unit_test(mirrors_are_urls_or_paths),
        cmocka_unit_test(sizes_and_lists_of_words),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test_setup(the_shipped_file_shows_the_defaults, set_home),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
