/* SPDX-License-Identifier: MIT */
#include "run/serving/catalog/search_table.h"
#include "tests/unit/unit.h"

enum { HITS_MAXIMUM = 5 };

static const struct {
    const char *name;
    const char *parts[4];
} definitions[] = {
    {"task_struct", {"pid", "se.vruntime", "pid_links", NULL}},
    {"pid", {"level", "numbers", NULL}},
    {"pid_namespace", {"pid_allocated", NULL}},
    {"Task", {"PID", NULL}},
    {"odd\"name%_", {"quote'd", NULL}},
};

static const char *last_name(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot ? dot + 1 : path;
}

static struct search_table *make_table(void)
{
    struct search_table *table;

    assert_success(search_table_create(&table));
    for (uint32_t i = 0; i < ARRAY_LENGTH(definitions); i++) {
        assert_success(search_table_add(table, i, "", definitions[i].name));
        for (size_t j = 0; definitions[i].parts[j]; j++) {
            const char *path = definitions[i].parts[j];
            assert_success(search_table_add(table, i, path, last_name(path)));
            assert_success(search_table_add(table, i, path, last_name(path)));
        }
    }
    assert_success(search_table_complete(table));
    return table;
}

/* "pid task_struct.pid": what is found, in one text. */
static void find(struct search_table *table, const char *text, char *found, size_t size)
{
    struct search_hits hits;
    struct arena arena;
    size_t length = 0;

    arena_init(&arena);
    found[0] = '\0';
    assert_success(search_table_find(table, text, HITS_MAXIMUM, &arena, &hits));
    for (size_t i = 0; i < hits.count && length < size; i++)
        length += (size_t)snprintf(found + length, size - length, "%s%s%s%s", i > 0 ? " " : "",
                                   definitions[hits.hits[i].definition].name,
                                   hits.hits[i].path[0] ? "." : "", hits.hits[i].path);
    arena_deinit(&arena);
}

static void the_best_comes_first(void **state UNUSED)
{
    static const struct {
        const char *text;
        const char *found;
    } cases[] = {
        {"pid", "pid pid_namespace Task.PID task_struct.pid task_struct.pid_links"},
        {"struct pid", "pid pid_namespace Task.PID task_struct.pid task_struct.pid_links"},
        {"TASK", "Task task_struct"},
        {"runtim", "task_struct.se.vruntime"},
        {"task_struct.se.v", "task_struct.se.vruntime"},
        {"task_struct.vrun", "task_struct.se.vruntime"},
        {"task_struct.", "task_struct.pid task_struct.pid_links task_struct.se.vruntime"},
        {"task.pi", "Task.PID"},
        /* Short ones: any part of a name, the beginning of a part. */
        {"sk", "Task task_struct"},
        {"v", "task_struct.se.vruntime"},
        {"e'd", "odd\"name%_.quote'd"},
        {"\"name%_", "odd\"name%_"},
        {"%", "odd\"name%_"},
        {"@", ""},
        {"nosuch", ""},
        {"nosuch.pid", ""},
        {"", ""},
        {"   ", ""},
        {".", ""},
    };
    struct search_table *table = make_table();
    char found[500];

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        find(table, cases[i].text, found, sizeof(found));
        assert_string_equal(found, cases[i].found);
    }
    search_table_destroy(table);
}

static void long_texts_are_nowhere(void **state UNUSED)
{
    struct search_table *table = make_table();
    char text[5000];
    char found[500];

    memset(text, 'p', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    find(table, text, found, sizeof(found));
    assert_string_equal(found, "");
    search_table_destroy(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_comes_first),
        cmocka_unit_test(long_texts_are_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
