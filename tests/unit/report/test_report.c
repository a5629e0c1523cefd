/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "tests/unit/samples/directory_tree.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { STRUCT_COUNT = 60, FILE_MAXIMUM = 1024 * 1024, OLD_TIME = 1000000000 };

/* Many structs in two kernels; the second half of them has another layout in the second kernel. */
struct sample {
    char directory[64];
    struct history history;
    struct layout layouts[STRUCT_COUNT][2];
    const struct layout *in_kernels[STRUCT_COUNT][2];
    struct history_definition structs[STRUCT_COUNT];
    char names[STRUCT_COUNT][32];
    struct layout_member members[2];
    const char *kernel_names[2];
    struct report_result result; /* of the last report */
    struct log *log;             /* NULL: none */
};

static size_t all_kernels[] = {0, 1};
static struct kernel_pair all_pairs[] = {{0, 1}};
static char group_name[] = "Regular";
static struct kernel_group group = {group_name, 2, all_kernels, 1, all_pairs};
static const struct kernel_groups groups = {1, &group};
static struct coverage_kernel covered[] = {
    TEST_COVERED_KERNEL("5.3.0", "1", "generic", "amd64", 0),
    TEST_COVERED_KERNEL("5.4.0", "1", "generic", "amd64", 1),
};
static const struct coverage coverage = {2, covered};

static int set_up(void **state)
{
    struct sample *sample = calloc(1, sizeof(*sample));

    strcpy(sample->directory, "/tmp/kstruct-report-XXXXXX");
    assert_non_null(mkdtemp(sample->directory));
    history_init(&sample->history);
    const struct type *number = int_type(&sample->history.types);
    sample->members[0] = (struct layout_member){.name = "a", .type = number, .byte_size = 4};
    sample->members[1] =
        (struct layout_member){.name = "b", .type = number, .bit_offset = 32, .byte_size = 4};
    for (size_t i = 0; i < STRUCT_COUNT; i++) {
        snprintf(sample->names[i], sizeof(sample->names[i]), "%c%zu", (int)('a' + i % 5), i);
        for (size_t kernel = 0; kernel < 2; kernel++) {
            sample->layouts[i][kernel] = (struct layout){.name = sample->names[i],
                                                         .member_count = (uint32_t)kernel + 1,
                                                         .members = sample->members};
            sample->in_kernels[i][kernel] = &sample->layouts[i][i < STRUCT_COUNT / 2 ? 0 : kernel];
        }
        sample->structs[i] =
            (struct history_definition){.name = sample->names[i], .layouts = sample->in_kernels[i]};
    }
    sample->kernel_names[0] = "5.3.0-1-generic-amd64";
    sample->kernel_names[1] = "5.4.0-1-generic-amd64";
    sample->history.kernel_count = 2;
    sample->history.kernel_names = sample->kernel_names;
    sample->history.definition_count = STRUCT_COUNT;
    sample->history.definitions = sample->structs;
    *state = sample;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *sample = *state;

    remove_tree(sample->directory);
    history_deinit(&sample->history);
    free(sample);
    return 0;
}

static struct error *try_report(struct sample *sample, unsigned jobs)
{
    const struct report_options options = {.directory = sample->directory,
                                           .formats = REPORT_MARKDOWN,
                                           .jobs = jobs,
                                           .log = sample->log};
    const struct report_input input = {&sample->history, &groups, &coverage};

    return report_write(&input, &options, &sample->result);
}

static void assert_report(struct sample *sample, size_t written, size_t unchanged, size_t removed)
{
    assert_success(try_report(sample, 2));
    assert_int_equal(sample->result.page_count, written + unchanged);
    assert_int_equal(sample->result.written_count, written);
    assert_int_equal(sample->result.unchanged_count, unchanged);
    assert_int_equal(sample->result.removed_count, removed);
}

static char *path_of(const struct sample *sample, const char *name)
{
    char *path = NULL;

    assert_true(asprintf(&path, "%s/Struct/%s", sample->directory, name) > 0);
    return path;
}

static bool exists(const struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);
    struct stat status;

    return lstat(path, &status) == 0;
}

static void put(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);

    assert_success(file_replace(path, text, strlen(text)));
}

static void set_old_time(const struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);
    const struct timespec times[] = {{.tv_sec = OLD_TIME}, {.tv_sec = OLD_TIME}};
    CLEANUP(close_pointer) int file = open(path, O_RDONLY);

    assert_int_equal(futimens(file, times), 0);
}

static bool has_old_time(const struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    return status.st_mtime == OLD_TIME;
}

