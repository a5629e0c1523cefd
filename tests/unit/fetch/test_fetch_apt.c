/* SPDX-License-Identifier: MIT */
#include <curl/curl.h>

#include "base/system/subprocess.h"
#include "fetch/fetch.h"
#include "fetch/http/transfer.h"
#include "fetch/source/apt/apt_uris.h"
#include "fetch/source/discovery.h"
#include "tests/unit/samples/packages.h"

#define NAME "linux-image-6.1.0-56-arm64-dbg_6.1.192-2_arm64.deb"
#define SHA256 "bf1ed2ebbbbcaa8a7d8a5ce3d6bb6ed4e7d9ac12e1b2a9b2a4a6de9c5b0c2a11"

/* The answer of a stand-in for apt-get, which is found first in PATH and notes what it is asked. */
struct fixture {
    char *directory;
    char package_dir[512];
    char *path; /* PATH as it was */
    char logged[1024];
    struct log log;
    struct fetch_settings settings;
};

static void keep_line(void *context, enum log_level level UNUSED, const char *line)
{
    struct fixture *fixture = context;

    snprintf(fixture->logged, sizeof(fixture->logged), "%s", line);
}

static void set_answer(struct fixture *fixture, const char *script)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/bin/apt-get", fixture->directory);
    write_file(path, script, strlen(script));
    run_in(fixture->directory, "chmod 755 bin/apt-get");
}

static int make_fixture(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char *path = NULL;

    fixture->directory = make_directory();
    run_in(fixture->directory, "mkdir bin pool && printf '!<arch>\\npackage' > pool/%s", NAME);
    snprintf(fixture->package_dir, sizeof(fixture->package_dir), "%s/packages", fixture->directory);
    fixture->path = strdup(getenv("PATH"));
    assert_true(asprintf(&path, "%s/bin:%s", fixture->directory, fixture->path) >= 0);
    setenv("PATH", path, 1);
    free(path);
    log_init(&fixture->log, LOG_DETAIL, keep_line, fixture);
    assert_success(transfer_engine_start(&(struct transfer_settings){.low_speed_seconds = 5},
                                         &fixture->settings.engine));
    fixture->settings.package_dir = fixture->package_dir;
    fixture->settings.tries = 1;
    fixture->settings.log = &fixture->log;
    *state = fixture;
    return 0;
}

static int remove_fixture(void **state)
{
    struct fixture *fixture = *state;

    transfer_engine_stop(fixture->settings.engine);
    setenv("PATH", fixture->path, 1);
    free(fixture->path);
    log_deinit(&fixture->log);
    remove_directory(fixture->directory);
    free(fixture);
    return 0;
}

/* apt-get finds the package in the pool, of the true size plus SIZE_ERROR, with these HASHES. */
static void set_answer_found(struct fixture *fixture, int size_error, const char *hashes)
{
    char script[2048];

    snprintf(script, sizeof(script),
             "#!/bin/sh\n"
             "echo \"$LC_ALL $*\" > '%s/asked'\n"
             "hash=$(sha256sum < '%s/pool/%s' | cut -d' ' -f1)\n"
             "echo \"'file:%s/pool/%s' %s %d %s\"\n",
             fixture->directory, fixture->directory, NAME, fixture->directory, NAME, NAME,
             15 + size_error, hashes);
    set_answer(fixture, script);
}

static struct error *fetch_apt(struct fixture *fixture, const char *version,
                               struct fetched_package *ret)
{
    const struct fetch_request request = {
        .kernel_name = "6.1.0-56-arm64",
        .apt = "linux-image-6.1.0-56-arm64-dbg:arm64",
        .version = version,
    };

    return fetch_package(&fixture->settings, &request, ret);
}

static void a_package_that_apt_knows_is_fetched(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    set_answer_found(fixture, 0, "SHA256:$hash");
    assert_success(fetch_apt(fixture, "6.1.192-2", &package));
    assert_true(package.was_fetched && package.is_verified);
    assert_string_equal(package.file_name, NAME);
    assert_string_equal(package.package_version, "6.1.192-2");
    assert_int_equal(package.byte_size, 15);
    fetched_package_deinit(&package);
    run_in(fixture->directory,
           "grep -qx 'C --print-uris download linux-image-6.1.0-56-arm64-dbg:arm64=6.1.192-2' "
           "asked");

    assert_success(fetch_apt(fixture, NULL, &package));
    assert_false(package.was_fetched);
    fetched_package_deinit(&package);
    run_in(fixture->directory, "grep -q 'dbg:arm64$' asked");
}

