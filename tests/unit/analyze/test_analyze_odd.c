/* SPDX-License-Identifier: MIT */
/* What is made of DWARF that no compiler writes, or few. */
#include "tests/unit/samples/dwarf_file.h"

/* Abbreviations that every unit here has; a test's own are numbered from CODE_OWN. */
enum { CODE_UNIT = 1, CODE_INT, CODE_STRUCT, CODE_MEMBER, CODE_OWN };

struct odd {
    char *directory;
    struct dwarf_sample *sample;
    struct unit_header header;
    size_t start;
    uint64_t int_type;
};

static int set_up(void **state)
{
    struct odd *odd = calloc(1, sizeof(*odd));

    odd->directory = make_directory();
    odd->sample = native_sample_create();
    *state = odd;
    return 0;
}

static int tear_down(void **state)
{
    struct odd *odd = *state;

    remove_directory(odd->directory);
    sample_destroy(odd->sample);
    free(odd);
    return 0;
}

static void put_abbreviations(struct dwarf_sample *sample)
{
    put_abbreviation(sample, CODE_UNIT, DW_TAG_compile_unit, true,
                     FORMS({DW_AT_language, DW_FORM_data1, 0}));
    put_abbreviation(sample, CODE_INT, DW_TAG_base_type, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_byte_size, DW_FORM_data1, 0}));
    put_abbreviation(sample, CODE_STRUCT, DW_TAG_structure_type, true,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_byte_size, DW_FORM_udata, 0}));
    put_abbreviation(sample, CODE_MEMBER, DW_TAG_member, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_type, DW_FORM_ref4, 0},
                           {DW_AT_data_member_location, DW_FORM_data1, 0}));
}

/* Begins a unit, up to its DIE's attributes. */
static void begin_unit_of(struct odd *odd, unsigned version, unsigned code)
{
    odd->header =
        (struct unit_header){.version = version, .offset_byte_size = 4, .address_byte_size = 8};
    odd->start = begin_unit(odd->sample, DWARF_INFO, &odd->header);
    put_uleb128(odd->sample, DWARF_INFO, code);
}

/* Begins the file with a unit of C, which has an int. */
static void begin(struct odd *odd, unsigned version)
{
    struct dwarf_sample *sample = odd->sample;

    put_abbreviations(sample);
    begin_unit_of(odd, version, CODE_UNIT);
    put_number(sample, DWARF_INFO, LANGUAGE_C11, 1);
    odd->int_type = sample_length(sample, DWARF_INFO) - odd->start;
    put_uleb128(sample, DWARF_INFO, CODE_INT);
    put_text(sample, DWARF_INFO, "int");
    put_number(sample, DWARF_INFO, 4, 1);
}

static void end_children(struct odd *odd)
{
    put_uleb128(odd->sample, DWARF_INFO, 0);
}

static void put_struct(struct odd *odd, const char *name, unsigned byte_size)
{
    put_uleb128(odd->sample, DWARF_INFO, CODE_STRUCT);
    put_text(odd->sample, DWARF_INFO, name);
    put_uleb128(odd->sample, DWARF_INFO, byte_size);
}

static void put_int_member(struct odd *odd, const char *name, unsigned byte_offset)
{
    put_uleb128(odd->sample, DWARF_INFO, CODE_MEMBER);
    put_text(odd->sample, DWARF_INFO, name);
    put_number(odd->sample, DWARF_INFO, odd->int_type, 4);
    put_number(odd->sample, DWARF_INFO, byte_offset, 1);
}

static void end_odd_unit(struct odd *odd)
{
    end_children(odd);
    end_unit(odd->sample, DWARF_INFO, &odd->header, odd->start);
}

/* Ends the unit and the file, and analyzes it. */
static struct error *try_end(struct odd *odd, unsigned jobs, struct kernel_layouts *layouts)
{
    char *path = path_join(odd->directory, "vmlinux");

