/* SPDX-License-Identifier: MIT */
/* Attributes of every form, among every kind of neighbours. */
#include "analyze/dwarf/die_reader.h"
#include "tests/unit/samples/dwarf_bytes.h"
#include "tests/unit/unit.h"

/* What stands around the attribute that is read: any of these together. */
enum {
    FIXED_BEFORE = 1,
    VARYING_BEFORE = 2,
    FIXED_BEHIND = 4,
    VARYING_BEHIND = 8,
    ALL_NEIGHBOURS = 16,
};

enum encoding {
    AS_BYTES,
    AS_ULEB128,
    AS_SLEB128,
    AS_TEXT,
    AS_NOTHING,
    AS_BLOCK,
    AS_INDIRECT_ULEB128
};

#define BLOCK "five!"

struct value {
    unsigned form;
    enum encoding encoding;
    unsigned byte_size; /* AS_BYTES */
    uint64_t number;    /* as it is written */
};

/* One unit with one DIE that has the attribute, open for reading. */
struct opened {
    struct dwarf_sample *sample;
    struct unit_list units;
    struct die_reader reader;
    struct die die;
};

static void put_value(struct dwarf_sample *sample, const struct value *value)
{
    switch (value->encoding) {
    case AS_BYTES: put_number(sample, DWARF_INFO, value->number, value->byte_size); break;
    case AS_ULEB128: put_uleb128(sample, DWARF_INFO, value->number); break;
    case AS_SLEB128: put_sleb128(sample, DWARF_INFO, (int64_t)value->number); break;
    case AS_TEXT: put_text(sample, DWARF_INFO, "a text"); break;
    case AS_NOTHING: break;
    case AS_BLOCK:
        if (value->byte_size > 0)
            put_number(sample, DWARF_INFO, strlen(BLOCK), value->byte_size);
        else
            put_uleb128(sample, DWARF_INFO, strlen(BLOCK));
        buffer_append_text(&sample->parts[DWARF_INFO], BLOCK);
        break;
    case AS_INDIRECT_ULEB128:
        put_uleb128(sample, DWARF_INFO, DW_FORM_udata);
        put_uleb128(sample, DWARF_INFO, value->number);
        break;
    }
}

static void put_specifications(struct dwarf_sample *sample, unsigned attribute,
                               const struct value *value, unsigned neighbours)
{
    struct dwarf_form forms[5];
    size_t count = 0;

    if (neighbours & FIXED_BEFORE)
        forms[count++] = (struct dwarf_form){DW_AT_decl_line, DW_FORM_data2, 0};
    if (neighbours & VARYING_BEFORE)
        forms[count++] = (struct dwarf_form){DW_AT_producer, DW_FORM_string, 0};
    forms[count++] = (struct dwarf_form){attribute, value->form, (int64_t)value->number};
    if (neighbours & FIXED_BEHIND)
        forms[count++] = (struct dwarf_form){DW_AT_decl_file, DW_FORM_data4, 0};
    if (neighbours & VARYING_BEHIND)
        forms[count++] = (struct dwarf_form){DW_AT_linkage_name, DW_FORM_string, 0};
    put_abbreviation(sample, 1, DW_TAG_member, false, count, forms);
    end_abbreviations(sample);
}

/* What the text forms refer to. */
static void put_texts(struct dwarf_sample *sample, unsigned offset_byte_size)
{
    put_text(sample, DWARF_STR, "first");
    put_text(sample, DWARF_STR, "second");
    put_text(sample, DWARF_LINE_STR, "x");
    put_text(sample, DWARF_LINE_STR, "line");
    /* The header of the table: where indexes count from without DW_AT_str_offsets_base. */
    put_number(sample, DWARF_STR_OFFSETS, 0, 8);
    if (offset_byte_size == 8)
        put_number(sample, DWARF_STR_OFFSETS, 0, 8);
    put_number(sample, DWARF_STR_OFFSETS, 0, offset_byte_size);
    put_number(sample, DWARF_STR_OFFSETS, 6, offset_byte_size);
}

