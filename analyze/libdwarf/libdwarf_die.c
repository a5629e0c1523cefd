/* SPDX-License-Identifier: MIT */
#include "analyze/libdwarf/libdwarf_die.h"

#include <dwarf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct error *libdwarf_die_error(const struct libdwarf_die *die, enum error_code code,
                                 const char *format, ...)
{
    va_list arguments;
    char *why = NULL;

    va_start(arguments, format);
    int length = vasprintf(&why, format, arguments);
    va_end(arguments);
    if (length < 0)
        return error_out_of_memory();
    struct error *error =
        error_create_at(code, die->unit->reader->sections->path, die->section_offset, "in %s: %s",
                        dwarf_section_names[die->unit->unit->section], why);
    free(why);
    return error;
}

/* Turns libdwarf's error into ours and releases it. */
static struct error *translate(const struct libdwarf_die *die, Dwarf_Error reason, const char *what)
{
    struct error *error =
        libdwarf_lacks_memory(reason)
            ? error_out_of_memory()
            : libdwarf_die_error(die, ERROR_BAD_DWARF, "%s: %s", what,
                                 reason ? dwarf_errmsg(reason) : "it is not there");

    if (reason)
        dwarf_dealloc(die->unit->debug, reason, DW_DLA_ERROR);
    return error;
}

/* Opens the DIE at an offset of UNIT's section; none if there is an end of a list. */
static struct error *open_in_unit(struct libdwarf_unit *unit, uint64_t section_offset,
                                  struct libdwarf_die *die_ret)
{
    const struct unit *range = unit->unit;
    struct libdwarf_die die = {.unit = unit, .section_offset = section_offset};
    Dwarf_Error reason = NULL;
    struct die own;

    TRY(libdwarf_reader_read_own(unit->reader, range, section_offset, &own));
    if (!own.abbreviation) {
        *die_ret = die;
        return NULL;
    }
    die.tag = own.abbreviation->tag;
    if (dwarf_offdie_b(unit->debug, section_offset - range->section_offset,
                       range->section == DWARF_INFO, &die.die, &reason) != DW_DLV_OK)
        return translate(&die, reason, "a DIE cannot be read");
    *die_ret = die;
    return NULL;
}

struct error *libdwarf_die_open(struct libdwarf_reader *reader, struct die_place place,
                                struct libdwarf_die *die_ret)
{
    struct libdwarf_die die = {0};
    struct libdwarf_unit *unit;

    TRY(libdwarf_reader_find_unit(reader, place, &unit));
    TRY(open_in_unit(unit, place.section_offset, &die));
    if (!die.die)
        return libdwarf_die_error(&die, ERROR_BAD_DWARF, "no DIE is there");
    *die_ret = die;
    return NULL;
}

void libdwarf_die_close(struct libdwarf_die *die)
{
    if (die->die)
        dwarf_dealloc_die(die->die);
    die->die = NULL;
}

struct error *libdwarf_die_child(const struct libdwarf_die *die, struct libdwarf_die *child_ret)
{
    struct libdwarf_reader *reader = die->unit->reader;
    struct die own;

    TRY(libdwarf_reader_read_own(reader, die->unit->unit, die->section_offset, &own));
    *child_ret = (struct libdwarf_die){0};
    return own.abbreviation->has_children
               ? open_in_unit(die->unit, die_reader_offset(&reader->own_reader), child_ret)
               : NULL;
}

struct error *libdwarf_die_sibling(const struct libdwarf_die *die, struct libdwarf_die *sibling_ret)
{
    struct libdwarf_reader *reader = die->unit->reader;
    struct die own;

    TRY(libdwarf_reader_read_own(reader, die->unit->unit, die->section_offset, &own));
    die_skip_children(&reader->own_reader, &own);
    TRY(die_reader_check(&reader->own_reader));
    return open_in_unit(die->unit, die_reader_offset(&reader->own_reader), sibling_ret);
}

