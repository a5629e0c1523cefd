/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/abbreviation.h"
#include "tests/unit/samples/dwarf_bytes.h"
#include "tests/unit/unit.h"

static const struct dwarf_encoding dwarf4 = {
    .version = 4, .address_byte_size = 8, .offset_byte_size = 4};
static const struct dwarf_encoding dwarf2_32 = {
    .version = 2, .address_byte_size = 4, .offset_byte_size = 4};
static const struct dwarf_encoding dwarf5_64 = {
    .version = 5, .address_byte_size = 8, .offset_byte_size = 8};

struct fixture {
    struct dwarf_sample *sample;
    struct abbreviation_table table;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->sample = sample_create(false);
    abbreviation_table_init(&fixture->table);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    abbreviation_table_deinit(&fixture->table);
    sample_destroy(fixture->sample);
    free(fixture);
    return 0;
}

static struct error *load_at(struct fixture *fixture, uint64_t offset,
                             const struct dwarf_encoding *encoding)
{
    return abbreviation_table_load(&fixture->table, sample_sections(fixture->sample), offset,
                                   encoding);
}

static const struct abbreviation *load_first(struct fixture *fixture)
{
    assert_success(load_at(fixture, 0, &dwarf4));
    const struct abbreviation *abbreviation = abbreviation_table_find(&fixture->table, 1);
    assert_non_null(abbreviation);
    return abbreviation;
}

static void codes_are_found_whatever_their_order(void **state)
{
    struct fixture *fixture = *state;
    const unsigned codes[] = {7, 1, 300, 2};

    for (unsigned i = 0; i < ARRAY_LENGTH(codes); i++)
        put_abbreviation(fixture->sample, codes[i], DW_TAG_member + i, i % 2 == 0, NO_FORMS);
    end_abbreviations(fixture->sample);
    assert_success(load_at(fixture, 0, &dwarf4));
    for (unsigned i = 0; i < ARRAY_LENGTH(codes); i++) {
        const struct abbreviation *found = abbreviation_table_find(&fixture->table, codes[i]);
        assert_non_null(found);
        assert_int_equal(found->tag, DW_TAG_member + i);
        assert_int_equal(found->has_children, i % 2 == 0);
    }
    assert_null(abbreviation_table_find(&fixture->table, 0));
    assert_null(abbreviation_table_find(&fixture->table, 3));
    assert_null(abbreviation_table_find(&fixture->table, 301));
    assert_null(abbreviation_table_find(&fixture->table, UINT64_MAX));
}

static void fixed_forms_have_fixed_places(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(fixture->sample, 1, DW_TAG_member, false,
                     FORMS({DW_AT_name, DW_FORM_strp, 0}, {DW_AT_decl_line, DW_FORM_data2, 0},
                           {DW_AT_type, DW_FORM_ref4, 0},
                           {DW_AT_data_member_location, DW_FORM_implicit_const, -5},
                           {DW_AT_bit_size, DW_FORM_data1, 0}));
    end_abbreviations(fixture->sample);
    const struct abbreviation *entry = load_first(fixture);
    assert_int_equal(entry->attributes_byte_size, 11);
    assert_int_equal(entry->slots[SLOT_NAME].value_class, VALUE_STR_OFFSET);
    assert_int_equal(entry->slots[SLOT_NAME].byte_offset, 0);
    assert_int_equal(entry->slots[SLOT_TYPE].value_class, VALUE_UNIT_REFERENCE);
    assert_int_equal(entry->slots[SLOT_TYPE].byte_offset, 6);
    assert_int_equal(entry->slots[SLOT_TYPE].byte_size, 4);
    assert_int_equal(entry->slots[SLOT_MEMBER_LOCATION].value_class, VALUE_IMPLICIT);
    assert_int_equal(entry->slots[SLOT_BIT_SIZE].value_class, VALUE_CONSTANT);
    assert_int_equal(entry->slots[SLOT_BIT_SIZE].byte_offset, 10);
    assert_int_equal(entry->slots[SLOT_SIBLING].value_class, VALUE_ABSENT);
}

