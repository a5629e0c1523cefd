/* SPDX-License-Identifier: MIT */
#include "cli/terminal/display_text.h"
#include "cli/terminal/progress_view.h"
#include "cli/terminal/time_left.h"
#include "tests/unit/unit.h"

#define MEGABYTE UINT64_C(1000000)

static const struct progress_kernel some_kernels[] = {
    {.name = "5.10.0-32-cloud-amd64", .stage = WATCH_DONE, .reading_since = 70, .read_seconds = 8},
    {.name = "6.1.0-56-cloud-amd64", .stage = WATCH_READING, .reading_since = 95.6},
    {.name = "6.12.107+deb13-powerpc64le-ppc64el",
     .stage = WATCH_FETCHING,
     .has_news = true,
     .received_bytes = 52 * MEGABYTE,
     .total_bytes = 100 * MEGABYTE,
     .bytes_per_second = 2e6},
    {.name = "6.12.117+deb13-rt-amd64", .stage = WATCH_WAITING, .total_bytes = WATCH_BYTES_UNKNOWN},
    {.name = "6.12.107+deb13-s390x",
     .stage = WATCH_FAILED,
     .reason = "is cut short; fetch it again"},
    {.name = "6.12.107+deb13-riscv64", .stage = WATCH_FETCHED, .total_bytes = 90 * MEGABYTE},
    {.name = "6.12.107+deb13-armmp-armhf", .stage = WATCH_STORING, .reading_since = 90},
    {.name = "6.12.117+deb13-cloud-arm64",
     .stage = WATCH_FETCHING,
     .total_bytes = WATCH_BYTES_UNKNOWN},
};

static struct progress_view some_view(void)
{
    return (struct progress_view){
        .kernels = some_kernels,
        .kernel_count = ARRAY_LENGTH(some_kernels),
        .reader_count = 2,
        .now_seconds = 100,
        .fetching_seconds = 30,
        .received_bytes = 412 * MEGABYTE,
        .bytes_per_second = 4e6,
    };
}

static void assert_view(const struct progress_view *view, unsigned columns, unsigned rows,
                        const char *expected)
{
    struct buffer text;
    size_t count = 0;

    buffer_init(&text, 1 << 20);
    size_t told = progress_view_format(view, columns, rows, &text);
    for (const char *end = buffer_text(&text); (end = strchr(end, '\n')); end++)
        count++;
    if (strcmp(buffer_text(&text), expected) != 0)
        fail_msg("expected\n%s\ngot\n%s", expected, buffer_text(&text));
    assert_int_equal(count, told);
    buffer_deinit(&text);
}

static void every_stage_has_its_line(void **state UNUSED)
{
    const struct progress_view view = some_view();

    assert_view(&view, 80, 24,
                "5.10.0-32-cloud-amd64               done\n"
                "6.1.0-56-cloud-amd64                reading 0:04\n"
                "6.12.107+deb13-powerpc64le-ppc64el  [######.......]   52%    2.0 MB/s      0:24\n"
                "6.12.117+deb13-rt-amd64             waiting\n"
                "6.12.107+deb13-s390x                failed: is cut short; fetch it again\n"
                "6.12.107+deb13-riscv64              waiting to be read\n"
                "6.12.107+deb13-armmp-armhf          storing\n"
                "6.12.117+deb13-cloud-arm64          fetching\n"
                "1 of 8 done, 1 failed, about 1:08 left, 412.0 MB fetched, 4.0 MB/s, 1 waiting\n");
}

static void on_a_low_terminal_what_is_under_way_is_shown(void **state UNUSED)
{
    const struct progress_view view = some_view();

    assert_view(&view, 80, 9,
                "6.1.0-56-cloud-amd64                reading 0:04\n"
                "6.12.107+deb13-powerpc64le-ppc64el  [######.......]   52%    2.0 MB/s      0:24\n"
                "6.12.107+deb13-armmp-armhf          storing\n"
                "6.12.117+deb13-cloud-arm64          fetching\n"
                "6.12.107+deb13-riscv64              waiting to be read\n"
                "1 of 8 done, 1 failed, about 1:08 left, 412.0 MB fetched, 4.0 MB/s, 1 waiting\n");
    assert_view(&view, 80, 4,
                "6.1.0-56-cloud-amd64                reading 0:04\n"
                "6.12.107+deb13-powerpc64le-ppc64el  [######.......]   52%    2.0 MB/s      0:24\n"
                "1 of 8 done, 1 failed, about 1:08 left, 412.0 MB fetched, 4.0 MB/s, 1 waiting\n");
    assert_view(&view, 80, 2,
                "1 of 8 done, 1 failed, about 1:08 left, 412.0 MB fetched, 4.0 MB/s, 1 waiting\n");
    assert_view(&view, 80, 1, "");
    assert_view(&view, 80, 0, "");
}

