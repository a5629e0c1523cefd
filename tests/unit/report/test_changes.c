/* SPDX-License-Identifier: MIT */
/* What a report says was new. */
#include "report/news/changes.h"

#include "tests/unit/samples/changes_samples.h"

static void assert_texts(const struct text_list *list, size_t count, const char *first)
{
    assert_int_equal(list->count, count);
    if (count > 0)
        assert_string_equal(list->texts[0], first);
}

static void a_first_report_has_begun(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    report(sample, "01");
    read_log(sample, &log);
    assert_int_equal(log.kernel_count, 2);
    assert_string_equal(log.kernels[1].name, "5.4.0-1-generic-amd64");
    assert_string_equal(log.kernels[1].digest, all_kernels[1].digest);
    assert_int_equal(log.entry_count, 1);
    assert_true(log.entries[0].is_beginning);
    assert_string_equal(log.entries[0].updated, "2020-01-01T00:00:00Z");
    assert_texts(&log.entries[0].kernels[KERNELS_ADDED], 2, "5.3.0-1-generic-amd64");
    assert_texts(&log.entries[0].kernels[KERNELS_REMOVED], 0, NULL);
    assert_int_equal(log.entries[0].comparison_count, 1);
    assert_false(log.entries[0].comparisons[0].has_names);
    for (size_t i = 0; i < FATE_COUNT; i++)
        assert_int_equal(log.entries[0].comparisons[0].counts[i], 1);
    assert_has(sample, "changes.md", "## 2020-01-01: 2 kernels to begin with\n");
    assert_lacks(sample, "changes.md", "Struct/");
    assert_has(sample, "changes.atom", "<title>2 kernels to begin with</title>");
}

static void an_added_kernel_is_compared_with_the_one_before(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;
    static const char *const names[] = {
        [FATE_ADDED] = "came",
        [FATE_REMOVED] = "went",
        [FATE_CHANGED] = "grew",
        [FATE_ONLY_MOVED] = "moved",
    };

    report(sample, "0");
    report(sample, "01");
    read_log(sample, &log);
    assert_int_equal(log.entry_count, 2);
    const struct change_entry *entry = &log.entries[0];
    assert_false(entry->is_beginning);
    assert_texts(&entry->kernels[KERNELS_ADDED], 1, "5.4.0-1-generic-amd64");
    assert_texts(&entry->kernels[KERNELS_REMOVED], 0, NULL);
    assert_texts(&entry->kernels[KERNELS_CHANGED], 0, NULL);
    assert_int_equal(entry->comparison_count, 1);
    assert_string_equal(entry->comparisons[0].before, "5.3.0-1-generic-amd64");
    assert_string_equal(entry->comparisons[0].after, "5.4.0-1-generic-amd64");
    assert_true(entry->comparisons[0].has_names);
    for (size_t i = 0; i < FATE_COUNT; i++) {
        assert_int_equal(entry->comparisons[0].counts[i], 1);
        assert_string_equal(entry->comparisons[0].names[i][0], names[i]);
    }
    assert_has(sample, "changes.md", "## 2020-01-01: `5.4.0-1-generic-amd64` added\n");
    assert_has(sample, "changes.md", "**Added, 1:** [`came`](Struct/c/came.md)\n");
    assert_has(sample, "changes.md", "**Removed, 1:** [`went`](Struct/w/went.md)\n");
    assert_has(sample, "changes.md", "**Only moved, 1:** [`moved`](Struct/m/moved.md)\n");
    assert_has(sample, "changes.md", "- 2020-01-01: 1 kernel to begin with.\n");
    assert_has(sample, "changes.atom",
               "5.4.0-1-generic-amd64 compared with 5.3.0-1-generic-amd64 (Regular): 1 definition "
               "added, 1 removed, 1 changed, 1 only moved.</summary>");
}

