/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/die_reader.h"

#include <dwarf.h>

void die_reader_init(struct die_reader *reader, const struct dwarf_sections *sections)
{
    *reader = (struct die_reader){.hash_key = hash_key_of_process(), .sections = sections};
    abbreviation_table_init(&reader->abbreviations);
}

void die_reader_deinit(struct die_reader *reader)
{
    abbreviation_table_deinit(&reader->abbreviations);
}

void die_reader_fault(struct die_reader *reader, const char *reason)
{
    if (!reader->fault) {
        reader->fault = reason;
        reader->fault_offset = die_reader_offset(reader);
    }
    cursor_overrun(&reader->cursor);
}

struct error *die_reader_check(const struct die_reader *reader)
{
    if (!reader->fault)
        return NULL;
    return error_create_at(ERROR_BAD_DWARF, reader->sections->path, reader->fault_offset,
                           "in %s: %s", dwarf_section_names[reader->unit->section], reader->fault);
}

/* Where the unit's string indexes count from: after the header of its table. */
static void read_str_offsets_base(struct die_reader *reader)
{
    const struct dwarf_cursor start = reader->cursor;
    struct die unit_die = die_read(reader);

    reader->str_offsets_base = reader->unit->encoding.offset_byte_size == 8 ? 16 : 8;
    if (unit_die.abbreviation)
        die_unsigned(reader, &unit_die, SLOT_STR_OFFSETS_BASE, &reader->str_offsets_base);
    if (!reader->fault)
        reader->cursor = start;
}

struct error *die_reader_enter(struct die_reader *reader, const struct unit *unit)
{
    const struct section_bytes *range = &reader->sections->ranges[unit->section];

    TRY(abbreviation_table_load(&reader->abbreviations, reader->sections, unit->abbreviation_offset,
                                &unit->encoding));
    reader->unit = unit;
    reader->section_bytes = range->bytes;
    reader->fault = NULL;
    reader->cursor = (struct dwarf_cursor){
        .position = range->bytes + unit->first_die_offset,
        .end = range->bytes + unit->end_offset,
        .is_big_endian = reader->sections->is_big_endian,
    };
    read_str_offsets_base(reader);
    return NULL;
}

/* Moves CURSOR after a value of FORM. False for an unknown form. */
static bool skip_form(const struct die_reader *reader, struct dwarf_cursor *cursor, uint64_t form)
{
    uint32_t byte_size;

    switch (form) {
    case DW_FORM_string: cursor_text(cursor); return true;
    case DW_FORM_sdata:
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index: cursor_uleb128(cursor); return true;
    case DW_FORM_exprloc:
    case DW_FORM_block: cursor_skip(cursor, cursor_uleb128(cursor)); return true;
    case DW_FORM_block1: cursor_skip(cursor, cursor_unsigned(cursor, 1)); return true;
    case DW_FORM_block2: cursor_skip(cursor, cursor_unsigned(cursor, 2)); return true;
    case DW_FORM_block4: cursor_skip(cursor, cursor_unsigned(cursor, 4)); return true;
    default: break;
    }
    if (form > UINT16_MAX ||
        !form_fixed_byte_size((uint16_t)form, &reader->unit->encoding, &byte_size))
        return false;
    cursor_skip(cursor, byte_size);
    return true;
}

/* The form that a value really has: DW_FORM_indirect puts it in front of the value. */
static uint64_t resolve_form(struct dwarf_cursor *cursor, uint64_t form)
{
    while (form == DW_FORM_indirect && !cursor->is_overrun)
        form = cursor_uleb128(cursor);
    return form;
}

/* Moves the cursor over COUNT attributes. */
static void skip_attributes(struct die_reader *reader,
                            const struct attribute_specification *specifications, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t form = resolve_form(&reader->cursor, specifications[i].form);
        if (!skip_form(reader, &reader->cursor, form)) {
            die_reader_fault(reader, "a DIE has an attribute of an unknown form");
            return;
        }
    }
}

/* Moves the cursor over all attributes of a DIE whose size varies. */
static void skip_varying(struct die_reader *reader, const struct abbreviation *abbreviation)
{
    const struct attribute_specification *specifications =
        &reader->abbreviations.specifications[abbreviation->first_specification];

    if (abbreviation->varying_count > 1) {
        skip_attributes(reader, specifications, abbreviation->specification_count);
        return;
    }
    cursor_skip(&reader->cursor, abbreviation->byte_size_before_varying);
    skip_attributes(reader, &specifications[abbreviation->last_varying], 1);
    cursor_skip(&reader->cursor, abbreviation->byte_size_after_varying);
}

struct die die_read_slowly(struct die_reader *reader)
{
    struct dwarf_cursor *cursor = &reader->cursor;
    struct die die = {.section_offset = die_reader_offset(reader)};
    uint64_t code = cursor_uleb128(cursor);

