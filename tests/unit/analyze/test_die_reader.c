/* SPDX-License-Identifier: MIT */
/* Walking DIEs: children, siblings, ends of lists, and what is wrong with them. */
#include "analyze/dwarf/die_reader.h"
#include "tests/unit/samples/dwarf_bytes.h"
#include "tests/unit/unit.h"

enum { LEAF = 1, PARENT, NAMED, WITH_SIBLING, FAR_CODE = 200, UNKNOWN_FORM = 201 };

static const struct unit_header header = {4, 4, 8, 0, 0, 0, 0};

struct fixture {
    struct dwarf_sample *sample;
    size_t start;
    struct unit_list units;
    struct die_reader reader;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct dwarf_sample *sample = sample_create(false);

    fixture->sample = sample;
    put_abbreviation(sample, LEAF, DW_TAG_base_type, false,
                     FORMS({DW_AT_byte_size, DW_FORM_data1, 0}));
    put_abbreviation(sample, PARENT, DW_TAG_structure_type, true, NO_FORMS);
    put_abbreviation(sample, NAMED, DW_TAG_typedef, false,
                     FORMS({DW_AT_decl_file, DW_FORM_data1, 0}, {DW_AT_name, DW_FORM_string, 0},
                           {DW_AT_producer, DW_FORM_block1, 0}, {DW_AT_type, DW_FORM_ref4, 0}));
    put_abbreviation(sample, WITH_SIBLING, DW_TAG_union_type, true,
                     FORMS({DW_AT_sibling, DW_FORM_ref4, 0}));
    put_abbreviation(sample, FAR_CODE, DW_TAG_member, false,
                     FORMS({DW_AT_byte_size, DW_FORM_data1, 0}));
    put_abbreviation(sample, UNKNOWN_FORM, DW_TAG_member, false, FORMS({DW_AT_name, 0x7f, 0}));
    end_abbreviations(sample);
    fixture->start = begin_unit(sample, DWARF_INFO, &header);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    die_reader_deinit(&fixture->reader);
    unit_list_deinit(&fixture->units);
    sample_destroy(fixture->sample);
    free(fixture);
    return 0;
}

static void put_code(struct fixture *fixture, unsigned code)
{
    put_uleb128(fixture->sample, DWARF_INFO, code);
}

static void put_leaf(struct fixture *fixture, unsigned byte_size)
{
    put_code(fixture, LEAF);
    put_number(fixture->sample, DWARF_INFO, byte_size, 1);
}

static void put_named(struct fixture *fixture)
{
    put_code(fixture, NAMED);
    put_number(fixture->sample, DWARF_INFO, 9, 1);
    put_text(fixture->sample, DWARF_INFO, "name");
    put_number(fixture->sample, DWARF_INFO, 3, 1);
    put_number(fixture->sample, DWARF_INFO, 0xffffff, 3);
    put_number(fixture->sample, DWARF_INFO, 11, 4);
}

/* Ends the unit and enters it. */
static struct die_reader *enter(struct fixture *fixture)
{
    end_unit(fixture->sample, DWARF_INFO, &header, fixture->start);
    assert_success(unit_list_read(sample_sections(fixture->sample), &fixture->units));
    die_reader_init(&fixture->reader, &fixture->sample->sections);
    assert_success(die_reader_enter(&fixture->reader, &fixture->units.units[0]));
    return &fixture->reader;
}

static void assert_leaf(struct die_reader *reader, uint64_t byte_size)
{
    struct die die = die_read(reader);
    uint64_t value;

    assert_non_null(die.abbreviation);
    assert_true(die_unsigned(reader, &die, SLOT_BYTE_SIZE, &value));
    assert_int_equal(value, byte_size);
}

static void dies_follow_each_other(void **state)
{
    struct fixture *fixture = *state;

    put_leaf(fixture, 1);
    put_named(fixture);
    put_leaf(fixture, 2);
    put_code(fixture, FAR_CODE);
    put_number(fixture->sample, DWARF_INFO, 3, 1);
    put_code(fixture, 0);
    put_leaf(fixture, 4);
    struct die_reader *reader = enter(fixture);
    assert_leaf(reader, 1);
    struct die named = die_read(reader);
    struct die_reference reference;
    assert_int_equal(named.section_offset, fixture->units.units[0].first_die_offset + 2);
    assert_true(die_reference(reader, &named, SLOT_TYPE, &reference));
    assert_int_equal(reference.value, fixture->start + 11);
    assert_leaf(reader, 2);
    assert_leaf(reader, 3);
    assert_null(die_read(reader).abbreviation);
    assert_leaf(reader, 4);
    assert_success(die_reader_check(reader));
}

