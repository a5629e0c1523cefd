/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/system/parallel.h"
#include "tests/unit/unit.h"

struct record {
    unsigned count;
    enum log_level level;
    char line[512];
};

static void keep_line(void *context, enum log_level level, const char *line)
{
    struct record *record = context;

    record->count++;
    record->level = level;
    snprintf(record->line, sizeof(record->line), "%s", line);
}

static void lines_up_to_the_level_are_written(void **state UNUSED)
{
    struct record record = {0};
    struct log log;

    log_init(&log, LOG_NOTICE, keep_line, &record);
    log_write(&log, LOG_NOTICE, "read %d of %s", 3, "4");
    assert_int_equal(record.level, LOG_NOTICE);
    assert_string_equal(record.line, "read 3 of 4");
    log_write(&log, LOG_DETAIL, "dropped");
    assert_int_equal(record.count, 1);
    log_write(&log, LOG_ERROR, "bad");
    assert_int_equal(record.count, 2);
    assert_int_equal(record.level, LOG_ERROR);
    log_deinit(&log);
}

static void errors_are_written_at_every_level(void **state UNUSED)
{
    struct record record = {0};
    struct log log;
    struct error *error = error_create(ERROR_CORRUPT, "a.deb", "is cut\nshort");

    log_init(&log, LOG_ERROR, keep_line, &record);
    log_error(&log, error);
    assert_int_equal(record.level, LOG_ERROR);
    assert_string_equal(record.line, "a.deb: is cut?short");
    log_error(&log, error_out_of_memory());
    assert_string_equal(record.line, "out of memory");
    error_destroy(error);
    log_deinit(&log);
}

/* A terminal must not be steered by what a line quotes: C0, DEL, C1 as a byte and as a character,
 * directions of writing, ends of lines. */
static void no_line_steers_a_terminal(void **state UNUSED)
{
    struct record record = {0};
    struct log log;
    struct error *error = error_create(ERROR_CORRUPT, "a\xc2\x9b", "\xe2\x80\xae\x9b");

    log_init(&log, LOG_ERROR, keep_line, &record);
    log_error(&log, error);
    assert_string_equal(record.line, "a?: ??");
    log_write(&log, LOG_ERROR, "%s", "ö内\x1b[31m\x7f\n\xc2\x85\xe2\x81\xa6\xe2\x80\xa8\xff…");
    assert_string_equal(record.line, "ö内?[31m??????…");
    error_destroy(error);
    log_deinit(&log);
}

static void without_a_log_or_sink_nothing_happens(void **state UNUSED)
{
    struct log log;

    log_write(NULL, LOG_ERROR, "x");
    log_error(NULL, error_out_of_memory());
    log_init(&log, LOG_DETAIL, NULL, NULL);
    log_write(&log, LOG_ERROR, "x");
    log_error(&log, error_out_of_memory());
    log_deinit(&log);
}

static struct error *write_a_line(void *context, unsigned worker, size_t item)
{
    log_write(context, LOG_NOTICE, "worker %u, item %zu", worker, item);
    return NULL;
}

/* The sink counts without a lock of its own: the log's must do. */
static void threads_take_turns(void **state UNUSED)
{
    struct record record = {0};
    struct log log;

    log_init(&log, LOG_NOTICE, keep_line, &record);
    assert_success(parallel_for(4, 2000, write_a_line, &log));
    assert_int_equal(record.count, 2000);
    log_deinit(&log);
}

struct redirection {
    struct log *log;
    struct record first;
    struct record second;
};

static struct error *write_or_redirect(void *context, unsigned worker UNUSED, size_t item)
{
    struct redirection *redirection = context;
    struct log_target before;

    if (item % 100 != 0) {
        log_write(redirection->log, LOG_NOTICE, "item %zu", item);
        return NULL;
    }
    log_redirect(redirection->log, (struct log_target){keep_line, &redirection->second}, &before);
    log_redirect(redirection->log, (struct log_target){keep_line, &redirection->first}, &before);
    return NULL;
}

/* No line is lost or written twice, whichever way it goes. */
static void a_log_is_redirected_while_others_write(void **state UNUSED)
{
    struct log log;
    struct redirection redirection = {.log = &log};
    struct log_target before;

    log_init(&log, LOG_NOTICE, keep_line, &redirection.first);
    assert_success(parallel_for(4, 10000, write_or_redirect, &redirection));
    assert_int_equal(redirection.first.count + redirection.second.count, 9900);
    log_redirect(&log, (struct log_target){keep_line, &redirection.second}, &before);
    assert_ptr_equal(before.context, &redirection.first);
    log_write(&log, LOG_NOTICE, "last");
    assert_string_equal(redirection.second.line, "last");
    log_deinit(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_up_to_the_level_are_written),
        cmocka_unit_test(errors_are_written_at_every_level),
        cmocka_unit_test(no_line_steers_a_terminal),
        cmocka_unit_test(without_a_log_or_sink_nothing_happens),
        cmocka_unit_test(threads_take_turns),
        cmocka_unit_test(a_log_is_redirected_while_others_write),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
