/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"
#include "model/type.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

static int set_up(void **state)
{
    struct type_table *table = malloc(sizeof(*table));

    type_table_init(table);
    *state = table;
    return 0;
}

static int tear_down(void **state)
{
    type_table_deinit(*state);
    free(*state);
    return 0;
}

static void assert_text(const struct type *type, const char *expected)
{
    assert_string_equal(type_text(type), expected);
}

static void names_print_with_their_keyword(void **state)
{
    struct type_table *table = *state;
    struct type forward_struct = {.kind = TYPE_FWD, .name = "module"};
    struct type forward_union = {.kind = TYPE_FWD, .name = "value", .is_union = true};

    assert_text(void_type(table), "void");
    assert_text(named(table, TYPE_INT, "long unsigned int"), "long unsigned int");
    assert_text(named(table, TYPE_TYPEDEF, "u64"), "u64");
    assert_text(named(table, TYPE_STRUCT, "dentry"), "struct dentry");
    assert_text(named(table, TYPE_UNION, "bpf_attr"), "union bpf_attr");
    assert_text(named(table, TYPE_ENUM, "pid_type"), "enum pid_type");
    assert_text(named(table, TYPE_STRUCT, TYPE_ANONYMOUS), "struct (anon)");
    assert_text(named(table, TYPE_UNION, TYPE_ANONYMOUS), "union (anon)");
    assert_text(named(table, TYPE_ENUM, TYPE_ANONYMOUS), "enum (anon)");
    assert_text(intern(table, &forward_struct), "struct module");
    assert_text(intern(table, &forward_union), "union value");
}

static void qualifiers_stand_in_front(void **state)
{
    struct type_table *table = *state;
    const struct type *dentry = named(table, TYPE_STRUCT, "dentry");
    const struct type *character = named(table, TYPE_INT, "char");

    assert_text(pointer_to(table, around(table, TYPE_CONST, dentry)), "const struct dentry *");
    assert_text(around(table, TYPE_VOLATILE, named(table, TYPE_INT, "long int")),
                "volatile long int");
    assert_text(around(table, TYPE_CONST, pointer_to(table, character)), "const char *");
    assert_text(around(table, TYPE_RESTRICT, pointer_to(table, character)), "restrict char *");
    assert_text(around(table, TYPE_ATOMIC, character), "_Atomic char");
}

static void pointers_have_a_space_each(void **state)
{
    struct type_table *table = *state;
    const struct type *character = named(table, TYPE_INT, "char");

    assert_text(pointer_to(table, void_type(table)), "void *");
    assert_text(pointer_to(table, pointer_to(table, character)), "char * *");
}

static void functions_print_as_pointers_to_them(void **state)
{
    struct type_table *table = *state;
    const struct type *two[] = {pointer_to(table, named(table, TYPE_STRUCT, "file")),
                                named(table, TYPE_TYPEDEF, "loff_t")};
    const struct type *variable[] = {int_type(table), void_type(table)};
    const struct type *function = function_of(table, int_type(table), 2, two);

    assert_text(pointer_to(table, function), "int (*)(struct file *, loff_t)");
    assert_text(pointer_to(table, pointer_to(table, function)), "int (*)(struct file *, loff_t) *");
    assert_text(pointer_to(table, function_of(table, void_type(table), 0, NULL)), "void (*)()");
    assert_text(pointer_to(table, function_of(table, int_type(table), 2, variable)),
                "int (*)(int, void)");
}

static void dimensions_are_multiplied(void **state)
{
    struct type_table *table = *state;
    const struct type *u8 = named(table, TYPE_TYPEDEF, "u8");
    const struct type *area = pointer_to(table, named(table, TYPE_STRUCT, "vm_area_struct"));
    const struct type *grid = array_of(table, u8, 2, (const uint64_t[]){2, 6});
    const struct type *open = array_of(table, u8, 2, (const uint64_t[]){0, UINT64_MAX});
    const struct type *huge = array_of(table, u8, 3, (const uint64_t[]){UINT32_MAX, UINT64_MAX, 2});

    assert_text(row_of(table, area, 4), "struct vm_area_struct *[4]");
    assert_text(grid, "u8[12]");
    assert_text(row_of(table, u8, 0), "u8[0]");
    assert_int_equal(type_element_count(grid), 12);
    assert_int_equal(type_element_count(open), 0);
    assert_true(type_element_count(huge) == UINT64_MAX);
}

