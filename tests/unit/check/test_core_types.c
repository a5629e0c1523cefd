/* SPDX-License-Identifier: MIT */
/* What counts as the same type to CO-RE. */
#include "check/bpf/core_types.h"
#include "check/bpf/core_value.h"
#include "tests/unit/unit.h"

/* A program's types, or a kernel's, made one by one. */
static struct btf *make_btf(void **state UNUSED)
{
    struct btf *btf = btf__new_empty();

    assert_non_null(btf);
    return btf;
}

static struct core_type at(const struct btf *btf, int id)
{
    assert_true(id > 0);
    return (struct core_type){btf, (uint32_t)id};
}

static void names_count_up_to_three_underscores(void **state UNUSED)
{
    assert_int_equal(core_name_length("task_struct"), 11);
    assert_int_equal(core_name_length("task_struct___old"), 11);
    assert_int_equal(core_name_length("a___b___c"), 5);
    assert_int_equal(core_name_length("x____y"), 6);
    assert_int_equal(core_name_length("___x"), 4);
    assert_int_equal(core_name_length("x___"), 4);
    assert_int_equal(core_name_length(""), 0);
    assert_true(core_names_are_equal("x___1", "x___2"));
    assert_false(core_names_are_equal("x", "xy"));
}

static void integers_are_compatible_and_match_by_size(void **state)
{
    struct btf *btf = make_btf(state);
    int narrow = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
    int wide = btf__add_int(btf, "long", 8, BTF_INT_SIGNED);
    int other = btf__add_int(btf, "int", 4, 0);

    assert_int_equal(core_fields_are_compatible(at(btf, narrow), at(btf, wide)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, narrow), at(btf, narrow)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, narrow), at(btf, other)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, narrow), at(btf, wide)), CORE_NO);
    btf__free(btf);
}

static void enums_go_by_their_names(void **state)
{
    struct btf *btf = make_btf(state);
    int red = btf__add_enum(btf, "color", 4);
    assert_int_equal(btf__add_enum_value(btf, "RED", 1), 0);
    int flavor = btf__add_enum(btf, "color___new", 4);
    assert_int_equal(btf__add_enum_value(btf, "GREEN", 1), 0);
    assert_int_equal(btf__add_enum_value(btf, "RED", 2), 0);
    int unnamed = btf__add_enum(btf, NULL, 4);
    int other = btf__add_enum(btf, "state", 4);
    int wide = btf__add_enum64(btf, "color", 8, false);
    int number = btf__add_int(btf, "int", 4, 0);

    assert_int_equal(core_fields_are_compatible(at(btf, red), at(btf, flavor)), CORE_YES);
    assert_int_equal(core_fields_are_compatible(at(btf, red), at(btf, unnamed)), CORE_YES);
    assert_int_equal(core_fields_are_compatible(at(btf, red), at(btf, wide)), CORE_YES);
    assert_int_equal(core_fields_are_compatible(at(btf, red), at(btf, other)), CORE_NO);
    assert_int_equal(core_fields_are_compatible(at(btf, red), at(btf, number)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, red), at(btf, flavor)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, flavor), at(btf, red)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, red), at(btf, wide)), CORE_NO);
    btf__free(btf);
}

static void arrays_go_by_their_elements(void **state)
{
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "int", 4, 0);
    int pointer = btf__add_ptr(btf, 0);
    int three = btf__add_array(btf, number, number, 3);
    int four = btf__add_array(btf, number, number, 4);
    int of_pointers = btf__add_array(btf, number, pointer, 3);

    assert_int_equal(core_fields_are_compatible(at(btf, three), at(btf, four)), CORE_YES);
    assert_int_equal(core_fields_are_compatible(at(btf, three), at(btf, of_pointers)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, three), at(btf, four)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, three), at(btf, three)), CORE_YES);
    btf__free(btf);
}

/* Behind a pointer a struct need only have its name and kind. */
static void structs_match_by_their_members(void **state)
{
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "int", 4, 0);
    int wide = btf__add_int(btf, "long", 8, 0);
    int few = btf__add_struct(btf, "s", 4);
    assert_int_equal(btf__add_field(btf, "a", number, 0, 0), 0);
    int more = btf__add_struct(btf, "s___more", 12);
    assert_int_equal(btf__add_field(btf, "b", wide, 0, 0), 0);
    assert_int_equal(btf__add_field(btf, "a", number, 64, 0), 0);
    int other = btf__add_struct(btf, "s", 8);
    assert_int_equal(btf__add_field(btf, "a", wide, 0, 0), 0);
    int declared = btf__add_fwd(btf, "s", BTF_FWD_STRUCT);
    int declared_union = btf__add_fwd(btf, "s", BTF_FWD_UNION);
    int to_few = btf__add_ptr(btf, few);
    int to_other = btf__add_ptr(btf, other);
    int to_declared = btf__add_ptr(btf, declared);
    int to_union = btf__add_ptr(btf, declared_union);

    assert_int_equal(core_types_match(at(btf, few), at(btf, more)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, more), at(btf, few)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, few), at(btf, other)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, few), at(btf, declared)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, to_few), at(btf, to_other)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, to_few), at(btf, to_declared)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, to_declared), at(btf, to_few)), CORE_YES);
    assert_int_equal(core_types_match(at(btf, to_few), at(btf, to_union)), CORE_NO);
    btf__free(btf);
}

