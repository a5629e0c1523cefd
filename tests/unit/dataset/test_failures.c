/* SPDX-License-Identifier: MIT */
/* Kernels that could not be had: how they are noted, when they are tried again; and those that go.
 */
#include "dataset/handle.h"
#include "dataset/schema.h"
#include "run/update/kernel_retry.h"
#include "run/update/struct_count_check.h"
#include "tests/unit/samples/dataset_fixture.h"
#include "tests/unit/unit.h"

static uint64_t ask(const struct fixture *fixture, const char *sql)
{
    uint64_t number;

    assert_success(sql_query_number(&fixture->dataset->database, sql, &number));
    return number;
}

static void note(struct fixture *fixture, const char *name, const char *wanted,
                 enum error_code code, const char *why)
{
    const struct dataset_try attempt = {name, wanted, "1.2.3"};
    struct error *failure = error_create(code, "x.ddeb", "%s", why);

    assert_success(dataset_note_failure(fixture->dataset, &attempt, failure));
    error_destroy(failure);
}

/* How often the kernel has failed in a row; 0 if it has not. */
static uint64_t tries_of(struct fixture *fixture, const char *name)
{
    struct dataset_failures failures;

    assert_success(dataset_list_failures(fixture->dataset, &failures));
    const struct dataset_failure *failure = dataset_failures_find(&failures, name);
    uint64_t tries = failure ? failure->tries : 0;
    dataset_failures_deinit(&failures);
    return tries;
}

static void failures_are_noted_and_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct dataset_failures failures;

    assert_success(dataset_list_failures(fixture->dataset, &failures));
    assert_int_equal(failures.count, 0);
    note(fixture, "k", "ubuntu", ERROR_NOT_FOUND, "no such file");
    note(fixture, "k", "ubuntu", ERROR_CORRUPT, "is cut short");
    note(fixture, "a", "ubuntu", ERROR_NOT_FOUND, "no such file");
    assert_success(dataset_list_failures(fixture->dataset, &failures));
    assert_int_equal(failures.count, 2);
    assert_string_equal(failures.failures[0].kernel_name, "a");
    const struct dataset_failure *failure = dataset_failures_find(&failures, "k");
    assert_string_equal(failure->kind, "corrupt");
    assert_string_equal(failure->reason, "x.ddeb: is cut short");
    assert_string_equal(failure->wanted, "ubuntu");
    assert_string_equal(failure->reader, "1.2.3");
    assert_non_null(strchr(failure->failed_at, 'Z'));
    assert_null(dataset_failures_find(&failures, "z"));
    dataset_failures_deinit(&failures);
    store_simple(fixture, "other", "s", 4);
    assert_int_equal(tries_of(fixture, "k"), 1);
    store_simple(fixture, "k", "s", 4);
    assert_int_equal(tries_of(fixture, "k"), 0);
    assert_int_equal(tries_of(fixture, "a"), 1);
    assert_success(dataset_forget_failure(fixture->dataset, "a"));
    assert_success(dataset_forget_failure(fixture->dataset, "a"));
    assert_int_equal(tries_of(fixture, "a"), 0);
}