    end_odd_unit(odd);
    end_abbreviations(odd->sample);
    write_dwarf_file(odd->sample, path);
    free(path);
    return try_analyze(odd->directory, "vmlinux", jobs, layouts);
}

static void end(struct odd *odd, struct kernel_layouts *layouts)
{
    assert_success(try_end(odd, 1, layouts));
}

/* struct outer { struct inner {}; int m; }, where inner is its own sibling. */
static void a_sibling_that_points_back_is_not_followed(void **state)
{
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    begin(odd, 4);
    put_abbreviation(odd->sample, CODE_OWN, DW_TAG_structure_type, true,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_byte_size, DW_FORM_udata, 0},
                           {DW_AT_sibling, DW_FORM_ref4, 0}));
    put_struct(odd, "outer", 4);
    uint64_t inner = sample_length(odd->sample, DWARF_INFO) - odd->start;
    put_uleb128(odd->sample, DWARF_INFO, CODE_OWN);
    put_text(odd->sample, DWARF_INFO, "inner");
    put_uleb128(odd->sample, DWARF_INFO, 4);
    put_number(odd->sample, DWARF_INFO, inner, 4);
    put_int_member(odd, "of_inner", 0);
    end_children(odd);
    put_int_member(odd, "of_outer", 0);
    end_children(odd);
    end(odd, &layouts);
    assert_layout(&layouts, "outer", "outer 4\n0 int of_outer 4\n");
    assert_layout(&layouts, "inner", "inner 4\n0 int of_inner 4\n");
    kernel_layouts_deinit(&layouts);
}

/* DW_FORM_strx1 is of DWARF 5; where it counts from in DWARF 4 is anybody's guess. What matters is
 * that there is one: the name that a layout is found by is the one its digest is made of. */
static void a_struct_has_one_name_in_whatever_form(void **state)
{
    static const char *const texts[] = {"first", "second", "third", "fourth"};
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    begin(odd, 4);
    put_abbreviation(odd->sample, CODE_OWN, DW_TAG_structure_type, true,
                     FORMS({DW_AT_name, DW_FORM_strx1, 0}, {DW_AT_byte_size, DW_FORM_udata, 0}));
    put_number(odd->sample, DWARF_STR_OFFSETS, 4 + 4 * ARRAY_LENGTH(texts), 4);
    put_number(odd->sample, DWARF_STR_OFFSETS, 5, 4);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        put_number(odd->sample, DWARF_STR_OFFSETS, share_text(odd->sample, texts[i]), 4);
    put_uleb128(odd->sample, DWARF_INFO, CODE_OWN);
    put_number(odd->sample, DWARF_INFO, 0, 1);
    put_uleb128(odd->sample, DWARF_INFO, 4);
    put_int_member(odd, "m", 0);
    end_children(odd);
    end(odd, &layouts);
    assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 1);
    assert_ptr_equal(layouts.definitions[0].definition.layout->name, layouts.definitions[0].name);
    kernel_layouts_deinit(&layouts);
}

/* A place that the function computes, as after an array of variable length. */
static void put_computed_member(struct odd *odd, const char *name)
{
    put_uleb128(odd->sample, DWARF_INFO, CODE_OWN);
    put_text(odd->sample, DWARF_INFO, name);
    put_number(odd->sample, DWARF_INFO, odd->int_type, 4);
    put_uleb128(odd->sample, DWARF_INFO, 1);
    put_number(odd->sample, DWARF_INFO, DW_OP_deref, 1);
}

static void put_computed_struct(struct odd *odd, const char *name)
{
    put_struct(odd, name, 8);
    put_int_member(odd, "first", 0);
    put_computed_member(odd, "second");
    end_children(odd);
}

static void begin_computed(struct odd *odd)
{
    begin(odd, 5);
    put_abbreviation(odd->sample, CODE_OWN, DW_TAG_member, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_type, DW_FORM_ref4, 0},
                           {DW_AT_data_member_location, DW_FORM_exprloc, 0}));
}