static void reading_after_the_last_die_is_a_fault(void **state)
{
    struct fixture *fixture = *state;

    put_leaf(fixture, 1);
    struct die_reader *reader = enter(fixture);
    assert_leaf(reader, 1);
    assert_success(die_reader_check(reader));
    assert_null(die_read(reader).abbreviation);
    assert_null(die_read(reader).abbreviation);
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF,
                   "in .debug_info: a unit ends inside a list of DIEs");
    assert_success(die_reader_enter(reader, &fixture->units.units[0]));
    assert_success(die_reader_check(reader));
    assert_leaf(reader, 1);
}

static void unknown_codes_are_faults(void **state)
{
    struct fixture *fixture = *state;
    const unsigned codes[] = {5, 127, 128, 199, 202, 100000};

    for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
        fixture->sample->parts[DWARF_INFO].length = fixture->start + 11;
        put_code(fixture, codes[i]);
        put_leaf(fixture, 1);
        struct die_reader *reader = enter(fixture);
        assert_null(die_read(reader).abbreviation);
        assert_null(die_read(reader).abbreviation);
        assert_failure(die_reader_check(reader), ERROR_BAD_DWARF,
                       "abbreviation is not in its unit's table");
        die_reader_deinit(reader);
        unit_list_deinit(&fixture->units);
    }
}

static void unknown_forms_are_faults(void **state)
{
    struct fixture *fixture = *state;

    put_code(fixture, UNKNOWN_FORM);
    put_leaf(fixture, 1);
    struct die_reader *reader = enter(fixture);
    die_read(reader);
    assert_null(die_read(reader).abbreviation);
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF, "unknown form");
}

/* A parent with a leaf, a parent and a leaf in it; then leaf 9. */
static void put_family(struct fixture *fixture, unsigned code, uint64_t sibling)
{
    put_code(fixture, code);
    if (code == WITH_SIBLING)
        put_number(fixture->sample, DWARF_INFO, sibling, 4);
    put_leaf(fixture, 1);
    put_code(fixture, PARENT);
    put_named(fixture);
    put_code(fixture, 0);
    put_leaf(fixture, 2);
    put_code(fixture, 0);
    put_leaf(fixture, 9);
}

static void skip_family(struct die_reader *reader)
{
    struct die parent = die_read(reader);

    assert_non_null(parent.abbreviation);
    die_skip_children(reader, &parent);
}

static void children_are_skipped_by_walking(void **state)
{
    put_family(*state, PARENT, 0);
    struct die_reader *reader = enter(*state);
    skip_family(reader);
    assert_leaf(reader, 9);
    assert_success(die_reader_check(reader));
}

static void children_are_skipped_by_the_sibling(void **state)
{
    struct fixture *fixture = *state;

    put_family(fixture, WITH_SIBLING, 0);
    /* Damage among the children is not seen then. */
    patch_number(fixture->sample, DWARF_INFO, 16, 77, 1);
    patch_number(fixture->sample, DWARF_INFO, 12, sample_length(fixture->sample, DWARF_INFO) - 2,
                 4);
    struct die_reader *reader = enter(fixture);
    skip_family(reader);
    assert_leaf(reader, 9);
    assert_success(die_reader_check(reader));
}

static void siblings_that_lead_back_are_ignored(void **state)
{
    for (uint64_t sibling = 0; sibling <= 11; sibling++) {
        struct fixture *fixture = *state;
        fixture->sample->parts[DWARF_INFO].length = fixture->start + 11;
        put_family(fixture, WITH_SIBLING, sibling);
        struct die_reader *reader = enter(fixture);
        skip_family(reader);
        assert_leaf(reader, 9);
        assert_success(die_reader_check(reader));
        die_reader_deinit(reader);
        unit_list_deinit(&fixture->units);
    }
}

static void siblings_out_of_the_unit_are_faults(void **state)
{
    put_family(*state, WITH_SIBLING, 0xffff);
    struct die_reader *reader = enter(*state);
    skip_family(reader);
    assert_null(die_read(reader).abbreviation);
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF, "reference points out of its unit");
}