    if (code == 0) {
        if (cursor->is_overrun)
            die_reader_fault(reader, "a unit ends inside a list of DIEs");
        return die;
    }
    const struct abbreviation *abbreviation = abbreviation_table_find(&reader->abbreviations, code);
    if (UNLIKELY(!abbreviation)) {
        die_reader_fault(reader, "a DIE's abbreviation is not in its unit's table");
        return die;
    }
    die.attributes = cursor->position;
    if (LIKELY(abbreviation->attributes_byte_size != ABBREVIATION_SIZE_VARIES))
        cursor_skip(cursor, abbreviation->attributes_byte_size);
    else
        skip_varying(reader, abbreviation);
    if (UNLIKELY(cursor->is_overrun)) {
        die_reader_fault(reader, "a unit ends inside a DIE");
        return die;
    }
    die.attributes_end = cursor->position;
    die.abbreviation = abbreviation;
    return die;
}

void die_skip_children(struct die_reader *reader, const struct die *die)
{
    struct die_reference sibling;
    uint64_t depth = 1;

    if (!die->abbreviation->has_children)
        return;
    if (die_reference(reader, die, SLOT_SIBLING, &sibling) && sibling.kind == REFERENCE_IN_UNIT &&
        sibling.value > die_reader_offset(reader)) {
        die_seek(reader, sibling.value);
        return;
    }
    while (depth > 0 && !reader->fault) {
        struct die child = die_read(reader);
        if (!child.abbreviation)
            depth--;
        else if (child.abbreviation->has_children)
            depth++;
    }
}

/* A cursor at the attribute's value, and the value's form; false if the attribute is absent. */
static bool find_value(const struct die_reader *reader, const struct die *die,
                       enum attribute_slot slot, struct dwarf_cursor *cursor_ret,
                       uint64_t *form_ret, int64_t *implicit_value_ret)
{
    const struct attribute_place *place = &die->abbreviation->slots[slot];
    const struct attribute_specification *specifications = die_specifications(reader, die);
    struct dwarf_cursor cursor = {
        .position = die->attributes,
        .end = die->attributes_end,
        .is_big_endian = reader->cursor.is_big_endian,
    };

    if (!die_has(die, slot))
        return false;
    if (place->value_class != VALUE_ELSEWHERE) {
        cursor.position = die_place(die, place);
    } else {
        for (uint16_t i = 0; i < place->specification; i++)
            skip_form(reader, &cursor, resolve_form(&cursor, specifications[i].form));
    }
    *form_ret = resolve_form(&cursor, specifications[place->specification].form);
    *implicit_value_ret = specifications[place->specification].implicit_value;
    *cursor_ret = cursor;
    return !cursor.is_overrun;
}

bool die_unsigned_slowly(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
                         uint64_t *value_ret)
{
    struct dwarf_cursor cursor;
    uint64_t form;
    int64_t implicit_value;

    if (!find_value(reader, die, slot, &cursor, &form, &implicit_value))
        return false;
    switch (form) {
    case DW_FORM_data1:
    case DW_FORM_flag: *value_ret = cursor_unsigned(&cursor, 1); break;
    case DW_FORM_data2: *value_ret = cursor_unsigned(&cursor, 2); break;
    case DW_FORM_data4: *value_ret = cursor_unsigned(&cursor, 4); break;
    case DW_FORM_data8: *value_ret = cursor_unsigned(&cursor, 8); break;
    case DW_FORM_udata: *value_ret = cursor_uleb128(&cursor); break;
    case DW_FORM_sdata: *value_ret = (uint64_t)cursor_sleb128(&cursor); break;
    case DW_FORM_implicit_const: *value_ret = (uint64_t)implicit_value; break;
    case DW_FORM_flag_present: *value_ret = 1; break;
    case DW_FORM_sec_offset:
        *value_ret = cursor_unsigned(&cursor, reader->unit->encoding.offset_byte_size);
        break;
    default: return false;
    }
    return !cursor.is_overrun;
}

bool die_block(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
               struct section_bytes *block_ret)
{
    struct dwarf_cursor cursor;
    uint64_t form;
    uint64_t byte_size;
    int64_t implicit_value;

    if (!find_value(reader, die, slot, &cursor, &form, &implicit_value))
        return false;
    switch (form) {
    case DW_FORM_exprloc:
    case DW_FORM_block: byte_size = cursor_uleb128(&cursor); break;
    case DW_FORM_block1: byte_size = cursor_unsigned(&cursor, 1); break;
    case DW_FORM_block2: byte_size = cursor_unsigned(&cursor, 2); break;
    case DW_FORM_block4: byte_size = cursor_unsigned(&cursor, 4); break;
    default: return false;
    }
    if (cursor.is_overrun || byte_size > cursor_left(&cursor))
        return false;
    *block_ret = (struct section_bytes){cursor.position, byte_size};
    return true;
}

static bool in_unit_reference(const struct die_reader *reader, uint64_t unit_offset,
                              struct die_reference *reference_ret)
{
    reference_ret->kind = REFERENCE_IN_UNIT;
    return !__builtin_add_overflow(reader->unit->section_offset, unit_offset,
                                   &reference_ret->value);
}

