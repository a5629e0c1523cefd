/* SPDX-License-Identifier: MIT */
#include "fetch/source/mirror/mirror_template.h"

#include "tests/unit/samples/fetch_fixture.h"

#define KERNEL "6.8.0-31-generic-amd64"
#define PLAIN "linux-image-6.8.0-31-generic-dbgsym"
#define UNSIGNED "linux-image-unsigned-6.8.0-31-generic-dbgsym"
#define VERSION "6.8.0-31.31"

static const enum fetch_source mirror_only = FETCH_MIRROR;

static int make_mirror(void **state)
{
    make_fixture(state);
    struct fixture *fixture = *state;
    fixture->settings.sources = &mirror_only;
    fixture->settings.source_count = 1;
    return 0;
}

static struct error *resolve(struct fixture *fixture, const char *mirror, const char *version,
                             struct fetch_plan *ret)
{
    const struct fetch_request request = {.kernel_name = KERNEL, .version = version};

    fixture->settings.mirror = mirror;
    return fetch_resolve(&fixture->settings, &request, ret);
}

static void assert_url(struct fixture *fixture, const char *mirror, const char *version,
                       const char *url)
{
    struct fetch_plan plan;

    assert_success(resolve(fixture, mirror, version, &plan));
    assert_string_equal(plan.url, url);
    fetch_plan_deinit(&plan);
}

static void assert_none(struct fixture *fixture, const char *mirror, const char *version,
                        enum error_code code, const char *text)
{
    struct fetch_plan plan;

    assert_failure(resolve(fixture, mirror, version, &plan), code, text);
}