static void only_changed_pages_are_touched(void **state)
{
    struct sample *sample = *state;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    set_old_time(sample, "a/a0.md");
    set_old_time(sample, "b/b1.md");
    set_old_time(sample, "c/c2.md");
    assert_report(sample, 0, STRUCT_COUNT, 0);
    assert_true(has_old_time(sample, "a/a0.md"));

    sample->in_kernels[1][1] = NULL;
    put(sample, "c/c2.md", "# Struct: <code>half a page");
    assert_report(sample, 2, STRUCT_COUNT - 2, 0);
    assert_true(has_old_time(sample, "a/a0.md"));
    assert_false(has_old_time(sample, "b/b1.md"));
    assert_false(has_old_time(sample, "c/c2.md"));
}

/* A page with another text of the same length is found by its bytes. */
static void a_page_of_the_same_size_is_compared(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *path = path_of(sample, "a/a0.md");
    CLEANUP(free_pointer) char *bytes = NULL;
    CLEANUP(free_pointer) char *new_bytes = NULL;
    size_t length = 0;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_success(file_read(path, FILE_MAXIMUM, &bytes, &length));
    bytes[length - 2] ^= 1;
    assert_success(file_replace(path, bytes, length));
    bytes[length - 2] ^= 1;
    assert_report(sample, 1, STRUCT_COUNT - 1, 0);
    assert_success(file_read(path, FILE_MAXIMUM, &new_bytes, &length));
    assert_string_equal(new_bytes, bytes);
}

static void pages_that_are_no_more_are_removed_and_nothing_else(void **state)
{
    struct sample *sample = *state;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    put(sample, "a/README.md", "Mine.\n");
    put(sample, "a/a0.txt", "# Struct: <code>mine</code>\n");
    put(sample, "index.md", "# Struct: <code>mine</code>\n");
    put(sample, "a/.kstruct-3.tmp", "half a p");
    put(sample, "a/gone.md", "# Struct: <code>gone</code>\n");
    sample->in_kernels[0][0] = NULL;
    sample->in_kernels[0][1] = NULL;
    assert_report(sample, 0, STRUCT_COUNT - 1, 2);
    assert_false(exists(sample, "a/a0.md"));
    assert_false(exists(sample, "a/gone.md"));
    assert_false(exists(sample, "a/.kstruct-3.tmp"));
    assert_true(exists(sample, "a/README.md"));
    assert_true(exists(sample, "a/a0.txt"));
    assert_true(exists(sample, "index.md"));
    assert_true(exists(sample, "a/a5.md"));
}

static void an_empty_folder_goes_with_its_last_page(void **state)
{
    struct sample *sample = *state;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    sample->history.definition_count = 0;
    assert_report(sample, 0, 0, STRUCT_COUNT);
    assert_false(exists(sample, "a"));
    assert_true(exists(sample, ""));
}

/* A kernel that is in no group does not give its structs a page. */
static void a_struct_of_no_listed_kernel_has_no_page(void **state)
{
    struct sample *sample = *state;

    group.kernel_count = 1;
    group.pair_count = 0;
    sample->in_kernels[7][0] = NULL;
    assert_report(sample, STRUCT_COUNT - 1, 0, 0);
    group.kernel_count = 2;
    group.pair_count = 1;
}

static void pages_do_not_depend_on_the_number_of_jobs(void **state)
{
    struct sample *sample = *state;

    assert_success(try_report(sample, 1));
    assert_int_equal(sample->result.written_count, STRUCT_COUNT);
    for (unsigned jobs = 0; jobs <= 100; jobs += 4) {
        assert_success(try_report(sample, jobs));
        assert_int_equal(sample->result.unchanged_count, STRUCT_COUNT);
    }
}

/* Not even if it leads to the right bytes. */
static void a_link_in_a_pages_place_is_replaced_not_followed(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *page = path_of(sample, "a/a0.md");
    CLEANUP(free_pointer) char *target = path_of(sample, "elsewhere");
    struct stat status;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_int_equal(rename(page, target), 0);
    assert_int_equal(symlink(target, page), 0);
    set_old_time(sample, "elsewhere");
    assert_report(sample, 1, STRUCT_COUNT - 1, 0);
    assert_int_equal(lstat(page, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_true(has_old_time(sample, "elsewhere"));
}

static void a_fifo_in_a_pages_place_is_replaced(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *page = path_of(sample, "a/a0.md");

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_int_equal(unlink(page), 0);
    assert_int_equal(mkfifo(page, 0600), 0);
    assert_report(sample, 1, STRUCT_COUNT - 1, 0);
}

static void a_file_in_a_directorys_place_is_named(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *path = path_join(sample->directory, "Struct");

    assert_success(report_claim(sample->directory, false));
    assert_success(file_replace(path, "x", 1));
    assert_failure(try_report(sample, 2), ERROR_SYSTEM, "/Struct: cannot open: Not a directory");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0777), 0);
    put(sample, "a", "x");
    assert_failure(try_report(sample, 2), ERROR_SYSTEM, "/Struct/a: cannot open the directory");
}