static void a_removed_kernel_is_named(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    report(sample, "012");
    report(sample, "02");
    read_log(sample, &log);
    assert_int_equal(log.kernel_count, 2);
    assert_texts(&log.entries[0].kernels[KERNELS_REMOVED], 1, "5.4.0-1-generic-amd64");
    assert_texts(&log.entries[0].kernels[KERNELS_ADDED], 0, NULL);
    assert_int_equal(log.entries[0].comparison_count, 0);
    assert_has(sample, "changes.md", "`5.4.0-1-generic-amd64` removed\n");
    assert_lacks(sample, "changes.md", "|");
    assert_has(sample, "changes.atom", "<title>5.4.0-1-generic-amd64 removed</title>");
}

static void another_digest_is_a_change(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    report(sample, "012");
    sample->kernels[1].digest = "other";
    report(sample, "012");
    read_log(sample, &log);
    assert_texts(&log.entries[0].kernels[KERNELS_CHANGED], 1, "5.4.0-1-generic-amd64");
    assert_texts(&log.entries[0].kernels[KERNELS_ADDED], 0, NULL);
    assert_int_equal(log.entries[0].comparison_count, 1);
    assert_string_equal(log.entries[0].comparisons[0].before, "5.3.0-1-generic-amd64");
    assert_string_equal(log.kernels[1].digest, "other");
}

static void several_kinds_of_news_are_one_entry(void **state)
{
    struct sample *sample = *state;

    report(sample, "01");
    sample->kernels[1].digest = "other";
    report(sample, "13");
    assert_has(sample, "changes.atom",
               "<title>5.11.0-1-generic-amd64 added; 5.3.0-1-generic-amd64 removed; "
               "5.4.0-1-generic-amd64 changed</title>");
    assert_has(sample, "changes.md",
               "\nNo kernel of the report comes before `5.4.0-1-generic-amd64`, so");
}

static size_t count_of(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *bytes = contents(sample, name);
    size_t count = 0;

    for (const char *rest = bytes; (rest = strstr(rest, text)); rest++)
        count++;
    return count;
}

