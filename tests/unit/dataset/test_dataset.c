/* SPDX-License-Identifier: MIT */
#include <sqlite3.h>
#include <sys/wait.h>

#include "base/system/file.h"
#include "dataset/handle.h"
#include "tests/unit/samples/dataset_fixture.h"
#include "tests/unit/unit.h"

/* The one number that an SQL query gives, asked past the data set's own code. */
static int ask(const struct fixture *fixture, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

/* All that kernel NAME has, or only what is called so. */
static struct history load(struct dataset *dataset, const char *kernel, const char *name)
{
    const struct dataset_selection selection = {.kernel_count = 1,
                                                .kernel_names = &kernel,
                                                .kinds = DEFINITION_KINDS_ALL,
                                                .name_count = 1,
                                                .names = name ? &name : NULL,
                                                .has_details = true};
    struct history history;

    assert_success(dataset_load_history(dataset, &selection, &history));
    return history;
}

static void assert_same_further(const struct kernel_definition *stored,
                                const struct history_further *loaded)
{
    assert_equal_layouts(stored->layout, loaded->layout);
    assert_int_equal(stored->declaration_line, loaded->place.line);
    assert_int_equal(stored->user_count, loaded->user_count);
    for (size_t i = 0; i < stored->user_count; i++)
        assert_string_equal(stored->users[i], loaded->users[i]);
}

static void assert_same(const struct kernel_definitions *stored,
                        const struct history_definition *loaded)
{
    assert_int_equal(stored->kind, loaded->kind);
    assert_string_equal(stored->name, loaded->name);
    assert_equal_layouts(stored->definition.layout, loaded->layouts[0]);
    assert_string_equal(stored->definition.declaration_file,
                        loaded->places[0].file ? loaded->places[0].file : "");
    assert_int_equal(stored->definition.declaration_line, loaded->places[0].line);
    assert_int_equal(stored->further_count, loaded->further_count);
    for (size_t i = 0; i < stored->further_count; i++)
        assert_same_further(&stored->further[i], &loaded->further[i]);
}

static void what_is_stored_is_loaded(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts stored;

    make_kernel(&stored);
    store(fixture, "k", &stored);
    struct history loaded = load(fixture->dataset, "k", NULL);
    assert_int_equal(loaded.definition_count, stored.definition_count);
    for (size_t i = 0; i < loaded.definition_count; i++)
        assert_same(&stored.definitions[i], &loaded.definitions[i]);
    const struct layout *rich = history_find(&loaded, DEFINITION_STRUCT, "rich")->layouts[0];
    assert_int_equal(rich->members[6].type->count, 2);
    assert_int_equal(rich->members[6].type->dimensions[0], 3);
    assert_int_equal(rich->members[7].type->target->parameters[0]->target->kind, TYPE_FWD);
    history_deinit(&loaded);
    kernel_layouts_deinit(&stored);
}

static void one_name_or_kind_is_loaded_alone(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"k", "other"};
    struct dataset_selection selection = {.kernel_count = 1,
                                          .kernel_names = names,
                                          .kinds = DEFINITION_KIND_BIT(DEFINITION_UNION) |
                                                   DEFINITION_KIND_BIT(DEFINITION_INT)};
    struct kernel_layouts stored;
    struct history kinds;

    make_kernel(&stored);
    store(fixture, "k", &stored);
    struct history twice = load(fixture->dataset, "k", "twice");
    assert_int_equal(twice.definition_count, 1);
    assert_same(&stored.definitions[2], &twice.definitions[0]);
    history_deinit(&twice);
    struct history absent = load(fixture->dataset, "k", "absent");
    assert_int_equal(absent.definition_count, 0);
    history_deinit(&absent);
    assert_success(dataset_load_history(fixture->dataset, &selection, &kinds));
    assert_int_equal(kinds.definition_count, 2);
    assert_string_equal(kinds.definitions[0].name, "either");
    assert_string_equal(kinds.definitions[1].name, "int");
    history_deinit(&kinds);
    selection.kernel_count = 2;
    assert_failure(dataset_load_history(fixture->dataset, &selection, &kinds), ERROR_NOT_FOUND,
                   "no kernel other");
    kernel_layouts_deinit(&stored);
}

/* struct far, struct inner, struct middle with two of that, and struct outer with one of these and
 * a pointer to the first. */
