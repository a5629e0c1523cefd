/* SPDX-License-Identifier: MIT */
#include "fetch/http/host_health.h"
#include "tests/unit/samples/launchpad_fixture.h"

/* What binaryFileUrls says of one file. */
#define FILE_OF(url, size, sha256)                                                                 \
    "[{\"url\": \"" url "\", \"size\": " size ", \"sha1\": \"0\", \"sha256\": " sha256 "}]"

static struct error *resolve(struct launchpad *launchpad, const char *kernel, const char *version,
                             struct fetch_plan *plan)
{
    const struct fetch_request request = {.kernel_name = kernel, .version = version};

    return fetch_resolve(&launchpad->fixture->settings, &request, plan);
}

static void assert_fails(struct launchpad *launchpad, enum error_code code, const char *text)
{
    struct fetch_plan plan;

    assert_failure(resolve(launchpad, KERNEL, NULL, &plan), code, text);
    fetch_plan_deinit(&plan);
}

/* A search for any build of the unsigned package that ends like this. */
static void assert_answer_fails(struct launchpad *launchpad, const char *body, enum error_code code,
                                const char *text)
{
    launchpad->count = 0;
    answer(launchpad, ANY_BUILD(UNSIGNED), "%s", body);
    assert_fails(launchpad, code, text);
}

static void the_unsigned_package_is_taken_with_its_hash(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer_page(
        launchpad, ANY_BUILD(UNSIGNED),
        ENTRIES(ENTRY(1, UNSIGNED, "6.8.0-31.31", "noble/arm64", "Published", "Release", ""),
                NOBLE(2, UNSIGNED, "6.8.0-31.31"), NOBLE(3, UNSIGNED "x", "6.8.0-31.31")));
    answer(launchpad, FILES_OF(2),
           FILE_OF(OWN_FILES UNSIGNED "_6.8.0-31.31_amd64.ddeb", "1741755652", "\"%s\""),
           WRONG_SHA256);
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    assert_non_null(strstr(plan.url, "/ok/" UNSIGNED "_6.8.0-31.31_amd64.ddeb"));
    assert_string_equal(plan.sha256, WRONG_SHA256);
    assert_string_equal(plan.package_version, "6.8.0-31.31");
    assert_int_equal(plan.byte_size, 1741755652);
    assert_int_equal(times_asked(launchpad, 0), 1);
    assert_null(strstr(launchpad->fixture->logged, "binary_name=linux-image-6"));
    fetch_plan_deinit(&plan);
}

static void where_there_is_no_unsigned_package_the_plain_one_is_fetched(void **state)
{
    struct launchpad *launchpad = *state;
    const struct fetch_request request = {.kernel_name = KERNEL, .version = "6.8.0-31.31"};
    struct fetched_package package = {0};

    answer(launchpad, BUILD(UNSIGNED, "6.8.0-31.31"), NOTHING);
    answer(launchpad, BUILD(PLAIN, "6.8.0-31.31"), PAGE(NOBLE(7, PLAIN, "6.8.0-31.31")));
    answer(launchpad, FILES_OF(7), FILE_OF(OWN_FILES NAME, "700000", "\"%s\""),
           launchpad->fixture->sha256);
    assert_success(fetch_package(&launchpad->fixture->settings, &request, &package));
    assert_true(package.was_fetched && package.is_verified);
    assert_string_equal(package.package_version, "6.8.0-31.31");
    assert_holds_package(launchpad->fixture, package.path);
    fetched_package_deinit(&package);
}

