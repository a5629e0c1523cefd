/* SPDX-License-Identifier: MIT */
#include "base/text/public_url.h"

#include "base/error.h"
#include "base/log.h"
#include "tests/unit/unit.h"

static void assert_public(const char *url, const char *expected)
{
    char *found = NULL;

    assert_success(public_url(url, &found));
    assert_string_equal(found, expected);
    free(found);
}

static void what_lets_somebody_in_is_left_out(void **state UNUSED)
{
    assert_public("https://h.example:8443/a/b.deb", "https://h.example:8443/a/b.deb");
    assert_public("https://user:pass@h/a.deb", "https://h/a.deb");
    assert_public("https://token@h/a.deb", "https://h/a.deb");
    assert_public("https://user:p@ss@h/a@b.deb", "https://h/a@b.deb");
    assert_public("http://[::1]:80/~a@b/c.deb", "http://[::1]:80/~a@b/c.deb");
    assert_public("http://h/a.deb?token=T&x=&y=1&z", "http://h/a.deb?token=&x=&y=&");
    assert_public("http://h/devel?ws.op=getPublishedBinaries&name=x",
                  "http://h/devel?ws.op=getPublishedBinaries&name=x");
    assert_public("http://h/a.deb?ws.a=1&token=T", "http://h/a.deb?ws.a=&token=");
    assert_public("http:///user:pass@h/a.deb", "http:///h/a.deb");
    assert_public("file:///a@b/c.deb", "file:///a@b/c.deb");
    assert_public("http://h:80/a@b.deb", "http://h:80/a@b.deb");
    assert_public("http://h/a.deb?T", "http://h/a.deb?");
    assert_public("http://h/a.deb?k=a=b?c=d", "http://h/a.deb?k=");
    assert_public("http://h/a.deb?k=http://u:p@g/", "http://h/a.deb?k=");
    assert_public("http://h/a.deb#access=T", "http://h/a.deb");
    assert_public("http://h/a.deb?k=v#T", "http://h/a.deb?k=");
    assert_public("http://h/a.deb?", "http://h/a.deb?");
    assert_public("http://h", "http://h");
    assert_public("file:///a/b@c.deb", "file:///a/b@c.deb");
    assert_public("nonsense?a=b", "nonsense?a=b");
}

/* In a password that should have been percent-encoded. */
static void mistyped_passwords_are_left_out(void **state UNUSED)
{
    assert_public("http://user:pa/ss@h/a.deb", "http://h/a.deb");
    assert_public("http://user:pa?ss@h/a.deb", "http://h/a.deb");
    assert_public("http://user:pa#ss@h/a.deb", "http://h/a.deb");
}

/* What is only shown may lack more. */
static void what_may_be_a_password_is_not_shown(void **state UNUSED)
{
    char text[] = "http://u:12/pa@h/a http:/u:p@h/a file:/u:p@h/a file:///a@b/c";

    public_url_hide(text);
    assert_string_equal(text, "http://h/a http:/h/a file:/h/a file:///a@b/c");
}

static void texts_keep_all_else(void **state UNUSED)
{
    char text[] =
        "GET http://u:p@h/a?t=S: status 0; 'htp://u:p@127.0.0.1:1' (http://h/b?t=S), a@b c?d=e";

    public_url_hide(text);
    assert_string_equal(text, "GET http://h/a?t=: status 0; 'htp://127.0.0.1:1' (http://h/b?t=), "
                              "a@b c?d=e");
}

static void public_forms_are_compared(void **state UNUSED)
{
    assert_true(public_url_equal("http://u:p@h/a?t=1", "http://h/a?t=2"));
    assert_false(public_url_equal("http://h/a", "http://h/b"));
}

static void keep_line(void *context, enum log_level level UNUSED, const char *line)
{
    snprintf(context, 100, "%s", line);
}

static void errors_and_logs_have_the_public_form(void **state UNUSED)
{
    struct error *error = error_create(ERROR_SYSTEM, "http://u:p@h/a", "see http://h/b?t=S");
    struct log log;
    char line[100] = "";

    assert_string_equal(error->where, "http://h/a");
    assert_string_equal(error->why, "see http://h/b?t=");
    error_destroy(error);
    error = error_locate(error_create(ERROR_SYSTEM, NULL, "x"), "http://u:p@h/a");
    assert_string_equal(error->where, "http://h/a");
    error_destroy(error);
    log_init(&log, LOG_DETAIL, keep_line, line);
    log_write(&log, LOG_NOTICE, "%s: fetching", "http://u:p@h/a?t=S");
    assert_string_equal(line, "http://h/a?t=: fetching");
    log_deinit(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lets_somebody_in_is_left_out),
        cmocka_unit_test(mistyped_passwords_are_left_out),
        cmocka_unit_test(what_may_be_a_password_is_not_shown),
        cmocka_unit_test(texts_keep_all_else),
        cmocka_unit_test(public_forms_are_compared),
        cmocka_unit_test(errors_and_logs_have_the_public_form),
    };

    return cmocka_run_group_tests_name("public_url", tests, NULL, NULL);
}
