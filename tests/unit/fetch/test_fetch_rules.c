/* SPDX-License-Identifier: MIT */
#include "base/hash/sha256.h"
#include "fetch/http/curl_error.h"
#include "fetch/http/transfer_retry.h"
#include "fetch/package/package_name.h"
#include "tests/unit/samples/packages.h"

static void retries_are_few_and_each_waits_longer(void **state UNUSED)
{
    const struct fetch_settings settings = {
        .tries = 4, .first_wait_milliseconds = 1000, .longest_asked_wait_seconds = 60};
    unsigned wait = 0;

    for (unsigned i = 0; i < 100; i++) {
        assert_true(retry_wait(&settings, 1, 0, &wait));
        assert_in_range(wait, 750, 1250);
        assert_true(retry_wait(&settings, 3, 0, &wait));
        assert_in_range(wait, 12000, 20000);
    }
    assert_false(retry_wait(&settings, 4, 0, &wait));
    assert_false(retry_wait(&settings, 0, 0, &wait));
    assert_true(retry_wait(&settings, 1, 20, &wait));
    assert_int_equal(wait, 20000);
    assert_false(retry_wait(&settings, 1, 61, &wait));
}

static void not_all_wait_alike(void **state UNUSED)
{
    const struct fetch_settings settings = {.tries = 2, .first_wait_milliseconds = 60000};
    unsigned first = 0;
    unsigned other = 0;

    assert_true(retry_wait(&settings, 1, 0, &first));
    for (unsigned i = 0; i < 100 && (i == 0 || other == first); i++)
        assert_true(retry_wait(&settings, 1, 0, &other));
    assert_int_not_equal(first, other);
}

static struct error *translate(CURLcode result, long http_status, long proxy_status,
                               const char *detail, bool *is_transient_ret)
{
    const struct curl_outcome outcome = {http_status, proxy_status, detail};

    return curl_error_translate(result, &outcome, "url", is_transient_ret);
}

static void statuses_are_translated(void **state UNUSED)
{
    static const struct {
        CURLcode result;
        long http_status;
        enum error_code code;
        bool is_transient;
    } cases[] = {
        {CURLE_HTTP_RETURNED_ERROR, 404, ERROR_NOT_FOUND, false},
        {CURLE_HTTP_RETURNED_ERROR, 410, ERROR_NOT_FOUND, false},
        {CURLE_HTTP_RETURNED_ERROR, 400, ERROR_INCONCLUSIVE, false},
        {CURLE_HTTP_RETURNED_ERROR, 408, ERROR_INCONCLUSIVE, true},
        {CURLE_HTTP_RETURNED_ERROR, 429, ERROR_INCONCLUSIVE, true},
        {CURLE_HTTP_RETURNED_ERROR, 500, ERROR_INCONCLUSIVE, true},
        {CURLE_HTTP_RETURNED_ERROR, 599, ERROR_INCONCLUSIVE, true},
        {CURLE_OK, 206, ERROR_INCONCLUSIVE, false},
        {CURLE_OK, 304, ERROR_INCONCLUSIVE, false},
        {CURLE_COULDNT_RESOLVE_HOST, 0, ERROR_INCONCLUSIVE, true},
        {CURLE_COULDNT_CONNECT, 0, ERROR_INCONCLUSIVE, true},
        {CURLE_OPERATION_TIMEDOUT, 200, ERROR_INCONCLUSIVE, true},
        {CURLE_PARTIAL_FILE, 200, ERROR_INCONCLUSIVE, true},
        {CURLE_PEER_FAILED_VERIFICATION, 0, ERROR_INCONCLUSIVE, false},
        {CURLE_OUT_OF_MEMORY, 0, ERROR_OUT_OF_MEMORY, false},
    };
    bool is_transient = false;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct error *error =
            translate(cases[i].result, cases[i].http_status, 0, "", &is_transient);
        assert_int_equal(is_transient, cases[i].is_transient);
        assert_failure(error, cases[i].code, "");
    }
    assert_null(translate(CURLE_OK, 200, 0, "", &is_transient));
}

static void a_proxys_answers_are_told_as_such(void **state UNUSED)
{
    bool is_transient = false;

    assert_failure(translate(CURLE_RECV_ERROR, 0, 403, "", &is_transient), ERROR_INCONCLUSIVE,
                   "the proxy refuses to connect to the server (HTTP status 403)");
    assert_false(is_transient);
    assert_failure(translate(CURLE_RECV_ERROR, 0, 407, "", &is_transient), ERROR_INCONCLUSIVE,
                   "the proxy wants a login");
    assert_false(is_transient);
    assert_failure(translate(CURLE_HTTP_RETURNED_ERROR, 0, 503, "", &is_transient),
                   ERROR_INCONCLUSIVE, "the proxy cannot connect to the server now");
    assert_true(is_transient);
    assert_failure(translate(CURLE_HTTP_RETURNED_ERROR, 404, 200, "", &is_transient),
                   ERROR_NOT_FOUND, "the server has no such file");
    assert_failure(translate(CURLE_COULDNT_RESOLVE_PROXY, 0, 0,
                             "Unsupported proxy syntax in 'u:s3cret@['", &is_transient),
                   ERROR_INCONCLUSIVE,
                   "url: the proxy's address cannot be understood: see how http_proxy");
    assert_false(is_transient);
}

