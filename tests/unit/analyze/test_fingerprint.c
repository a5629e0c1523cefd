/* SPDX-License-Identifier: MIT */
/* Which definitions of a struct have one fingerprint, and which do not. */
#include "analyze/definition_scan.h"
#include "tests/unit/samples/c_units.h"
#include "tests/unit/unit.h"

/* How `struct s` is written; what is not set is as in C:
 *     struct s { int a; const struct target *p; u_t b[3]; int (*f)(int); struct { int i; }; };
 */
struct variant {
    const char *what;
    unsigned byte_size;
    const char *member_name;
    unsigned member_offset;
    unsigned base_byte_size;
    const char *base_name;
    const char *pointer_target;
    bool target_is_union;
    bool target_is_declared;
    bool pointer_is_plain;
    unsigned upper_bound;
    const char *typedef_name;
    unsigned typedef_byte_size;
    const char *parameter_name;
    bool has_variable_arguments;
    bool inner_is_union;
    const char *inner_name;
    bool has_no_inner;
    unsigned bit_size;
    unsigned bit_offset;
    unsigned value_byte_size;  /* of a struct used by value */
    const char *embedded_name; /* of the one member of a struct that is dissolved */
};

static const char *text_or(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static unsigned number_or(unsigned number, unsigned otherwise)
{
    return number ? number : otherwise;
}

/* The types that the members have. */
struct member_types {
    uint64_t base, pointer, array, function, inner, value, embedded;
};

static uint64_t put_target(const struct c_unit *unit, const struct variant *variant, uint64_t base)
{
    const char *name = text_or(variant->pointer_target, "target");
    uint64_t target;

    if (variant->target_is_declared)
        return c_declaration(unit, variant->target_is_union, name);
    target = c_aggregate(unit, variant->target_is_union, name, 4);
    c_member(unit, "x", base, 0);
    c_end_children(unit);
    return target;
}

static struct member_types put_types(const struct c_unit *unit, const struct variant *variant)
{
    struct member_types types;
    uint64_t other = c_sized(unit, CODE_BASE, text_or(variant->parameter_name, "long"), 8);
    uint64_t aliased =
        c_sized(unit, CODE_BASE, "aliased", number_or(variant->typedef_byte_size, 2));

    types.base = c_sized(unit, CODE_BASE, text_or(variant->base_name, "int"),
                         number_or(variant->base_byte_size, 4));
    uint64_t target = put_target(unit, variant, types.base);
    if (!variant->pointer_is_plain)
        target = c_wrap(unit, CODE_CONST, target);
    types.pointer = c_wrap(unit, CODE_POINTER, target);
    uint64_t alias = c_typedef(unit, text_or(variant->typedef_name, "u_t"), aliased);
    types.array = c_array(unit, alias, number_or(variant->upper_bound, 2));
    uint64_t function = c_function(unit, types.base, other, variant->has_variable_arguments);
    types.function = c_wrap(unit, CODE_POINTER, function);
    types.inner = c_aggregate(unit, variant->inner_is_union, NULL, 4);
    c_member(unit, text_or(variant->inner_name, "i"), types.base, 0);
    c_end_children(unit);
    types.value = c_aggregate(unit, false, "value", number_or(variant->value_byte_size, 4));
    c_end_children(unit);
    types.embedded = c_aggregate(unit, false, "embedded", 4);
    c_member(unit, text_or(variant->embedded_name, "e"), types.base, 0);
    c_end_children(unit);
    return types;
}

static void put_struct(const struct c_unit *unit, const struct variant *variant)
{
    struct member_types types = put_types(unit, variant);

    c_aggregate(unit, false, "s", number_or(variant->byte_size, 64));
    c_member(unit, text_or(variant->member_name, "a"), types.base, variant->member_offset);
    c_member(unit, "p", types.pointer, 8);
    c_member(unit, "b", types.array, 16);
    c_member(unit, "f", types.function, 24);
    if (!variant->has_no_inner)
        c_member(unit, NULL, types.inner, 32);
    c_bit_field(unit, "bits", types.base, number_or(variant->bit_size, 3),
                number_or(variant->bit_offset, 320));
    c_member(unit, "v", types.value, 48);
    c_member(unit, NULL, types.embedded, 56);
    c_end_children(unit);
}

/* The fingerprint of `struct s` in a unit that begins with PADDING other DIEs. */
static uint64_t put_unit(struct dwarf_sample *sample, const struct variant *variant,
                         unsigned first_code, unsigned padding)
{
    struct c_unit unit = c_unit_begin(sample, first_code, LANGUAGE_C11);

    for (unsigned i = 0; i < padding; i++)
        c_sized(&unit, CODE_ENUM, "padding", 4);
    put_struct(&unit, variant);
    c_unit_end(&unit);
    return unit.start;
}

/* How many different definitions of `struct s` the units have. */
static unsigned count_definitions(struct dwarf_sample *sample)
{
    struct definition_scanner *scanner = malloc(sizeof(*scanner));
    const struct dwarf_sections *sections = sample_sections(sample);
    enum unit_outcome outcome;
    struct unit_list units;
    unsigned count = 0;

    assert_non_null(scanner);
    assert_success(unit_list_read(sections, &units));
    definition_scanner_init(scanner, sections);
    for (uint32_t i = 0; i < units.count; i++)
        assert_success(definition_scan_unit(scanner, &units.units[i], i, &outcome));
    for (uint32_t i = 0; i < scanner->index.name_count; i++) {
        if (strcmp(scanner->index.names[i].text, "s") != 0)
            continue;
        for (uint32_t j = scanner->index.names[i].first; j != DEFINITION_NONE;
             j = scanner->index.definitions[j].next)
            count++;
    }
    definition_scanner_deinit(scanner);
    free(scanner);
    unit_list_deinit(&units);
    return count;
}

static const struct variant plain = {.what = "nothing"};

static void equal_structs_have_one_fingerprint(void **state UNUSED)
{
    for (int is_big_endian = 0; is_big_endian <= 1; is_big_endian++) {
        struct dwarf_sample *sample = sample_create(is_big_endian);
        put_unit(sample, &plain, 1, 0);
        put_unit(sample, &plain, 1, 3);
        put_unit(sample, &plain, 40, 0);
        put_unit(sample, &plain, 110, 1000);
        put_unit(sample, &plain, 5000, 7);
        assert_int_equal(count_definitions(sample), 1);
        sample_destroy(sample);
    }
}

/* Behind a pointer it does not matter whether a struct is declared or defined in a unit. */
static void a_declared_target_is_as_good_as_a_defined_one(void **state UNUSED)
{
    const struct variant declared = {.target_is_declared = true};
    struct dwarf_sample *sample = sample_create(false);

    put_unit(sample, &plain, 1, 0);
    put_unit(sample, &declared, 1, 0);
    assert_int_equal(count_definitions(sample), 1);
    sample_destroy(sample);
}

static void assert_told_apart(const struct variant *variant)
{
    struct dwarf_sample *sample = sample_create(false);

    put_unit(sample, &plain, 1, 0);
    put_unit(sample, variant, 1, 0);
    if (count_definitions(sample) != 2)
        fail_msg("a difference in %s is not seen", variant->what);
    sample_destroy(sample);
}

static void every_difference_gives_another_fingerprint(void **state UNUSED)
{
    const struct variant variants[] = {
        {.what = "the size", .byte_size = 72},
        {.what = "a member's name", .member_name = "z"},
        {.what = "a member's place", .member_offset = 4},
        {.what = "a base type's size", .base_byte_size = 8},
        {.what = "a base type's name", .base_name = "unsigned int"},
        {.what = "the type behind a pointer", .pointer_target = "other"},
        {.what = "struct or union behind a pointer", .target_is_union = true},
        {.what = "a qualifier behind a pointer", .pointer_is_plain = true},
        {.what = "an array's bound", .upper_bound = 5},
        {.what = "a typedef's name", .typedef_name = "v_t"},
        {.what = "a parameter's type", .parameter_name = "short"},
        {.what = "variable arguments", .has_variable_arguments = true},
        {.what = "struct or union without a name", .inner_is_union = true},
        {.what = "a member of an unnamed struct", .inner_name = "j"},
        {.what = "the number of members", .has_no_inner = true},
        {.what = "a bit-field's size", .bit_size = 4},
        {.what = "a bit-field's place", .bit_offset = 323},
        {.what = "the size of a struct used by value", .value_byte_size = 8},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(variants); i++)
        assert_told_apart(&variants[i]);
}

/* Its size is part of a layout: of the member's byte_size. */
static void what_a_typedef_stands_for_is_seen(void **state UNUSED)
{
    assert_told_apart(
        &(struct variant){.what = "the size of a typedef's type", .typedef_byte_size = 1});
}

/* Its members are listed as the outer struct's own (-fms-extensions, in Linux since 6.19). */
static void members_of_a_dissolved_named_struct_are_seen(void **state UNUSED)
{
    assert_told_apart(&(struct variant){.what = "a member of a named struct that is dissolved",
                                        .embedded_name = "d"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_structs_have_one_fingerprint),
        cmocka_unit_test(a_declared_target_is_as_good_as_a_defined_one),
        cmocka_unit_test(every_difference_gives_another_fingerprint),
        cmocka_unit_test(what_a_typedef_stands_for_is_seen),
        cmocka_unit_test(members_of_a_dissolved_named_struct_are_seen),
    };
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