/* Of the same kind, by the same program, of what is still wanted. */
static void failures_in_a_row_are_counted(void **state)
{
    struct fixture *fixture = *state;

    note(fixture, "k", "ubuntu", ERROR_CORRUPT, "is cut short");
    assert_success(sql_execute(&fixture->dataset->database,
                               "UPDATE failure SET first_failed_at = 'then', failed_at = 'then'"));
    note(fixture, "k", "ubuntu", ERROR_CORRUPT, "is cut shorter");
    assert_int_equal(tries_of(fixture, "k"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM failure WHERE first_failed_at = 'then'"
                                  " AND failed_at != 'then' AND reason LIKE '%shorter'"),
                     1);
    note(fixture, "k", "url:x", ERROR_CORRUPT, "is cut short");
    assert_int_equal(tries_of(fixture, "k"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM failure WHERE first_failed_at = 'then'"),
                     0);
    note(fixture, "k", "url:x", ERROR_CORRUPT, "is cut short");
    note(fixture, "k", "url:x", ERROR_NOT_FOUND, "no such file");
    assert_int_equal(tries_of(fixture, "k"), 1);
}

static void a_removed_kernel_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;

    store_simple(fixture, "a", "s", 4);
    store_simple(fixture, "b", "s", 4);
    store_simple(fixture, "c", "only_c", 4);
    assert_success(dataset_remove_kernel(fixture->dataset, "z"));
    assert_success(dataset_remove_kernel(fixture->dataset, "c"));
    assert_int_equal(ask(fixture, "SELECT count(*) FROM kernel"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM layout"), 1);
    assert_success(dataset_remove_kernel(fixture->dataset, "a"));
    assert_success(dataset_remove_kernel(fixture->dataset, "b"));
    assert_int_equal(ask(fixture, "SELECT (SELECT count(*) FROM layout)"
                                  " + (SELECT count(*) FROM member)"
                                  " + (SELECT count(*) FROM definition)"),
                     0);
}

/* What the first version's tables lacked. */
#define BACK_TO_1                                                                                  \
    "ALTER TABLE kernel DROP COLUMN reader_revision;"                                              \
    "DROP TABLE failure;"                                                                          \
    "CREATE TABLE failure (name TEXT PRIMARY KEY, failed_at TEXT NOT NULL, kind TEXT NOT NULL,"    \
    " reason TEXT NOT NULL) WITHOUT ROWID;"                                                        \
    "INSERT INTO failure VALUES ('k', '2024-05-01T00:00:00Z', 'corrupt', 'is cut short');"         \
    "ALTER TABLE kernel DROP COLUMN passed_over;"                                                  \
    "PRAGMA user_version = 1"

/* No modules were read. */
#define BACK_TO_4                                                                                  \
    "DROP TABLE further_image;"                                                                    \
    "ALTER TABLE kernel DROP COLUMN modules; ALTER TABLE kernel DROP COLUMN module_count;"         \
    "ALTER TABLE image DROP COLUMN source_version; ALTER TABLE definition DROP COLUMN position;"   \
    "PRAGMA user_version = 4;"

/* What an import did not know was 0. */
#define BACK_TO_3                                                                                  \
    "DROP VIEW field; DROP VIEW enumerator; DROP VIEW typedef; DROP TABLE layout_enumerator;"      \
    "ALTER TABLE kernel DROP COLUMN union_count; ALTER TABLE kernel DROP COLUMN enum_count;"       \
    "ALTER TABLE kernel DROP COLUMN typedef_count; ALTER TABLE kernel DROP COLUMN int_count;"      \
    "ALTER TABLE layout RENAME TO new_layout; ALTER TABLE member RENAME TO new_member;"            \
    "CREATE TABLE layout (id INTEGER PRIMARY KEY, name TEXT NOT NULL, byte_size INTEGER NOT NULL," \
    " lacks_member_sizes INTEGER NOT NULL, member_count INTEGER NOT NULL,"                         \
    " digest BLOB NOT NULL UNIQUE);"                                                               \
    "DROP INDEX layout_name; CREATE INDEX layout_name ON layout (name);"                           \
    "CREATE TABLE member (layout INTEGER NOT NULL REFERENCES layout, ordinal INTEGER NOT NULL,"    \
    " depth INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL REFERENCES type,"          \
    " bit_offset INTEGER NOT NULL, byte_size INTEGER NOT NULL, bitfield_size INTEGER NOT NULL,"    \
    " is_field INTEGER NOT NULL, PRIMARY KEY (layout, ordinal)) WITHOUT ROWID;"                    \
    "INSERT INTO layout SELECT id, name, ifnull(byte_size, 0), lacks_member_sizes, member_count,"  \
    " digest FROM new_layout;"                                                                     \
    "INSERT INTO member SELECT layout, ordinal, depth, name, type, ifnull(bit_offset, 0),"         \
    " ifnull(byte_size, 0), bitfield_size, is_field FROM new_member;"                              \
    "DROP TABLE new_layout; DROP TABLE new_member; CREATE VIEW field AS SELECT 1;"                 \
    "CREATE TABLE old_definition (kernel INTEGER NOT NULL REFERENCES kernel, layout"               \
    " INTEGER NOT NULL REFERENCES layout, ordinal INTEGER NOT NULL, source_file INTEGER"           \
    " REFERENCES source_file, line INTEGER NOT NULL, PRIMARY KEY (kernel, layout)) WITHOUT"        \
    " ROWID;"                                                                                      \
    "INSERT INTO old_definition SELECT kernel, layout, ordinal, source_file, line FROM"            \
    " definition JOIN image ON image.id = image;"                                                  \
    "DROP TABLE definition;"                                                                       \
    "ALTER TABLE old_definition RENAME TO definition;"                                             \
    "CREATE INDEX definition_layout ON definition (layout);"                                       \
    "CREATE TABLE old_user (kernel INTEGER NOT NULL REFERENCES kernel, layout INTEGER NOT"         \
    " NULL REFERENCES layout, ordinal INTEGER NOT NULL, source_file INTEGER NOT NULL"              \
    " REFERENCES source_file, PRIMARY KEY (kernel, layout, ordinal)) WITHOUT ROWID;"               \
    "INSERT INTO old_user SELECT kernel, layout, ordinal, source_file FROM further_user"           \
    " JOIN image ON image.id = image;"                                                             \
    "DROP TABLE further_user;"                                                                     \
    "ALTER TABLE old_user RENAME TO further_user;"                                                 \
    "DROP TABLE image;"                                                                            \
    "PRAGMA user_version = 3;"

static void an_older_data_set_is_brought_up_to_date(void **state)
{
    struct fixture *fixture = *state;
    struct dataset_kernels kernels;
    struct dataset *reader;

    store_simple(fixture, "a", "s", 4);
    assert_success(sql_execute(&fixture->dataset->database, BACK_TO_4 BACK_TO_3 BACK_TO_1));
    assert_failure(dataset_open(fixture->path, DATASET_READ, &reader), ERROR_DATASET,
                   "kstruct.db: was made by an older kstruct; `kstruct run`");
    dataset_close(fixture->dataset);
    assert_success(dataset_open(fixture->path, DATASET_WRITE, &fixture->dataset));
    assert_success(dataset_list(fixture->dataset, &kernels));
    assert_int_equal(kernels.count, 1);
    assert_int_equal(kernels.kernels[0].reader_revision, 1);
    dataset_kernels_deinit(&kernels);
    assert_success(dataset_check(fixture->dataset));
    assert_int_equal(ask(fixture,
                         "SELECT count(*) FROM field WHERE struct = 's' AND kind = 'struct'"
                         " AND byte_size = 4"),
                     1);
    assert_int_equal(tries_of(fixture, "k"), 1);
    assert_int_equal(ask(fixture, "PRAGMA user_version"), DATASET_SCHEMA_VERSION);
    store_simple(fixture, "k", "s", 4);
    assert_int_equal(tries_of(fixture, "k"), 0);
    assert_success(dataset_open(fixture->path, DATASET_READ, &reader));
    dataset_close(reader);
}

/* Nothing of it is lost, and what was 0 for not known is NULL. */
static void what_an_older_one_imported_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts kernel;

    kernel_layouts_init(&kernel);
    const struct layout_member member = {.name = "x", .type = int_type(&kernel.types)};
    struct layout layout = {
        .name = "s", .lacks_member_sizes = true, .member_count = 1, .members = &member};
    assert_success(layout_compute_digest(&layout));
    add_struct(&kernel, &layout, "", 0);
    store(fixture, "k", &kernel);
    kernel_layouts_deinit(&kernel);
    assert_success(sql_execute(&fixture->dataset->database, BACK_TO_4 BACK_TO_3));
    dataset_close(fixture->dataset);
    assert_success(dataset_open(fixture->path, DATASET_WRITE, &fixture->dataset));
    assert_success(dataset_check(fixture->dataset));
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE struct_byte_size IS NULL"
                                  " AND bit_offset IS NULL AND byte_size IS NULL"),
                     1);
}

