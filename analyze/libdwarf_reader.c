/* SPDX-License-Identifier: MIT */
#include "analyze/libdwarf_reader.h"

#include <dwarf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/die_reader.h"

/* Versions since 0.1 (after 20210528) have other names for the object-access table. */
#ifdef DW_LIBDWARF_VERSION
#define HAS_NEW_INTERFACE 1
#else
#define HAS_NEW_INTERFACE 0
#endif

#if HAS_NEW_INTERFACE
typedef Dwarf_Obj_Access_Section_a access_section;
typedef Dwarf_Obj_Access_Methods_a access_methods;
typedef Dwarf_Obj_Access_Interface_a access_interface;
typedef Dwarf_Unsigned access_index;
typedef Dwarf_Unsigned access_file_size;
#else
typedef Dwarf_Obj_Access_Section access_section;
typedef Dwarf_Obj_Access_Methods access_methods;
typedef Dwarf_Obj_Access_Interface access_interface;
typedef Dwarf_Half access_index;
#endif

/* libdwarf's handle of one unit. */
struct libdwarf_unit {
    struct libdwarf_reader *reader;
    const struct unit *unit;
    access_interface interface;
    Dwarf_Debug debug;
    struct libdwarf_unit *next; /* another one that is open */
};

struct libdwarf_reader {
    const struct dwarf_sections *sections;
    const struct unit_list *units;
    struct libdwarf_unit *open_units;
    struct die_reader far_reader; /* for references that lead out of a unit */
};

/*
 * libdwarf sees section 0 as ELF has it, empty, and from 1 on the debug sections that are there: it
 * takes offence at an empty one. Of the unit's section it sees the unit alone, of the other section
 * that holds units nothing.
 */
static bool visible_section(const struct libdwarf_unit *unit, access_index index,
                            enum dwarf_section *section_ret, struct byte_range *range_ret)
{
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        enum dwarf_section section = (enum dwarf_section)i;
        struct byte_range range = unit->reader->sections->ranges[section];
        bool holds_units = section == DWARF_INFO || section == DWARF_TYPES;
        if (section == unit->unit->section)
            range = (struct byte_range){range.bytes + unit->unit->section_offset,
                                        unit->unit->end_offset - unit->unit->section_offset};
        else if (holds_units)
            continue;
        if (range.byte_size == 0 || --index > 0)
            continue;
        *section_ret = section;
        *range_ret = range;
        return true;
    }
    return false;
}

static int section_info(void *object, access_index index, access_section *section_ret,
                        int *error UNUSED)
{
    enum dwarf_section section;
    struct byte_range range = {0};
    const char *name = "";

    if (index > 0) {
        if (!visible_section(object, index, &section, &range))
            return DW_DLV_NO_ENTRY;
        name = dwarf_section_names[section];
    }
    memset(section_ret, 0, sizeof(*section_ret));
#if HAS_NEW_INTERFACE
    section_ret->as_name = name;
    section_ret->as_size = range.byte_size;
#else
    section_ret->name = name;
    section_ret->size = range.byte_size;
#endif
    return DW_DLV_OK;
}

/* libdwarf's type for the bytes is not const, but it only reads them. */
static int load_section(void *object, access_index index, Dwarf_Small **bytes_ret,
                        int *error UNUSED)
{
    enum dwarf_section section;
    struct byte_range range;

    if (index == 0 || !visible_section(object, index, &section, &range))
        return DW_DLV_NO_ENTRY;
    memcpy(bytes_ret, &range.bytes, sizeof(range.bytes));
    return DW_DLV_OK;
}

static Dwarf_Unsigned section_count(void *object)
{
    enum dwarf_section section;
    struct byte_range range;
    access_index index = 1;

    while (visible_section(object, index, &section, &range))
        index++;
    return index;
}

static Dwarf_Small offset_size(void *object)
{
    const struct libdwarf_unit *unit = object;

    return unit->unit->encoding.offset_byte_size;
}

static Dwarf_Small pointer_size(void *object)
{
    const struct libdwarf_unit *unit = object;

    return unit->unit->encoding.address_byte_size;
}