static void a_version_is_asked_for_and_looked_at(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer_page(
        launchpad, BUILD(UNSIGNED, "6.8.0-31.31~22.04.1%2Bx"),
        ENTRIES(NOBLE(1, UNSIGNED, "6.8.0-31.31"), NOBLE(2, UNSIGNED, "6.8.0-31.31~22.04.1+x")));
    answer(launchpad, FILES_OF(2),
           FILE_OF("http://127.0.0.1:1/" UNSIGNED "_6.8.0-31.31~22.04.1+x_amd64.ddeb", "5000",
                   "null"));
    assert_success(resolve(launchpad, KERNEL, "6.8.0-31.31~22.04.1+x", &plan));
    assert_string_equal(plan.url,
                        "http://127.0.0.1:1/" UNSIGNED "_6.8.0-31.31~22.04.1+x_amd64.ddeb");
    assert_string_equal(plan.package_version, "6.8.0-31.31~22.04.1+x");
    fetch_plan_deinit(&plan);
}

static void several_builds_of_one_name_have_to_be_told_apart(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer_page(
        launchpad, ANY_BUILD(UNSIGNED),
        ENTRIES(NOBLE(1, UNSIGNED, "6.8.0-31.31~22.04.1"), NOBLE(2, UNSIGNED, "6.8.0-31.31")));
    assert_fails(launchpad, ERROR_CONFIGURATION,
                 "6.8.0-31.31, 6.8.0-31.31~22.04.1; pin one with version=");

    launchpad->count = 0;
    answer_page(
        launchpad, ANY_BUILD(UNSIGNED),
        ENTRIES(ENTRY(1, UNSIGNED, "6.8.0-31.30", "noble/amd64", "Superseded", "Proposed", ""),
                ENTRY(2, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Superseded", "Proposed", ""),
                NOBLE(3, UNSIGNED, "6.8.0-31.31"),
                ENTRY(4, UNSIGNED, "6.8.0-31.32", "noble/amd64", "Deleted", "Updates", "")));
    answer(launchpad, FILES_OF(2),
           FILE_OF(OWN_FILES UNSIGNED "_6.8.0-31.31_amd64.ddeb", "5000", "null"));
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    assert_string_equal(plan.package_version, "6.8.0-31.31");
    fetch_plan_deinit(&plan);
}

static void a_single_build_is_taken_whatever_became_of_it(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer(launchpad, ANY_BUILD(UNSIGNED),
           PAGE(ENTRY(1, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Deleted", "Proposed", "")));
    answer(launchpad, FILES_OF(1),
           FILE_OF(OWN_FILES UNSIGNED "_6.8.0-31.31_amd64.ddeb", "5000", "null"));
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    assert_int_equal(plan.byte_size, 5000);
    fetch_plan_deinit(&plan);
}

static void what_is_pending_is_not_published_yet(void **state)
{
    struct launchpad *launchpad = *state;

    answer(launchpad, ANY_BUILD(UNSIGNED),
           PAGE(ENTRY(1, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Pending", "Updates", "")));
    answer(launchpad, ANY_BUILD(PLAIN), NOTHING);
    assert_fails(launchpad, ERROR_NOT_YET,
                 UNSIGNED " 6.8.0-31.31 on record, but it is not "
                          "published yet");
}

static void what_was_removed_with_its_file_is_gone(void **state)
{
    static const char *const nothing[] = {"[]", "[{\"url\": null, \"size\": null}]"};
    struct launchpad *launchpad = *state;

    for (size_t i = 0; i <= ARRAY_LENGTH(nothing); i++) {
        launchpad->count = 0;
        answer_page(
            launchpad, ANY_BUILD(UNSIGNED),
            ENTRIES(ENTRY(1, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Deleted", "Updates", ""),
                    ENTRY(2, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Obsolete", "Release", "")));
        answer(launchpad, ANY_BUILD(PLAIN), NOTHING);
        if (i < ARRAY_LENGTH(nothing))
            answer(launchpad, FILES_OF(1), "%s", nothing[i]);
        else
            answer(launchpad, FILES_OF(1), "none")->status = 404;
        assert_fails(launchpad, ERROR_NOT_FOUND,
                     "was removed from Ubuntu's archive and its file is gone");
    }
}

static void empty_wrappers_are_passed_over(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE(NOBLE(1, UNSIGNED, "6.8.0-31.31")));
    answer(launchpad, ANY_BUILD(PLAIN), NOTHING);
    answer(launchpad, FILES_OF(1),
           FILE_OF(OWN_FILES UNSIGNED "_6.8.0-31.31_amd64.ddeb", "999", "null"));
    assert_fails(launchpad, ERROR_WRAPPER, "has 999 bytes only");

    launchpad->routes[1].body = PAGE(NOBLE(2, PLAIN, "6.8.0-31.31"));
    launchpad->routes[1].body_length = strlen(launchpad->routes[1].body);
    answer(launchpad, FILES_OF(2), FILE_OF(OWN_FILES NAME, "1000", "null"));
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    assert_non_null(strstr(plan.url, "/ok/" NAME));
    fetch_plan_deinit(&plan);
}

/* Nothing proves the bytes then, and of two packages neither is known to be the full one. */
static void without_hash_and_size_both_names_are_tried(void **state)
{
    struct launchpad *launchpad = *state;
    const struct fetch_request request = {.kernel_name = KERNEL};
    struct fetched_package package = {0};

    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE(NOBLE(1, UNSIGNED, "6.8.0-31.31")));
    answer(launchpad, ANY_BUILD(PLAIN), PAGE(NOBLE(2, PLAIN, "6.8.0-31.31")));
    answer(launchpad, FILES_OF(1),
           FILE_OF(OWN_FILES UNSIGNED "_6.8.0-31.31_amd64.ddeb", "null", "null"));
    answer(launchpad, FILES_OF(2), FILE_OF(OWN_FILES NAME, "null", "null"));
    assert_success(fetch_package(&launchpad->fixture->settings, &request, &package));
    assert_true(package.was_fetched && !package.is_verified);
    assert_holds_package(launchpad->fixture, package.path);
    assert_non_null(strstr(launchpad->fixture->logged, KERNEL ": Launchpad has no SHA-256 of it"));
    fetched_package_deinit(&package);
}

static void unknown_kernels_are_not_found(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer(launchpad, ANY_BUILD(UNSIGNED), NOTHING);
    answer(launchpad, ANY_BUILD(PLAIN), NOTHING);
    assert_fails(launchpad, ERROR_NEVER_PUBLISHED,
                 KERNEL ": Launchpad has never had " UNSIGNED " or " PLAIN " for amd64");
    answer(launchpad, BUILD(UNSIGNED, "1"), NOTHING);
    answer(launchpad, BUILD(PLAIN, "1"), NOTHING);
    assert_failure(resolve(launchpad, KERNEL, "1", &plan), ERROR_NEVER_PUBLISHED,
                   "of version 1 for");
    launchpad->count = 0;
    memset(launchpad->paths, 0, sizeof(launchpad->paths));
    assert_fails(launchpad, ERROR_NOT_FOUND, "HTTP status 404");
}

static void what_is_no_document_is_inconclusive(void **state)
{
    static const char *const bodies[][2] = {
        {"", "expected a JSON document"},
        {"<html>Please log in</html>", "begins with \"<html>Please log in</html>\""},
        {"{\"entries\": [", "expected a JSON document"},
        {"null", "expected a JSON document"},
        {"[]", "expected an object with a list `entries`"},
        {"{}", "expected an object with a list `entries`"},
        {"{\"entries\": null}", "with a list `entries`"},
        {"{\"entries\": [null]}", "expected only objects"},
        {"{\"entries\": [{\"self_link\": 1}]}", "expected a text as `self_link`"},
        {"{\"entries\": [], \"next_collection_link\": 7}", "expected a text or null as `next_"},
    };
    struct launchpad *launchpad = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
        assert_answer_fails(launchpad, bodies[i][0], ERROR_INCONCLUSIVE, bodies[i][1]);
        assert_answer_fails(launchpad, bodies[i][0], ERROR_INCONCLUSIVE, ANY_BUILD(UNSIGNED));
    }
    assert_answer_fails(launchpad,
                        PAGE(ENTRY(1, UNSIGNED, "1", "noble/amd64", "Published", "Release",
                                   ", \"is_debug\": null")),
                        ERROR_INCONCLUSIVE, "expected true or false as `is_debug`");
    assert_answer_fails(launchpad,
                        PAGE(ENTRY(1, UNSIGNED, "1", "noble/", "Published", "Release", "")),
                        ERROR_INCONCLUSIVE, "ends in /SERIES/ARCHITECTURE");
}

static void what_is_said_of_files_is_checked(void **state)
{
    static const char *const bodies[][2] = {
        {"{}", "expected a list of files"},
        {FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "-1", "null"), "expected a number or null"},
        {FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "\"9\"", "null"), "expected a number or null"},
        {FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "9999", "7"), "text or null as `sha256`"},
        {FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "9999", "\"xyz\""), "64 hexadecimal digits"},
        {FILE_OF("file:///etc/" UNSIGNED "_1_amd64.ddeb", "9999", "null"), "not file:///etc/"},
    };
    struct launchpad *launchpad = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
        launchpad->count = 0;
        answer(launchpad, ANY_BUILD(UNSIGNED), PAGE(NOBLE(1, UNSIGNED, "1")));
        answer(launchpad, FILES_OF(1), "%s", bodies[i][0]);
        assert_fails(launchpad, ERROR_INCONCLUSIVE, bodies[i][1]);
    }
    assert_answer_fails(launchpad,
                        "{\"entries\": [{\"self_link\": \"http://localhost/devel/x\", "
                        "\"binary_package_name\": \"" UNSIGNED "\", \"is_debug\": true, "
                        "\"binary_package_version\": \"1\", \"status\": \"Published\", "
                        "\"pocket\": \"Release\", \"distro_arch_series_link\": \"n/amd64\"}]}",
                        ERROR_INCONCLUSIVE, "expected a link that ends in");
    assert_answer_fails(launchpad,
                        "{\"entries\": [{\"self_link\": \"http://localhost/devel/x\", "
                        "\"binary_package_name\": \"" UNSIGNED "\", \"is_debug\": true, "
                        "\"binary_package_version\": \"1\", \"status\": \"Published\", "
                        "\"pocket\": \"Release\", \"distro_arch_series_link\": \"/n/amd64\"}]}",
                        ERROR_INCONCLUSIVE, "leads to http://localhost/devel/x");
}

static void pages_are_followed_on_the_same_server_only(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE_BEFORE(OWN_API "/ubuntu/+archive/primary?p=2", ""));
    answer(launchpad, ARCHIVE "?p=2",
           "{\"entries\": [], \"next_collection_link\": \"%s/ubuntu/+archive/primary?p=3\"}",
           launchpad->api_url);
    answer(launchpad, ARCHIVE "?p=3", PAGE(NOBLE(1, UNSIGNED, "1")));
    answer(launchpad, FILES_OF(1), FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "5000", "null"));
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    fetch_plan_deinit(&plan);

    assert_answer_fails(launchpad, PAGE_BEFORE("http://127.0.0.1:1/devel/x", ""),
                        ERROR_INCONCLUSIVE, "leads to http://127.0.0.1:1/devel/x");
    launchpad->count = 0;
    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE_BEFORE("%s@example.org/", ""), launchpad->api_url);
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "such a link is not followed");
    assert_answer_fails(launchpad, PAGE_BEFORE("https://api.launchpad.net/1.0/x", ""),
                        ERROR_INCONCLUSIVE, "leads to https://api.launchpad.net/1.0/x");
}

