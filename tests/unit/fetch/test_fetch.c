/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/fetch_fixture.h"

static void a_url_is_fetched_once(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char path[1024];

    snprintf(path, sizeof(path), "%s/" KEPT_NAME, fixture->package_dir);
    assert_success(fetch_url(fixture, "/ok/" NAME, fixture->sha256, &package));
    assert_string_equal(package.path, path);
    assert_string_equal(package.file_name, NAME);
    assert_string_equal(package.url, fixture->url);
    assert_string_equal(package.sha256, fixture->sha256);
    assert_string_equal(package.package_version, "6.8.0-31.31");
    assert_int_equal(package.byte_size, PACKAGE_LENGTH);
    assert_true(package.was_fetched && package.is_verified);
    assert_holds_package(fixture, path);
    assert_int_equal(file_count(fixture), 2); /* the package, and where it came from */
    assert_non_null(strstr(fixture->server.last_request, "kstruct-test (nobody@example.org)"));
    fetched_package_deinit(&package);

    assert_success(fetch_url(fixture, "/ok/" NAME, fixture->sha256, &package));
    assert_false(package.was_fetched);
    assert_true(package.is_verified);
    fetched_package_deinit(&package);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_false(package.was_fetched || package.is_verified);
    fetched_package_deinit(&package);
    assert_int_equal(request_count(fixture, "/ok/" NAME), 1);
}

/* Without a hash only the record of the origin tells whether a file is the one wanted. */
static void without_a_hash_only_the_same_url_is_reused(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    put_package(fixture, KEPT_NAME, "!<arch>\nsomebody else's", 24);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_true(package.was_fetched);
    assert_holds_package(fixture, package.path);
    fetched_package_deinit(&package);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_false(package.was_fetched);

    fetched_package_discard(&package);
    assert_int_equal(file_count(fixture), 0);
    fetched_package_deinit(&package);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_true(package.was_fetched);
    fetched_package_deinit(&package);
}

static void serve_too(struct fixture *fixture, struct http_route route)
{
    add_route(fixture, route);
    fixture->server.route_count = fixture->route_count;
}

static struct error *fetch_for(struct fixture *fixture, const char *kernel_name, const char *path,
                               struct fetched_package *ret)
{
    const struct fetch_request request = {.kernel_name = kernel_name, .url = url_of(fixture, path)};

    return fetch_package(&fixture->settings, &request, ret);
}

/* Two URLs may end alike: each kernel's package has a name of its own. */
static void names_of_files_are_not_shared(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package first = {0};
    struct fetched_package second = {0};

    serve_too(fixture, (struct http_route){.path = "/other/" NAME,
                                           .status = 200,
                                           .body = "!<arch>\nanother kernel's",
                                           .body_length = 24});
    assert_success(fetch_for(fixture, KERNEL, "/ok/" NAME, &first));
    assert_success(fetch_for(fixture, "6.8.0-32-generic-amd64", "/other/" NAME, &second));
    assert_holds_package(fixture, first.path);
    assert_string_not_equal(first.path, second.path);
    assert_int_equal(file_count(fixture), 4);
    fetched_package_deinit(&second);
    fetched_package_deinit(&first);
}

/* What earlier versions have fetched has the name that its source gives it. */
static void a_package_under_its_old_name_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    put_package(fixture, NAME, fixture->package, PACKAGE_LENGTH);
    assert_success(fetch_url(fixture, "/ok/" NAME, fixture->sha256, &package));
    assert_false(package.was_fetched);
    assert_string_equal(strrchr(package.path, '/') + 1, NAME);
    fetched_package_deinit(&package);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_true(package.was_fetched);
    fetched_package_deinit(&package);
}

/* Only the bytes that were verified are read, whatever is done to the file meanwhile. */
static void what_was_verified_is_opened(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    int file_descriptor = -1;

    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_success(fetched_package_open(&package, &file_descriptor));
    close(file_descriptor);
    run_in(fixture->package_dir, "touch " KEPT_NAME " && cp " KEPT_NAME " x && mv x " KEPT_NAME);
    assert_success(fetched_package_open(&package, &file_descriptor));
    close(file_descriptor);
    run_in(fixture->package_dir,
           "cp " KEPT_NAME " x && printf y | dd of=x bs=1 seek=9 conv=notrunc "
           "status=none && touch -r " KEPT_NAME " x && mv x " KEPT_NAME);
    assert_failure(fetched_package_open(&package, &file_descriptor), ERROR_INCONCLUSIVE,
                   "was replaced or written to");
    run_in(fixture->package_dir, "rm " KEPT_NAME);
    assert_failure(fetched_package_open(&package, &file_descriptor), ERROR_NOT_FOUND,
                   "no such file");
    fetched_package_deinit(&package);
}

/* Nothing is written through a link. */
static void records_do_not_follow_links(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    put_package(fixture, "precious", "x", 1);
    run_in(fixture->package_dir, "ln -s precious " KEPT_NAME ".from");
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    run_in(fixture->package_dir, "test \"$(cat precious)\" = x");
    fetched_package_deinit(&package);
}