#if HAS_NEW_INTERFACE
static Dwarf_Small byte_order(void *object)
{
    const struct libdwarf_unit *unit = object;

    return unit->reader->sections->is_big_endian ? DW_END_big : DW_END_little;
}

static access_file_size file_size(void *object)
{
    const struct libdwarf_unit *unit = object;
    access_file_size size = 0;

    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++)
        size += unit->reader->sections->ranges[i].byte_size;
    return size;
}

static const access_methods methods = {
    .om_get_section_info = section_info,
    .om_get_byte_order = byte_order,
    .om_get_length_size = offset_size,
    .om_get_pointer_size = pointer_size,
    .om_get_filesize = file_size,
    .om_get_section_count = section_count,
    .om_load_section = load_section,
};
#else
static Dwarf_Endianness byte_order(void *object)
{
    const struct libdwarf_unit *unit = object;

    return unit->reader->sections->is_big_endian ? DW_OBJECT_MSB : DW_OBJECT_LSB;
}

static const access_methods methods = {
    .get_section_info = section_info,
    .get_byte_order = byte_order,
    .get_length_size = offset_size,
    .get_pointer_size = pointer_size,
    .get_section_count = section_count,
    .load_section = load_section,
};
#endif

/* Where DIE is in its section of the file. */
static uint64_t section_offset_of(const struct libdwarf_die *die)
{
    Dwarf_Off offset = 0;

    if (dwarf_dieoffset(die->die, &offset, NULL) != DW_DLV_OK)
        offset = 0;
    return die->unit->unit->section_offset + offset;
}

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
        error_create_at(code, die->unit->reader->sections->path, section_offset_of(die),
                        "in %s: %s", dwarf_section_names[die->unit->unit->section], why);
    free(why);
    return error;
}

/* Turns libdwarf's error into ours and releases it. */
static struct error *translate(const struct libdwarf_die *die, Dwarf_Error reason, const char *what)
{
    struct error *error = libdwarf_die_error(die, ERROR_BAD_DWARF, "%s: %s", what,
                                             reason ? dwarf_errmsg(reason) : "it is not there");

    if (reason)
        dwarf_dealloc(die->unit->debug, reason, DW_DLA_ERROR);
    return error;
}

void libdwarf_reader_set_up(void)
{
    dwarf_set_de_alloc_flag(0);
}

struct error *libdwarf_reader_create(const struct dwarf_sections *sections,
                                     const struct unit_list *units,
                                     struct libdwarf_reader **reader_ret)
{
    struct libdwarf_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return error_out_of_memory();
    reader->sections = sections;
    reader->units = units;
    die_reader_init(&reader->far_reader, sections);
    *reader_ret = reader;
    return NULL;
}

static void close_unit(struct libdwarf_unit *unit)
{
#if HAS_NEW_INTERFACE
    dwarf_object_finish(unit->debug);
#else
    dwarf_object_finish(unit->debug, NULL);
#endif
    free(unit);
}

void libdwarf_reader_forget_others(struct libdwarf_reader *reader, const struct unit *unit)
{
    struct libdwarf_unit *kept = NULL;

    while (reader->open_units) {
        struct libdwarf_unit *open = reader->open_units;
        reader->open_units = open->next;
        if (open->unit == unit) {
            open->next = NULL;
            kept = open;
        } else {
            close_unit(open);
        }
    }
    reader->open_units = kept;
}

void libdwarf_reader_destroy(struct libdwarf_reader *reader)
{
    if (!reader)
        return;
    libdwarf_reader_forget_others(reader, NULL);
    die_reader_deinit(&reader->far_reader);
    free(reader);
}

bool libdwarf_reader_is_big_endian(const struct libdwarf_reader *reader)
{
    return reader->sections->is_big_endian;
}

static struct error *create_unit(struct libdwarf_reader *reader, const struct unit *unit,
                                 struct libdwarf_unit **unit_ret)
{
    struct libdwarf_unit *created = calloc(1, sizeof(*created));
    Dwarf_Error reason = NULL;

