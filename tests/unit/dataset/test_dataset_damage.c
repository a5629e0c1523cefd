/* SPDX-License-Identifier: MIT */
/* Files that are no data set, no longer one, or made to harm. */
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "tests/unit/samples/dataset_samples.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

enum { PAGE_BYTES = 16384 };

static char *directory;
static char *path;

static int set_up(void **state UNUSED)
{
    directory = make_directory();
    path = path_join(directory, "kstruct.db");
    return 0;
}

static int tear_down(void **state UNUSED)
{
    free(path);
    remove_directory(directory);
    return 0;
}

static void run_sql(const char *sql)
{
    char *message = NULL;
    sqlite3 *database;

    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
}

/* A sound data set with one kernel, "k", in one file. */
static void make_dataset(void)
{
    struct kernel_layouts kernel;
    struct dataset *dataset;

    make_kernel(&kernel);
    assert_success(dataset_open(path, DATASET_WRITE, &dataset));
    const struct kernel_record record = record_of("k", &kernel);
    assert_success(dataset_store(dataset, &record, &kernel));
    dataset_close(dataset);
    kernel_layouts_deinit(&kernel);
    run_sql("PRAGMA journal_mode = DELETE");
}

/* Opens the data set and loads all of it; the first error. */
static struct error *load_all(void)
{
    const char *const names[] = {"k"};
    const struct dataset_selection selection = {.kernel_count = 1,
                                                .kernel_names = names,
                                                .kinds = DEFINITION_KINDS_ALL,
                                                .has_details = true};
    struct dataset *dataset;
    struct dataset_kernels kernels;
    struct history history;

    TRY(dataset_open(path, DATASET_READ, &dataset));
    struct error *error = dataset_list(dataset, &kernels);
    if (!error) {
        dataset_kernels_deinit(&kernels);
        error = dataset_load_history(dataset, &selection, &history);
    }
    if (!error)
        history_deinit(&history);
    dataset_close(dataset);
    return error;
}

static void assert_refused_both_ways(const char *why)
{
    struct dataset *dataset = NULL;

    assert_failure(dataset_open(path, DATASET_READ, &dataset), ERROR_DATASET, why);
    assert_failure(dataset_open(path, DATASET_WRITE, &dataset), ERROR_DATASET, why);
    assert_null(dataset);
}

static void a_missing_or_empty_one_is_not_found(void **state UNUSED)
{
    struct dataset *dataset;

    assert_failure(dataset_open(path, DATASET_READ, &dataset), ERROR_NOT_FOUND, "kstruct run");
    run_in(directory, "test ! -e kstruct.db");
    write_file(path, "", 0);
    assert_failure(dataset_open(path, DATASET_READ, &dataset), ERROR_NOT_FOUND, "empty");
    assert_success(dataset_open(path, DATASET_WRITE, &dataset));
    dataset_close(dataset);
}

static void a_place_that_cannot_be_is_refused(void **state UNUSED)
{
    CLEANUP(free_pointer) char *nowhere = path_join(directory, "no/kstruct.db");
    struct dataset *dataset;

    assert_failure(dataset_open(nowhere, DATASET_WRITE, &dataset), ERROR_SYSTEM, nowhere);
    assert_failure(dataset_open(directory, DATASET_WRITE, &dataset), ERROR_SYSTEM, directory);
}

static void a_text_file_is_refused_and_kept(void **state UNUSED)
{
    const char *const texts[] = {"xy", "{\"kind\":\"STRUCT\"}\n", "SQLite format 3"};

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        char *bytes;
        size_t length;
        write_file(path, texts[i], strlen(texts[i]));
        assert_refused_both_ways("kstruct.db");
        assert_success(file_read(path, 100, &bytes, &length));
        assert_string_equal(bytes, texts[i]);
        free(bytes);
    }
}

static void a_file_of_another_program_is_refused(void **state UNUSED)
{
    run_sql("CREATE TABLE bookmark (url TEXT)");
    assert_refused_both_ways("of another program");
    run_sql("PRAGMA user_version = 1");
    assert_refused_both_ways("of another program");
    run_sql("PRAGMA application_id = 12345");
    assert_refused_both_ways("of another program");
}