static void pages_without_end_are_given_up(void **state)
{
    struct launchpad *launchpad = *state;
    char path[64];

    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE_BEFORE(OWN_API "/p1", ""));
    answer(launchpad, "/devel/p1", PAGE_BEFORE(OWN_API "/p2", ""));
    answer(launchpad, "/devel/p2", PAGE_BEFORE(OWN_API "/p1", ""));
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "/devel/p1: expected a new page");
    assert_int_equal(times_asked(launchpad, 1), 1);

    launchpad->count = 2;
    launchpad->paths[2][0] = '\0';
    for (int i = 2; i < 12; i++) {
        snprintf(path, sizeof(path), "/devel/p%d", i);
        answer(launchpad, path, PAGE_BEFORE(OWN_API "/p%d", ""), i + 1);
    }
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "expected no more than 10 pages");
}

static void a_server_in_trouble_is_asked_again(void **state)
{
    struct launchpad *launchpad = *state;
    struct fetch_plan plan;

    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE(NOBLE(1, UNSIGNED, "1")))->failures_before = 1;
    answer(launchpad, FILES_OF(1), FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "5000", "null"))
        ->cuts_before = 1;
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    assert_int_equal(times_asked(launchpad, 0), 2);
    assert_int_equal(times_asked(launchpad, 1), 2);
    fetch_plan_deinit(&plan);

    launchpad->routes[0].status = 503;
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(times_asked(launchpad, 0), 5);
    launchpad->routes[0].status = 0;
    assert_fails(launchpad, ERROR_INCONCLUSIVE, ANY_BUILD(UNSIGNED));
    launchpad->routes[0].status = 403;
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "HTTP status 403");
    assert_int_equal(times_asked(launchpad, 0), 9);
}