static void places_after_one_varying_form_count_from_the_end(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(fixture->sample, 1, DW_TAG_member, false,
                     FORMS({DW_AT_byte_size, DW_FORM_data2, 0}, {DW_AT_name, DW_FORM_string, 0},
                           {DW_AT_type, DW_FORM_ref4, 0}, {DW_AT_bit_size, DW_FORM_data1, 0}));
    end_abbreviations(fixture->sample);
    const struct abbreviation *entry = load_first(fixture);
    assert_true(entry->attributes_byte_size == ABBREVIATION_SIZE_VARIES);
    assert_int_equal(entry->varying_count, 1);
    assert_int_equal(entry->last_varying, 1);
    assert_int_equal(entry->byte_size_before_varying, 2);
    assert_int_equal(entry->byte_size_after_varying, 5);
    assert_false(entry->slots[SLOT_BYTE_SIZE].is_from_end);
    assert_int_equal(entry->slots[SLOT_BYTE_SIZE].byte_offset, 0);
    assert_true(entry->slots[SLOT_TYPE].is_from_end);
    assert_int_equal(entry->slots[SLOT_TYPE].byte_offset, 5);
    assert_int_equal(entry->slots[SLOT_BIT_SIZE].byte_offset, 1);
}

static void an_attribute_given_twice_counts_once(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(
        fixture->sample, 1, DW_TAG_member, false,
        FORMS({DW_AT_byte_size, DW_FORM_data1, 0}, {DW_AT_byte_size, DW_FORM_data4, 0}));
    end_abbreviations(fixture->sample);
    const struct abbreviation *entry = load_first(fixture);
    assert_int_equal(entry->slots[SLOT_BYTE_SIZE].byte_size, 1);
    assert_int_equal(entry->attributes_byte_size, 5);
}

static void assert_size(uint16_t form, const struct dwarf_encoding *encoding, uint32_t expected)
{
    uint32_t byte_size = 77;

    assert_true(form_fixed_byte_size(form, encoding, &byte_size));
    assert_int_equal(byte_size, expected);
}

static void sizes_of_forms_depend_on_the_encoding(void **state UNUSED)
{
    assert_size(DW_FORM_addr, &dwarf4, 8);
    assert_size(DW_FORM_addr, &dwarf2_32, 4);
    assert_size(DW_FORM_strp, &dwarf4, 4);
    assert_size(DW_FORM_strp, &dwarf5_64, 8);
    assert_size(DW_FORM_sec_offset, &dwarf5_64, 8);
    assert_size(DW_FORM_line_strp, &dwarf5_64, 8);
    assert_size(DW_FORM_ref_addr, &dwarf4, 4);
    assert_size(DW_FORM_ref_addr, &dwarf2_32, 4);
    assert_size(DW_FORM_ref_addr, &(struct dwarf_encoding){2, 8, 4}, 8);
    assert_size(DW_FORM_GNU_strp_alt, &dwarf5_64, 8);
    assert_size(DW_FORM_strx3, &dwarf4, 3);
    assert_size(DW_FORM_data16, &dwarf4, 16);
    assert_size(DW_FORM_flag_present, &dwarf4, 0);
    assert_size(DW_FORM_implicit_const, &dwarf4, 0);
    assert_size(DW_FORM_ref_sig8, &dwarf2_32, 8);
}

static void other_sizes_depend_on_the_value(void **state UNUSED)
{
    const uint16_t forms[] = {DW_FORM_string,
                              DW_FORM_udata,
                              DW_FORM_sdata,
                              DW_FORM_block,
                              DW_FORM_exprloc,
                              DW_FORM_indirect,
                              DW_FORM_strx,
                              0,
                              2,
                              0x2d,
                              0x1000,
                              UINT16_MAX};
    uint32_t byte_size;

    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
        assert_false(form_fixed_byte_size(forms[i], &dwarf4, &byte_size));
}

static void a_table_is_loaded_anew_for_another_place_or_encoding(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(fixture->sample, 1, DW_TAG_member, false,
                     FORMS({DW_AT_name, DW_FORM_strp, 0}, {DW_AT_type, DW_FORM_ref_addr, 0}));
    end_abbreviations(fixture->sample);
    size_t second = sample_length(fixture->sample, DWARF_ABBREV);
    put_abbreviation(fixture->sample, 2, DW_TAG_variable, false, NO_FORMS);
    end_abbreviations(fixture->sample);
    assert_int_equal(load_first(fixture)->attributes_byte_size, 8);
    assert_success(load_at(fixture, 0, &dwarf5_64));
    assert_int_equal(abbreviation_table_find(&fixture->table, 1)->attributes_byte_size, 16);
    assert_success(load_at(fixture, second, &dwarf5_64));
    assert_null(abbreviation_table_find(&fixture->table, 1));
    assert_int_equal(abbreviation_table_find(&fixture->table, 2)->tag, DW_TAG_variable);
    assert_int_equal(load_first(fixture)->tag, DW_TAG_member);
    assert_null(abbreviation_table_find(&fixture->table, 2));
}