static void what_apt_promises_must_come(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    set_answer_found(fixture, 0, "SHA256:" SHA256);
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_CORRUPT, SHA256 " is promised");
    set_answer_found(fixture, 1, "SHA256:$hash");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_CORRUPT,
                   "15 bytes where 16 are promised");
    set_answer_found(fixture, -1, "SHA256:$hash");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_CORRUPT, "15 bytes where 14");
    set_answer_found(fixture, 0, "SHA256:$hash");
    assert_failure(fetch_apt(fixture, "6.1.192-3", &package), ERROR_WRONG_KERNEL,
                   "is version 6.1.192-2");
}

static void a_missing_hash_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    set_answer_found(fixture, 0, "SHA512:00");
    assert_success(fetch_apt(fixture, NULL, &package));
    assert_false(package.is_verified);
    fetched_package_deinit(&package);
    run_in(fixture->directory, "rm packages/*");
    set_answer_found(fixture, 0, "MD5Sum:00");
    assert_success(fetch_apt(fixture, NULL, &package));
    assert_non_null(strstr(fixture->logged, "fetching file:"));
    fetched_package_deinit(&package);
}

static void apt_failures_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    set_answer(fixture, "#!/bin/sh\necho 'W: old' >&2\n"
                        "echo 'E: Unable to locate package x' >&2\nexit 100\n");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_NOT_FOUND,
                   "apt-get says \"E: Unable to locate package x\": check the name");
    set_answer(fixture, "#!/bin/sh\necho \"E: Version '1' for 'x' was not found\" >&2\nexit 100\n");
    assert_failure(fetch_apt(fixture, "1", &package), ERROR_NOT_FOUND, "Version '1' for 'x'");
    set_answer(fixture,
               "#!/bin/sh\necho 'E: The list of sources could not be read.' >&2\nexit 1\n");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_INCONCLUSIVE,
                   "exit status 1 and says \"E: The list of sources");
    set_answer(fixture, "#!/bin/sh\nexit 0\n");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_INCONCLUSIVE, "prints no URL");
    set_answer(fixture, "#!/bin/sh\nhead -c 1000000 /dev/zero\n");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_LIMIT, "longer than the 65536 bytes");
    set_answer(fixture,
               "#!/bin/sh\necho \"'cdrom:x/y_1_all.deb' y_1_all.deb 5 SHA256:" SHA256 "\"\n");
    assert_failure(fetch_apt(fixture, NULL, &package), ERROR_CONFIGURATION, "cdrom");
}

static void a_missing_apt_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    setenv("PATH", "/nonexistent", 1);
    struct error *error = fetch_apt(fixture, NULL, &package);
    setenv("PATH", fixture->path, 1);
    assert_failure(error, ERROR_NOT_FOUND, "there is no apt-get here");
}

/* Answers like apt-get, which knows the package NAME only. */
static void set_answer_of_one(struct fixture *fixture, const char *name)
{
    char script[2048];

    snprintf(script, sizeof(script),
             "#!/bin/sh\n"
             "echo \"$3\" >> '%s/asked'\n"
             "if [ \"$3\" != %s ]; then echo 'E: Unable to locate package' >&2; exit 100; fi\n"
             "hash=$(sha256sum < '%s/pool/%s' | cut -d' ' -f1)\n"
             "echo \"'file:%s/pool/%s' %s 15 SHA256:$hash\"\n",
             fixture->directory, name, fixture->directory, NAME, fixture->directory, NAME, NAME);
    set_answer(fixture, script);
}

