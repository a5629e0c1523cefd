/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/unit_list.h"
#include "tests/unit/samples/dwarf_bytes.h"
#include "tests/unit/unit.h"

static const struct unit_header dwarf4 = {4, 4, 8, 0, 0, 0, 0};

/* Puts a unit with BODY bytes after its header; returns its offset. */
static size_t put_unit(struct dwarf_sample *sample, enum dwarf_section section,
                       const struct unit_header *header, size_t body)
{
    size_t start = begin_unit(sample, section, header);

    for (size_t i = 0; i < body; i++)
        put_number(sample, section, 0, 1);
    end_unit(sample, section, header, start);
    return start;
}

static void assert_unit(const struct unit *unit, const struct unit_header *header, size_t start,
                        size_t header_byte_size, size_t body)
{
    assert_int_equal(unit->section_offset, start);
    assert_int_equal(unit->first_die_offset, start + header_byte_size);
    assert_int_equal(unit->end_offset, start + header_byte_size + body);
    assert_int_equal(unit->encoding.version, header->version);
    assert_int_equal(unit->encoding.offset_byte_size, header->offset_byte_size);
    assert_int_equal(unit->encoding.address_byte_size, header->address_byte_size);
    assert_true(unit->abbreviation_offset == header->abbreviation_offset);
}

static void all_versions_sizes_and_byte_orders_are_read(void **state UNUSED)
{
    for (int is_big_endian = 0; is_big_endian <= 1; is_big_endian++) {
        struct dwarf_sample *sample = sample_create(is_big_endian);
        struct unit_header headers[8];
        size_t starts[8];
        struct unit_list list;
        for (unsigned i = 0; i < 8; i++) {
            headers[i] = (struct unit_header){.version = 2 + i / 2,
                                              .offset_byte_size = i % 2 ? 8 : 4,
                                              .address_byte_size = i % 2 ? 8 : 4,
                                              .abbreviation_offset = 0x12345678 + i};
            starts[i] = put_unit(sample, DWARF_INFO, &headers[i], 10 + i);
        }
        assert_success(unit_list_read(sample_sections(sample), &list));
        assert_int_equal(list.count, 8);
        for (unsigned i = 0; i < 8; i++) {
            size_t byte_size = (i % 2 ? 23 : 11) + (headers[i].version >= 5);
            assert_unit(&list.units[i], &headers[i], starts[i], byte_size, 10 + i);
            assert_false(list.units[i].has_signature);
            assert_false(list.units[i].is_skeleton);
        }
        unit_list_deinit(&list);
        sample_destroy(sample);
    }
}

static void type_units_have_signatures(void **state UNUSED)
{
    struct dwarf_sample *sample = sample_create(true);
    struct unit_header old = {4, 4, 8, 0, 7, UINT64_C(0x0102030405060708), 24};
    struct unit_header new = {5, 8, 8, DW_UT_type, 9, UINT64_C(0x1112131415161718), 40};
    const uint8_t signature[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct unit_list list;
    uint64_t stored;

    put_unit(sample, DWARF_INFO, &dwarf4, 3);
    size_t new_start = put_unit(sample, DWARF_INFO, &new, 9);
    size_t old_start = put_unit(sample, DWARF_TYPES, &old, 5);
    assert_success(unit_list_read(sample_sections(sample), &list));
    assert_int_equal(list.count, 3);
    assert_unit(&list.units[1], &new, new_start, 24 + 16, 9);
    assert_unit(&list.units[2], &old, old_start, 11 + 12, 5);
    assert_int_equal(list.units[2].section, DWARF_TYPES);
    assert_int_equal(list.units[1].type_offset, new_start + 40);
    assert_int_equal(list.units[2].type_offset, old_start + 24);
    memcpy(&stored, signature, sizeof(stored));
    assert_ptr_equal(unit_list_find_signature(&list, stored), &list.units[2]);
    assert_null(unit_list_find_signature(&list, stored + 1));
    assert_null(unit_list_find_signature(&list, 0));
    unit_list_deinit(&list);
    sample_destroy(sample);
}

static void skeletons_and_partial_units_are_told(void **state UNUSED)
{
    struct dwarf_sample *sample = sample_create(false);
    struct unit_header skeleton = {5, 4, 8, DW_UT_skeleton, 0, 1, 0};
    struct unit_header partial = {5, 4, 8, DW_UT_partial, 0, 0, 0};
    struct unit_list list;

    size_t first = put_unit(sample, DWARF_INFO, &skeleton, 1);
    size_t second = put_unit(sample, DWARF_INFO, &partial, 1);
    assert_success(unit_list_read(sample_sections(sample), &list));
    assert_unit(&list.units[0], &skeleton, first, 20, 1);
    assert_unit(&list.units[1], &partial, second, 12, 1);
    assert_true(list.units[0].is_skeleton);
    assert_false(list.units[1].is_skeleton);
    unit_list_deinit(&list);
    sample_destroy(sample);
}

static void offsets_find_their_unit(void **state UNUSED)
{
    enum { UNITS = 3000, UNIT_BYTES = 16 };
    struct dwarf_sample *sample = sample_create(false);
    struct unit_list list;

    for (size_t i = 0; i < UNITS; i++)
        put_unit(sample, DWARF_INFO, &dwarf4, UNIT_BYTES - 11);
    put_unit(sample, DWARF_TYPES, &(struct unit_header){4, 4, 8, 0, 0, 1, 23}, 1);
    assert_success(unit_list_read(sample_sections(sample), &list));
    assert_int_equal(list.count, UNITS + 1);
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit *unit = &list.units[i];
        assert_ptr_equal(unit_list_find(&list, DWARF_INFO, i * UNIT_BYTES), unit);
        assert_ptr_equal(unit_list_find(&list, DWARF_INFO, (i + 1) * UNIT_BYTES - 1), unit);
    }
    assert_null(unit_list_find(&list, DWARF_INFO, UNITS * UNIT_BYTES));
    assert_ptr_equal(unit_list_find(&list, DWARF_TYPES, 0), &list.units[UNITS]);
    assert_ptr_equal(unit_list_find(&list, DWARF_TYPES, 23), &list.units[UNITS]);
    assert_null(unit_list_find(&list, DWARF_TYPES, 24));
    unit_list_deinit(&list);
    sample_destroy(sample);
}