static void what_is_there_wrongly_is_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    put_package(fixture, KEPT_NAME, "!<arch>\nold", 11);
    assert_success(fetch_url(fixture, "/ok/" NAME, fixture->sha256, &package));
    assert_true(package.was_fetched);
    assert_holds_package(fixture, package.path);
    assert_non_null(strstr(fixture->logged, "is not known to be the package wanted"));
    fetched_package_deinit(&package);

    put_package(fixture, KEPT_NAME, page, sizeof(page) - 1);
    put_package(fixture, KEPT_NAME ".part", "left by a crash", 15);
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_true(package.was_fetched && !package.is_verified);
    assert_holds_package(fixture, package.path);
    assert_int_equal(file_count(fixture), 2);
    fetched_package_deinit(&package);

    /* A failure leaves the old one as it was. */
    put_package(fixture, KEPT_NAME, "!<arch>\nold", 11);
    assert_failure(fetch_url(fixture, "/ok/" NAME, WRONG_SHA256, &package), ERROR_CORRUPT,
                   WRONG_SHA256);
    assert_int_equal(file_count(fixture), 2);
    run_in(fixture->package_dir, "printf '!<arch>\\nold' | cmp - '%s'", KEPT_NAME);
}

/* Some servers and proxies send all as if it were a part, labelled as what it is. */
static void all_may_come_as_a_part(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    serve_too(fixture, (struct http_route){.path = "/part/" NAME,
                                           .status = 206,
                                           .headers = "Content-Range: bytes 0-699999/700000\r\n",
                                           .body = fixture->package,
                                           .body_length = PACKAGE_LENGTH});
    assert_success(fetch_url(fixture, "/part/" NAME, NULL, &package));
    assert_holds_package(fixture, package.path);
    fetched_package_deinit(&package);
    assert_int_equal(request_count(fixture, "/part/" NAME), 1);
}

static void wrong_bytes_get_no_name(void **state)
{
    struct fixture *fixture = *state;

    serve_too(fixture, (struct http_route){.path = "/nothing/" NAME, .status = 200});
    serve_too(fixture, (struct http_route){.path = "/packed/" NAME,
                                           .status = 200,
                                           .headers = "Content-Encoding: gzip\r\n",
                                           .body = "\037\213\010 and so on",
                                           .body_length = 13});
    assert_url_fails(fixture, "/packed/" NAME, NULL, ERROR_INCONCLUSIVE, "packed with gzip");
    assert_url_fails(fixture, "/ok/" NAME, WRONG_SHA256, ERROR_CORRUPT, fixture->sha256);
    assert_url_fails(fixture, "/ok/" NAME, WRONG_SHA256, ERROR_CORRUPT,
                     WRONG_SHA256 " is promised");
    assert_url_fails(fixture, "/page/" NAME, NULL, ERROR_INCONCLUSIVE, "<!DOCTYPE html>");
    assert_url_fails(fixture, "/tiny/" NAME, NULL, ERROR_NOT_A_PACKAGE, "\"!<ar\"");
    assert_url_fails(fixture, "/nothing/" NAME, fixture->sha256, ERROR_INCONCLUSIVE, "empty");
    assert_int_equal(request_count(fixture, "/page/" NAME), 1);
}

static void an_elf_file_is_taken_too(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_success(fetch_url(fixture, "/vmlinux", NULL, &package));
    assert_null(package.package_version);
    assert_int_equal(package.byte_size, 64);
    fetched_package_deinit(&package);
}

static void names_come_from_the_url(void **state)
{
    static const char *const bad[] = {
        "http://127.0.0.1:1/",         "http://127.0.0.1:1",       "http://127.0.0.1:1/a/..%2fb",
        "http://127.0.0.1:1/a%2fb",    "http://127.0.0.1:1/.a",    "http://127.0.0.1:1/%2e%2e",
        "http://127.0.0.1:1/a%00.deb", "http://127.0.0.1:1/a%0a",  "ftp://127.0.0.1/a.deb",
        "gopher://127.0.0.1/a.deb",    "http://127.0.0.1:99999/a", "a.deb",
    };
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_success(
        fetch_url(fixture, "/strange/linux-image%5f1%2bb~2_amd64.ddeb?x=/y", NULL, &package));
    assert_string_equal(package.file_name, STRANGE_NAME);
    assert_string_equal(package.package_version, "1+b~2");
    fetched_package_deinit(&package);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        const struct fetch_request request = {.kernel_name = KERNEL, .url = bad[i]};

        assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_CONFIGURATION,
                       bad[i]);
    }
}

static void file_urls_are_copied(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char url[1024];
    const struct fetch_request request = {
        .kernel_name = KERNEL, .url = url, .sha256 = fixture->sha256};

    put_package(fixture, "../" NAME, fixture->package, PACKAGE_LENGTH);
    snprintf(url, sizeof(url), "file://%s/data/" NAME, fixture->directory);
    assert_success(fetch_package(&fixture->settings, &request, &package));
    assert_holds_package(fixture, package.path);
    assert_true(package.was_fetched && package.is_verified);
    fetched_package_deinit(&package);
    snprintf(url, sizeof(url), "file://%s/data/none.deb", fixture->directory);
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_NOT_FOUND,
                   "cannot open the file");
    run_in(fixture->directory, "mkfifo data/pipe.deb");
    snprintf(url, sizeof(url), "file://%s/data/pipe.deb", fixture->directory);
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_NOT_A_PACKAGE,
                   "is not a regular file");
}