/* Three tries for the first kernel, one for what follows, until the server answers again. */
static void a_dead_server_is_tried_once_for_each_further_kernel(void **state)
{
    struct launchpad *launchpad = *state;
    struct host_health *health = host_health_create();
    struct fetch_plan plan;

    launchpad->fixture->settings.host_health = health;
    answer(launchpad, ANY_BUILD(UNSIGNED), PAGE(NOBLE(1, UNSIGNED, "1")))->status = 503;
    answer(launchpad, FILES_OF(1), FILE_OF(OWN_FILES UNSIGNED "_1_amd64.ddeb", "5000", "null"));
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(times_asked(launchpad, 0), 3);
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(times_asked(launchpad, 0), 4);
    launchpad->routes[0].status = 200;
    assert_success(resolve(launchpad, KERNEL, NULL, &plan));
    fetch_plan_deinit(&plan);
    launchpad->routes[0].status = 503;
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(times_asked(launchpad, 0), 8);
    host_health_destroy(health);
}

static void long_answers_are_cut_off(void **state)
{
    /* Static: the server may still be sending it when the test has ended. */
    static char long_body[(16 << 20) + 1];
    struct launchpad *launchpad = *state;

    memset(long_body, ' ', sizeof(long_body));
    struct http_route *route = answer(launchpad, ANY_BUILD(UNSIGNED), " ");
    route->body = long_body;
    route->body_length = sizeof(long_body);
    assert_fails(launchpad, ERROR_INCONCLUSIVE, "more than the 16 MiB allowed");
    assert_int_equal(times_asked(launchpad, 0), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_launchpad, remove_launchpad)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_unsigned_package_is_taken_with_its_hash),
        TEST(where_there_is_no_unsigned_package_the_plain_one_is_fetched),
        TEST(a_version_is_asked_for_and_looked_at),
        TEST(several_builds_of_one_name_have_to_be_told_apart),
        TEST(a_single_build_is_taken_whatever_became_of_it),
        TEST(what_is_pending_is_not_published_yet),
        TEST(what_was_removed_with_its_file_is_gone),
        TEST(empty_wrappers_are_passed_over),
        TEST(without_hash_and_size_both_names_are_tried),
        TEST(unknown_kernels_are_not_found),
        TEST(what_is_no_document_is_inconclusive),
        TEST(what_is_said_of_files_is_checked),
        TEST(pages_are_followed_on_the_same_server_only),
        TEST(pages_without_end_are_given_up),
        TEST(a_server_in_trouble_is_asked_again),
        TEST(a_dead_server_is_tried_once_for_each_further_kernel),
        TEST(long_answers_are_cut_off),
    };

    /* A proxy would answer for the server of the tests. */
    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("launchpad", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
