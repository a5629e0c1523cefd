/* SPDX-License-Identifier: MIT */
/* What is made of DWARF that no compiler writes, or few. */
#include "tests/unit/dwarf_file.h"

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

/* Begins the file's one unit of C, which has an int. */
static void begin(struct odd *odd, unsigned version)
{
    struct dwarf_sample *sample = odd->sample;

    put_abbreviation(sample, CODE_UNIT, DW_TAG_compile_unit, true,
                     FORMS({DW_AT_language, DW_FORM_data1, 0}));
    put_abbreviation(sample, CODE_INT, DW_TAG_base_type, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_byte_size, DW_FORM_data1, 0}));
    put_abbreviation(sample, CODE_STRUCT, DW_TAG_structure_type, true,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_byte_size, DW_FORM_udata, 0}));
    put_abbreviation(sample, CODE_MEMBER, DW_TAG_member, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_type, DW_FORM_ref4, 0},
                           {DW_AT_data_member_location, DW_FORM_data1, 0}));
    odd->header =
        (struct unit_header){.version = version, .offset_byte_size = 4, .address_byte_size = 8};
    odd->start = begin_unit(sample, DWARF_INFO, &odd->header);
    put_uleb128(sample, DWARF_INFO, CODE_UNIT);
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

/* Ends the unit, and analyzes the file. */
static struct error *try_end(struct odd *odd, unsigned jobs, struct kernel_layouts *layouts)
{
    char *path = path_join(odd->directory, "vmlinux");

    end_children(odd);
    end_unit(odd->sample, DWARF_INFO, &odd->header, odd->start);
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
    assert_int_equal(layouts.struct_count, 1);
    struct layout layout = *layouts.structs[0].definition.layout;
    assert_string_equal(layout.name, layouts.structs[0].name);
    assert_success(layout_compute_digest(&layout));
    assert_memory_equal(layout.digest, layouts.structs[0].definition.layout->digest,
                        LAYOUT_DIGEST_BYTES);
    kernel_layouts_deinit(&layouts);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_sibling_that_points_back_is_not_followed),
        TEST(a_struct_has_one_name_in_whatever_form),
    };
#undef TEST
    return cmocka_run_group_tests_name("odd DWARF", tests, NULL, NULL);
}