    if (!created)
        return error_out_of_memory();
    created->reader = reader;
    created->unit = unit;
#if HAS_NEW_INTERFACE
    created->interface.ai_object = created;
    created->interface.ai_methods = &methods;
#else
    created->interface.object = created;
    created->interface.methods = &methods;
#endif
    int result = dwarf_object_init_b(&created->interface, NULL, NULL, DW_GROUPNUMBER_ANY,
                                     &created->debug, &reason);
    if (result == DW_DLV_OK) {
        *unit_ret = created;
        return NULL;
    }
    free(created);
    return error_create_at(ERROR_BAD_DWARF, reader->sections->path, unit->section_offset,
                           "in %s: libdwarf cannot read the unit: %s",
                           dwarf_section_names[unit->section],
                           reason ? dwarf_errmsg(reason) : "it finds nothing in it");
}

/* The handle of the unit that holds PLACE. Few are open at a time. */
static struct error *open_unit(struct libdwarf_reader *reader, struct die_place place,
                               struct libdwarf_unit **unit_ret)
{
    const struct unit *unit = unit_list_find(reader->units, place.section, place.section_offset);

    if (!unit)
        return error_create_at(ERROR_BAD_DWARF, reader->sections->path, place.section_offset,
                               "a reference leads out of %s", dwarf_section_names[place.section]);
    for (struct libdwarf_unit *open = reader->open_units; open; open = open->next) {
        if (open->unit == unit) {
            *unit_ret = open;
            return NULL;
        }
    }
    TRY(create_unit(reader, unit, unit_ret));
    (*unit_ret)->next = reader->open_units;
    reader->open_units = *unit_ret;
    return NULL;
}

struct error *libdwarf_die_open(struct libdwarf_reader *reader, struct die_place place,
                                struct libdwarf_die *die_ret)
{
    struct libdwarf_die die = {0};
    Dwarf_Error reason = NULL;

    TRY(open_unit(reader, place, &die.unit));
    if (dwarf_offdie_b(die.unit->debug, place.section_offset - die.unit->unit->section_offset,
                       place.section == DWARF_INFO, &die.die, &reason) == DW_DLV_OK) {
        *die_ret = die;
        return NULL;
    }
    struct error *error = error_create_at(
        ERROR_BAD_DWARF, reader->sections->path, place.section_offset, "in %s: no DIE: %s",
        dwarf_section_names[place.section], reason ? dwarf_errmsg(reason) : "nothing is there");
    if (reason)
        dwarf_dealloc(die.unit->debug, reason, DW_DLA_ERROR);
    return error;
}

void libdwarf_die_close(struct libdwarf_die *die)
{
    if (die->die)
        dwarf_dealloc_die(die->die);
    die->die = NULL;
}

struct error *libdwarf_die_child(const struct libdwarf_die *die, struct libdwarf_die *child_ret)
{
    Dwarf_Error reason = NULL;
    Dwarf_Die child = NULL;

    if (dwarf_child(die->die, &child, &reason) == DW_DLV_ERROR)
        return translate(die, reason, "a DIE's child cannot be read");
    *child_ret = (struct libdwarf_die){child, die->unit};
    return NULL;
}

struct error *libdwarf_die_sibling(const struct libdwarf_die *die, struct libdwarf_die *sibling_ret)
{
    bool is_info = die->unit->unit->section == DWARF_INFO;
    Dwarf_Error reason = NULL;
    Dwarf_Die sibling = NULL;

    if (dwarf_siblingof_b(die->unit->debug, die->die, is_info, &sibling, &reason) == DW_DLV_ERROR)
        return translate(die, reason, "a DIE's sibling cannot be read");
    *sibling_ret = (struct libdwarf_die){sibling, die->unit};
    return NULL;
}

struct error *libdwarf_die_tag(const struct libdwarf_die *die, unsigned *tag_ret)
{
    Dwarf_Error reason = NULL;
    Dwarf_Half tag = 0;

    if (dwarf_tag(die->die, &tag, &reason) != DW_DLV_OK)
        return translate(die, reason, "a DIE's tag cannot be read");
    *tag_ret = tag;
    return NULL;
}

struct error *libdwarf_die_name(const struct libdwarf_die *die, const char **name_ret)
{
    Dwarf_Error reason = NULL;
    char *name = NULL;
    int result = dwarf_diename(die->die, &name, &reason);