static void equal_types_are_one_object(void **state)
{
    struct type_table *table = *state;
    struct type forward = {.kind = TYPE_FWD, .name = "dentry"};
    const struct type *dentry = named(table, TYPE_STRUCT, "dentry");
    const struct type *parameters[] = {pointer_to(table, dentry)};
    char name[] = "dentry";

    assert_ptr_equal(dentry, named(table, TYPE_STRUCT, name));
    assert_ptr_not_equal(dentry, named(table, TYPE_UNION, name));
    assert_ptr_not_equal(dentry, intern(table, &forward));
    assert_ptr_equal(function_of(table, dentry, 1, parameters),
                     function_of(table, dentry, 1, parameters));
    assert_ptr_not_equal(function_of(table, dentry, 1, parameters),
                         function_of(table, dentry, 0, NULL));
    assert_ptr_not_equal(array_of(table, dentry, 2, (const uint64_t[]){2, 3}),
                         array_of(table, dentry, 2, (const uint64_t[]){3, 2}));
}

static void a_table_keeps_its_types_when_it_grows(void **state)
{
    enum { COUNT = 5000 };
    static const struct type *types[COUNT];
    struct type_table *table = *state;
    char name[32];

    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "t%d", i);
        types[i] = named(table, TYPE_TYPEDEF, name);
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "t%d", i);
        assert_ptr_equal(named(table, TYPE_TYPEDEF, name), types[i]);
        assert_string_equal(type_text(types[i]), name);
        assert_int_equal(types[i]->number, i);
    }
}

static void a_text_without_end_is_refused(void **state)
{
    struct type_table *table = *state;
    const struct type *type = int_type(table);
    struct error *error = NULL;

    /* Each function has twice the text of the one before. */
    for (int i = 0; i < 32 && !error; i++) {
        const struct type *parameters[] = {type, type};
        struct type next = {
            .kind = TYPE_FUNC_PROTO, .target = type, .count = 2, .parameters = parameters};
        error = type_intern(table, &next, &type);
    }
    assert_failure(error, ERROR_LIMIT, "a type's text");
}

/* Else foreign types could be made that all fall into one slot. */
static void where_types_lie_depends_on_the_key(void **state UNUSED)
{
    struct type_table tables[2];

    for (uint64_t i = 0; i < 2; i++) {
        type_table_init(&tables[i]);
        tables[i].key.words[0] = i;
        const struct type *type = int_type(&tables[i]);
        for (uint64_t elements = 0; elements < 20; elements++) {
            const struct type array = {
                .kind = TYPE_ARRAY, .target = type, .count = 1, .dimensions = &elements};
            assert_success(type_intern(&tables[i], &array, &type));
        }
    }
    assert_int_equal(tables[0].slots.count, tables[1].slots.count);
    assert_memory_not_equal(tables[0].slots.numbers, tables[1].slots.numbers,
                            tables[0].slots.count * sizeof(*tables[0].slots.numbers));
    for (size_t i = 0; i < 2; i++)
        type_table_deinit(&tables[i]);
}

static void words_of_kinds_go_both_ways(void **state UNUSED)
{
    enum type_kind kind;

    for (int i = TYPE_VOID; i <= TYPE_FUNC_PROTO; i++) {
        assert_true(type_kind_from_word(type_kind_word((enum type_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(type_kind_from_word("FLOAT", &kind));
    assert_false(type_kind_from_word("", &kind));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(names_print_with_their_keyword),
        TEST(qualifiers_stand_in_front),
        TEST(pointers_have_a_space_each),
        TEST(functions_print_as_pointers_to_them),
        TEST(dimensions_are_multiplied),
        TEST(equal_types_are_one_object),
        TEST(a_table_keeps_its_types_when_it_grows),
        TEST(a_text_without_end_is_refused),
        TEST(where_types_lie_depends_on_the_key),
        TEST(words_of_kinds_go_both_ways),
    };
#undef TEST
    return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