bool die_reference_slowly(struct die_reader *reader, const struct die *die,
                          enum attribute_slot slot, struct die_reference *reference_ret)
{
    const struct dwarf_encoding *encoding = &reader->unit->encoding;
    struct dwarf_cursor cursor;
    uint64_t form;
    int64_t implicit_value;

    if (!find_value(reader, die, slot, &cursor, &form, &implicit_value))
        return false;
    switch (form) {
    case DW_FORM_ref1: return in_unit_reference(reader, cursor_unsigned(&cursor, 1), reference_ret);
    case DW_FORM_ref2: return in_unit_reference(reader, cursor_unsigned(&cursor, 2), reference_ret);
    case DW_FORM_ref4: return in_unit_reference(reader, cursor_unsigned(&cursor, 4), reference_ret);
    case DW_FORM_ref8: return in_unit_reference(reader, cursor_unsigned(&cursor, 8), reference_ret);
    case DW_FORM_ref_udata:
        return in_unit_reference(reader, cursor_uleb128(&cursor), reference_ret);
    case DW_FORM_ref_addr:
        reference_ret->kind = REFERENCE_IN_SECTION;
        reference_ret->value =
            cursor_unsigned(&cursor, encoding->version <= 2 ? encoding->address_byte_size
                                                            : encoding->offset_byte_size);
        return true;
    case DW_FORM_ref_sig8:
        reference_ret->kind = REFERENCE_BY_SIGNATURE;
        if (cursor_left(&cursor) < sizeof(reference_ret->value))
            return false;
        memcpy(&reference_ret->value, cursor.position, sizeof(reference_ret->value));
        return true;
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_ref_sup4:
    case DW_FORM_ref_sup8:
        reference_ret->kind = REFERENCE_ELSEWHERE;
        reference_ret->value = 0;
        return true;
    default: return false;
    }
}

/* The text at an offset of a string section; false if it does not lie inside. */
static bool section_text(const struct die_reader *reader, enum dwarf_section section,
                         uint64_t offset, const char **text_ret)
{
    const struct section_bytes *range = &reader->sections->ranges[section];

    /* dwarf_sections_find() has seen to it that every text ends inside its section. */
    if (offset >= range->byte_size)
        return false;
    *text_ret = (const char *)range->bytes + offset;
    return true;
}

static bool indexed_text(const struct die_reader *reader, uint64_t index,
                         struct dwarf_name *name_ret)
{
    const struct section_bytes *range = &reader->sections->ranges[DWARF_STR_OFFSETS];
    unsigned offset_byte_size = reader->unit->encoding.offset_byte_size;
    uint64_t place;

    if (__builtin_mul_overflow(index, offset_byte_size, &place) ||
        __builtin_add_overflow(place, reader->str_offsets_base, &place) ||
        range->byte_size < offset_byte_size || place > range->byte_size - offset_byte_size)
        return false;
    name_ret->key =
        load_unsigned(range->bytes + place, offset_byte_size, reader->sections->is_big_endian);
    return section_text(reader, DWARF_STR, name_ret->key, &name_ret->text);
}

static bool read_text(struct die_reader *reader, struct dwarf_cursor *cursor, uint64_t form,
                      struct dwarf_name *name_ret)
{
    unsigned offset_byte_size = reader->unit->encoding.offset_byte_size;

    switch (form) {
    case DW_FORM_strp:
        name_ret->key = cursor_unsigned(cursor, offset_byte_size);
        return section_text(reader, DWARF_STR, name_ret->key, &name_ret->text);
    case DW_FORM_string: name_ret->text = cursor_text(cursor); break;
    case DW_FORM_line_strp:
        if (!section_text(reader, DWARF_LINE_STR, cursor_unsigned(cursor, offset_byte_size),
                          &name_ret->text))
            return false;
        break;
    case DW_FORM_strx1: return indexed_text(reader, cursor_unsigned(cursor, 1), name_ret);
    case DW_FORM_strx2: return indexed_text(reader, cursor_unsigned(cursor, 2), name_ret);
    case DW_FORM_strx3: return indexed_text(reader, cursor_unsigned(cursor, 3), name_ret);
    case DW_FORM_strx4: return indexed_text(reader, cursor_unsigned(cursor, 4), name_ret);
    case DW_FORM_strx: return indexed_text(reader, cursor_uleb128(cursor), name_ret);
    default: return false;
    }
    name_ret->key = text_key(reader, name_ret->text);
    return true;
}

bool die_text_slowly(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
                     struct dwarf_name *name_ret)
{
    struct dwarf_cursor cursor;
    uint64_t form;
    int64_t implicit_value;

    if (!find_value(reader, die, slot, &cursor, &form, &implicit_value))
        return false;
    if (!read_text(reader, &cursor, form, name_ret) || cursor.is_overrun) {
        die_reader_fault(reader, "a DIE's name lies outside the string sections");
        return false;
    }
    if (reader->sections->are_names_portable)
        name_ret->key = text_key(reader, name_ret->text);
    return true;
}