static void store_nested(struct fixture *fixture)
{
    struct kernel_layouts kernel;

    kernel_layouts_init(&kernel);
    struct type_table *types = &kernel.types;
    const uint64_t two = 2;
    const struct type pair = {.kind = TYPE_ARRAY,
                              .target = named(types, TYPE_STRUCT, "inner"),
                              .count = 1,
                              .dimensions = &two};
    const struct layout_member inner = {.name = "inner", .type = intern(types, &pair)};
    const struct layout_member outer[] = {
        {.name = "middle", .type = named(types, TYPE_STRUCT, "middle")},
        {.name = "far", .type = pointer_to(types, named(types, TYPE_STRUCT, "far"))},
    };
    add_struct(&kernel, simple_layout(&kernel, "far", 4), "a.h", 1);
    add_struct(&kernel, simple_layout(&kernel, "inner", 4), "a.h", 2);
    add_struct(&kernel, make_layout(&kernel, "middle", 8, 1, &inner), "a.h", 3);
    add_struct(&kernel, make_layout(&kernel, "outer", 16, 2, outer), "a.h", 4);
    store(fixture, "k", &kernel);
    kernel_layouts_deinit(&kernel);
}

/* Of kernel k, with all that these embed, and details. */
static struct dataset_selection selection_of(const char *const *names, size_t count)
{
    static const char *const kernel = "k";

    return (struct dataset_selection){
        .kernel_count = 1,
        .kernel_names = &kernel,
        .kinds = DEFINITION_KINDS_ALL,
        .name_count = count,
        .names = names,
        .embedded_depth = EMBEDDED_AT_ANY_DEPTH,
        .has_details = true,
    };
}

static void names_are_loaded_with_what_they_embed(void **state)
{
    static const char *const found[] = {"outer", "middle outer", "inner middle outer"};
    struct fixture *fixture = *state;
    const char *const names[] = {"outer", "nowhere"};

    store_nested(fixture);
    for (unsigned depth = 0; depth <= ARRAY_LENGTH(found); depth++) {
        unsigned last = ARRAY_LENGTH(found) - 1;
        struct dataset_selection selection = selection_of(names, ARRAY_LENGTH(names));
        struct history history;
        char text[100] = "";
        if (depth <= last)
            selection.embedded_depth = depth;
        assert_success(dataset_load_history(fixture->dataset, &selection, &history));
        for (size_t i = 0; i < history.definition_count; i++) {
            strcat(text, i > 0 ? " " : "");
            strcat(text, history.definitions[i].name);
        }
        assert_string_equal(text, found[depth <= last ? depth : last]);
        /* What else there is of the kernel is known, nevertheless. */
        assert_int_equal(history_kinds(&history, 0), DEFINITION_KIND_BIT(DEFINITION_STRUCT));
        assert_string_equal(history_find(&history, DEFINITION_STRUCT, "outer")->places[0].file,
                            "a.h");
        history_deinit(&history);
    }
}

static void only_what_some_members_embed_may_be_loaded(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"outer"};
    const char *const followed[] = {"middle", "no such member"};
    struct dataset_selection selection = selection_of(names, ARRAY_LENGTH(names));
    struct history history;

    selection.followed_count = ARRAY_LENGTH(followed);
    selection.followed = followed;
    store_nested(fixture);
    assert_success(dataset_load_history(fixture->dataset, &selection, &history));
    assert_int_equal(history.definition_count, 2);
    assert_string_equal(history.definitions[0].name, "middle");
    assert_string_equal(history.definitions[1].name, "outer");
    history_deinit(&history);
}

static void kernels_are_listed_by_name(void **state)
{
    struct fixture *fixture = *state;
    struct dataset_kernels kernels;
    struct kernel_layouts stored;

    assert_success(dataset_list(fixture->dataset, &kernels));
    assert_int_equal(kernels.count, 0);
    dataset_kernels_deinit(&kernels);
    make_kernel(&stored);
    store(fixture, "b", &stored);
    store(fixture, "a", &stored);
    store_simple(fixture, "c", "s", 4);
    assert_success(dataset_list(fixture->dataset, &kernels));
    assert_int_equal(kernels.count, 3);
    assert_string_equal(kernels.kernels[0].name, "a");
    assert_string_equal(kernels.kernels[2].name, "c");
    const struct kernel_record *kernel = dataset_kernels_find(&kernels, "b");
    assert_string_equal(kernel->package, "linux.ddeb");
    assert_string_equal(kernel->package_version, "6.8.0-31.31");
    assert_string_equal(kernel->url, "https://example.org/linux.ddeb");
    assert_string_equal(kernel->sha256, "0123456789abcdef");
    assert_string_equal(kernel->source, "ubuntu");
    assert_int_equal(strlen(kernel->read_at), strlen("2026-01-02T03:04:05Z"));
    assert_string_equal(kernel->release, "6.8.0-31-generic");
    assert_string_equal(kernel->architecture, "s390x");
    assert_string_equal(kernel->build_id, "dead00");
    assert_string_equal(kernel->compiler, "GCC: 13; rustc 1");
    assert_string_equal(kernel->dwarf_versions, "4, 5");
    assert_int_equal(kernel->elf_class, 64);
    assert_true(kernel->is_big_endian);
    assert_int_equal(kernel->counts[DEFINITION_STRUCT], 3);
    assert_int_equal(kernel->counts[DEFINITION_UNION], 1);
    assert_int_equal(kernel->counts[DEFINITION_ENUM], 2);
    assert_int_equal(kernel->counts[DEFINITION_TYPEDEF], 3);
    assert_int_equal(kernel->counts[DEFINITION_INT], 1);
    assert_memory_equal(kernel->digest, kernels.kernels[0].digest, LAYOUT_DIGEST_BYTES);
    assert_memory_not_equal(kernel->digest, kernels.kernels[2].digest, LAYOUT_DIGEST_BYTES);
    assert_null(dataset_kernels_find(&kernels, "d"));
    dataset_kernels_deinit(&kernels);
    kernel_layouts_deinit(&stored);
}