static void functions_go_by_their_parameters(void **state)
{
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "int", 4, 0);
    int pointer = btf__add_ptr(btf, 0);
    int one = btf__add_func_proto(btf, number);
    assert_int_equal(btf__add_func_param(btf, "x", number), 0);
    int two = btf__add_func_proto(btf, number);
    assert_int_equal(btf__add_func_param(btf, "x", pointer), 0);
    int none = btf__add_func_proto(btf, number);

    assert_int_equal(core_types_are_compatible(at(btf, one), at(btf, one)), CORE_YES);
    assert_int_equal(core_types_are_compatible(at(btf, one), at(btf, two)), CORE_NO);
    assert_int_equal(core_types_are_compatible(at(btf, one), at(btf, none)), CORE_NO);
    assert_int_equal(core_types_match(at(btf, one), at(btf, one)), CORE_YES);
    btf__free(btf);
}

/* Circles end, with an answer or without one. */
static void circles_end(void **state)
{
    struct btf *btf = make_btf(state);
    int typedef_id = btf__add_typedef(btf, "t", 1);
    int pointer = btf__add_ptr(btf, 2);

    assert_int_equal(typedef_id, 1);
    assert_int_equal(core_fields_are_compatible(at(btf, typedef_id), at(btf, typedef_id)),
                     CORE_FAILS);
    assert_int_equal(core_types_are_compatible(at(btf, pointer), at(btf, pointer)), CORE_FAILS);
    btf__free(btf);
}

static void unknown_types_are_told(void **state)
{
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "int", 4, 0);
    int unknown = btf__add_typedef(btf, "u32", 0);

    assert_int_equal(core_fields_are_compatible(at(btf, number), at(btf, unknown)), CORE_UNKNOWN);
    btf__free(btf);
}

/* A bit-field is loaded with the smallest integer that holds it. */
static void bitfields_have_places(void **state)
{
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "unsigned int", 4, 0);
    int id = btf__add_struct(btf, "s", 16);
    assert_int_equal(btf__add_field(btf, "low", number, 3, 5), 0);
    assert_int_equal(btf__add_field(btf, "wide", number, 30, 8), 0);
    struct core_value value;
    struct core_path path;
    const char *why;

    core_path_parse(btf, core_kind_find(BPF_CORE_FIELD_LSHIFT_U64), (uint32_t)id, "0:0", &path,
                    &why);
    assert_null(why);
    core_value_compute(path.kind, &path, false, &value, &why);
    assert_null(why);
    assert_int_equal(value.value, 64 - 8);
    core_value_compute(path.kind, &path, true, &value, &why);
    assert_int_equal(value.value, 32 + 3);
    core_path_parse(btf, core_kind_find(BPF_CORE_FIELD_BYTE_SIZE), (uint32_t)id, "0:1", &path,
                    &why);
    assert_null(why);
    core_value_compute(path.kind, &path, false, &value, &why);
    assert_int_equal(value.value, 8);
    btf__free(btf);
}

static void bad_paths_are_told(void **state)
{
    static const char *const accesses[] = {"",  ":",    "0:",   "0:9",  "0:0:1",
                                           "x", "0::1", "-1:0", "0:1 ", "99999999999:0"};
    struct btf *btf = make_btf(state);
    int number = btf__add_int(btf, "int", 4, 0);
    int id = btf__add_struct(btf, "s", 4);
    assert_int_equal(btf__add_field(btf, "a", number, 0, 0), 0);
    struct core_path path;
    const char *why;

    for (size_t i = 0; i < ARRAY_LENGTH(accesses); i++) {
        core_path_parse(btf, core_kind_find(BPF_CORE_FIELD_EXISTS), (uint32_t)id, accesses[i],
                        &path, &why);
        assert_non_null(why);
    }
    core_path_parse(btf, core_kind_find(BPF_CORE_FIELD_EXISTS), 99, "0:0", &path, &why);
    assert_non_null(why);
    btf__free(btf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_count_up_to_three_underscores),
        cmocka_unit_test(integers_are_compatible_and_match_by_size),
        cmocka_unit_test(enums_go_by_their_names),
        cmocka_unit_test(arrays_go_by_their_elements),
        cmocka_unit_test(structs_match_by_their_members),
        cmocka_unit_test(functions_go_by_their_parameters),
        cmocka_unit_test(circles_end),
        cmocka_unit_test(unknown_types_are_told),
        cmocka_unit_test(bitfields_have_places),
        cmocka_unit_test(bad_paths_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