static void kernels_are_found_by_debians_names_too(void **state)
{
    static const enum fetch_source only_apt[] = {FETCH_APT};
    static const char *const cases[][2] = {
        {"6.1.0-56-cloud-amd64", "linux-image-6.1.0-56-cloud-amd64-dbg:amd64"},
        {"6.12.107+deb13-armmp-armhf", "linux-image-6.12.107+deb13-armmp-dbg:armhf"},
        {"6.8.0-31-generic-amd64", "linux-image-unsigned-6.8.0-31-generic-dbgsym:amd64"},
    };
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    fixture->settings.sources = only_apt;
    fixture->settings.source_count = 1;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct fetch_request request = {.kernel_name = cases[i][0]};

        set_answer_of_one(fixture, cases[i][1]);
        assert_success(fetch_package(&fixture->settings, &request, &package));
        assert_string_equal(package.file_name, NAME);
        fetched_package_deinit(&package);
    }
    const struct fetch_request unknown = {.kernel_name = "6.1.0-99-cloud-amd64"};
    assert_failure(fetch_package(&fixture->settings, &unknown, &package), ERROR_NOT_FOUND,
                   "knows no package linux-image-6.1.0-99-cloud-amd64-dbg");
}

#define STANZA(package, version, architecture, size)                                               \
    "Package: " package "\nVersion: " version "\nArchitecture: " architecture "\nSize: " size "\n" \
    "\n"

/* Answers like apt-cache, and notes what it is asked to show. */
static void set_cache_answer(struct fixture *fixture)
{
    char path[512];
    char script[2048];

    snprintf(path, sizeof(path), "%s/bin/apt-cache", fixture->directory);
    snprintf(script, sizeof(script),
             "#!/bin/sh\n"
             "if [ $1 = pkgnames ]; then\n"
             "printf '%%s\\n' linux-image-amd64-dbg linux-image-6.1.0-56-cloud-amd64-dbg \\\n"
             "    linux-image-6.1.0-56-cloud-amd64 linux-image-6.1-cloud-amd64-dbg \\\n"
             "    linux-image-6.12.107+deb13-armmp-dbg\n"
             "else echo \"$*\" >> '%s/shown'; cat '%s/Packages'; fi\n",
             fixture->directory, fixture->directory);
    write_file(path, script, strlen(script));
    static const char packages[] = STANZA("linux-image-6.1.0-56-cloud-amd64-dbg", "6.1.192-2",
                                          "amd64", "283308068")
        STANZA("linux-image-6.1.0-56-cloud-amd64-dbg", "6.1.192-2", "amd64", "283308068")
            STANZA("linux-image-6.1-cloud-amd64-dbg", "6.1.192-2", "amd64", "1500")
                STANZA("linux-image-6.12.107+deb13-armmp-dbg", "6.12.107-1", "armhf", "283308068");
    snprintf(path, sizeof(path), "%s/Packages", fixture->directory);
    write_file(path, packages, strlen(packages));
    run_in(fixture->directory, "chmod 755 bin/apt-cache");
}

static void what_apt_has_is_listed(void **state)
{
    static const struct discovery_filter any = {0};
    static const struct discovery_filter cloud = {
        .version = "6.1.0", .flavor = "cloud", .architecture = "amd64"};
    static const struct discovery_filter plain = {
        .version = "6.1.0", .flavor = "", .architecture = "amd64"};
    static const struct discovery_filter since = {.since = "2026-01-01"};
    struct fixture *fixture = *state;
    struct discovered_kernels kernels = {0};

    set_cache_answer(fixture);
    fixture->settings.minimum_bytes = 1000000;
    assert_success(discover_kernels(&fixture->settings, FETCH_APT, &any, &kernels));
    assert_int_equal(kernels.count, 2);
    assert_string_equal(kernels.kernels[0].name, "6.1.0-56-cloud-amd64");
    assert_string_equal(kernels.kernels[0].package_version, "6.1.192-2");
    assert_string_equal(kernels.kernels[1].name, "6.12.107+deb13-armmp-armhf");
    discovered_kernels_deinit(&kernels);
    run_in(fixture->directory, "grep -qx 'show linux-image-6.1.0-56-cloud-amd64-dbg "
                               "linux-image-6.1-cloud-amd64-dbg "
                               "linux-image-6.12.107+deb13-armmp-dbg' shown && rm shown");

    fixture->settings.discovery_cache = discovery_cache_create();
    for (int i = 0; i < 2; i++) {
        assert_success(discover_kernels(&fixture->settings, FETCH_APT, &cloud, &kernels));
        assert_int_equal(kernels.count, 1);
        discovered_kernels_deinit(&kernels);
    }
    assert_success(discover_kernels(&fixture->settings, FETCH_APT, &plain, &kernels));
    assert_int_equal(kernels.count, 0);
    run_in(fixture->directory,
           "test $(wc -l < shown) = 1 && grep -q 'cloud-amd64-dbg:amd64' shown");
    discovery_cache_destroy(fixture->settings.discovery_cache);
    fixture->settings.discovery_cache = NULL;
    assert_failure(discover_kernels(&fixture->settings, FETCH_APT, &since, &kernels),
                   ERROR_UNSUPPORTED, "neither series nor dates");
    setenv("PATH", "/nonexistent", 1);
    struct error *error = discover_kernels(&fixture->settings, FETCH_APT, &any, &kernels);
    setenv("PATH", fixture->path, 1);
    assert_failure(error, ERROR_UNSUPPORTED, "there is no apt-cache here");
}