static void shared_layouts_are_stored_once(void **state)
{
    struct fixture *fixture = *state;

    store_simple(fixture, "a", "s", 4);
    store_simple(fixture, "b", "s", 4);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM layout"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM member"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM type"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM definition"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM source_file"), 1);
}

static void replacing_a_kernel_removes_what_only_it_had(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts kernel;

    make_kernel(&kernel);
    store(fixture, "a", &kernel);
    store_simple(fixture, "b", "twice", 4);
    store_simple(fixture, "a", "other", 8);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM kernel"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM layout"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM member"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM definition"), 2);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM further_user"), 0);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM layout WHERE name = 'twice'"), 1);
    kernel_layouts_deinit(&kernel);
}

static void the_views_show_what_people_ask_for(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts kernel;

    make_kernel(&kernel);
    store(fixture, "k", &kernel);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE struct = 'rich'"), 7);
    assert_int_equal(ask(fixture, "SELECT byte_offset FROM field WHERE field = 'deep'"), 4);
    assert_int_equal(ask(fixture, "SELECT bitfield_size FROM field WHERE field = 'bits'"), 7);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE type = 'const int[15]'"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE field = 'hidden'"), 0);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE struct = 'twice'"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE kind = 'union'"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM field WHERE struct = 'kuid_t'"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM enumerator"), 6);
    assert_int_equal(
        ask(fixture, "SELECT value = -1 FROM enumerator WHERE enumerator = 'RED' LIMIT 1"), 1);
    assert_int_equal(
        ask(fixture,
            "SELECT value = '18446744073709551614' FROM enumerator WHERE enumerator = 'BLUE'"),
        1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM typedef WHERE type = 'int'"), 1);
    kernel_layouts_deinit(&kernel);
}

static void a_history_has_a_column_for_each_kernel(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"c", "a"};
    const char *const unknown[] = {"a", "z"};
    struct dataset_selection selection = {
        .kernel_count = 2, .kernel_names = names, .kinds = DEFINITION_KINDS_ALL};
    struct history history;

    store_simple(fixture, "a", "s", 4);
    store_simple(fixture, "b", "only_b", 4);
    store_simple(fixture, "c", "s", 4);
    assert_success(dataset_load_history(fixture->dataset, &selection, &history));
    assert_int_equal(history.kernel_count, 2);
    assert_string_equal(history.kernel_names[0], "c");
    assert_int_equal(history.definition_count, 1);
    assert_ptr_equal(history.definitions[0].layouts[0], history.definitions[0].layouts[1]);
    history_deinit(&history);
    store_simple(fixture, "c", "r", 4);
    assert_success(dataset_load_history(fixture->dataset, &selection, &history));
    assert_int_equal(history.definition_count, 2);
    assert_string_equal(history.definitions[0].name, "r");
    assert_null(history.definitions[0].layouts[1]);
    assert_null(history.definitions[1].layouts[0]);
    assert_int_equal(history.definitions[1].layouts[1]->byte_size, 4);
    history_deinit(&history);
    selection.kernel_names = unknown;
    assert_failure(dataset_load_history(fixture->dataset, &selection, &history), ERROR_NOT_FOUND,
                   "has no kernel z");
}