static void open_die(struct opened *opened, const struct unit_header *header, bool is_big_endian,
                     unsigned attribute, const struct value *value, unsigned neighbours)
{
    struct dwarf_sample *sample = sample_create(is_big_endian);

    opened->sample = sample;
    put_specifications(sample, attribute, value, neighbours);
    put_texts(sample, header->offset_byte_size);
    size_t start = begin_unit(sample, DWARF_INFO, header);
    put_uleb128(sample, DWARF_INFO, 1);
    if (neighbours & FIXED_BEFORE)
        put_number(sample, DWARF_INFO, 0xaaaa, 2);
    if (neighbours & VARYING_BEFORE)
        put_text(sample, DWARF_INFO, "some producer");
    put_value(sample, value);
    if (neighbours & FIXED_BEHIND)
        put_number(sample, DWARF_INFO, 0xbbbbbbbb, 4);
    if (neighbours & VARYING_BEHIND)
        put_text(sample, DWARF_INFO, "_Zsome");
    end_unit(sample, DWARF_INFO, header, start);
    const struct dwarf_sections *sections = sample_sections(sample);
    assert_success(unit_list_read(sections, &opened->units));
    die_reader_init(&opened->reader, sections);
    assert_success(die_reader_enter(&opened->reader, &opened->units.units[0]));
    opened->die = die_read(&opened->reader);
    assert_non_null(opened->die.abbreviation);
    assert_int_equal(cursor_left(&opened->reader.cursor), 0);
}

static void close_die(struct opened *opened)
{
    die_reader_deinit(&opened->reader);
    unit_list_deinit(&opened->units);
    sample_destroy(opened->sample);
}

static const struct unit_header headers[] = {{4, 4, 8, 0, 0, 0, 0}, {5, 8, 8, 0, 0, 0, 0}};

typedef void check_die(struct opened *opened, const struct value *value, const void *expected);

/* Opens a DIE with the value for every header, byte order and neighbourhood. */
static void in_every_place(unsigned attribute, const struct value *value, check_die *check,
                           const void *expected)
{
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct value sized = *value;
        if (sized.encoding == AS_BYTES && sized.byte_size == 0)
            sized.byte_size = headers[i].offset_byte_size;
        for (unsigned j = 0; j < 2 * ALL_NEIGHBOURS; j++) {
            struct opened opened;
            open_die(&opened, &headers[i], j >= ALL_NEIGHBOURS, attribute, &sized,
                     j % ALL_NEIGHBOURS);
            check(&opened, &sized, expected);
            assert_success(die_reader_check(&opened.reader));
            close_die(&opened);
        }
    }
}

static void check_number(struct opened *opened, const struct value *value, const void *expected)
{
    uint64_t number = 77;
    struct section_bytes block;
    struct die_reference reference;

    assert_true(die_unsigned(&opened->reader, &opened->die, SLOT_BYTE_SIZE, &number));
    if (number != *(const uint64_t *)expected)
        fail_msg("form %#x: %#llx", value->form, (unsigned long long)number);
    assert_false(die_block(&opened->reader, &opened->die, SLOT_BYTE_SIZE, &block));
    assert_false(die_reference(&opened->reader, &opened->die, SLOT_BYTE_SIZE, &reference));
    assert_false(die_unsigned(&opened->reader, &opened->die, SLOT_COUNT, &number));
}