static void a_directory_in_a_pages_place_is_named(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *path = path_of(sample, "a/a0.md");

    assert_success(report_claim(sample->directory, false));
    assert_success(directory_create(path));
    assert_failure(try_report(sample, 2), ERROR_SYSTEM, "/Struct/a/a0.md: cannot replace");
    assert_false(exists(sample, "a/.kstruct-0.tmp"));
    assert_false(exists(sample, "a/.kstruct-1.tmp"));
}

static void an_unwritable_directory_is_named(void **state)
{
    struct sample *sample = *state;

    if (geteuid() == 0)
        skip();
    CLEANUP(free_pointer) char *path = path_of(sample, "a");
    assert_success(report_claim(sample->directory, false));
    assert_success(directory_create(path));
    assert_int_equal(chmod(path, 0555), 0);
    assert_failure(try_report(sample, 1), ERROR_SYSTEM, "/Struct/a/a0.md: cannot create");
    assert_int_equal(chmod(path, 0755), 0);
}

static void a_directory_without_a_name_is_refused(void **state)
{
    struct sample *sample = *state;
    struct report_options options = {.directory = ""};

    const struct report_input input = {&sample->history, &groups, &coverage};

    assert_failure(report_write(&input, &options, &sample->result), ERROR_USAGE, "empty name");
}

static void one_process_writes_at_a_time(void **state)
{
    struct sample *sample = *state;
    CLEANUP(close_pointer) int directory = open(sample->directory, O_RDONLY | O_DIRECTORY);

    assert_int_equal(flock(directory, LOCK_EX), 0);
    assert_failure(try_report(sample, 1), ERROR_SYSTEM, ": another process");
}

static void keep_line(void *context, enum log_level level, const char *line)
{
    assert_int_equal(level, LOG_WARNING);
    snprintf(context, 256, "%s", line);
}

/* Nobody could read such a page; the others are written. */
static void a_struct_too_large_for_a_page_is_left_out(void **state)
{
    struct sample *sample = *state;
    enum { MEMBERS = 4000, NAME_LENGTH = 1000, PARAMETERS = 60 };
    struct layout_member *members = calloc(MEMBERS, sizeof(*members));
    const struct type *parameters[PARAMETERS];
    char name[NAME_LENGTH + 1] = "";
    char line[256] = "";
    struct log log;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_non_null(members);
    memset(name, 'T', NAME_LENGTH);
    for (size_t i = 0; i < PARAMETERS; i++)
        parameters[i] = named(&sample->history.types, TYPE_TYPEDEF, name);
    const struct type *type = function_of(&sample->history.types, void_type(&sample->history.types),
                                          PARAMETERS, parameters);
    for (size_t i = 0; i < MEMBERS; i++)
        members[i] = (struct layout_member){.name = "m", .type = type};
    sample->layouts[0][0].members = members;
    sample->layouts[0][0].member_count = MEMBERS;
    log_init(&log, LOG_WARNING, keep_line, line);
    sample->log = &log;
    assert_report(sample, 0, STRUCT_COUNT - 1, 0);
    assert_non_null(strstr(line, "/Struct/a/a0.md: left out: longer than"));
    assert_false(exists(sample, "a/a0.md"));
    log_deinit(&log);
    free(members);
}

static void a_struct_with_an_endless_name_is_left_out(void **state)
{
    struct sample *sample = *state;
    enum { NAME_LENGTH = 6 * 1000 * 1000 };
    char *name = malloc(NAME_LENGTH + 1);
    char line[256] = "";
    struct log log;

    assert_non_null(name);
    memset(name, '\xff', NAME_LENGTH);
    name[NAME_LENGTH] = '\0';
    sample->structs[STRUCT_COUNT - 1].name = name;
    log_init(&log, LOG_WARNING, keep_line, line);
    sample->log = &log;
    assert_report(sample, STRUCT_COUNT - 1, 0, 0);
    assert_non_null(strstr(line, "left out: its name has 6000000 bytes"));
    log_deinit(&log);
    free(name);
}