static void a_newer_schema_is_refused(void **state UNUSED)
{
    make_dataset();
    run_sql("PRAGMA user_version = 1000");
    assert_refused_both_ways("made by a newer kstruct (schema 1000");
    run_sql("PRAGMA user_version = -1");
    assert_refused_both_ways("made by a newer kstruct");
}

static void a_missing_table_is_an_error(void **state UNUSED)
{
    make_dataset();
    run_sql("DROP TABLE member");
    assert_failure(load_all(), ERROR_DATASET, "no such table: member");
}

/* SQLite takes a file of one byte for an empty one. The last pages may hold nothing that is asked
 * for. */
static void a_truncated_file_is_an_error(void **state UNUSED)
{
    size_t length;

    make_dataset();
    unsigned char *bytes = read_whole(path, &length);
    for (size_t kept = 2; kept < length; kept += 1021) {
        write_file(path, bytes, kept);
        struct error *error = load_all();
        if (error || kept < length - 2 * PAGE_BYTES)
            assert_failure(error, ERROR_DATASET, "kstruct.db");
    }
    free(bytes);
}

/* Whatever is overwritten, it is an error or harmless. */
static void a_garbled_file_does_no_harm(void **state UNUSED)
{
    unsigned refused = 0;
    size_t length;

    make_dataset();
    unsigned char *bytes = read_whole(path, &length);
    unsigned char *copy = malloc(length);
    for (uint32_t seed = 1; seed <= 300; seed++) {
        memcpy(copy, bytes, length);
        size_t run = seed % 3 ? 1 + seed * 16 : 1;
        fill_with_noise(copy + seed * 2654435761u % (length - run), run, seed);
        write_file(path, copy, length);
        struct error *error = load_all();
        refused += error != NULL;
        error_destroy(error);
    }
    assert_true(refused > 20);
    free(copy);
    free(bytes);
}

/* Rows that are sound for SQLite, but not for us. */
static void impossible_rows_are_errors(void **state UNUSED)
{
    const char *const statements[] = {
        "UPDATE type SET target = NULL WHERE kind = 'PTR'",
        "UPDATE type SET target = 0 WHERE kind = 'ARRAY'",
        "UPDATE type SET target = id WHERE kind = 'PTR'",
        "UPDATE type SET target = 99999 WHERE kind = 'CONST'",
        "UPDATE type SET target = NULL WHERE kind = 'FUNC_PROTO'",
        "UPDATE type SET name = NULL WHERE kind = 'INT'",
        "UPDATE type SET name = NULL WHERE kind = 'FWD'",
        "UPDATE type SET kind = 'FLOAT' WHERE kind = 'INT'",
        "UPDATE type SET kind = 'ARRAY' WHERE kind = 'INT'",
        "UPDATE type SET kind = 'PTR' WHERE kind = 'VOID'",
        "UPDATE type SET dimensions = NULL WHERE kind = 'ARRAY'",
        "UPDATE type SET dimensions = '3,x' WHERE kind = 'ARRAY'",
        "UPDATE type SET dimensions = '99999999999999999999' WHERE kind = 'ARRAY'",
        "UPDATE type SET parameters = '0' WHERE kind = 'FUNC_PROTO'",
        "UPDATE type SET parameters = '1,99999' WHERE kind = 'FUNC_PROTO'",
        "DELETE FROM type WHERE id = 1",
        "UPDATE type SET id = -1 WHERE id = 1",
        "UPDATE member SET type = 0",
        "UPDATE member SET type = -1",
        "UPDATE member SET type = 99999",
        "UPDATE member SET depth = 99 WHERE depth = 1",
        "UPDATE member SET depth = depth + 1",
        "UPDATE member SET ordinal = ordinal + 100",
        "DELETE FROM member WHERE ordinal = 0",
        "UPDATE layout SET member_count = member_count + 1",
        "UPDATE layout SET member_count = 4000000000",
        "UPDATE layout SET member_count = -1",
        "UPDATE layout SET digest = x'00' || id",
        "DELETE FROM layout",
        "UPDATE definition SET layout = layout + 100",
        "UPDATE definition SET ordinal = 7",
        "UPDATE image SET id = -1; UPDATE definition SET image = -1",
        "UPDATE kernel SET digest = x'00'",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
        make_dataset();
        run_sql(statements[i]);
        struct error *error = load_all();
        if (!error)
            fail_msg("accepted: %s", statements[i]);
        assert_failure(error, ERROR_DATASET, "kstruct.db");
        assert_int_equal(unlink(path), 0);
    }
}