/* Whoever reads sees the state before a transaction until it is committed. */
static void others_read_while_one_writes(void **state)
{
    struct fixture *fixture = *state;
    struct dataset *reader;
    sqlite3 *writer;

    store_simple(fixture, "a", "s", 4);
    assert_success(dataset_open(fixture->path, DATASET_READ, &reader));
    assert_int_equal(sqlite3_open(fixture->path, &writer), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(writer,
                     "BEGIN IMMEDIATE; DELETE FROM definition; UPDATE kernel SET struct_count = 0",
                     NULL, NULL, NULL),
        SQLITE_OK);
    struct history before = load(reader, "a", NULL);
    assert_int_equal(before.definition_count, 1);
    history_deinit(&before);
    assert_int_equal(sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    struct history after = load(reader, "a", NULL);
    assert_int_equal(after.definition_count, 0);
    history_deinit(&after);
    sqlite3_close(writer);
    dataset_close(reader);
}

static int die_in_transaction(void *context UNUSED)
{
    _exit(9);
}

/* Dies where a store has written everything and is about to commit. */
static void store_and_die(const char *path)
{
    struct kernel_layouts kernel;
    struct dataset *dataset;

    if (dataset_open(path, DATASET_WRITE, &dataset))
        _exit(1);
    make_kernel(&kernel);
    const struct kernel_record record = record_of("a", &kernel);
    sqlite3_commit_hook(dataset->database.handle, die_in_transaction, NULL);
    if (dataset_store(dataset, &record, &kernel))
        _exit(2);
    _exit(3);
}

static void a_killed_writer_leaves_the_old_state(void **state)
{
    struct fixture *fixture = *state;
    int status;

    store_simple(fixture, "a", "s", 4);
    dataset_close(fixture->dataset);
    fixture->dataset = NULL;
    pid_t child = fork();
    if (child == 0)
        store_and_die(fixture->path);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
    assert_success(dataset_open(fixture->path, DATASET_WRITE, &fixture->dataset));
    struct history loaded = load(fixture->dataset, "a", NULL);
    assert_int_equal(loaded.definition_count, 1);
    assert_string_equal(loaded.definitions[0].name, "s");
    history_deinit(&loaded);
    store_simple(fixture, "a", "t", 4);
}

/* As if who reads and who stores had read two names. */
static void what_is_not_what_its_digest_says_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts kernel;

    store_simple(fixture, "a", "s", 4);
    kernel_layouts_init(&kernel);
    struct layout lying = *simple_layout(&kernel, "t", 8);
    lying.name = "u";
    add_struct(&kernel, &lying, "a.h", 1);
    const struct kernel_record record = record_of("b", &kernel);
    assert_failure(dataset_store(fixture->dataset, &record, &kernel), ERROR_INTERNAL,
                   "cannot be stored as it was read, and is left out");
    kernel_layouts_deinit(&kernel);
    assert_success(dataset_check(fixture->dataset));
    assert_int_equal(ask(fixture, "SELECT count(*) FROM kernel"), 1);
}

static void what_no_kernel_has_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    struct kernel_layouts kernel;
    struct kernel_layouts gone;

    make_kernel(&kernel);
    /* A type that only the other kernel has comes first, so that all the others move up. */
    store_simple(fixture, "a", "s", 4);
    kernel_layouts_init(&gone);
    const struct layout_member member = {.name = "x",
                                         .type = named(&gone.types, TYPE_TYPEDEF, "gone_t")};
    add_struct(&gone, make_layout(&gone, "g", 4, 1, &member), "gone.h", 1);
    store(fixture, "gone", &gone);
    kernel_layouts_deinit(&gone);
    store(fixture, "k", &kernel);
    assert_success(dataset_remove_kernel(fixture->dataset, "gone"));
    assert_int_equal(ask(fixture, "SELECT count(*) FROM type WHERE name = 'gone_t'"), 1);
    assert_success(dataset_drop_unused(fixture->dataset));
    assert_int_equal(ask(fixture, "SELECT count(*) FROM type WHERE name = 'gone_t'"), 0);
    assert_int_equal(ask(fixture, "SELECT max(id) = count(*) FROM type"), 1);
    assert_int_equal(ask(fixture, "SELECT count(*) FROM source_file WHERE path = 'gone.h'"), 0);
    struct history after = load(fixture->dataset, "k", NULL);
    assert_int_equal(after.definition_count, kernel.definition_count);
    for (size_t i = 0; i < after.definition_count; i++)
        assert_same(&kernel.definitions[i], &after.definitions[i]);
    history_deinit(&after);
    /* What is stored from now on finds its types. */
    store(fixture, "k2", &kernel);
    assert_success(dataset_check(fixture->dataset));
    kernel_layouts_deinit(&kernel);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_stored_is_loaded),
        TEST(one_name_or_kind_is_loaded_alone),
        TEST(names_are_loaded_with_what_they_embed),
        TEST(only_what_some_members_embed_may_be_loaded),
        TEST(kernels_are_listed_by_name),
        TEST(shared_layouts_are_stored_once),
        TEST(replacing_a_kernel_removes_what_only_it_had),
        TEST(the_views_show_what_people_ask_for),
        TEST(a_history_has_a_column_for_each_kernel),
        TEST(others_read_while_one_writes),
        TEST(a_killed_writer_leaves_the_old_state),
        TEST(what_is_not_what_its_digest_says_is_refused),
        TEST(what_no_kernel_has_is_dropped),
    };
#undef TEST
    return cmocka_run_group_tests_name("data set", tests, NULL, NULL);
}