static void the_log_has_a_last_page(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log first;
    CLEANUP(change_log_deinit) struct change_log log;

    report(sample, "0");
    read_log(sample, &first);
    for (size_t i = 0; i < CHANGE_LOG_ENTRIES_MAXIMUM + 13; i++)
        report(sample, i % 2 ? "0" : "01");
    read_log(sample, &log);
    assert_int_equal(log.entry_count, CHANGE_LOG_ENTRIES_MAXIMUM);
    assert_int_equal(count_of(sample, "changes.json", "\"updated\""), log.entry_count);
    assert_int_equal(count_of(sample, "changes.json", "\"only_moved\""), 1);
    assert_int_equal(count_of(sample, "changes.atom", "<entry>"), log.entry_count);
    assert_string_equal(log.id, first.id);
    assert_string_equal(log.entries[0].updated, "2020-01-01T00:01:03Z");
    assert_true(log.entries[0].comparisons[0].has_names);
    for (size_t i = 1; i < log.entry_count; i++) {
        assert_true(strcmp(log.entries[i - 1].updated, log.entries[i].updated) > 0);
        assert_false(log.entries[i].is_beginning);
        if (log.entries[i].comparison_count > 0) {
            assert_int_equal(log.entries[i].comparisons[0].counts[FATE_ADDED], 1);
            assert_false(log.entries[i].comparisons[0].has_names);
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(log.entries[i].id, log.entries[j].id);
    }
    report(sample, "012");
    assert_int_equal(count_of(sample, "changes.json", "\"only_moved\""), 1);
}

static void days_never_go_back(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    sample->kernels[1].read_on = "2020-02-02";
    sample->kernels[2].read_on = "2020-02-03T01:00:00Z"; /* no day */
    sample->kernels[3].read_on = "";
    report(sample, "0");
    report(sample, "0123");
    report(sample, "0");
    sample->kernels[1].read_on = "2020-02-03";
    report(sample, "01");
    read_log(sample, &log);
    assert_string_equal(log.entries[0].updated, "2020-02-03T00:00:00Z");
    assert_string_equal(log.entries[1].updated, "2020-02-02T00:00:01Z");
    assert_string_equal(log.entries[2].updated, "2020-02-02T00:00:00Z");
    assert_string_equal(log.entries[3].updated, "2020-01-01T00:00:00Z");
}

static void a_kernel_without_a_day_is_told_of(void **state)
{
    struct sample *sample = *state;

    sample->kernels[0].read_on = "";
    report(sample, "0");
    assert_has(sample, "changes.atom", "<updated>1970-01-01T00:00:00Z</updated>");
}

static void long_lists_lead_to_the_pairs_page(void **state)
{
    struct sample *sample = *state;
    CLEANUP(change_log_deinit) struct change_log log;

    sample->kernels[3].name = "5.11.0+x-1-generic-amd64";
    report(sample, "0");
    report(sample, "03");
    assert_has(sample, "changes.md", "**Added, 61:** ");
    assert_has(sample, "changes.md",
               "[`x53`](Struct/x/x53.md) and [11 more](Differences/5.3.0-1-generic-amd64.."
               "5.11.0%2Bx-1-generic-amd64.md)\n");
    assert_lacks(sample, "changes.md", "x54");
    read_log(sample, &log);
    assert_int_equal(log.entries[0].comparisons[0].counts[FATE_ADDED], 61);
    assert_string_equal(log.entries[0].comparisons[0].names[FATE_ADDED][60], "x64");
}

static void many_kernels_make_a_short_title(void **state)
{
    struct sample *sample = *state;

    report(sample, "0123");
    for (size_t i = 0; i < KERNEL_COUNT; i++)
        sample->kernels[i].digest = "other";
    report(sample, "0123");
    assert_has(sample, "changes.atom", "<title>4 kernels changed</title>");
    assert_has(sample, "changes.md", "have other definitions: `5.3.0-1-generic-amd64`, `5.4.0-1-");
    assert_has(sample, "changes.md",
               "### Regular: `5.4.0-1-generic-amd64` → "
               "`5.8.0-1-generic-amd64`\n\nNothing differs.\n");
}

/* Names of groups are the list's, and a changes.json may have been written by anybody. */
static void texts_do_not_become_markup(void **state)
{
    struct sample *sample = *state;

    strcpy(sample->group_name, "<script>|`\n\x01\xff\xef\xbf\xbe]](x)");
    report(sample, "0");
    report(sample, "01");
    for (size_t i = 0; i < 2; i++) {
        assert_lacks(sample, file_names[i], "<script>");
        assert_lacks(sample, file_names[i], "|`");
        assert_lacks(sample, file_names[i], "\x01");
        assert_lacks(sample, file_names[i], "\xff");
    }
    assert_lacks(sample, "changes.md", "]](");
    assert_lacks(sample, "changes.atom", "\xef\xbf\xbe");
    CLEANUP(free_pointer) char *page = contents(sample, "changes.md");
    CLEANUP(free_pointer) char *good = contents(sample, "changes.json");
    report(sample, "01");
    CLEANUP(free_pointer) char *again = contents(sample, "changes.md");
    assert_string_equal(again, page);

    CLEANUP(free_pointer)
    char *bad = replaced(good, "\"kernels_added\": [\n    \"5.4.0-1-generic-amd64\"",
                         "\"kernels_added\": [\"<b>&\\u0001\\n|`]\"");
    put(sample, "changes.json", bad);
    report(sample, "01");
    assert_has(sample, "changes.atom", "<title>&lt;b&gt;&amp;");
    assert_lacks(sample, "changes.md", "<b>");
    assert_lacks(sample, "changes.md", "|`");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_first_report_has_begun),
        TEST(an_added_kernel_is_compared_with_the_one_before),
        TEST(a_removed_kernel_is_named),
        TEST(another_digest_is_a_change),
        TEST(several_kinds_of_news_are_one_entry),
        TEST(the_log_has_a_last_page),
        TEST(days_never_go_back),
        TEST(a_kernel_without_a_day_is_told_of),
        TEST(long_lists_lead_to_the_pairs_page),
        TEST(many_kernels_make_a_short_title),
        TEST(texts_do_not_become_markup),
    };
#undef TEST
    return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