static void an_empty_list_finds_nothing(void **state UNUSED)
{
    const struct unit_list list = {0};

    assert_null(unit_list_find(&list, DWARF_INFO, 0));
    assert_null(unit_list_find_signature(&list, 0));
}

static void assert_refused(struct dwarf_sample *sample, const char *why)
{
    struct unit_list list = {.count = 77};

    assert_failure(unit_list_read(sample_sections(sample), &list), ERROR_BAD_DWARF, why);
    assert_int_equal(list.count, 77);
}

static void headers_cut_short_anywhere_are_refused(void **state UNUSED)
{
    const struct unit_header headers[] = {
        {4, 4, 8, 0, 0, 0, 0},
        {5, 8, 8, 0, 0, 0, 0},
        {5, 4, 8, DW_UT_type, 0, 1, 24},
        {5, 4, 8, DW_UT_skeleton, 0, 1, 0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct dwarf_sample *sample = sample_create(false);
        size_t second = put_unit(sample, DWARF_INFO, &dwarf4, 1);
        second = put_unit(sample, DWARF_INFO, &headers[i], 1);
        size_t whole = sample_length(sample, DWARF_INFO);
        for (size_t length = second + 1; length < whole; length++) {
            sample->parts[DWARF_INFO].length = length;
            assert_refused(sample, "sample: at byte 12: in .debug_info: a unit reaches past");
        }
        sample_destroy(sample);
    }
}

/* The length is honest, but smaller than a header. */
static void units_smaller_than_their_header_are_refused(void **state UNUSED)
{
    struct dwarf_sample *sample = sample_create(false);
    size_t start = put_unit(sample, DWARF_INFO, &dwarf4, 100);

    for (uint64_t length = 0; length < 7; length++) {
        patch_number(sample, DWARF_INFO, start, length, 4);
        assert_refused(sample, "sample: at byte 0: in .debug_info: a unit");
    }
    sample_destroy(sample);
}

static void lying_lengths_are_refused(void **state UNUSED)
{
    struct dwarf_sample *sample = sample_create(false);
    const struct unit_header wide = {4, 8, 8, 0, 0, 0, 0};
    size_t start = put_unit(sample, DWARF_INFO, &dwarf4, 4);

    patch_number(sample, DWARF_INFO, start, 12, 4);
    assert_refused(sample, "reaches past");
    for (uint64_t length = 0xfffffff0; length < 0xffffffff; length++) {
        patch_number(sample, DWARF_INFO, start, length, 4);
        assert_refused(sample, "reserved value");
    }
    patch_number(sample, DWARF_INFO, start, 0xffffffef, 4);
    assert_refused(sample, "reaches past");
    buffer_clear(&sample->parts[DWARF_INFO]);
    start = put_unit(sample, DWARF_INFO, &wide, 4);
    patch_number(sample, DWARF_INFO, start + 4, UINT64_MAX, 8);
    assert_refused(sample, "reaches past");
    patch_number(sample, DWARF_INFO, start + 4, UINT64_MAX - 11, 8);
    assert_refused(sample, "reaches past");
    sample_destroy(sample);
}

static void unknown_headers_are_refused(void **state UNUSED)
{
    const struct {
        struct unit_header header;
        const char *why;
    } cases[] = {
        {{1, 4, 8, 0, 0, 0, 0}, "unknown DWARF version"},
        {{6, 4, 8, 0, 0, 0, 0}, "unknown DWARF version"},
        {{4, 4, 0, 0, 0, 0, 0}, "impossible address size"},
        {{4, 4, 9, 0, 0, 0, 0}, "impossible address size"},
        {{5, 4, 8, 0x77, 0, 0, 0}, "unknown type"},
        {{5, 4, 8, DW_UT_type, 0, 1, 26}, "cut short"},
        {{5, 4, 8, DW_UT_type, 0, 1, UINT32_MAX}, "cut short"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct dwarf_sample *sample = sample_create(false);
        put_unit(sample, DWARF_INFO, &cases[i].header, 2);
        assert_refused(sample, cases[i].why);
        sample_destroy(sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_versions_sizes_and_byte_orders_are_read),
        cmocka_unit_test(type_units_have_signatures),
        cmocka_unit_test(skeletons_and_partial_units_are_told),
        cmocka_unit_test(offsets_find_their_unit),
        cmocka_unit_test(an_empty_list_finds_nothing),
        cmocka_unit_test(headers_cut_short_anywhere_are_refused),
        cmocka_unit_test(units_smaller_than_their_header_are_refused),
        cmocka_unit_test(lying_lengths_are_refused),
        cmocka_unit_test(unknown_headers_are_refused),
    };
    return cmocka_run_group_tests_name("unit list", tests, NULL, NULL);
}