static void seeking_goes_where_the_unit_is(void **state)
{
    struct fixture *fixture = *state;

    put_leaf(fixture, 1);
    put_leaf(fixture, 2);
    struct die_reader *reader = enter(fixture);
    const struct unit *unit = &fixture->units.units[0];
    die_seek(reader, unit->first_die_offset + 2);
    assert_leaf(reader, 2);
    die_seek(reader, unit->first_die_offset);
    assert_leaf(reader, 1);
    die_seek(reader, unit->first_die_offset - 1);
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF, "out of its unit");
    die_seek(reader, unit->first_die_offset);
    assert_null(die_read(reader).abbreviation);
    assert_success(die_reader_enter(reader, unit));
    die_seek(reader, unit->end_offset);
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF, "out of its unit");
}

static void the_first_fault_is_kept_with_its_place(void **state)
{
    struct fixture *fixture = *state;

    put_leaf(fixture, 1);
    struct die_reader *reader = enter(fixture);
    assert_leaf(reader, 1);
    die_reader_fault(reader, "first");
    die_reader_fault(reader, "second");
    assert_failure(die_reader_check(reader), ERROR_BAD_DWARF,
                   "sample: at byte 13: in .debug_info: first");
}

/* Reads all DIEs with all their attributes. */
static void read_everything(struct die_reader *reader)
{
    while (cursor_left(&reader->cursor) > 0) {
        struct die die = die_read(reader);
        if (!die.abbreviation)
            continue;
        for (unsigned i = 0; i < ATTRIBUTE_SLOT_COUNT; i++) {
            enum attribute_slot slot = (enum attribute_slot)i;
            struct die_reference reference;
            struct section_bytes block;
            struct dwarf_name name;
            uint64_t value;
            die_unsigned(reader, &die, slot, &value);
            die_block(reader, &die, slot, &block);
            die_reference(reader, &die, slot, &reference);
            if (slot == SLOT_NAME)
                die_text(reader, &die, slot, &name);
        }
    }
}

static void units_cut_short_anywhere_are_read_without_harm(void **state)
{
    struct fixture *fixture = *state;

    put_family(fixture, WITH_SIBLING, 30);
    put_named(fixture);
    size_t whole = sample_length(fixture->sample, DWARF_INFO);
    for (size_t length = whole; length > fixture->start + 11; length--) {
        fixture->sample->parts[DWARF_INFO].length = length;
        struct die_reader *reader = enter(fixture);
        read_everything(reader);
        error_destroy(die_reader_check(reader));
        assert_success(die_reader_enter(reader, &fixture->units.units[0]));
        struct die parent = die_read(reader);
        if (parent.abbreviation)
            die_skip_children(reader, &parent);
        error_destroy(die_reader_check(reader));
        die_reader_deinit(reader);
        unit_list_deinit(&fixture->units);
    }
}

static void a_die_cut_short_is_a_fault(void **state)
{
    struct fixture *fixture = *state;

    put_named(fixture);
    size_t whole = sample_length(fixture->sample, DWARF_INFO);
    for (size_t length = whole - 1; length > fixture->start + 11; length--) {
        fixture->sample->parts[DWARF_INFO].length = length;
        struct die_reader *reader = enter(fixture);
        assert_null(die_read(reader).abbreviation);
        assert_failure(die_reader_check(reader), ERROR_BAD_DWARF, "a unit ends inside a DIE");
        die_reader_deinit(reader);
        unit_list_deinit(&fixture->units);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(dies_follow_each_other),
        TEST(reading_after_the_last_die_is_a_fault),
        TEST(unknown_codes_are_faults),
        TEST(unknown_forms_are_faults),
        TEST(children_are_skipped_by_walking),
        TEST(children_are_skipped_by_the_sibling),
        TEST(siblings_that_lead_back_are_ignored),
        TEST(siblings_out_of_the_unit_are_faults),
        TEST(seeking_goes_where_the_unit_is),
        TEST(the_first_fault_is_kept_with_its_place),
        TEST(units_cut_short_anywhere_are_read_without_harm),
        TEST(a_die_cut_short_is_a_fault),
    };
#undef TEST
    return cmocka_run_group_tests_name("DIE reader", tests, NULL, NULL);
}
