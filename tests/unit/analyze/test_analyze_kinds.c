/* SPDX-License-Identifier: MIT */
/* Unions, enums, typedefs and base types, by compilers of every DWARF version. */
#include "tests/unit/samples/analyze_samples.h"
#include "tests/unit/samples/own_directory.h"

static const char source[] =
    "union either { int i; char c[8]; };\n"
    "enum color { RED = -1, GREEN = 0x7fffffff };\n"
    "enum huge { HUGE = 0xffffffffffffffffULL };\n"
    "enum { LONELY = 3, SECOND };\n"
    "typedef enum { NAMED_A, NAMED_B = 5 } named_t;\n"
    "typedef struct { int counter; } atomic_t;\n"
    "typedef union { int whole; struct { short low, high; }; } *halves_t;\n"
    "typedef const atomic_t again_t;\n"
    "typedef struct holder holder_t;\n"
    "struct holder { union either e; enum color c; enum huge h; named_t n; atomic_t a;\n"
    "  halves_t p; again_t *g; long long l; unsigned char u; _Bool b; double d; int f : LONELY; "
    "};\n"
    "struct holder one; enum color two; holder_t *three; int four = SECOND;\n";

static const struct layout *find(const struct kernel_layouts *layouts, enum definition_kind kind,
                                 const char *name)
{
    const struct kernel_definitions *found = kernel_layouts_find(layouts, kind, name);

    if (!found)
        fail_msg("there is no %s %s", definition_kind_texts[kind].word, name);
    assert_int_equal(found->definition.layout->kind, kind);
    return found->definition.layout;
}

static void check_enums(const struct kernel_layouts *layouts)
{
    const struct layout *color = find(layouts, DEFINITION_ENUM, "color");
    const struct layout *huge = find(layouts, DEFINITION_ENUM, "huge");
    const struct layout *lonely = find(layouts, DEFINITION_ENUM, "(anon-LONELY)");

    assert_int_equal(color->byte_size, 4);
    assert_int_equal(color->enumerator_count, 2);
    assert_string_equal(color->enumerators[0].name, "RED");
    assert_int_equal(color->enumerators[0].value, -1);
    assert_false(color->enumerators[0].is_unsigned);
    assert_int_equal(color->enumerators[1].value, 0x7fffffff);
    assert_int_equal(huge->byte_size, 8);
    assert_int_equal(huge->enumerators[0].value, -1);
    assert_true(huge->enumerators[0].is_unsigned);
    assert_true(layout_is_unnamed_enum(lonely));
    assert_int_equal(lonely->enumerators[1].value, 4);
    /* Where a typedef names it, it is that typedef's alone. */
    assert_null(kernel_layouts_find(layouts, DEFINITION_ENUM, "(anon-NAMED_A)"));
}

static void check_typedefs(const struct kernel_layouts *layouts)
{
    const struct layout *named = find(layouts, DEFINITION_TYPEDEF, "named_t");
    const struct layout *atomic = find(layouts, DEFINITION_TYPEDEF, "atomic_t");
    const struct layout *halves = find(layouts, DEFINITION_TYPEDEF, "halves_t");
    const struct layout *again = find(layouts, DEFINITION_TYPEDEF, "again_t");
    const struct layout *holder = find(layouts, DEFINITION_TYPEDEF, "holder_t");

    assert_string_equal(type_text(named->type), "enum (anon)");
    assert_int_equal(named->enumerator_count, 2);
    assert_int_equal(named->enumerators[1].value, 5);
    assert_string_equal(type_text(atomic->type), "struct (anon)");
    assert_int_equal(atomic->byte_size, 4);
    assert_string_equal(atomic->members[0].name, "counter");
    assert_string_equal(type_text(halves->type), "union (anon) *");
    assert_int_equal(halves->member_count, 4);
    assert_int_equal(halves->members[3].bit_offset, 16);
    assert_string_equal(type_text(again->type), "const atomic_t");
    assert_int_equal(again->member_count, 0);
    assert_string_equal(type_text(holder->type), "struct holder");
    assert_int_equal(holder->byte_size, 0);
}

static void check_others(const struct kernel_layouts *layouts)
{
    const struct layout *either = find(layouts, DEFINITION_UNION, "either");

    assert_int_equal(either->byte_size, 8);
    assert_int_equal(either->member_count, 2);
    assert_int_equal(either->members[1].bit_offset, 0);
    assert_int_equal(find(layouts, DEFINITION_INT, "long long int")->byte_size, 8);
    assert_string_equal(find(layouts, DEFINITION_INT, "int")->encoding, "signed");
    assert_string_equal(find(layouts, DEFINITION_INT, "unsigned char")->encoding, "unsigned_char");
    assert_string_equal(find(layouts, DEFINITION_INT, "_Bool")->encoding, "boolean");
    assert_string_equal(find(layouts, DEFINITION_INT, "double")->encoding, "float");
    assert_non_null(kernel_layouts_find(layouts, DEFINITION_STRUCT, "holder"));
}

static void every_kind_is_read(void **state UNUSED)
{
    static const char *const options[] = {"-gdwarf-2", "-gdwarf-4", "-gdwarf-5",
                                          "-gdwarf-4 -fdebug-types-section"};

    need_program(sample_compiler());
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
        struct kernel_layouts layouts;
        print_message("%s\n", options[i]);
        write_source(directory, "a.c", source);
        run_in(directory, "%s %s -ffreestanding -c -o a.o a.c && ld -e 0 -o vmlinux a.o",
               sample_compiler(), options[i]);
        assert_success(try_analyze(directory, "vmlinux", 1, &layouts));
        check_enums(&layouts);
        check_typedefs(&layouts);
        check_others(&layouts);
        kernel_layouts_deinit(&layouts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_is_read, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("analyze: kinds", tests, NULL, NULL);
}