static void a_definition_that_cannot_be_decoded_costs_itself(void **state)
{
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    begin_computed(odd);
    put_computed_struct(odd, "both");
    put_computed_struct(odd, "gone");
    put_struct(odd, "both", 4);
    put_int_member(odd, "m", 0);
    end_children(odd);
    end(odd, &layouts);
    assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 1);
    assert_layout(&layouts, "both", "both 4\n0 int m 4\n");
    assert_int_equal(struct_of(&layouts, "both")->further_count, 0);
    assert_int_equal(layouts.passed_over_count, 2);
    assert_string_equal(layouts.passed_over[0].name, "struct both");
    assert_string_equal(layouts.passed_over[1].name, "struct gone");
    assert_non_null(strstr(layouts.passed_over[1].reason, "a member's place is not a constant"));
    kernel_layouts_deinit(&layouts);
}

static void a_kernel_without_any_other_definition_fails(void **state)
{
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    begin_computed(odd);
    put_computed_struct(odd, "gone");
    assert_failure(try_end(odd, 1, &layouts), ERROR_UNSUPPORTED,
                   "a member's place is not a constant");
}

static void of_many_that_are_passed_over_the_first_are_listed(void **state)
{
    struct odd *odd = *state;
    struct kernel_layouts layouts;
    char name[16];

    begin_computed(odd);
    for (unsigned i = 0; i < 2 * PASSED_OVER_LISTED_MAXIMUM; i++) {
        snprintf(name, sizeof(name), "s%04u", i);
        put_computed_struct(odd, name);
    }
    put_struct(odd, "fine", 4);
    end_children(odd);
    end(odd, &layouts);
    assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 1);
    assert_int_equal(layouts.passed_over_count, 2 * PASSED_OVER_LISTED_MAXIMUM);
    assert_string_equal(layouts.passed_over[PASSED_OVER_LISTED_MAXIMUM - 1].name, "struct s0063");
    kernel_layouts_deinit(&layouts);
}

enum { CODE_PARTIAL = CODE_OWN, CODE_IMPORT };

/* Begins a unit without a language, which defines a struct of that name; returns its place. */
static size_t begin_partial(struct odd *odd, const char *name)
{
    begin_unit_of(odd, 4, CODE_PARTIAL);
    size_t place = sample_length(odd->sample, DWARF_INFO) - 1;
    put_struct(odd, name, 4);
    end_children(odd);
    return place;
}

static void put_import(struct odd *odd, size_t place)
{
    put_uleb128(odd->sample, DWARF_INFO, CODE_IMPORT);
    put_number(odd->sample, DWARF_INFO, place, 4);
}

/* As dwz leaves it: what units share is in partial units. */
static void a_partial_unit_has_the_language_of_those_that_import_it(void **state)
{
    enum { LANGUAGE_RUST = 0x1c };
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    put_abbreviations(odd->sample);
    put_abbreviation(odd->sample, CODE_PARTIAL, DW_TAG_partial_unit, true, NO_FORMS);
    put_abbreviation(odd->sample, CODE_IMPORT, DW_TAG_imported_unit, false,
                     FORMS({DW_AT_import, DW_FORM_ref_addr, 0}));
    size_t shared = begin_partial(odd, "of_both");
    end_odd_unit(odd);
    size_t rust = begin_partial(odd, "of_rust");
    end_odd_unit(odd);
    size_t c = begin_partial(odd, "of_c");
    put_import(odd, shared);
    end_odd_unit(odd);
    begin_unit_of(odd, 4, CODE_UNIT);
    put_number(odd->sample, DWARF_INFO, LANGUAGE_C11, 1);
    put_import(odd, c);
    end_odd_unit(odd);
    begin_unit_of(odd, 4, CODE_UNIT);
    put_number(odd->sample, DWARF_INFO, LANGUAGE_RUST, 1);
    put_import(odd, rust);
    put_import(odd, shared);
    end(odd, &layouts);
    assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 2);
    assert_layout(&layouts, "of_both", "of_both 4\n");
    assert_layout(&layouts, "of_c", "of_c 4\n");
    kernel_layouts_deinit(&layouts);
}