static void what_is_not_http_is_reported_alike_by_every_libcurl(void **state UNUSED)
{
    static const char text[] = "url: the server's answer is not HTTP: ";
    bool is_transient = false;

    assert_failure(translate(CURLE_WEIRD_SERVER_REPLY, 0, 0, "Invalid status line", &is_transient),
                   ERROR_INCONCLUSIVE, text);
    assert_true(is_transient);
    assert_failure(translate(CURLE_UNSUPPORTED_PROTOCOL, 0, 0, "Received HTTP/0.9 when not allowed",
                             &is_transient),
                   ERROR_INCONCLUSIVE, text);
    assert_true(is_transient);
}

static void package_names_follow_debians_rule(void **state UNUSED)
{
    static const char *const good[] = {"linux-image-6.1.0-56-amd64-dbg", "g++", "0ad", "libc6:i386",
                                       "xx:kfreebsd-amd64"};
    static const char *const bad[] = {"",   "a",   "-a",    "--help", "+a",   ".a",  "a b", "a/b",
                                      "A1", "ab:", "ab:-x", "ab:x:y", "ab=1", "ab*", "a_b", "ab\n"};

    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        assert_true(package_name_is_valid(good[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_false(package_name_is_valid(bad[i]));
    assert_true(package_version_is_valid("1:6.12.107+deb13~1-2"));
    assert_false(package_version_is_valid(""));
    assert_false(package_version_is_valid("x1"));
    assert_false(package_version_is_valid("1/stable"));
}

static void versions_are_in_file_names(void **state UNUSED)
{
    static const struct {
        const char *file_name;
        const char *version; /* NULL: not of the form */
    } cases[] = {
        {"a_1.2-3_amd64.deb", "1.2-3"},
        {"a_1%3a2%3A3+x~y_all.ddeb", "1:2:3+x~y"},
        {"a_1_all.rpm", NULL},
        {"a_1.deb", NULL},
        {"vmlinux", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char *version = NULL;

        assert_success(package_version_from_file_name(cases[i].file_name, &version));
        if (cases[i].version)
            assert_string_equal(version, cases[i].version);
        else
            assert_null(version);
        free(version);
    }
    assert_true(package_version_equal("1:2-3", "2-3"));
    assert_true(package_version_equal("2-3", "1:2-3"));
    assert_false(package_version_equal("1:2-3", "2:2-3"));
    assert_false(package_version_equal("2-3", "2-4"));
}

static void long_names_are_refused(void **state UNUSED)
{
    char url[400] = "http://a/";
    char *name = NULL;

    memset(url + 9, 'x', PACKAGE_FILE_NAME_MAXIMUM);
    assert_success(package_file_name_from_url(url, &name));
    assert_int_equal(strlen(name), PACKAGE_FILE_NAME_MAXIMUM);
    free(name);
    url[9 + PACKAGE_FILE_NAME_MAXIMUM] = 'x';
    assert_failure(package_file_name_from_url(url, &name), ERROR_CONFIGURATION, "at most 250");
}

static void hashes_are_right(void **state UNUSED)
{
    static const char expected[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    char *directory = make_directory();
    char path[512];
    char hex[SHA256_HEX_LENGTH + 1];
    uint64_t byte_size = 0;

    snprintf(path, sizeof(path), "%s/abc", directory);
    write_file(path, "abc", 3);
    assert_success(sha256_of_file(path, hex, &byte_size));
    assert_string_equal(hex, expected);
    assert_int_equal(byte_size, 3);
    assert_true(sha256_is_hex(hex));
    assert_false(sha256_is_hex(""));
    assert_false(sha256_is_hex(hex + 1));
    hex[5] = 'A';
    assert_false(sha256_is_hex(hex));
    run_in(directory, "mkfifo pipe");
    snprintf(path, sizeof(path), "%s/pipe", directory);
    assert_failure(sha256_of_file(path, hex, &byte_size), ERROR_NOT_A_PACKAGE, "regular file");
    remove_directory(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retries_are_few_and_each_waits_longer),
        cmocka_unit_test(not_all_wait_alike),
        cmocka_unit_test(statuses_are_translated),
        cmocka_unit_test(a_proxys_answers_are_told_as_such),
        cmocka_unit_test(what_is_not_http_is_reported_alike_by_every_libcurl),
        cmocka_unit_test(package_names_follow_debians_rule),
        cmocka_unit_test(versions_are_in_file_names),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(hashes_are_right),
    };
    return cmocka_run_group_tests_name("fetch_rules", tests, NULL, NULL);
}