static void on_a_narrow_terminal_lines_are_cut(void **state UNUSED)
{
    const struct progress_view view = some_view();

    assert_view(&view, 40, 24,
                "5.10.0-32-cloud-amd  done\n"
                "6.1.0-56-cloud-amd6  reading 0:04\n"
                "6.12.107+deb13-powerpc6   52%      0:24\n"
                "6.12.117+deb13-rt-a  waiting\n"
                "6.12.107+deb13-s390  failed: is cut sho\n"
                "6.12.107+deb13-risc  waiting to be read\n"
                "6.12.107+deb13-armm  storing\n"
                "6.12.117+deb13-clou  fetching\n"
                "1 of 8 done, 1 failed, about 1:08 left\n");
}

/* Whatever there is, it stays within the terminal. */
static void no_terminal_is_overrun(void **state UNUSED)
{
    struct progress_view view = some_view();
    const struct progress_line transfers[] = {
        {"Packages.xz", 0, 5, WATCH_BYTES_UNKNOWN, 3},
        {"内核内核内核内核内核内核内核内核.xz", 0, 5, 1000, 3},
    };
    struct progress_kernel kernels[ARRAY_LENGTH(some_kernels)];

    memcpy(kernels, some_kernels, sizeof(kernels));
    kernels[4].reason = "内核内核内核内核内核内核内核内核内核内核内核内核内核内核内核内核\n\033[2J";
    kernels[0].name = "内核内核内核内核内核内核内核内核内核内核内核内核内核内核内核内核";
    view.kernels = kernels;
    view.transfers = transfers;
    view.transfer_count = ARRAY_LENGTH(transfers);
    view.is_reporting = true;
    for (unsigned columns = 2; columns < 200; columns++) {
        for (unsigned rows = 0; rows < 20; rows++) {
            struct buffer text;
            buffer_init(&text, 1 << 20);
            buffer_append_char(&text, '\n');
            size_t count = progress_view_format(&view, columns, rows, &text);
            assert_true(count < rows || count == 0);
            for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n")) {
                if (display_columns(line) >= columns)
                    fail_msg("%u columns: %s", columns, line);
                assert_null(strchr(line, '\033'));
            }
            buffer_deinit(&text);
        }
    }
}

static void one_kernel_needs_no_summary(void **state UNUSED)
{
    struct progress_view view = some_view();

    view.kernel_count = 1;
    assert_view(&view, 80, 24, "5.10.0-32-cloud-amd64  done\n");
    view.kernel_count = 0;
    assert_view(&view, 80, 24, "");
}

/* While all are read, what came last came at some rate; nothing comes now. */
static void no_rate_is_told_when_nothing_comes(void **state UNUSED)
{
    static const struct progress_kernel kernels[] = {
        {.name = "a", .stage = WATCH_READING, .has_news = true, .reading_since = 95},
        {.name = "b", .stage = WATCH_FETCHING},
    };
    struct progress_view view = some_view();

    view.kernels = kernels;
    view.kernel_count = 2;
    assert_view(&view, 80, 24, "a  reading 0:05\nb  fetching\n0 of 2 done, 412.0 MB fetched\n");
}

static void transfers_and_the_report_have_lines(void **state UNUSED)
{
    const struct progress_line transfer = {"Packages.xz", 0, 12345678, WATCH_BYTES_UNKNOWN, 1e6};
    struct progress_view view = {.transfers = &transfer, .transfer_count = 1};

    assert_view(&view, 80, 24,
                "Packages.xz                                 12.3 MB          1.0 MB/s\n");
    view = (struct progress_view){.is_reporting = true, .now_seconds = 12, .reporting_since = 7};
    assert_view(&view, 80, 24, "report: comparing it with the data set, 0:05\n");
    view.report_total = 8;
    view.report_done = 3;
    assert_view(&view, 80, 24, "report: writing files, 37%, 0:05\n");
    assert_view(&view, 21, 24, "report: writing file\n");
}