struct error *libdwarf_die_name(const struct libdwarf_die *die, const char **name_ret)
{
    struct libdwarf_reader *reader = die->unit->reader;
    struct dwarf_name name = {0};
    struct die own;

    TRY(libdwarf_reader_read_own(reader, die->unit->unit, die->section_offset, &own));
    bool has_name = die_text(&reader->own_reader, &own, SLOT_NAME, &name);
    TRY(die_reader_check(&reader->own_reader));
    if (has_name && strnlen(name.text, C_NAME_MAXIMUM + 1) > C_NAME_MAXIMUM)
        return libdwarf_die_error(die, ERROR_LIMIT, "a name has more than %d bytes",
                                  C_NAME_MAXIMUM);
    *name_ret = has_name ? name.text : NULL;
    return NULL;
}

/* The attribute, or NULL. Release with dwarf_dealloc_attribute(). */
static struct error *find_attribute(const struct libdwarf_die *die, unsigned attribute,
                                    Dwarf_Attribute *attribute_ret)
{
    Dwarf_Error reason = NULL;
    int result = dwarf_attr(die->die, (Dwarf_Half)attribute, attribute_ret, &reason);

    if (result == DW_DLV_ERROR)
        return translate(die, reason, "a DIE's attribute cannot be read");
    if (result == DW_DLV_NO_ENTRY)
        *attribute_ret = NULL;
    return NULL;
}

static bool is_signed_form(Dwarf_Half form)
{
    return form == DW_FORM_sdata || form == DW_FORM_implicit_const;
}

static int read_number(Dwarf_Attribute attribute, uint64_t *value_ret, Dwarf_Error *reason)
{
    Dwarf_Unsigned unsigned_value = 0;
    Dwarf_Signed signed_value = 0;
    Dwarf_Bool flag = 0;
    Dwarf_Half form = 0;
    int result = dwarf_whatform(attribute, &form, reason);

    if (result != DW_DLV_OK)
        return result;
    switch (form) {
    case DW_FORM_flag:
    case DW_FORM_flag_present:
        result = dwarf_formflag(attribute, &flag, reason);
        *value_ret = flag != 0;
        return result;
    case DW_FORM_sdata:
    case DW_FORM_implicit_const:
        result = dwarf_formsdata(attribute, &signed_value, reason);
        *value_ret = (uint64_t)signed_value;
        return result;
    default:
        result = dwarf_formudata(attribute, &unsigned_value, reason);
        *value_ret = unsigned_value;
        return result;
    }
}

struct error *libdwarf_die_number(const struct libdwarf_die *die, unsigned attribute, bool *has_ret,
                                  uint64_t *value_ret)
{
    Dwarf_Attribute found = NULL;
    Dwarf_Error reason = NULL;

    *value_ret = 0;
    TRY(find_attribute(die, attribute, &found));
    *has_ret = found != NULL;
    if (!found)
        return NULL;
    int result = read_number(found, value_ret, &reason);
    dwarf_dealloc_attribute(found);
    if (result != DW_DLV_OK)
        return translate(die, reason, "an attribute is not a number");
    return NULL;
}

struct error *libdwarf_die_value(const struct libdwarf_die *die, unsigned attribute, bool *has_ret,
                                 int64_t *value_ret, bool *is_unsigned_ret)
{
    Dwarf_Attribute found = NULL;
    Dwarf_Error reason = NULL;
    Dwarf_Half form = 0;
    uint64_t value;

    TRY(libdwarf_die_number(die, attribute, has_ret, &value));
    *value_ret = (int64_t)value;
    *is_unsigned_ret = false;
    if (*value_ret >= 0)
        return NULL;
    TRY(find_attribute(die, attribute, &found));
    int result = dwarf_whatform(found, &form, &reason);
    dwarf_dealloc_attribute(found);
    if (result != DW_DLV_OK)
        return translate(die, reason, "an attribute is not a number");
    *is_unsigned_ret = !is_signed_form(form);
    return NULL;
}