static void what_may_pass_is_due_at_once(void **state UNUSED)
{
    static const enum error_code passing[] = {ERROR_NOT_FOUND, ERROR_NOT_YET, ERROR_INCONCLUSIVE,
                                              ERROR_SYSTEM, ERROR_OUT_OF_MEMORY};

    for (size_t i = 0; i < ARRAY_LENGTH(passing); i++) {
        assert_int_equal(retry_interval(passing[i], 1), 0);
        assert_int_equal(retry_interval(passing[i], 1000), 0);
    }
    assert_true(retry_is_due(ERROR_NOT_FOUND, 99, "2024-05-01T00:00:00Z", 1714521601));
}

static void what_lasts_is_tried_ever_more_seldom(void **state UNUSED)
{
    static const uint64_t hours[] = {0, 0, 20, 44, 92, 164, 164};

    for (size_t tries = 0; tries < ARRAY_LENGTH(hours); tries++)
        assert_int_equal(retry_interval(ERROR_NO_DWARF, tries), hours[tries] * 3600);
    assert_int_equal(retry_interval(ERROR_CRASHED, UINT64_MAX), 164 * 3600);
}

static void the_day_of_the_next_try(void **state UNUSED)
{
    const char *last = "2024-05-01T00:00:00Z"; /* 1714521600 */
    const time_t due = 1714521600 + 20 * 3600;

    assert_int_equal(retry_time(ERROR_CORRUPT, 2, last), due);
    assert_int_equal(retry_time(ERROR_CORRUPT, 1, last), 0);
    assert_false(retry_is_due(ERROR_CORRUPT, 2, last, due - 1));
    assert_true(retry_is_due(ERROR_CORRUPT, 2, last, due));
    assert_true(retry_is_due(ERROR_CORRUPT, 1, last, 1714521600));
    /* The clock was set back; or it is no time at all. */
    assert_true(retry_is_due(ERROR_CORRUPT, 2, last, 1714521599));
    assert_true(retry_is_due(ERROR_CORRUPT, 2, "then", 1714521601));
    assert_true(retry_is_due(ERROR_CORRUPT, 2, "2024-05-01T00:00:00Z and more", 1714521601));
}