static void fields_are_filled_in(void **state)
{
    static const struct {
        const char *mirror;
        const char *version;
        const char *url;
    } cases[] = {
        {"http://h/{file}", VERSION, "http://h/" UNSIGNED "_" VERSION "_amd64.ddeb"},
        {"http://h/d", VERSION, "http://h/d/" UNSIGNED "_" VERSION "_amd64.ddeb"},
        {"http://h/d/", VERSION, "http://h/d/" UNSIGNED "_" VERSION "_amd64.ddeb"},
        {"http://h/{arch}/{kernel}/{package}.deb", NULL,
         "http://h/amd64/" KERNEL "/" UNSIGNED ".deb"},
        {"http://h/{version}/x.deb", "1:2+b~3", "http://h/2+b~3/x.deb"},
        {"http://h/{kernel}.deb?a={arch}", NULL, "http://h/" KERNEL ".deb?a=amd64"},
        {"file:///srv/{kernel}", NULL, "file:///srv/" KERNEL},
        {"/srv/a b/{kernel}%.deb", NULL, "file:///srv/a%20b/" KERNEL "%25.deb"},
        {"/srv/{package}/{file}", VERSION,
         "file:///srv/" UNSIGNED "/" UNSIGNED "_" VERSION "_amd64.ddeb"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_url(*state, cases[i].mirror, cases[i].version, cases[i].url);
}

static void relative_paths_start_here(void **state)
{
    char *directory = getcwd(NULL, 0);
    char url[1024];

    snprintf(url, sizeof(url), "file://%s/mirror/" KERNEL, directory);
    free(directory);
    assert_url(*state, "mirror/{kernel}", NULL, url);
}

static void wrong_settings_are_told(void **state)
{
    struct fixture *fixture = *state;

    assert_none(fixture, NULL, VERSION, ERROR_NOT_FOUND, KERNEL ": no mirror is set");
    assert_none(fixture, "", VERSION, ERROR_NOT_FOUND, "no mirror is set");
    assert_none(fixture, "/srv/{flie}", VERSION, ERROR_CONFIGURATION,
                "{flie} in /srv/{flie} is no field");
    assert_none(fixture, "http://h/{file", VERSION, ERROR_CONFIGURATION, "{file in http");
    assert_none(fixture, "http://h/file}", VERSION, ERROR_CONFIGURATION, "} in http");
    assert_none(fixture, "http://h/{file}", NULL, ERROR_NOT_FOUND, "give version= in the list");
    assert_none(fixture, "/srv/{version}/{file}", NULL, ERROR_NOT_FOUND, "give version= in");
    assert_none(fixture, "/srv/{version}", "../..", ERROR_CONFIGURATION,
                "../.. is not the version");
    assert_none(fixture, "/nonexistent", VERSION, ERROR_INCONCLUSIVE,
                "/nonexistent: is no directory");
    assert_none(fixture, "/nonexistent/{file}", VERSION, ERROR_INCONCLUSIVE,
                "/nonexistent/: cannot be read");
    assert_none(fixture, "ftp://h/{file}", VERSION, ERROR_CONFIGURATION, "is not fetched from");
}

/* In a directory of packages, whose path has what a URL must not have. */
static void directories_are_searched(void **state)
{
    struct fixture *fixture = *state;
    char mirror[600];
    char url[1024];

    snprintf(mirror, sizeof(mirror), "%s/a b%%", fixture->directory);
    snprintf(url, sizeof(url), "file://%s/a%%20b%%25/" PLAIN "_" VERSION "_amd64.deb",
             fixture->directory);
    run_in(fixture->directory, "mkdir 'a b%%' && cd 'a b%%' && mkdir " PLAIN
                               "_1_amd64.ddeb && touch " PLAIN "_1_arm64.ddeb " PLAIN
                               "_1_amd64.ddeb.part " PLAIN "_amd64.ddeb x" PLAIN "_1_amd64.ddeb");
    assert_none(fixture, mirror, NULL, ERROR_NOT_FOUND, "has no package of " KERNEL);
    run_in(mirror, "touch " PLAIN "_" VERSION "_amd64.deb");
    assert_url(fixture, mirror, NULL, url);
    assert_url(fixture, mirror, VERSION, url);
    assert_none(fixture, mirror, "1", ERROR_NOT_FOUND, "has no package of " KERNEL " in version 1");
    snprintf(mirror, sizeof(mirror), "%s/a b%%/{file}", fixture->directory);
    assert_url(fixture, mirror, NULL, url);

    run_in(fixture->directory, "cd 'a b%%' && touch " PLAIN "_2%%3a7_amd64.ddeb");
    assert_none(fixture, mirror, NULL, ERROR_NOT_FOUND,
                "in several versions, 2:7 and " VERSION " for two; give version=");
    assert_url(fixture, mirror, VERSION, url);
    snprintf(url, sizeof(url), "file://%s/a%%20b%%25/" PLAIN "_2%%253a7_amd64.ddeb",
             fixture->directory);
    assert_url(fixture, mirror, "7", url);
}

static void directories_may_be_parted(void **state)
{
    struct fixture *fixture = *state;
    char mirror[600];
    char url[1024];

    run_in(fixture->directory, "mkdir -p m/amd64 && touch m/amd64/" PLAIN "_1_amd64.ddeb");
    snprintf(mirror, sizeof(mirror), "%s/m/{arch}/{file}", fixture->directory);
    snprintf(url, sizeof(url), "file://%s/m/amd64/" PLAIN "_1_amd64.ddeb", fixture->directory);
    assert_url(fixture, mirror, NULL, url);
}

static struct error *fetch(struct fixture *fixture, const char *mirror, const char *version,
                           struct fetched_package *ret)
{
    const struct fetch_request request = {.kernel_name = KERNEL, .version = version};

    fixture->settings.mirror = mirror;
    return fetch_package(&fixture->settings, &request, ret);
}

/* The empty wrapper beside the package is not taken, and both names are tried. */
static void packages_are_fetched(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char mirror[600];

    fixture->settings.minimum_bytes = 1000;
    snprintf(mirror, sizeof(mirror), "%s/data", fixture->directory);
    put_package(fixture, "../" NAME, "!<arch>\nwrapper", 15);
    assert_failure(fetch(fixture, mirror, NULL, &package), ERROR_WRAPPER, "has 15 bytes only");
    put_package(fixture, "../" UNSIGNED "_" VERSION "_amd64.ddeb", fixture->package,
                PACKAGE_LENGTH);
    assert_success(fetch(fixture, mirror, NULL, &package));
    assert_true(package.was_fetched && !package.is_verified);
    assert_string_equal(package.package_version, VERSION);
    assert_holds_package(fixture, package.path);
    fetched_package_deinit(&package);

    /* The server has the second name only. */
    assert_success(fetch(fixture, url_of(fixture, "/ok/{file}"), VERSION, &package));
    assert_string_equal(package.url, url_of(fixture, "/ok/" NAME));
    assert_holds_package(fixture, package.path);
    fetched_package_deinit(&package);
    assert_failure(fetch(fixture, url_of(fixture, "/none/{file}"), VERSION, &package),
                   ERROR_NOT_FOUND, PLAIN "_" VERSION "_amd64.ddeb: the server has no such file");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_mirror, remove_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_are_filled_in),      TEST(relative_paths_start_here),
        TEST(wrong_settings_are_told),   TEST(directories_are_searched),
        TEST(directories_may_be_parted), TEST(packages_are_fetched),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("source_mirror", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
