/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/system/file.h"
#include "tests/unit/samples/own_directory.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

/* Below the test's directory; free with free(). */
static char *path_of(const char *name)
{
    char *path = path_join(directory, name);

    assert_non_null(path);
    return path;
}

static void assert_holds(const char *path, const char *expected)
{
    char *bytes;
    size_t length;

    assert_success(file_read(path, 1 << 20, &bytes, &length));
    assert_int_equal(length, strlen(expected));
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void assert_join(const char *left, const char *right, const char *expected)
{
    char *path = path_join(left, right);

    assert_string_equal(path, expected);
    free(path);
}

static void paths_are_joined_with_one_slash(void **state UNUSED)
{
    assert_join("a", "b", "a/b");
    assert_join("a/", "b", "a/b");
    assert_join("/", "b", "/b");
    assert_join("", "b", "b");
    assert_join("a", "", "a/");
}

static void base_names_are_after_the_last_slash(void **state UNUSED)
{
    assert_string_equal(path_base_name("/usr/lib/vmlinux"), "vmlinux");
    assert_string_equal(path_base_name("vmlinux"), "vmlinux");
    assert_string_equal(path_base_name("a/"), "");
}

static void suffixes_are_at_the_end(void **state UNUSED)
{
    assert_true(text_has_suffix("linux.ddeb", ".ddeb"));
    assert_true(text_has_suffix(".ddeb", ".ddeb"));
    assert_true(text_has_suffix("x", ""));
    assert_false(text_has_suffix("deb", ".ddeb"));
    assert_false(text_has_suffix("linux.ddeb.part", ".ddeb"));
}

static void directories_are_made_with_those_above(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("a/b//c/");
    struct stat status;

    assert_success(directory_create(path));
    assert_success(directory_create(path));
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_success(directory_create("/"));
    assert_success(directory_create("."));
}

static void a_directory_needs_a_name_and_a_place(void **state UNUSED)
{
    CLEANUP(free_pointer) char *file = path_of("file");
    CLEANUP(free_pointer) char *below = path_of("file/below");

    assert_failure(directory_create(""), ERROR_CONFIGURATION, "empty");
    assert_success(file_replace(file, "x", 1));
    assert_failure(directory_create(file), ERROR_SYSTEM, "file: cannot create the directory");
    assert_failure(directory_create(below), ERROR_SYSTEM, "file: cannot create the directory");
}

static void a_file_is_read_up_to_the_maximum(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");
    char *bytes = NULL;
    size_t length = 77;

    assert_success(file_replace(path, "a\0bc", 4));
    assert_failure(file_read(path, 3, &bytes, &length), ERROR_LIMIT, "has 4 bytes");
    assert_null(bytes);
    assert_int_equal(length, 77);
    assert_success(file_read(path, 4, &bytes, &length));
    assert_int_equal(length, 4);
    assert_memory_equal(bytes, "a\0bc", 5);
    free(bytes);
}

static void an_empty_file_is_an_empty_text(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");

    assert_success(file_replace(path, "", 0));
    assert_holds(path, "");
}

static void only_regular_files_are_read(void **state UNUSED)
{
    CLEANUP(free_pointer) char *missing = path_of("missing");
    char *bytes;
    size_t length;

    assert_failure(file_read(missing, 10, &bytes, &length), ERROR_NOT_FOUND, "missing");
    assert_failure(file_read(directory, 10, &bytes, &length), ERROR_SYSTEM, "not a regular file");
    assert_failure(file_read("/dev/null", 10, &bytes, &length), ERROR_SYSTEM, "not a regular");
}

static void replacing_leaves_only_the_new_file(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");
    struct stat status;
    mode_t mask = umask(027);

    assert_success(file_replace(path, "old", 3));
    assert_success(file_replace(path, "newer", 5));
    umask(mask);
    assert_holds(path, "newer");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    run_in(directory, "test \"$(ls -A)\" = file");
}

/* An open file keeps its bytes: replacing does not write into it. */
static void who_has_the_old_file_open_keeps_reading_it(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");
    char bytes[4] = "";

    assert_success(file_replace(path, "old", 3));
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_success(file_replace(path, "new", 3));
    assert_int_equal(read(file_descriptor, bytes, 3), 3);
    assert_string_equal(bytes, "old");
}

static void a_failed_replacement_leaves_nothing_behind(void **state UNUSED)
{
    CLEANUP(free_pointer) char *occupied = path_of("occupied");
    CLEANUP(free_pointer) char *inside = path_of("occupied/inside");
    CLEANUP(free_pointer) char *nowhere = path_of("no/where");

    assert_success(directory_create(inside));
    assert_failure(file_replace(occupied, "x", 1), ERROR_SYSTEM, "cannot replace");
    assert_failure(file_replace(nowhere, "x", 1), ERROR_SYSTEM, "cannot create");
    run_in(directory, "test \"$(ls -A)\" = occupied");
}

static void temporary_names_are_nobody_elses(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");
    CLEANUP(file_replacement_end) struct file_replacement one = {.file_descriptor = -1};
    CLEANUP(file_replacement_end) struct file_replacement other = {.file_descriptor = -1};

    assert_success(file_replacement_begin(path, &one));
    assert_success(file_replacement_begin(path, &other));
    assert_string_not_equal(one.temporary, other.temporary);
    assert_int_equal(write(one.file_descriptor, "one", 3), 3);
    assert_int_equal(write(other.file_descriptor, "other", 5), 5);
    assert_success(file_replacement_commit(&one));
    assert_holds(path, "one");
    assert_success(file_replacement_commit(&other));
    assert_holds(path, "other");
}

/* What a process that is no more has left goes; nothing else does, however it is called. */
static void only_own_leftovers_are_removed(void **state UNUSED)
{
    CLEANUP(free_pointer) char *path = path_of("file");
    pid_t dead = fork();

    if (dead == 0)
        _exit(0);
    assert_int_equal(waitpid(dead, NULL, 0), dead);
    run_in(directory,
           "touch file.tmp.kstruct.%d.0123456789abcdef file.tmp.%d file.tmp.kstruct.%d.x "
           "file.tmp.kstruct.%d.0123456789abcdef other.tmp.kstruct.%d.0123456789abcdef && "
           "ln -s other file.tmp.kstruct.%d.0123456789abcde0",
           (int)dead, (int)dead, (int)dead, (int)getpid(), (int)dead, (int)dead);
    assert_success(file_replace(path, "x", 1));
    run_in(directory, "test ! -e file.tmp.kstruct.%d.0123456789abcdef && test $(ls | wc -l) = 6",
           (int)dead);
}

static void writing_reports_what_the_system_says(void **state UNUSED)
{
    CLEANUP(close_pointer) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    if (full < 0) {
        print_message("skipped: there is no /dev/full\n");
        skip();
    }
    assert_failure(file_write_all(full, "x", 1, "out"), ERROR_SYSTEM, "out: cannot write");
    assert_success(file_write_all(full, "", 0, "out"));
    assert_failure(file_write_all(-1, "x", 1, "out"), ERROR_SYSTEM, "out: cannot write");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_joined_with_one_slash),
        cmocka_unit_test(base_names_are_after_the_last_slash),
        cmocka_unit_test(suffixes_are_at_the_end),
        TEST(directories_are_made_with_those_above),
        TEST(a_directory_needs_a_name_and_a_place),
        TEST(a_file_is_read_up_to_the_maximum),
        TEST(an_empty_file_is_an_empty_text),
        TEST(only_regular_files_are_read),
        TEST(replacing_leaves_only_the_new_file),
        TEST(who_has_the_old_file_open_keeps_reading_it),
        TEST(a_failed_replacement_leaves_nothing_behind),
        TEST(temporary_names_are_nobody_elses),
        TEST(only_own_leftovers_are_removed),
        cmocka_unit_test(writing_reports_what_the_system_says),
    };
#undef TEST
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
