/* SPDX-License-Identifier: MIT */
#include <fcntl.h>

#include "base/system/file.h"
#include "export/line_reader.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

static char *directory;
static char *path;
static int open_file = -1; /* that is read */

static int set_up(void **state UNUSED)
{
    directory = make_directory();
    path = path_join(directory, "lines");
    return 0;
}

static int tear_down(void **state UNUSED)
{
    close_pointer(&open_file);
    open_file = -1;
    free(path);
    remove_directory(directory);
    return 0;
}

/* Opens the file anew. */
static struct error *open_reader(size_t maximum, struct line_reader **reader_ret)
{
    close_pointer(&open_file);
    open_file = open(path, O_RDONLY);
    return line_reader_open(open_file, path, maximum, reader_ret);
}

static struct line_reader *open_lines(size_t maximum)
{
    struct line_reader *reader;

    assert_success(open_reader(maximum, &reader));
    return reader;
}

static void assert_line(struct line_reader *reader, const char *expected, uint64_t number)
{
    const char *line;
    size_t length;
    bool has_line;

    assert_success(line_reader_next(reader, &has_line, &line, &length));
    assert_true(has_line);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(line, expected, length);
    assert_int_equal(line_reader_number(reader), number);
}

static void assert_end(struct line_reader *reader)
{
    const char *line;
    size_t length;
    bool has_line = true;

    assert_success(line_reader_next(reader, &has_line, &line, &length));
    assert_false(has_line);
}

static void lines_come_one_by_one(void **state UNUSED)
{
    write_file(path, "one\n\nthree\r\nfour", 16);
    struct line_reader *reader = open_lines(100);
    assert_line(reader, "one", 1);
    assert_line(reader, "", 2);
    assert_line(reader, "three\r", 3);
    assert_line(reader, "four", 4);
    assert_end(reader);
    assert_end(reader);
    assert_int_equal(line_reader_number(reader), 4);
    line_reader_close(reader);
}

static void an_empty_file_has_no_lines(void **state UNUSED)
{
    write_file(path, "", 0);
    struct line_reader *reader = open_lines(100);
    assert_end(reader);
    line_reader_close(reader);
    write_file(path, "\n", 1);
    reader = open_lines(100);
    assert_line(reader, "", 1);
    assert_end(reader);
    line_reader_close(reader);
}

/* Longer than what is read at once, and across its boundaries. */
static void long_lines_come_whole(void **state UNUSED)
{
    enum { COUNT = 20, LONGEST = 400000 };
    char *text = malloc(LONGEST + 1);

    memset(text, 'x', LONGEST);
    text[LONGEST] = '\0';
    FILE *file = fopen(path, "we");
    for (int i = 1; i <= COUNT; i++)
        fprintf(file, "%.*s\n", i * LONGEST / COUNT, text);
    fclose(file);
    struct line_reader *reader = open_lines(LONGEST);
    for (unsigned i = 1; i <= COUNT; i++) {
        char *expected = strndup(text, i * LONGEST / COUNT);
        assert_line(reader, expected, i);
        free(expected);
    }
    assert_end(reader);
    line_reader_close(reader);
    free(text);
}

static struct error *read_all(size_t maximum)
{
    struct line_reader *reader = NULL;
    const char *line;
    size_t length;
    bool has_line = true;
    struct error *error = open_reader(maximum, &reader);

    while (has_line && !error)
        error = line_reader_next(reader, &has_line, &line, &length);
    line_reader_close(reader);
    return error;
}

static void lines_over_the_maximum_are_errors(void **state UNUSED)
{
    write_file(path, "1234567890\n12345678901\n", 23);
    assert_success(read_all(11));
    assert_failure(read_all(10), ERROR_LIMIT, "line 2 is too long");
    write_file(path, "1234567890\n12345678901", 22);
    assert_failure(read_all(10), ERROR_LIMIT, "line 2 is too long");
}

static void a_line_without_end_is_not_kept_in_memory(void **state UNUSED)
{
    run_in(directory, "head -c 50000000 /dev/zero > lines");
    assert_failure(read_all(1000), ERROR_LIMIT, "line 1 is too long");
}

static void assert_two_lines(void)
{
    struct line_reader *reader = open_lines(100);

    assert_line(reader, "one", 1);
    assert_line(reader, "two", 2);
    assert_end(reader);
    line_reader_close(reader);
}

static void compressed_files_are_told_by_their_content(void **state UNUSED)
{
    const char *const programs[] = {"zstd", "gzip", "xz"};

    for (size_t i = 0; i < ARRAY_LENGTH(programs); i++) {
        if (!has_program(programs[i])) {
            print_message("skipped: %s is not installed\n", programs[i]);
            continue;
        }
        run_in(directory, "printf 'one\\ntwo\\n' | %s -c > lines", programs[i]);
        assert_two_lines();
        run_in(directory, "{ printf 'one\\n' | %s -c; printf 'two\\n' | %s -c; } > lines",
               programs[i], programs[i]);
        assert_two_lines();
    }
}

static void a_truncated_compressed_file_is_an_error(void **state UNUSED)
{
    const char *const programs[] = {"zstd", "gzip", "xz"};

    for (size_t i = 0; i < ARRAY_LENGTH(programs); i++) {
        if (!has_program(programs[i]))
            continue;
        run_in(directory, "seq 100000 | %s -c > whole && head -c 15000 whole > lines", programs[i]);
        assert_failure(read_all(100), ERROR_CORRUPT, "lines: cannot be read");
    }
}

static void a_file_that_cannot_be_read_is_an_error(void **state UNUSED)
{
    struct line_reader *reader = NULL;
    struct error *error = line_reader_open(-1, path, 100, &reader);

    assert_non_null(error);
    assert_string_equal(error->where, path);
    assert_null(reader);
    error_destroy(error);
    line_reader_close(NULL);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_come_one_by_one),
        TEST(an_empty_file_has_no_lines),
        TEST(long_lines_come_whole),
        TEST(lines_over_the_maximum_are_errors),
        TEST(a_line_without_end_is_not_kept_in_memory),
        TEST(compressed_files_are_told_by_their_content),
        TEST(a_truncated_compressed_file_is_an_error),
        TEST(a_file_that_cannot_be_read_is_an_error),
    };
#undef TEST
    return cmocka_run_group_tests_name("line reader", tests, NULL, NULL);
}