/* The operand of an operation that pushes a constant, or of one that adds one; false for others. */
static bool read_constant(struct dwarf_cursor *cursor, uint64_t operation, uint64_t *value_ret)
{
    if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31) {
        *value_ret = operation - DW_OP_lit0;
        return true;
    }
    switch (operation) {
    case DW_OP_plus_uconst:
    case DW_OP_constu: *value_ret = cursor_uleb128(cursor); return true;
    case DW_OP_const1u: *value_ret = cursor_unsigned(cursor, 1); return true;
    case DW_OP_const2u: *value_ret = cursor_unsigned(cursor, 2); return true;
    case DW_OP_const4u: *value_ret = cursor_unsigned(cursor, 4); return true;
    case DW_OP_const8u: *value_ret = cursor_unsigned(cursor, 8); return true;
    default: return false;
    }
}

/* DW_OP_plus_uconst N, or another constant and perhaps DW_OP_plus: what compilers wrote for
 * members. */
static bool evaluate_member_expression(const struct section_bytes *expression, bool is_big_endian,
                                       uint64_t *byte_offset_ret)
{
    struct dwarf_cursor cursor = {
        .position = expression->bytes,
        .end = expression->bytes + expression->byte_size,
        .is_big_endian = is_big_endian,
    };
    uint64_t operation = cursor_unsigned(&cursor, 1);
    uint64_t byte_offset;

    if (!read_constant(&cursor, operation, &byte_offset))
        return false;
    if (operation != DW_OP_plus_uconst && cursor_left(&cursor) > 0 &&
        cursor_unsigned(&cursor, 1) != DW_OP_plus)
        return false;
    if (cursor.is_overrun || cursor_left(&cursor) > 0)
        return false;
    *byte_offset_ret = byte_offset;
    return true;
}

static int read_expression(Dwarf_Attribute attribute, Dwarf_Half form,
                           struct section_bytes *expression_ret, Dwarf_Debug debug,
                           Dwarf_Error *reason)
{
    int result;

    if (form == DW_FORM_exprloc) {
        Dwarf_Unsigned length = 0;
        Dwarf_Ptr bytes = NULL;
        result = dwarf_formexprloc(attribute, &length, &bytes, reason);
        *expression_ret = (struct section_bytes){bytes, length};
        return result;
    }
    Dwarf_Block *block = NULL;
    result = dwarf_formblock(attribute, &block, reason);
    if (result == DW_DLV_OK) {
        *expression_ret = (struct section_bytes){block->bl_data, block->bl_len};
        dwarf_dealloc(debug, block, DW_DLA_BLOCK);
    }
    return result;
}

static struct error *read_location(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                                   uint64_t *byte_offset_ret)
{
    Dwarf_Error reason = NULL;
    Dwarf_Half form = 0;
    struct section_bytes expression;
    int result = dwarf_whatform(attribute, &form, &reason);

    if (result == DW_DLV_OK && form != DW_FORM_exprloc && form != DW_FORM_block &&
        form != DW_FORM_block1 && form != DW_FORM_block2 && form != DW_FORM_block4) {
        result = read_number(attribute, byte_offset_ret, &reason);
    } else if (result == DW_DLV_OK) {
        result = read_expression(attribute, form, &expression, die->unit->debug, &reason);
        if (result == DW_DLV_OK &&
            !evaluate_member_expression(&expression, die->unit->reader->sections->is_big_endian,
                                        byte_offset_ret))
            return libdwarf_die_error(die, ERROR_UNSUPPORTED, "a member's place is not a constant");
    }
    if (result != DW_DLV_OK)
        return translate(die, reason, "a member's place cannot be read");
    return NULL;
}

static struct error *find_type_unit(const struct libdwarf_die *die, uint64_t signature,
                                    struct die_place *place_ret)
{
    const struct unit *unit = unit_list_find_signature(die->unit->reader->units, signature);

    if (!unit)
        return libdwarf_die_error(die, ERROR_BAD_DWARF,
                                  "a type's signature belongs to no type unit");
    *place_ret = (struct die_place){unit->section, unit->type_offset};
    return NULL;
}