static void numbers_are_read_from_all_their_forms(void **state UNUSED)
{
    const struct {
        struct value value;
        uint64_t expected;
    } cases[] = {
        {{DW_FORM_data1, AS_BYTES, 1, 0x81}, 0x81},
        {{DW_FORM_data2, AS_BYTES, 2, 0x8123}, 0x8123},
        {{DW_FORM_data4, AS_BYTES, 4, 0x81234567}, 0x81234567},
        {{DW_FORM_data8, AS_BYTES, 8, UINT64_MAX - 5}, UINT64_MAX - 5},
        {{DW_FORM_udata, AS_ULEB128, 0, 624485}, 624485},
        {{DW_FORM_sdata, AS_SLEB128, 0, (uint64_t)-3}, (uint64_t)-3},
        {{DW_FORM_flag, AS_BYTES, 1, 1}, 1},
        {{DW_FORM_flag_present, AS_NOTHING, 0, 0}, 1},
        {{DW_FORM_implicit_const, AS_NOTHING, 0, (uint64_t)-7}, (uint64_t)-7},
        {{DW_FORM_sec_offset, AS_BYTES, 0, 0x12345678}, 0x12345678},
        {{DW_FORM_indirect, AS_INDIRECT_ULEB128, 0, 300}, 300},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        in_every_place(DW_AT_byte_size, &cases[i].value, check_number, &cases[i].expected);
}

static void check_reference(struct opened *opened, const struct value *value, const void *expected)
{
    const struct die_reference *wanted = expected;
    struct die_reference reference;
    uint64_t number;

    assert_true(die_reference(&opened->reader, &opened->die, SLOT_TYPE, &reference));
    if (reference.kind != wanted->kind || reference.value != wanted->value)
        fail_msg("form %#x: kind %d, %#llx", value->form, (int)reference.kind,
                 (unsigned long long)reference.value);
    assert_false(die_unsigned(&opened->reader, &opened->die, SLOT_TYPE, &number));
}

static void references_are_read_from_all_their_forms(void **state UNUSED)
{
    const struct {
        struct value value;
        struct die_reference expected;
    } cases[] = {
        {{DW_FORM_ref1, AS_BYTES, 1, 0x91}, {REFERENCE_IN_UNIT, 0x91}},
        {{DW_FORM_ref2, AS_BYTES, 2, 0x9123}, {REFERENCE_IN_UNIT, 0x9123}},
        {{DW_FORM_ref4, AS_BYTES, 4, 0x91234567}, {REFERENCE_IN_UNIT, 0x91234567}},
        {{DW_FORM_ref8, AS_BYTES, 8, UINT64_MAX}, {REFERENCE_IN_UNIT, UINT64_MAX}},
        {{DW_FORM_ref_udata, AS_ULEB128, 0, 0x1234}, {REFERENCE_IN_UNIT, 0x1234}},
        {{DW_FORM_ref_addr, AS_BYTES, 0, 0x91234567}, {REFERENCE_IN_SECTION, 0x91234567}},
        {{DW_FORM_GNU_ref_alt, AS_BYTES, 0, 1}, {REFERENCE_ELSEWHERE, 0}},
        {{DW_FORM_ref_sup4, AS_BYTES, 4, 1}, {REFERENCE_ELSEWHERE, 0}},
        {{DW_FORM_ref_sup8, AS_BYTES, 8, 1}, {REFERENCE_ELSEWHERE, 0}},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        in_every_place(DW_AT_type, &cases[i].value, check_reference, &cases[i].expected);
}

static void check_block(struct opened *opened, const struct value *value UNUSED,
                        const void *expected)
{
    struct section_bytes block;
    uint64_t number;

    assert_true(die_block(&opened->reader, &opened->die, SLOT_MEMBER_LOCATION, &block));
    assert_int_equal(block.byte_size, strlen(expected));
    assert_memory_equal(block.bytes, expected, block.byte_size);
    assert_false(die_unsigned(&opened->reader, &opened->die, SLOT_MEMBER_LOCATION, &number));
}

static void blocks_are_read_from_all_their_forms(void **state UNUSED)
{
    const struct value cases[] = {
        {DW_FORM_block1, AS_BLOCK, 1, 0},  {DW_FORM_block2, AS_BLOCK, 2, 0},
        {DW_FORM_block4, AS_BLOCK, 4, 0},  {DW_FORM_block, AS_BLOCK, 0, 0},
        {DW_FORM_exprloc, AS_BLOCK, 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        in_every_place(DW_AT_data_member_location, &cases[i], check_block, BLOCK);
}

static void check_signature(struct opened *opened, const struct value *value UNUSED,
                            const void *expected)
{
    struct die_reference reference;

    assert_true(die_reference(&opened->reader, &opened->die, SLOT_TYPE, &reference));
    assert_int_equal(reference.kind, REFERENCE_BY_SIGNATURE);
    if (opened->sample->is_big_endian)
        reference.value = __builtin_bswap64(reference.value);
    assert_true(reference.value == *(const uint64_t *)expected);
}

static void signatures_are_read_as_they_are_stored(void **state UNUSED)
{
    const uint64_t signature = UINT64_C(0x0102030405060708);
    const struct value value = {DW_FORM_ref_sig8, AS_BYTES, 8, signature};

    in_every_place(DW_AT_type, &value, check_signature, &signature);
}

static void check_text(struct opened *opened, const struct value *value, const void *expected)
{
    struct dwarf_name name;
    uint64_t key;

    assert_true(die_text(&opened->reader, &opened->die, SLOT_NAME, &name));
    if (strcmp(name.text, expected) != 0)
        fail_msg("form %#x: \"%s\"", value->form, name.text);
    assert_true(die_text_key(&opened->reader, &opened->die, SLOT_NAME, &key));
    assert_true(key == name.key);
    if (strcmp(name.text, "second") == 0)
        assert_int_equal(key, 6);
}

static void texts_are_read_from_all_their_forms(void **state UNUSED)
{
    const struct {
        struct value value;
        const char *expected;
    } cases[] = {
        {{DW_FORM_string, AS_TEXT, 0, 0}, "a text"},   {{DW_FORM_strp, AS_BYTES, 0, 6}, "second"},
        {{DW_FORM_line_strp, AS_BYTES, 0, 2}, "line"}, {{DW_FORM_strx, AS_ULEB128, 0, 1}, "second"},
        {{DW_FORM_strx1, AS_BYTES, 1, 0}, "first"},    {{DW_FORM_strx2, AS_BYTES, 2, 1}, "second"},
        {{DW_FORM_strx3, AS_BYTES, 3, 1}, "second"},   {{DW_FORM_strx4, AS_BYTES, 4, 1}, "second"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        in_every_place(DW_AT_name, &cases[i].value, check_text, cases[i].expected);
}

static void texts_outside_the_sections_are_faults(void **state UNUSED)
{
    const struct value cases[] = {
        {DW_FORM_strp, AS_BYTES, 4, 13},           {DW_FORM_strp, AS_BYTES, 4, UINT32_MAX},
        {DW_FORM_line_strp, AS_BYTES, 4, 7},       {DW_FORM_strx, AS_ULEB128, 0, 2},
        {DW_FORM_strx, AS_ULEB128, 0, UINT64_MAX}, {DW_FORM_strx4, AS_BYTES, 4, UINT32_MAX},
        {DW_FORM_data4, AS_BYTES, 4, 0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct opened opened;
        struct dwarf_name name;
        open_die(&opened, &headers[0], false, DW_AT_name, &cases[i], FIXED_BEFORE);
        assert_false(die_text(&opened.reader, &opened.die, SLOT_NAME, &name));
        assert_failure(die_reader_check(&opened.reader), ERROR_BAD_DWARF,
                       "name lies outside the string sections");
        close_die(&opened);
    }
}

static void old_references_to_the_section_have_the_size_of_addresses(void **state UNUSED)
{
    const struct unit_header header = {2, 4, 8, 0, 0, 0, 0};
    const struct value value = {DW_FORM_ref_addr, AS_BYTES, 8, UINT64_C(0x1122334455667788)};
    struct die_reference reference;
    struct opened opened;

    open_die(&opened, &header, false, DW_AT_type, &value, FIXED_BEFORE | VARYING_BEHIND);
    assert_true(die_reference(&opened.reader, &opened.die, SLOT_TYPE, &reference));
    assert_int_equal(reference.kind, REFERENCE_IN_SECTION);
    assert_true(reference.value == UINT64_C(0x1122334455667788));
    close_die(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_from_all_their_forms),
        cmocka_unit_test(blocks_are_read_from_all_their_forms),
        cmocka_unit_test(references_are_read_from_all_their_forms),
        cmocka_unit_test(signatures_are_read_as_they_are_stored),
        cmocka_unit_test(texts_are_read_from_all_their_forms),
        cmocka_unit_test(texts_outside_the_sections_are_faults),
        cmocka_unit_test(old_references_to_the_section_have_the_size_of_addresses),
    };
    return cmocka_run_group_tests_name("DIE values", tests, NULL, NULL);
}