static void after_a_failure_the_table_can_be_loaded_again(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(fixture->sample, 1, DW_TAG_member, false, NO_FORMS);
    end_abbreviations(fixture->sample);
    load_first(fixture);
    assert_failure(load_at(fixture, 1, &dwarf4), ERROR_BAD_DWARF, "in .debug_abbrev");
    assert_int_equal(load_first(fixture)->tag, DW_TAG_member);
}

static void a_table_cut_short_anywhere_is_refused(void **state)
{
    struct fixture *fixture = *state;

    put_abbreviation(
        fixture->sample, 1, DW_TAG_member, false,
        FORMS({DW_AT_name, DW_FORM_strp, 0}, {DW_AT_type, DW_FORM_implicit_const, INT64_MIN}));
    put_abbreviation(fixture->sample, 300, DW_TAG_member, true, NO_FORMS);
    end_abbreviations(fixture->sample);
    size_t whole = sample_length(fixture->sample, DWARF_ABBREV);
    assert_success(load_at(fixture, 0, &dwarf4));
    for (size_t length = 1; length < whole; length++) {
        fixture->sample->parts[DWARF_ABBREV].length = length;
        abbreviation_table_deinit(&fixture->table);
        assert_failure(load_at(fixture, 0, &dwarf4), ERROR_BAD_DWARF, "sample: at byte");
    }
    assert_failure(load_at(fixture, whole, &dwarf4), ERROR_BAD_DWARF, "outside .debug_abbrev");
    assert_failure(load_at(fixture, UINT64_MAX, &dwarf4), ERROR_BAD_DWARF, "outside");
}

static void assert_refused(struct fixture *fixture, const char *why)
{
    end_abbreviations(fixture->sample);
    assert_failure(load_at(fixture, 0, &dwarf4), ERROR_BAD_DWARF, why);
    buffer_clear(&fixture->sample->parts[DWARF_ABBREV]);
}

static void nonsense_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct dwarf_sample *sample = fixture->sample;

    put_abbreviation(sample, 5, DW_TAG_member, false, NO_FORMS);
    put_abbreviation(sample, 5, DW_TAG_member, false, NO_FORMS);
    assert_refused(fixture, "given twice");
    put_abbreviation(sample, 1, 0, false, NO_FORMS);
    assert_refused(fixture, "code or tag is out of range");
    put_abbreviation(sample, 1, 0x10000, false, NO_FORMS);
    assert_refused(fixture, "code or tag is out of range");
    put_abbreviation(sample, (1 << 20) + 1, DW_TAG_member, false, NO_FORMS);
    assert_refused(fixture, "code or tag is out of range");
    put_abbreviation(sample, 1, DW_TAG_member, false, FORMS({0x10000, DW_FORM_data1, 0}));
    assert_refused(fixture, "attribute or form is out of range");
    put_abbreviation(sample, 1, DW_TAG_member, false, FORMS({DW_AT_name, 0x10000, 0}));
    assert_refused(fixture, "attribute or form is out of range");
}

static void attributes_without_end_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static struct dwarf_form forms[4097];

    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
        forms[i] = (struct dwarf_form){DW_AT_decl_line, DW_FORM_data16, 0};
    forms[4095].attribute = DW_AT_byte_size;
    put_abbreviation(fixture->sample, 1, DW_TAG_member, false, 4096, forms);
    end_abbreviations(fixture->sample);
    assert_int_equal(load_first(fixture)->attributes_byte_size, 4096 * 16);
    buffer_clear(&fixture->sample->parts[DWARF_ABBREV]);
    abbreviation_table_deinit(&fixture->table);
    put_abbreviation(fixture->sample, 1, DW_TAG_member, false, 4097, forms);
    assert_refused(fixture, "too many attributes");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(codes_are_found_whatever_their_order),
        TEST(fixed_forms_have_fixed_places),
        TEST(places_after_one_varying_form_count_from_the_end),
        TEST(an_attribute_given_twice_counts_once),
        cmocka_unit_test(sizes_of_forms_depend_on_the_encoding),
        cmocka_unit_test(other_sizes_depend_on_the_value),
        TEST(a_table_is_loaded_anew_for_another_place_or_encoding),
        TEST(after_a_failure_the_table_can_be_loaded_again),
        TEST(a_table_cut_short_anywhere_is_refused),
        TEST(nonsense_is_refused),
        TEST(attributes_without_end_are_refused),
    };
#undef TEST
    return cmocka_run_group_tests_name("abbreviation", tests, NULL, NULL);
}