static void local_files_are_used_where_they_are(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char path[1024];
    struct fetch_request request = {.file = path, .version = "6.8.0-31.31"};

    put_package(fixture, NAME, fixture->package, PACKAGE_LENGTH);
    snprintf(path, sizeof(path), "%s/" NAME, fixture->package_dir);
    assert_success(fetch_package(&fixture->settings, &request, &package));
    assert_string_equal(package.path, path);
    assert_string_equal(package.sha256, fixture->sha256);
    assert_null(package.url);
    assert_false(package.was_fetched || package.is_verified);
    fetched_package_deinit(&package);
    request.sha256 = fixture->sha256;
    assert_success(fetch_package(&fixture->settings, &request, &package));
    assert_true(package.is_verified);
    fetched_package_deinit(&package);

    request.sha256 = WRONG_SHA256;
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_CORRUPT,
                   WRONG_SHA256 " is demanded");
    request.version = "6.8.0-31.32";
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_WRONG_KERNEL,
                   "is version 6.8.0-31.31");
    request = (struct fetch_request){.file = "/nowhere/x.deb"};
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_NOT_FOUND,
                   "/nowhere/x.deb: no such file");
    request.file = fixture->package_dir;
    assert_failure(fetch_package(&fixture->settings, &request, &package), ERROR_NOT_A_PACKAGE,
                   "not a regular file");
}

static void bad_requests_are_refused(void **state)
{
    static const struct {
        struct fetch_request request;
        enum error_code code;
        const char *text;
    } cases[] = {
        {{.kernel_name = "k"}, ERROR_NOT_FOUND, "k: no source knows this kernel; give version="},
        {{.kernel_name = "k", .url = "http://a/b", .apt = "c"}, ERROR_CONFIGURATION, "only one of"},
        {{.url = "http://a/b", .sha256 = "123"}, ERROR_CONFIGURATION, "sha256=123 is not 64"},
        {{.url = "http://a/b",
          .sha256 = "00112233445566778899AABBCCDDEEFF0011223344556677"
                    "8899AABBCCDDEEFF"},
         ERROR_CONFIGURATION,
         "lower-case"},
        {{.kernel_name = "k", .url = "http://a/x_1_all.deb", .version = "2"},
         ERROR_WRONG_KERNEL,
         "is version 1"},
        {{.apt = "-o=Dir=x"}, ERROR_CONFIGURATION, "not the name of a Debian package"},
        {{.apt = "bash dash"}, ERROR_CONFIGURATION, "not the name"},
        {{.apt = "./bash.deb"}, ERROR_CONFIGURATION, "not the name"},
        {{.apt = "bash:"}, ERROR_CONFIGURATION, "not the name"},
        {{.apt = "Bash"}, ERROR_CONFIGURATION, "not the name"},
        {{.apt = "bash", .version = "1 2"}, ERROR_CONFIGURATION, "not the version"},
        {{.apt = "bash", .version = "-x"}, ERROR_CONFIGURATION, "not the version"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct fetched_package package = {0};

        assert_failure(fetch_package(&fixture->settings, &cases[i].request, &package),
                       cases[i].code, cases[i].text);
    }
}

static void a_directory_that_cannot_be_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    char below_file[1024];

    put_package(fixture, "file", "x", 1);
    snprintf(below_file, sizeof(below_file), "%s/file/packages", fixture->package_dir);
    fixture->settings.package_dir = below_file;
    assert_failure(fetch_url(fixture, "/ok/" NAME, NULL, &package), ERROR_SYSTEM,
                   "cannot create the directory");
    fixture->settings.package_dir = fixture->package_dir;
    run_in(fixture->package_dir, "mkdir '%s'", KEPT_NAME);
    assert_failure(fetch_url(fixture, "/ok/" NAME, NULL, &package), ERROR_NOT_A_PACKAGE,
                   "not a regular file");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_fixture, remove_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_url_is_fetched_once),
        TEST(without_a_hash_only_the_same_url_is_reused),
        TEST(names_of_files_are_not_shared),
        TEST(a_package_under_its_old_name_is_found),
        TEST(what_was_verified_is_opened),
        TEST(records_do_not_follow_links),
        TEST(what_is_there_wrongly_is_replaced),
        TEST(all_may_come_as_a_part),
        TEST(wrong_bytes_get_no_name),
        TEST(an_elf_file_is_taken_too),
        TEST(names_come_from_the_url),
        TEST(file_urls_are_copied),
        TEST(local_files_are_used_where_they_are),
        TEST(bad_requests_are_refused),
        TEST(a_directory_that_cannot_be_is_told),
    };

    /* A proxy would answer for the server of the tests. */
    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