/* Reads an attribute of the DIE at SECTION_OFFSET, which must lie in UNIT, with our own reader. The
 * kind is REFERENCE_ELSEWHERE if it is not there. */
static struct error *read_reference(struct libdwarf_reader *reader, const struct unit *unit,
                                    uint64_t section_offset, enum attribute_slot slot,
                                    struct die_reference *reference_ret)
{
    struct die found;

    reference_ret->kind = REFERENCE_ELSEWHERE;
    TRY(libdwarf_reader_read_own(reader, unit, section_offset, &found));
    if (found.abbreviation && !die_reference(&reader->own_reader, &found, slot, reference_ret))
        reference_ret->kind = REFERENCE_ELSEWHERE;
    return NULL;
}

/* libdwarf would refuse a reference out of the one unit that it knows. */
static struct error *resolve_far_reference(const struct libdwarf_die *die,
                                           struct die_place *place_ret)
{
    const struct unit *unit = die->unit->unit;
    struct die_reference reference;

    TRY(read_reference(die->unit->reader, unit, die->section_offset, SLOT_TYPE, &reference));
    switch (reference.kind) {
    case REFERENCE_IN_UNIT:
        *place_ret = (struct die_place){unit->section, reference.value};
        return NULL;
    case REFERENCE_IN_SECTION:
        *place_ret = (struct die_place){DWARF_INFO, reference.value};
        return NULL;
    case REFERENCE_BY_SIGNATURE: return find_type_unit(die, reference.value, place_ret);
    case REFERENCE_ELSEWHERE: break;
    }
    return libdwarf_die_error(die, ERROR_UNSUPPORTED,
                              "a type lies in a supplementary file (made by dwz)");
}

/* Where there are type units, a DIE may only stand for a type that lies in one of them. */
static struct error *follow_signature(const struct libdwarf_die *die, struct die_place *place)
{
    struct libdwarf_reader *reader = die->unit->reader;
    const struct unit *unit = unit_list_find(reader->units, place->section, place->section_offset);
    struct die_reference reference;

    if (!unit)
        return NULL;
    TRY(read_reference(reader, unit, place->section_offset, SLOT_SIGNATURE, &reference));
    return reference.kind == REFERENCE_BY_SIGNATURE ? find_type_unit(die, reference.value, place)
                                                    : NULL;
}

static bool is_near(Dwarf_Half form)
{
    return form == DW_FORM_ref1 || form == DW_FORM_ref2 || form == DW_FORM_ref4 ||
           form == DW_FORM_ref8 || form == DW_FORM_ref_udata;
}

static struct error *resolve_reference(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                                       struct die_place *place_ret)
{
    const struct unit *unit = die->unit->unit;
    Dwarf_Error reason = NULL;
    Dwarf_Half form = 0;
    Dwarf_Off offset = 0;

    if (dwarf_whatform(attribute, &form, &reason) != DW_DLV_OK)
        return translate(die, reason, "a type reference cannot be read");
    if (!is_near(form))
        return resolve_far_reference(die, place_ret);
#if LIBDWARF_IS_NEW
    Dwarf_Bool is_info = 0;
    int result = dwarf_global_formref_b(attribute, &offset, &is_info, &reason);
#else
    int result = dwarf_global_formref(attribute, &offset, &reason);
#endif
    if (result != DW_DLV_OK)
        return translate(die, reason, "a type reference cannot be read");
    *place_ret = (struct die_place){unit->section, unit->section_offset + offset};
    return NULL;
}

static struct error *read_type(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                               struct die_place *place_ret)
{
    TRY(resolve_reference(die, attribute, place_ret));
    if (die->unit->reader->units->type_unit_count > 0)
        TRY(follow_signature(die, place_ret));
    return NULL;
}

struct error *libdwarf_die_type(const struct libdwarf_die *die, bool *has_ret,
                                struct die_place *place_ret)
{
    Dwarf_Attribute found = NULL;