    if (result == DW_DLV_ERROR)
        return translate(die, reason, "a DIE's name cannot be read");
    *name_ret = result == DW_DLV_OK ? name : NULL;
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

/* DW_OP_plus_uconst N, or DW_OP_constu N and perhaps DW_OP_plus: what compilers wrote for members.
 */
static bool evaluate_member_expression(const struct byte_range *expression, bool is_big_endian,
                                       uint64_t *byte_offset_ret)
{
    struct dwarf_cursor cursor = {
        .position = expression->bytes,
        .end = expression->bytes + expression->byte_size,
        .is_big_endian = is_big_endian,
    };
    uint64_t operation = cursor_unsigned(&cursor, 1);

    if (operation != DW_OP_plus_uconst && operation != DW_OP_constu)
        return false;
    uint64_t byte_offset = cursor_uleb128(&cursor);
    if (operation == DW_OP_constu && cursor_left(&cursor) > 0 &&
        cursor_unsigned(&cursor, 1) != DW_OP_plus)
        return false;
    if (cursor.is_overrun || cursor_left(&cursor) > 0)
        return false;
    *byte_offset_ret = byte_offset;
    return true;
}

static int read_expression(Dwarf_Attribute attribute, Dwarf_Half form,
                           struct byte_range *expression_ret, Dwarf_Debug debug,
                           Dwarf_Error *reason)
{
    int result;

    if (form == DW_FORM_exprloc) {
        Dwarf_Unsigned length = 0;
        Dwarf_Ptr bytes = NULL;
        result = dwarf_formexprloc(attribute, &length, &bytes, reason);
        *expression_ret = (struct byte_range){bytes, length};
        return result;
    }
    Dwarf_Block *block = NULL;
    result = dwarf_formblock(attribute, &block, reason);
    if (result == DW_DLV_OK) {
        *expression_ret = (struct byte_range){block->bl_data, block->bl_len};
        dwarf_dealloc(debug, block, DW_DLA_BLOCK);
    }
    return result;
}

static struct error *read_location(const struct libdwarf_die *die, Dwarf_Attribute attribute,
                                   uint64_t *byte_offset_ret)
{
    Dwarf_Error reason = NULL;
    Dwarf_Half form = 0;
    struct byte_range expression;
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

struct error *libdwarf_die_member_location(const struct libdwarf_die *die, bool *has_ret,
                                           uint64_t *byte_offset_ret)
{
    Dwarf_Attribute found = NULL;

    *byte_offset_ret = 0;
    TRY(find_attribute(die, DW_AT_data_member_location, &found));
    *has_ret = found != NULL;
    if (!found)
        return NULL;
    struct error *error = read_location(die, found, byte_offset_ret);
    dwarf_dealloc_attribute(found);
    return error;
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

/* libdwarf would refuse a reference out of the one unit that it knows, so our own reader reads it.
 */
static struct error *resolve_far_reference(const struct libdwarf_die *die,
                                           struct die_place *place_ret)
{
    struct die_reader *reader = &die->unit->reader->far_reader;
    struct die_reference reference = {.kind = REFERENCE_ELSEWHERE};

    TRY(die_reader_enter(reader, die->unit->unit));
    die_seek(reader, section_offset_of(die));
    struct die found = die_read(reader);
    TRY(die_reader_check(reader));
    if (found.abbreviation)
        die_reference(reader, &found, SLOT_TYPE, &reference);
    switch (reference.kind) {
    case REFERENCE_IN_UNIT:
        *place_ret = (struct die_place){die->unit->unit->section, reference.value};
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
#if HAS_NEW_INTERFACE
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

struct error *libdwarf_die_type(const struct libdwarf_die *die, bool *has_ret,
                                struct die_place *place_ret)
{
    Dwarf_Attribute found = NULL;

    TRY(find_attribute(die, DW_AT_type, &found));
    *has_ret = found != NULL;
    if (!found)
        return NULL;
    struct error *error = resolve_reference(die, found, place_ret);
    dwarf_dealloc_attribute(found);
    return error;
}
