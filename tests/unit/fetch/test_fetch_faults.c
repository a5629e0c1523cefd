/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/fetch_fixture.h"

static void absence_is_told_from_failure(void **state)
{
    struct fixture *fixture = *state;

    assert_url_fails(fixture, "/none/" NAME, NULL, ERROR_NOT_FOUND, "HTTP status 404");
    assert_url_fails(fixture, "/gone/" NAME, NULL, ERROR_NOT_FOUND, "HTTP status 410");
    assert_url_fails(fixture, "/forbidden/" NAME, NULL, ERROR_INCONCLUSIVE, "login");
    assert_url_fails(fixture, "/teapot/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 418");
    assert_url_fails(fixture, "/empty/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 204");
    assert_url_fails(fixture, "/later/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 429");
    assert_int_equal(request_count(fixture, "/gone/" NAME), 1);
    assert_int_equal(request_count(fixture, "/teapot/" NAME), 1);
    assert_int_equal(request_count(fixture, "/later/" NAME), 1);
}

static void transient_failures_are_tried_again(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_success(fetch_url(fixture, "/flaky/" NAME, fixture->sha256, &package));
    assert_holds_package(fixture, package.path);
    assert_int_equal(request_count(fixture, "/flaky/" NAME), 3);
    assert_non_null(strstr(fixture->logged, "HTTP status 500"));
    fetched_package_deinit(&package);
    run_in(fixture->package_dir, "rm *");
    assert_success(fetch_url(fixture, "/broken/" NAME, NULL, &package));
    assert_holds_package(fixture, package.path);
    assert_string_equal(package.sha256, fixture->sha256);
    assert_int_equal(request_count(fixture, "/broken/" NAME), 2);
    fetched_package_deinit(&package);
    run_in(fixture->package_dir, "rm *");

    assert_url_fails(fixture, "/busy/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(fixture, "/busy/" NAME), 3);
    assert_url_fails(fixture, "/closed/" NAME, NULL, ERROR_INCONCLUSIVE, "cannot be fetched");
    assert_int_equal(request_count(fixture, "/closed/" NAME), 3);
    assert_url_fails(fixture, "/short/" NAME, NULL, ERROR_INCONCLUSIVE, "ended before the file");
    assert_int_equal(request_count(fixture, "/short/" NAME), 3);
}

static void a_stalled_transfer_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_failure(fetch_url(fixture, "/stalled/" NAME, NULL, &package), ERROR_INCONCLUSIVE,
                   "too slow");
    assert_int_equal(file_count(fixture), 0);
}

static void a_closed_port_is_inconclusive(void **state)
{
    struct fixture *fixture = *state;
    const struct fetch_request request = {.url = "http://127.0.0.1:1/" NAME};
    struct fetched_package package = {0};

    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_INCONCLUSIVE,
                   "cannot be fetched");
}

/* Whatever else is wrong: a source that does not answer now may have the package later. */
static void a_silent_source_outweighs_a_wrong_one(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char wrong[512];

    snprintf(wrong, sizeof(wrong), "%s", url_of(fixture, "/page/" NAME));
    const struct fetch_request request = {.kernel_name = "6.8.0-31-generic-amd64",
                                          .url = url_of(fixture, "/busy/" NAME),
                                          .locked_url = wrong};
    struct error *error = fetch_package(&fixture->settings, &request, &package);
    assert_non_null(strstr(error->why, "neither a package nor an ELF file"));
    assert_failure(error, ERROR_INCONCLUSIVE, "503");
}

static void redirects_have_limits(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_url_fails(fixture, "/loop/" NAME, NULL, ERROR_INCONCLUSIVE, "redirected too often");
    assert_int_equal(request_count(fixture, "/loop/" NAME), 6);
    assert_url_fails(fixture, "/local/" NAME, NULL, ERROR_INCONCLUSIVE, "not allowed");
    assert_success(fetch_url(fixture, "/there/" NAME, fixture->sha256, &package));
    assert_holds_package(fixture, package.path);
    fetched_package_deinit(&package);
}

struct rival {
    pthread_t thread;
    struct fixture *fixture;
    struct fetched_package package;
    struct error *error;
    char url[512];
};

static void *fetch_as_rival(void *context)
{
    struct rival *rival = context;
    const struct fetch_request request = {.url = rival->url, .sha256 = rival->fixture->sha256};

    rival->error = fetch_package(&rival->fixture->settings, &request, &rival->package);
    return NULL;
}

static void of_several_only_one_fetches(void **state)
{
    struct fixture *fixture = *state;
    struct rival rivals[6] = {0};
    unsigned fetched = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(rivals); i++) {
        rivals[i].fixture = fixture;
        snprintf(rivals[i].url, sizeof(rivals[i].url), "%s", url_of(fixture, "/ok/" NAME));
        assert_int_equal(pthread_create(&rivals[i].thread, NULL, fetch_as_rival, &rivals[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(rivals); i++) {
        pthread_join(rivals[i].thread, NULL);
        assert_success(rivals[i].error);
        assert_holds_package(fixture, rivals[i].package.path);
        fetched += rivals[i].package.was_fetched;
        fetched_package_deinit(&rivals[i].package);
    }
    assert_int_equal(fetched, 1);
    assert_int_equal(request_count(fixture, "/ok/" NAME), 1);
    assert_int_equal(file_count(fixture), 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_fixture, remove_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(absence_is_told_from_failure),
        TEST(transient_failures_are_tried_again),
        TEST(a_stalled_transfer_is_given_up),
        TEST(a_closed_port_is_inconclusive),
        TEST(redirects_have_limits),
        TEST(of_several_only_one_fetches),
        TEST(a_silent_source_outweighs_a_wrong_one),
    };

    /* A proxy would answer for the server of the tests. */
    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("fetch_faults", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
