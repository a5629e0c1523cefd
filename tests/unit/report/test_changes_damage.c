/* SPDX-License-Identifier: MIT */
/* A report's memory that is missing, interrupted, damaged or somebody else's. */
#include "report/news/changes.h"

#include "tests/unit/samples/changes_samples.h"

static void nothing_new_touches_nothing(void **state)
{
    struct sample *sample = *state;
    ino_t inodes[ARRAY_LENGTH(file_names)];
    struct stat status;

    report(sample, "0");
    report(sample, "013");
    sample->kernels[1].read_on = "2020-03-01"; /* read again, and nothing differs */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < ARRAY_LENGTH(file_names); i++) {
            CLEANUP(free_pointer) char *path = path_of(sample, file_names[i]);
            assert_int_equal(stat(path, &status), 0);
            /* A file that is written anew gets another inode beside the old one. */
            if (pass == 1)
                assert_int_equal(inodes[i], status.st_ino);
            inodes[i] = status.st_ino;
        }
        report_by(sample, "013", 1 + (unsigned)pass * 4);
    }
}

static void missing_and_spoiled_files_are_made_again(void **state)
{
    struct sample *sample = *state;

    report(sample, "0");
    report(sample, "013");
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(free_pointer) char *before = contents(sample, file_names[i]);
        take_away(sample, file_names[i]);
        report(sample, "013");
        CLEANUP(free_pointer) char *after = contents(sample, file_names[i]);
        assert_string_equal(after, before);
        put(sample, file_names[i], "");
        report(sample, "013");
        CLEANUP(free_pointer) char *mended = contents(sample, file_names[i]);
        assert_string_equal(mended, before);
    }
}

/* Killed with changes.json still the old one, it tells the same again; what it told of is then not
 * told once more. */
static void an_interrupted_report_tells_the_same_again(void **state)
{
    struct sample *sample = *state;

    report(sample, "0");
    CLEANUP(free_pointer) char *old = contents(sample, "changes.json");
    report(sample, "01");
    CLEANUP(free_pointer) char *wanted = contents(sample, "changes.json");
    CLEANUP(free_pointer) char *wanted_page = contents(sample, "changes.md");
    put(sample, "changes.json", old);
    report(sample, "01");
    CLEANUP(free_pointer) char *again = contents(sample, "changes.json");
    CLEANUP(free_pointer) char *page = contents(sample, "changes.md");
    assert_string_equal(again, wanted);
    assert_string_equal(page, wanted_page);
}

/* As long as one of the other two is not written, changes.json is the old one. */
static void the_state_is_written_last(void **state)
{
    struct sample *sample = *state;

    report(sample, "0");
    CLEANUP(free_pointer) char *old = contents(sample, "changes.json");
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(free_pointer) char *path = path_of(sample, file_names[i]);
        take_away(sample, file_names[i]);
        assert_int_equal(mkdir(path, 0777), 0);
        sample->failing = "cannot replace";
        report(sample, "01");
        CLEANUP(free_pointer) char *still = contents(sample, "changes.json");
        assert_string_equal(still, old);
        assert_int_equal(rmdir(path), 0);
        sample->failing = NULL;
    }
    report(sample, "01");
    assert_has(sample, "changes.md", "`5.4.0-1-generic-amd64` added");
}

static void assert_begun_anew(struct sample *sample, const char *bytes)
{
    CLEANUP(change_log_deinit) struct change_log log;

    put(sample, "changes.json", bytes);
    report(sample, "01");
    read_log(sample, &log);
    assert_int_equal(log.entry_count, 1);
    assert_true(log.entries[0].is_beginning);
}

static void a_log_that_cannot_be_read_begins_anew(void **state)
{
    struct sample *sample = *state;
    static const char *const changes[][2] = {
        {"\"version\": 1", "\"version\": 2"},
        {"kstruct-changes", "kstruct-coverage"},
        {"\"kernels\": [", "\"kernels\": 5, \"k\": ["},
        {"\"name\": \"5.3.0-1-generic-amd64\"", "\"name\": 5"},
        {"\"digest\": ", "\"no_digest\": "},
        {"\"entries\": [", "\"entries\": [], \"e\": ["},
        {"\"entries\": [", "\"entries\": [1, "},
        {"T00:00:01Z", "T00:00:01"},
        {"T00:00:01Z", "T00:00:61Z"},
        {"2020-01-01T00:00:01Z", "yesterday"},
        {"2020-01-01T00:00:01Z", "2020-13-01T00:00:01Z"},
        {"urn:uuid:", "urn:uuid:&"},
        {"urn:uuid:", "http://"},
        {"\"added_count\": 1", "\"added_count\": -1"},
        {"\"added_count\": 1", "\"added_count\": 2"},
        {"\"added_count\": 1", "\"added_count\": \"1\""},
        {"\"came\"", "7"},
        {"\"came\"", ""},
        {"\"removed\": [", "\"removed\": {}, \"r\": ["},
        {"came", "\xff"},
        {"came", "\\u0000"},
    };
    static const char *const texts[] = {"", "{", "null", "[]", "{}", "\"kstruct-changes\""};

    report(sample, "0");
    report(sample, "01");
    CLEANUP(free_pointer) char *good = contents(sample, "changes.json");
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        CLEANUP(free_pointer) char *bad = replaced(good, changes[i][0], changes[i][1]);
        assert_begun_anew(sample, bad);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        assert_begun_anew(sample, texts[i]);
    good[strlen(good) / 2] = '\0';
    assert_begun_anew(sample, good);
}

/* Keys that a later program adds are no reason to forget everything. */
static void further_keys_are_passed_over(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    report(sample, "0");
    report(sample, "01");
    CLEANUP(free_pointer) char *good = contents(sample, "changes.json");
    CLEANUP(free_pointer)
    char *newer = replaced(good, "\"version\": 1", "\"version\": 1, \"x\": {}");
    put(sample, "changes.json", newer);
    report(sample, "01");
    CLEANUP(free_pointer) char *still = contents(sample, "changes.json");
    assert_string_equal(still, newer);
    report(sample, "013");
    read_log(sample, &log);
    assert_int_equal(log.entry_count, 3);
}

static void a_directory_in_its_place_is_named(void **state)
{
    struct sample *sample = *state;
    CLEANUP(free_pointer) char *path = path_of(sample, "changes.json");

    assert_success(report_claim(sample->directory, false));
    assert_int_equal(mkdir(path, 0777), 0);
    sample->failing = "changes.json: cannot replace";
    report(sample, "01");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_new_touches_nothing),
        TEST(missing_and_spoiled_files_are_made_again),
        TEST(an_interrupted_report_tells_the_same_again),
        TEST(the_state_is_written_last),
        TEST(a_log_that_cannot_be_read_begins_anew),
        TEST(further_keys_are_passed_over),
        TEST(a_directory_in_its_place_is_named),
    };
#undef TEST
    return cmocka_run_group_tests_name("changes_damage", tests, NULL, NULL);
}