static void broken_lines_are_refused(void **state UNUSED)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"", "prints no URL"},
        {"Reading lists\n", "prints no URL"},
        {"'http://a/b_1_all.deb", "without a URL"},
        {"'http://a/b_1_all.deb' b_1_all.deb", "without a size"},
        {"'http://a/b_1_all.deb' b_1_all.deb -5 SHA256:" SHA256, "without a size"},
        {"'http://a/b_1_all.deb' b_1_all.deb 99999999999999999999 SHA256:" SHA256,
         "without a size"},
        {"'http://a/b_1_all.deb' b_1_all.deb 5x SHA256:" SHA256, "without a size"},
        {"'http://a/b_1_all.deb' b_1_all.deb 5 SHA256:12", "broken SHA-256: 12"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct package_location location = {0};

        assert_failure(apt_uris_parse(cases[i].text, &location), ERROR_INCONCLUSIVE,
                       cases[i].error);
        package_location_deinit(&location);
    }
}

static void lines_are_read(void **state UNUSED)
{
    struct package_location location = {0};

    assert_success(apt_uris_parse("Note: x\n'https://a/l_4.13%2bx_all.deb' l_1%3a4.13+x_all.deb "
                                  "5000000000 MD5Sum:1 SHA256:" SHA256 " SHA1:3\nmore\n",
                                  &location));
    assert_string_equal(location.url, "https://a/l_4.13%2bx_all.deb");
    assert_string_equal(location.package_version, "1:4.13+x");
    assert_string_equal(location.sha256, SHA256);
    assert_int_equal(location.byte_size, 5000000000);
    package_location_deinit(&location);
}

static void commands_have_limits(void **state UNUSED)
{
    static const struct subprocess_limits limits = {.maximum_bytes = 100, .timeout_seconds = 1};
    const char *const sleep_long[] = {"sleep", "30", NULL};
    const char *const talk[] = {"sh", "-c", "echo out; echo err >&2; cat; exit 7", NULL};
    const char *const die[] = {"sh", "-c", "kill -9 $$", NULL};
    struct subprocess_result result;

    assert_failure(subprocess_run(sleep_long, &limits, &result), ERROR_LIMIT,
                   "sleep: does not end within 1 s");
    assert_success(subprocess_run(talk, &limits, &result));
    assert_int_equal(result.exit_status, 7);
    assert_string_equal(buffer_text(&result.output), "out\n");
    assert_string_equal(buffer_text(&result.messages), "err\n");
    subprocess_result_deinit(&result);
    assert_success(subprocess_run(die, &limits, &result));
    assert_int_equal(result.exit_status, 128 + 9);
    subprocess_result_deinit(&result);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_fixture, remove_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_package_that_apt_knows_is_fetched),
        TEST(what_apt_promises_must_come),
        TEST(a_missing_hash_is_told),
        TEST(apt_failures_are_told_apart),
        TEST(a_missing_apt_is_told),
        TEST(kernels_are_found_by_debians_names_too),
        TEST(what_apt_has_is_listed),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(commands_have_limits),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("fetch_apt", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