/* What has the name of a report's file, but is in a directory that is no report's. */
static void another_directory_is_left_alone(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *mark = path_join(sample->directory, ".kstruct-report");
    CLEANUP(free_pointer) char *hidden = path_join(sample->directory, ".hidden");
    CLEANUP(free_pointer) char *others = path_join(sample->directory, "changes.json");

    assert_success(file_replace(hidden, "Mine.", 5));
    assert_success(report_claim(sample->directory, false));
    assert_int_equal(unlink(mark), 0);
    assert_success(file_replace(others, "Mine.", 5));
    assert_failure(try_report(sample, 2), ERROR_USAGE, "--adopt");
    assert_failure(report_claim(sample->directory, false), ERROR_USAGE, "not empty");
    assert_false(exists(sample, "a"));
    assert_int_not_equal(access(mark, F_OK), 0);
    assert_int_equal(symlink("elsewhere", mark), 0);
    assert_failure(report_claim(sample->directory, false), ERROR_USAGE, "not empty");
    assert_failure(report_claim(sample->directory, true), ERROR_SYSTEM, "cannot create");
    assert_int_equal(unlink(mark), 0);
    assert_success(report_claim(sample->directory, true));
    assert_report(sample, STRUCT_COUNT, 0, 0);
}

/* A link to another disk is followed, one into somebody's documents is not. */
static void a_link_to_anothers_folder_is_not_followed(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *pages = path_join(sample->directory, "Struct");
    CLEANUP(free_pointer) char *status = path_join(sample->directory, "Status");
    CLEANUP(free_pointer) char *elsewhere = path_join(sample->directory, "elsewhere");
    CLEANUP(free_pointer) char *others = path_join(sample->directory, "elsewhere/README.md");
    CLEANUP(free_pointer) char *roomier = path_join(sample->directory, "roomier");
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length;

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_int_equal(rename(pages, roomier), 0);
    assert_int_equal(symlink("roomier", pages), 0);
    assert_report(sample, 0, STRUCT_COUNT, 0);
    assert_int_equal(rename(status, elsewhere), 0);
    assert_int_equal(remove_tree(elsewhere), 0);
    assert_int_equal(mkdir(elsewhere, 0777), 0);
    assert_success(file_replace(others, "# Mine", 6));
    assert_int_equal(symlink("elsewhere", status), 0);
    assert_failure(try_report(sample, 2), ERROR_USAGE, "/Status: it is not a report's folder");
    assert_success(file_read(others, 64, &bytes, &length));
    assert_string_equal(bytes, "# Mine");
    assert_int_equal(unlink(others), 0);
    assert_report(sample, 0, STRUCT_COUNT, 0);
}

/* Versions without a mark have left these. */
static void a_report_without_a_mark_is_recognized(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *mark = path_join(sample->directory, ".kstruct-report");
    CLEANUP(free_pointer) char *front = path_join(sample->directory, "README.md");
    CLEANUP(free_pointer) char *begun = path_join(sample->directory, ".kstruct-Full.new");

    assert_report(sample, STRUCT_COUNT, 0, 0);
    assert_int_equal(unlink(mark), 0);
    assert_report(sample, 0, STRUCT_COUNT, 0);
    assert_int_equal(unlink(mark), 0);
    assert_int_equal(unlink(front), 0);
    assert_failure(try_report(sample, 2), ERROR_USAGE, "not empty");
    assert_int_equal(mkdir(begun, 0777), 0);
    assert_report(sample, 0, STRUCT_COUNT, 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(only_changed_pages_are_touched),
        TEST(a_page_of_the_same_size_is_compared),
        TEST(pages_that_are_no_more_are_removed_and_nothing_else),
        TEST(an_empty_folder_goes_with_its_last_page),
        TEST(a_struct_of_no_listed_kernel_has_no_page),
        TEST(pages_do_not_depend_on_the_number_of_jobs),
        TEST(a_link_in_a_pages_place_is_replaced_not_followed),
        TEST(a_fifo_in_a_pages_place_is_replaced),
        TEST(a_file_in_a_directorys_place_is_named),
        TEST(a_directory_in_a_pages_place_is_named),
        TEST(an_unwritable_directory_is_named),
        TEST(a_directory_without_a_name_is_refused),
        TEST(one_process_writes_at_a_time),
        TEST(a_struct_too_large_for_a_page_is_left_out),
        TEST(a_struct_with_an_endless_name_is_left_out),
        TEST(another_directory_is_left_alone),
        TEST(a_report_without_a_mark_is_recognized),
        TEST(a_link_to_anothers_folder_is_not_followed),
    };
#undef TEST
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