/* What SQLite has no objection to, and is not what was stored. */
static void other_values_are_errors(void **state UNUSED)
{
    const char *const statements[] = {
        "UPDATE type SET name = 'other' WHERE kind = 'INT'",
        "UPDATE type SET dimensions = '77' WHERE kind = 'ARRAY'",
        "UPDATE member SET name = name || 'x' WHERE ordinal = 0",
        "UPDATE member SET bit_offset = bit_offset + 8 WHERE ordinal = 1",
        "UPDATE member SET byte_size = byte_size + 1 WHERE ordinal = 1",
        "UPDATE layout SET byte_size = byte_size + 1",
        "UPDATE layout SET name = name || 'x'",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
        struct dataset *dataset;
        make_dataset();
        assert_success(dataset_open(path, DATASET_READ, &dataset));
        assert_success(dataset_check(dataset));
        dataset_close(dataset);
        run_sql(statements[i]);
        struct error *error = load_all();
        if (!error)
            fail_msg("accepted: %s", statements[i]);
        assert_failure(error, ERROR_DATASET, "kstruct.db");
        assert_success(dataset_open(path, DATASET_READ, &dataset));
        assert_failure(dataset_check(dataset), ERROR_DATASET, "kstruct.db");
        dataset_close(dataset);
        assert_int_equal(unlink(path), 0);
    }
}

/* A file without a byte is a new data set, unless something is left that one has later. */
static void an_emptied_file_is_not_a_new_one(void **state UNUSED)
{
    struct dataset *dataset = NULL;
    char *log = NULL;

    make_dataset();
    assert_int_equal(truncate(path, 0), 0);
    assert_true(asprintf(&log, "%s-wal", path) > 0);
    assert_success(file_replace(log, "", 0));
    assert_failure(dataset_open(path, DATASET_READ, &dataset), ERROR_DATASET, "kstruct.db");
    assert_failure(dataset_open(path, DATASET_WRITE, &dataset), ERROR_DATASET, "kstruct.db");
    assert_int_equal(unlink(log), 0);
    assert_success(dataset_open(path, DATASET_WRITE, &dataset));
    dataset_close(dataset);
    free(log);
}

static void a_pipe_is_not_waited_for(void **state UNUSED)
{
    struct dataset *dataset;

    assert_int_equal(mkfifo(path, 0600), 0);
    assert_failure(dataset_open(path, DATASET_READ, &dataset), ERROR_SYSTEM, "no regular file");
    assert_failure(dataset_open(path, DATASET_WRITE, &dataset), ERROR_SYSTEM, "no regular file");
}

static void only_a_data_set_is_removed(void **state UNUSED)
{
    CLEANUP(free_pointer) char *other = path_join(directory, "other");

    assert_success(dataset_remove(path));
    write_file(path, "thesis", 6);
    assert_failure(dataset_remove(path), ERROR_CONFIGURATION, "is in the way");
    unlink(path);
    run_sql("CREATE TABLE thesis (text)");
    assert_failure(dataset_remove(path), ERROR_CONFIGURATION, "is in the way");
    assert_int_equal(rename(path, other), 0);
    make_dataset();
    assert_int_equal(unlink(other), 0);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_failure(dataset_remove(path), ERROR_CONFIGURATION, "is in the way");
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(unlink(path), 0);
    assert_success(dataset_remove(other));
    assert_int_not_equal(access(other, F_OK), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_missing_or_empty_one_is_not_found), TEST(a_place_that_cannot_be_is_refused),
        TEST(a_text_file_is_refused_and_kept),     TEST(a_file_of_another_program_is_refused),
        TEST(a_newer_schema_is_refused),           TEST(a_missing_table_is_an_error),
        TEST(a_truncated_file_is_an_error),        TEST(a_garbled_file_does_no_harm),
        TEST(impossible_rows_are_errors),          TEST(other_values_are_errors),
        TEST(an_emptied_file_is_not_a_new_one),    TEST(a_pipe_is_not_waited_for),
        TEST(only_a_data_set_is_removed),
    };
#undef TEST
    return cmocka_run_group_tests_name("data set damage", tests, NULL, NULL);
}