    TRY(find_attribute(die, DW_AT_type, &found));
    *has_ret = found != NULL;
    if (!found)
        return NULL;
    struct error *error = read_type(die, found, place_ret);
    dwarf_dealloc_attribute(found);
    return error;
}

static struct error *read_member_number(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                                        uint64_t *value_ret)
{
    Dwarf_Error reason = NULL;

    if (read_number(attribute, value_ret, &reason) != DW_DLV_OK)
        return translate(die, reason, "an attribute is not a number");
    return NULL;
}

/* Compilers write a negative one in any width. */
static struct error *read_bit_offset(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                                     int64_t *value_ret)
{
    Dwarf_Error reason = NULL;
    Dwarf_Half form = 0;
    Dwarf_Signed value = 0;
    uint64_t number = 0;
    int result = dwarf_whatform(attribute, &form, &reason);
    bool is_short = form == DW_FORM_data1 || form == DW_FORM_data2 || form == DW_FORM_data4;

    if (result == DW_DLV_OK && is_short) {
        result = dwarf_formsdata(attribute, &value, &reason);
        *value_ret = value;
    } else if (result == DW_DLV_OK) {
        result = read_number(attribute, &number, &reason);
        *value_ret = (int64_t)number;
    }
    return result == DW_DLV_OK ? NULL : translate(die, reason, "an attribute is not a number");
}

static struct error *read_member_attribute(const struct libdwarf_die *die,
                                           Dwarf_Attribute attribute,
                                           struct libdwarf_member *member)
{
    Dwarf_Error reason = NULL;
    Dwarf_Half number = 0;

    if (dwarf_whatattr(attribute, &number, &reason) != DW_DLV_OK)
        return translate(die, reason, "a DIE's attribute cannot be read");
    switch (number) {
    case DW_AT_type: member->has_type = true; return read_type(die, attribute, &member->type);
    case DW_AT_data_member_location:
        member->has_byte_offset = true;
        return read_location(die, attribute, &member->byte_offset);
    case DW_AT_bit_size: return read_member_number(die, attribute, &member->bit_size);
    case DW_AT_data_bit_offset:
        member->has_data_bit_offset = true;
        return read_member_number(die, attribute, &member->data_bit_offset);
    case DW_AT_bit_offset:
        member->has_bit_offset = true;
        return read_bit_offset(die, attribute, &member->bit_offset);
    case DW_AT_byte_size: return read_member_number(die, attribute, &member->storage_byte_size);
    default: return NULL;
    }
}

struct error *libdwarf_die_member(const struct libdwarf_die *die,
                                  struct libdwarf_member *member_ret)
{
    struct libdwarf_member member = {0};
    Dwarf_Attribute *attributes = NULL;
    Dwarf_Signed count = 0;
    Dwarf_Error reason = NULL;
    struct error *error = NULL;

    TRY(libdwarf_die_name(die, &member.name));
    int result = dwarf_attrlist(die->die, &attributes, &count, &reason);

    if (result == DW_DLV_ERROR)
        return translate(die, reason, "a DIE's attributes cannot be read");
    for (Dwarf_Signed i = 0; result == DW_DLV_OK && i < count; i++) {
        if (!error)
            error = read_member_attribute(die, attributes[i], &member);
        dwarf_dealloc_attribute(attributes[i]);
    }
    if (result == DW_DLV_OK)
        dwarf_dealloc(die->unit->debug, attributes, DW_DLA_LIST);
    *member_ret = member;
    return error;
}

struct error *libdwarf_die_for_each_child(const struct libdwarf_die *die, libdwarf_die_visit *visit,
                                          void *context)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die child = {0};

    TRY(libdwarf_die_child(die, &child));
    while (child.die) {
        struct libdwarf_die sibling = {0};
        TRY(visit(context, &child));
        TRY(libdwarf_die_sibling(&child, &sibling));
        libdwarf_die_close(&child);
        child = sibling;
    }
    return NULL;
}