static void assert_time(const struct progress_view *view, double expected)
{
    double left = time_left(view);

    if (left < expected - 0.01 || left > expected + 0.01)
        fail_msg("expected %f seconds left, got %f", expected, left);
}

/* Kernels of 100 MB that take 10 s to read. */
static void time_of_what_is_left_to_read(void **state UNUSED)
{
    struct progress_kernel kernels[] = {
        {.name = "a", .stage = WATCH_READING, .reading_since = 90},
        {.name = "b", .stage = WATCH_READING, .reading_since = 94},
        {.name = "c", .stage = WATCH_FETCHED},
        {.name = "d", .stage = WATCH_FETCHED},
    };
    struct progress_view view = {
        .kernels = kernels, .kernel_count = 4, .reader_count = 2, .now_seconds = 98};

    /* Nobody knows before one was read. */
    assert_time(&view, TIME_LEFT_UNKNOWN);
    kernels[0].stage = WATCH_DONE;
    kernels[0].read_seconds = 10;
    assert_time(&view, (6 + 10 + 10) / 2.0);
    view.now_seconds = 100;
    assert_time(&view, (4 + 10 + 10) / 2.0);
    kernels[1] = (struct progress_kernel){.name = "b", .stage = WATCH_FAILED};
    kernels[2].stage = WATCH_STORING;
    kernels[2].reading_since = 70;
    /* What takes longer than usual may be done at any moment; the last one takes its time alone. */
    assert_time(&view, 10);
    kernels[2].stage = kernels[3].stage = WATCH_DONE;
    assert_time(&view, TIME_LEFT_UNKNOWN);
}

static void time_of_what_is_left_to_fetch(void **state UNUSED)
{
    struct progress_kernel kernels[] = {
        {.name = "a", .stage = WATCH_DONE, .total_bytes = 100 * MEGABYTE, .read_seconds = 10},
        {.name = "b",
         .stage = WATCH_FETCHING,
         .has_news = true,
         .received_bytes = 60 * MEGABYTE,
         .total_bytes = 200 * MEGABYTE},
        {.name = "c", .stage = WATCH_WAITING, .total_bytes = WATCH_BYTES_UNKNOWN},
        {.name = "d", .stage = WATCH_WAITING, .total_bytes = 0},
    };
    struct progress_view view = {.kernels = kernels,
                                 .kernel_count = 4,
                                 .reader_count = 4,
                                 .fetching_seconds = 20,
                                 .bytes_per_second = 1e6};

    /* 140 MB, and 150 MB as a mean; then the last one is read. */
    assert_time(&view, 140 + 150 + 10);
    view.reader_count = 0;
    assert_time(&view, 140 + 150);
    view.reader_count = 4;
    view.bytes_per_second = 1e9;
    assert_time(&view, 10.29);
    view.fetching_seconds = 2;
    assert_time(&view, TIME_LEFT_UNKNOWN);
    view.fetching_seconds = 20;
    view.bytes_per_second = 0;
    assert_time(&view, TIME_LEFT_UNKNOWN);
    view.bytes_per_second = 1e6;
    kernels[0].total_bytes = kernels[1].total_bytes = WATCH_BYTES_UNKNOWN;
    assert_time(&view, TIME_LEFT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_has_its_line),
        cmocka_unit_test(no_rate_is_told_when_nothing_comes),
        cmocka_unit_test(on_a_low_terminal_what_is_under_way_is_shown),
        cmocka_unit_test(on_a_narrow_terminal_lines_are_cut),
        cmocka_unit_test(no_terminal_is_overrun),
        cmocka_unit_test(one_kernel_needs_no_summary),
        cmocka_unit_test(transfers_and_the_report_have_lines),
        cmocka_unit_test(time_of_what_is_left_to_read),
        cmocka_unit_test(time_of_what_is_left_to_fetch),
    };

    return cmocka_run_group_tests_name("progress_view", tests, NULL, NULL);
}
