/* SPDX-License-Identifier: MIT */
#include "cli/terminal/progress_text.h"
#include "run/watch.h"
#include "tests/unit/unit.h"

#define LABEL "5.4.0-26-generic-amd64"

static void assert_line(struct progress_line line, unsigned width, const char *expected)
{
    struct buffer text;

    buffer_init(&text, 4096);
    progress_line_format(&line, width, &text);
    if (strcmp(buffer_text(&text), expected) != 0)
        fail_msg("expected\n\"%s\", got\n\"%s\"", expected, buffer_text(&text));
    buffer_deinit(&text);
}

static void lines_fit_the_terminal(void **state UNUSED)
{
    const struct progress_line line = {.label = LABEL,
                                       .received_bytes = UINT64_C(450) * 1000000,
                                       .total_bytes = UINT64_C(1000) * 1000000,
                                       .bytes_per_second = 5.5e6};

    assert_line(line, 40, "5.4.0-26-generic-amd64    45%      1:40");
    assert_line(line, 80,
                "5.4.0-26-generic-amd64       [#########...........]   45%    5.5 MB/s      1:40");
    assert_line(
        line, 200,
        "5.4.0-26-generic-amd64                        [#######################################"
        "################....................................................................]"
        "   45%    5.5 MB/s      1:40");
    assert_line(line, 71, "5.4.0-26-generic-amd64    [######........]   45%    5.5 MB/s      1:40");
    assert_line(line, 70, "5.4.0-26-generic-amd64                                  45%      1:40");
    assert_line(line, 50, "5.4.0-26-generic-amd64              45%      1:40");
    assert_line(line, 20, "5.4   45%      1:40");
    assert_line(line, 10, "5.4.0-26-");
    assert_line(line, 1, "5");
    assert_line(line, 0, "5");
}

/* No width is overrun, whatever the numbers. */
static void no_line_is_longer_than_the_terminal(void **state UNUSED)
{
    static const struct progress_line lines[] = {
        {"", 0, 0, 0, 0},
        {LABEL, 0, UINT64_MAX - 1, WATCH_BYTES_UNKNOWN, 1e19},
        {LABEL, 500, UINT64_MAX - 2, UINT64_MAX - 1, 1e19},
        {LABEL LABEL LABEL LABEL, 40, 999950000, 1000000000000, 999949},
        {"x", 1, 1, UINT64_MAX - 1, 0.001},
    };
    struct buffer text;

    for (unsigned width = 2; width < 300; width++) {
        for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
            buffer_init(&text, 4096);
            progress_line_format(&lines[i], width, &text);
            if (text.length >= width)
                fail_msg("%zu columns of %u: %s", text.length, width, buffer_text(&text));
            buffer_deinit(&text);
        }
    }
}

static void an_unknown_total_shows_what_came(void **state UNUSED)
{
    const struct progress_line line = {.label = "2 of 6 packages",
                                       .received_bytes = 1234567890,
                                       .total_bytes = WATCH_BYTES_UNKNOWN,
                                       .bytes_per_second = 12345};

    assert_line(line, 40, "2 of 6 packages                  1.2 GB");
    assert_line(line, 80, "2 of 6 packages                              1.2 GB         12.3 kB/s");
}

static void percent_and_time_left(void **state UNUSED)
{
    static const struct {
        uint64_t received;
        uint64_t total;
        double rate;
        const char *expected;
    } cases[] = {
        {0, 1000, 0, "x                0%     --:--"},
        {0, 1000, 10, "x                0%      1:40"},
        {999, 1000, 10, "x               99%      0:00"},
        {9999, 10000, 0.1, "x               99%      0:10"},
        {1000, 1000, 0, "x              100%      0:00"},
        {1001, 1000, 5, "x              100%      0:00"},
        {0, 0, 0, "x              100%      0:00"},
        {0, 3599, 1, "x                0%     59:59"},
        {0, 3661, 1, "x                0%   1:01:01"},
        {0, 359999, 1, "x                0%  99:59:59"},
        {0, 360000, 1, "x                0%     --:--"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_line(
            (struct progress_line){"x", 0, cases[i].received, cases[i].total, cases[i].rate}, 30,
            cases[i].expected);
}

static void bytes_have_units(void **state UNUSED)
{
    static const struct {
        uint64_t bytes;
        const char *expected;
    } cases[] = {
        {0, "0 B"},           {999, "999 B"},     {1000, "1.0 kB"},      {99950, "100.0 kB"},
        {999949, "999.9 kB"}, {999950, "1.0 MB"}, {999999999, "1.0 GB"}, {1500000000000, "1.5 TB"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char expected[20];

        snprintf(expected, sizeof(expected), "%19s", cases[i].expected);
        assert_line((struct progress_line){"", 0, cases[i].bytes, WATCH_BYTES_UNKNOWN, 0}, 20,
                    expected);
    }
}

static void rates_follow_what_comes(void **state UNUSED)
{
    struct progress_rate rate = {0};

    /* What was there before is not counted. */
    progress_rate_update(&rate, 5000, 100.0);
    assert_true(rate.bytes_per_second == 0);
    progress_rate_update(&rate, 5100, 100.25);
    assert_true(rate.bytes_per_second == 0);
    progress_rate_update(&rate, 6000, 101.0);
    assert_true(rate.bytes_per_second == 1000);
    progress_rate_update(&rate, 9000, 102.0);
    assert_true(rate.bytes_per_second == 1500);
    progress_rate_update(&rate, 9000, 105.0);
    assert_true(rate.bytes_per_second == 750);
    /* A server that begins anew does not count backwards. */
    progress_rate_update(&rate, 100, 106.0);
    assert_true(rate.bytes_per_second == 750);
    progress_rate_update(&rate, 850, 107.0);
    assert_true(rate.bytes_per_second == 750);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_fit_the_terminal),
        cmocka_unit_test(no_line_is_longer_than_the_terminal),
        cmocka_unit_test(an_unknown_total_shows_what_came),
        cmocka_unit_test(percent_and_time_left),
        cmocka_unit_test(bytes_have_units),
        cmocka_unit_test(rates_follow_what_comes),
    };

    return cmocka_run_group_tests_name("progress_text", tests, NULL, NULL);
}