/* Each struct has twice the members of the one before, in some bytes of the file. */
static void unnamed_structs_in_each_other_have_a_bound(void **state)
{
    enum { LEVELS = 17, STRUCTS = 20 };
    struct odd *odd = *state;
    struct kernel_layouts layouts;

    begin(odd, 4);
    put_abbreviation(odd->sample, CODE_OWN, DW_TAG_structure_type, true,
                     FORMS({DW_AT_byte_size, DW_FORM_udata, 0}));
    for (int level = 0; level < LEVELS; level++) {
        size_t place = sample_length(odd->sample, DWARF_INFO) - odd->start;
        put_uleb128(odd->sample, DWARF_INFO, CODE_OWN);
        put_uleb128(odd->sample, DWARF_INFO, 4);
        put_int_member(odd, "", 0);
        put_int_member(odd, "", 0);
        end_children(odd);
        odd->int_type = place;
    }
    for (unsigned i = 0; i < STRUCTS; i++) {
        char name[16];
        snprintf(name, sizeof(name), "outer%u", i);
        put_struct(odd, name, 4);
        put_int_member(odd, "", 0);
        end_children(odd);
    }
    assert_failure(try_end(odd, 2, &layouts), ERROR_LIMIT, "its definitions take more than");
}

static void long_names_cost_what_has_them(void **state)
{
    struct odd *odd = *state;
    struct kernel_layouts layouts;
    char name[C_NAME_MAXIMUM + 2] = "";

    memset(name, 0xff, C_NAME_MAXIMUM);
    begin(odd, 4);
    put_struct(odd, name, 4);
    end_children(odd);
    name[C_NAME_MAXIMUM] = 'x';
    put_struct(odd, name, 8);
    end_children(odd);
    put_struct(odd, "of_member", 4);
    put_int_member(odd, name, 0);
    end_children(odd);
    end(odd, &layouts);
    assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 1);
    assert_int_equal(strlen(layouts.definitions[0].name), C_NAME_MAXIMUM);
    assert_int_equal(layouts.passed_over_count, 2);
    assert_string_equal(layouts.passed_over[0].name, "struct of_member");
    assert_non_null(strstr(layouts.passed_over[0].reason, "a name has more than"));
    assert_in_range(strlen(layouts.passed_over[1].name), 100, PASSED_OVER_TEXT_MAXIMUM);
    kernel_layouts_deinit(&layouts);
}

/* A member of `struct s { int m; }`, of 8 bytes, that says where it is. */
struct place {
    size_t form_count;
    struct dwarf_form forms[4];
    size_t byte_count;
    unsigned char bytes[10]; /* all forms' values */
    const char *expected;    /* NULL: it is refused */
};

#define LOCATION(form)                                                                             \
    {                                                                                              \
        DW_AT_data_member_location, form, 0                                                        \
    }
#define BITS(form)                                                                                 \
    {DW_AT_bit_size, DW_FORM_data1, 0},                                                            \
    {                                                                                              \
        DW_AT_bit_offset, form, 0                                                                  \
    }