/* The warning of kernel number INDEX of the ones named, with so many structs; "" for none. */
static void assert_drop(char (*names)[32], const uint64_t *counts, size_t count, size_t index,
                        const char *wanted)
{
    struct kernel_record kernels[8] = {0};
    const struct dataset_kernels all = {.count = count, .kernels = kernels};
    char *warning;

    for (size_t i = 0; i < count; i++) {
        kernels[i].name = names[i];
        kernels[i].counts[DEFINITION_STRUCT] = counts[i];
    }
    assert_success(struct_drop_describe(&all, index, &warning));
    if (wanted[0] == '\0')
        assert_null(warning);
    else
        assert_non_null(strstr(warning, wanted));
    free(warning);
}

static void a_drop_is_told_against_the_neighbours(void **state UNUSED)
{
    /* As a data set lists them: by their bytes. */
    static char names[][32] = {"4.15.0-20-generic-amd64", "4.4.0-21-generic-amd64",
                               "5.4.0-26-generic-amd64", "5.4.0-26-generic-riscv64"};
    static const uint64_t good[] = {7342, 6160, 8422, 6578};
    static const uint64_t bad[] = {4619, 3600, 3670, 2000};

    for (size_t i = 0; i < 4; i++)
        assert_drop(names, good, 4, i, "");
    assert_drop(names, (const uint64_t[]){4619, 6160, 8422, 6578}, 4, 0,
                "has 4619 structs only, where 4.4.0-21-generic-amd64 has 6160");
    assert_drop(names, (const uint64_t[]){7342, 3670, 8422, 6578}, 4, 1,
                "where 4.15.0-20-generic-amd64 has 7342");
    assert_drop(names, (const uint64_t[]){7342, 3672, 8422, 6578}, 4, 1, "");
    assert_drop(names, (const uint64_t[]){7342, 6160, 5505, 6578}, 4, 2,
                "where 4.15.0-20-generic-amd64 has 7342");
    assert_drop(names, (const uint64_t[]){7342, 6160, 8422, 3653}, 4, 3,
                "where others have 7308 on average");
    assert_drop(names, bad, 1, 0, "");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(failures_are_noted_and_forgotten),
        TEST(failures_in_a_row_are_counted),
        TEST(a_removed_kernel_leaves_nothing),
        TEST(an_older_data_set_is_brought_up_to_date),
        TEST(what_an_older_one_imported_is_unknown),
        cmocka_unit_test(what_may_pass_is_due_at_once),
        cmocka_unit_test(what_lasts_is_tried_ever_more_seldom),
        cmocka_unit_test(the_day_of_the_next_try),
        cmocka_unit_test(a_drop_is_told_against_the_neighbours),
    };
#undef TEST
    return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
