/* SPDX-License-Identifier: MIT */
#include "model/type_translation.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

struct tables {
    struct type_table from;
    struct type_table into;
    struct type_translation translation;
};

static int set_up(void **state)
{
    struct tables *tables = calloc(1, sizeof(*tables));

    type_table_init(&tables->from);
    type_table_init(&tables->into);
    type_translation_init(&tables->translation, &tables->into);
    *state = tables;
    return 0;
}

static int tear_down(void **state)
{
    struct tables *tables = *state;

    type_translation_deinit(&tables->translation);
    type_table_deinit(&tables->from);
    type_table_deinit(&tables->into);
    free(tables);
    return 0;
}

static const struct type *translate(struct tables *tables, const struct type *type)
{
    const struct type *translated = NULL;

    assert_success(type_translate(&tables->translation, type, &translated));
    return translated;
}

static void assert_contained(const struct type_table *table, const struct type *type)
{
    assert_true(type->number < table->count);
    assert_ptr_equal(table->types[type->number], type);
}

/* `struct x *(*)(const union y *, u8[2][3], …)` */
static const struct type *make_function(struct type_table *table)
{
    const struct type *parameters[] = {
        pointer_to(table, around(table, TYPE_CONST, named(table, TYPE_UNION, "y"))),
        array_of(table, named(table, TYPE_TYPEDEF, "u8"), 2, (const uint64_t[]){2, 3}),
        void_type(table),
    };

    return function_of(table, pointer_to(table, named(table, TYPE_STRUCT, "x")), 3, parameters);
}

static void what_a_type_refers_to_comes_along(void **state)
{
    struct tables *tables = *state;
    const struct type *function = make_function(&tables->from);
    const struct type *translated = translate(tables, function);

    assert_string_equal(type_text(translated), type_text(function));
    assert_contained(&tables->into, translated);
    assert_contained(&tables->into, translated->target);
    for (uint32_t i = 0; i < translated->count; i++)
        assert_contained(&tables->into, translated->parameters[i]);
    assert_int_equal(translated->parameters[1]->count, 2);
    assert_int_equal(translated->parameters[1]->dimensions[1], 3);
    assert_int_equal(tables->into.count, tables->from.count);
    assert_ptr_equal(translated, make_function(&tables->into));
}

static void types_that_are_there_are_used(void **state)
{
    struct tables *tables = *state;
    const struct type *existing = pointer_to(&tables->into, named(&tables->into, TYPE_INT, "int"));
    const struct type *type = pointer_to(&tables->from, named(&tables->from, TYPE_INT, "int"));
    uint32_t count = tables->into.count;

    assert_ptr_equal(translate(tables, type), existing);
    assert_ptr_equal(translate(tables, type), existing);
    assert_int_equal(tables->into.count, count);
}

static void forward_declarations_stay_what_they_are(void **state)
{
    struct tables *tables = *state;
    struct type declared_union = {.kind = TYPE_FWD, .name = "u", .is_union = true};
    const struct type *translated = translate(tables, intern(&tables->from, &declared_union));

    assert_int_equal(translated->kind, TYPE_FWD);
    assert_true(translated->is_union);
    assert_string_equal(translated->name, "u");
}

static void the_table_of_origin_may_go_on_growing(void **state)
{
    enum { COUNT = 5000 };
    struct tables *tables = *state;
    char name[32];

    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "t%d", i);
        const struct type *type = pointer_to(&tables->from, named(&tables->from, TYPE_INT, name));
        const struct type *translated = translate(tables, type);
        assert_string_equal(translated->target->name, name);
    }
    assert_int_equal(tables->into.count, 2 * COUNT);
    assert_string_equal(translate(tables, tables->from.types[0])->name, "t0");
}

/* A pointer to a pointer to … an int, the last error kept. */
static struct error *nest(struct type_table *table, uint32_t levels, const struct type **type_ret)
{
    struct error *error = NULL;

    *type_ret = int_type(table);
    for (uint32_t i = 1; i < levels && !error; i++) {
        struct type pointer = {.kind = TYPE_PTR, .target = *type_ret};
        error = type_intern(table, &pointer, type_ret);
    }
    return error;
}

static void types_nest_to_a_limit(void **state)
{
    struct tables *tables = *state;
    const struct type *type;

    assert_success(nest(&tables->from, TYPE_DEPTH_MAXIMUM, &type));
    assert_int_equal(type->depth, TYPE_DEPTH_MAXIMUM);
    assert_int_equal(translate(tables, type)->depth, TYPE_DEPTH_MAXIMUM);
    uint32_t count = tables->from.count;
    assert_failure(nest(&tables->from, TYPE_DEPTH_MAXIMUM + 1, &type), ERROR_LIMIT,
                   "nested more than 256 deep");
    assert_int_equal(tables->from.count, count);
}

static void parameters_count_for_the_depth(void **state)
{
    struct tables *tables = *state;
    const struct type *deep;
    const struct type *result;

    assert_success(nest(&tables->from, TYPE_DEPTH_MAXIMUM, &deep));
    const struct type *parameters[] = {int_type(&tables->from), deep};
    struct type function = {.kind = TYPE_FUNC_PROTO,
                            .target = int_type(&tables->from),
                            .count = 2,
                            .parameters = parameters};
    assert_failure(type_intern(&tables->from, &function, &result), ERROR_LIMIT, "nested");
    parameters[1] = deep->target;
    assert_success(type_intern(&tables->from, &function, &result));
    assert_int_equal(result->depth, TYPE_DEPTH_MAXIMUM);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_a_type_refers_to_comes_along),
        TEST(types_that_are_there_are_used),
        TEST(forward_declarations_stay_what_they_are),
        TEST(the_table_of_origin_may_go_on_growing),
        TEST(types_nest_to_a_limit),
        TEST(parameters_count_for_the_depth),
    };
#undef TEST
    return cmocka_run_group_tests_name("type translation", tests, NULL, NULL);
}