static const struct place places[] = {
    {2, {BITS(DW_FORM_data1)}, 2, {4, 0xfd}, "31:4"},
    {2, {BITS(DW_FORM_data2)}, 3, {4, 0xfd, 0xff}, "31:4"},
    {2, {BITS(DW_FORM_data4)}, 5, {4, 0xfd, 0xff, 0xff, 0xff}, "31:4"},
    {2, {BITS(DW_FORM_data8)}, 9, {4, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "31:4"},
    {2, {BITS(DW_FORM_sdata)}, 2, {4, 0x7d}, "31:4"},
    {2, {BITS(DW_FORM_data1)}, 2, {4, 3}, "25:4"},
    {2, {BITS(DW_FORM_data1)}, 2, {4, 60}, NULL},   /* before the struct */
    {2, {BITS(DW_FORM_data1)}, 2, {4, 0x80}, NULL}, /* after it */
    {1, {LOCATION(DW_FORM_data1)}, 1, {4}, "32"},
    {1, {LOCATION(DW_FORM_data1)}, 1, {5}, NULL},
    {1, {LOCATION(DW_FORM_data1)}, 1, {0xfc}, NULL},
    {1, {LOCATION(DW_FORM_sdata)}, 1, {0x7c}, NULL},
    {1, {LOCATION(DW_FORM_data8)}, 8, {0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, NULL},
    {1, {LOCATION(DW_FORM_block1)}, 3, {2, DW_OP_plus_uconst, 4}, "32"},
    {1, {LOCATION(DW_FORM_block1)}, 4, {3, DW_OP_const1u, 4, DW_OP_plus}, "32"},
    {1, {LOCATION(DW_FORM_block1)}, 3, {2, DW_OP_lit4, DW_OP_plus}, "32"},
    {1, {LOCATION(DW_FORM_block1)}, 2, {1, DW_OP_plus}, NULL},
    {1, {{DW_AT_data_bit_offset, DW_FORM_data1, 0}}, 1, {32}, "32"},
    {1, {{DW_AT_data_bit_offset, DW_FORM_data1, 0}}, 1, {40}, NULL},
    {2,
     {{DW_AT_bit_size, DW_FORM_data1, 0}, {DW_AT_data_bit_offset, DW_FORM_data1, 0}},
     2,
     {4, 60},
     "60:4"},
    {2,
     {{DW_AT_bit_size, DW_FORM_data1, 0}, {DW_AT_data_bit_offset, DW_FORM_data1, 0}},
     2,
     {4, 61},
     NULL},
};

static void check_place(struct odd *odd, const struct place *place)
{
    struct dwarf_form forms[6] = {{DW_AT_name, DW_FORM_string, 0}, {DW_AT_type, DW_FORM_ref4, 0}};
    struct kernel_layouts layouts;
    char expected[64];

    memcpy(forms + 2, place->forms, place->form_count * sizeof(*forms));
    begin(odd, 3);
    put_abbreviation(odd->sample, CODE_OWN, DW_TAG_member, false, place->form_count + 2, forms);
    put_struct(odd, "fine", 4);
    end_children(odd);
    put_struct(odd, "s", 8);
    put_uleb128(odd->sample, DWARF_INFO, CODE_OWN);
    put_text(odd->sample, DWARF_INFO, "m");
    put_number(odd->sample, DWARF_INFO, odd->int_type, 4);
    for (size_t i = 0; i < place->byte_count; i++)
        put_number(odd->sample, DWARF_INFO, place->bytes[i], 1);
    end_children(odd);
    end(odd, &layouts);
    assert_int_equal(layouts.passed_over_count, place->expected ? 0 : 1);
    if (place->expected) {
        snprintf(expected, sizeof(expected), "s 8\n%s int m 4\n", place->expected);
        assert_layout(&layouts, "s", expected);
    }
    kernel_layouts_deinit(&layouts);
}

static void members_are_where_they_say_or_refused(void **state UNUSED)
{
    if (__BYTE_ORDER == __BIG_ENDIAN)
        skip(); /* the bytes above are little-endian */
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        void *odd;
        print_message("place %zu\n", i);
        set_up(&odd);
        check_place(odd, &places[i]);
        tear_down(&odd);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_sibling_that_points_back_is_not_followed),
        TEST(a_struct_has_one_name_in_whatever_form),
        TEST(a_definition_that_cannot_be_decoded_costs_itself),
        TEST(a_kernel_without_any_other_definition_fails),
        TEST(of_many_that_are_passed_over_the_first_are_listed),
        TEST(a_partial_unit_has_the_language_of_those_that_import_it),
        TEST(unnamed_structs_in_each_other_have_a_bound),
        TEST(long_names_cost_what_has_them),
        TEST(members_are_where_they_say_or_refused),
    };
#undef TEST
    return cmocka_run_group_tests_name("odd DWARF", tests, NULL, NULL);
}
