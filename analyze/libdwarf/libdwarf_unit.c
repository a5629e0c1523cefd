/* SPDX-License-Identifier: MIT */
#include "analyze/libdwarf/libdwarf_unit.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* Versions since 0.1 (after 20210528) have other names for the object-access table. */
#if LIBDWARF_IS_NEW
typedef Dwarf_Obj_Access_Section_a access_section;
typedef Dwarf_Obj_Access_Methods_a access_methods;
typedef Dwarf_Unsigned access_index;
typedef Dwarf_Unsigned access_file_size;
#else
typedef Dwarf_Obj_Access_Section access_section;
typedef Dwarf_Obj_Access_Methods access_methods;
typedef Dwarf_Half access_index;
#endif

/*
 * libdwarf sees section 0 as ELF has it, empty, and from 1 on the debug sections that are there: it
 * takes offence at an empty one. Of the unit's section it sees the unit alone, of the other section
 * that holds units nothing.
 */
static bool visible_section(const struct libdwarf_unit *unit, access_index index,
                            enum dwarf_section *section_ret, struct section_bytes *range_ret)
{
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        enum dwarf_section section = (enum dwarf_section)i;
        struct section_bytes range = unit->sections->ranges[section];
        bool holds_units = section == DWARF_INFO || section == DWARF_TYPES;
        if (section == unit->unit->section)
            range = (struct section_bytes){range.bytes + unit->unit->section_offset,
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
    struct section_bytes range = {0};
    const char *name = "";

    if (index > 0) {
        if (!visible_section(object, index, &section, &range))
            return DW_DLV_NO_ENTRY;
        name = dwarf_section_names[section];
    }
    memset(section_ret, 0, sizeof(*section_ret));
#if LIBDWARF_IS_NEW
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
    struct section_bytes range;

    if (index == 0 || !visible_section(object, index, &section, &range))
        return DW_DLV_NO_ENTRY;
    const struct libdwarf_unit *unit = object;
    if (unit->changed_bytes && section == unit->unit->section)
        *bytes_ret = unit->changed_bytes;
    else
        memcpy(bytes_ret, &range.bytes, sizeof(range.bytes));
    return DW_DLV_OK;
}

static Dwarf_Unsigned section_count(void *object)
{
    enum dwarf_section section;
    struct section_bytes range;
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

#if LIBDWARF_IS_NEW
static Dwarf_Small byte_order(void *object)
{
    const struct libdwarf_unit *unit = object;

    return unit->sections->is_big_endian ? DW_END_big : DW_END_little;
}

static access_file_size file_size(void *object)
{
    const struct libdwarf_unit *unit = object;
    access_file_size size = 0;

    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++)
        size += unit->sections->ranges[i].byte_size;
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

    return unit->sections->is_big_endian ? DW_OBJECT_MSB : DW_OBJECT_LSB;
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

/* libdwarf 20210528 takes the place of a type unit's type for one after the unit if it is among
 * the last bytes, as a small type in 64-bit DWARF may be. It is not asked where the type is: so it
 * sees another place. */
static struct error *hide_late_type(struct libdwarf_unit *created)
{
    enum { LENGTH_BYTES_MAXIMUM = 12 };
    const struct unit *unit = created->unit;
    uint64_t byte_size = unit->end_offset - unit->section_offset;
    uint64_t first_die = unit->first_die_offset - unit->section_offset;
    unsigned width = unit->encoding.offset_byte_size;

    if (!unit->has_signature || unit->end_offset - unit->type_offset > LENGTH_BYTES_MAXIMUM)
        return NULL;
    created->changed_bytes = malloc(byte_size);
    if (!created->changed_bytes)
        return error_out_of_memory();
    memcpy(created->changed_bytes,
           created->sections->ranges[unit->section].bytes + unit->section_offset, byte_size);
    for (unsigned i = 0; i < width; i++) {
        unsigned shift = 8 * (created->sections->is_big_endian ? width - 1 - i : i);
        created->changed_bytes[first_die - width + i] = (uint8_t)(first_die >> shift);
    }
    return NULL;
}

static void release(struct libdwarf_unit *unit)
{
    free(unit->changed_bytes);
    free(unit);
}

struct error *libdwarf_unit_create(const struct dwarf_sections *sections, const struct unit *unit,
                                   struct libdwarf_unit **unit_ret)
{
    struct libdwarf_unit *created = calloc(1, sizeof(*created));
    Dwarf_Error reason = NULL;

    if (!created)
        return error_out_of_memory();
    created->sections = sections;
    created->unit = unit;
#if LIBDWARF_IS_NEW
    created->interface.ai_object = created;
    created->interface.ai_methods = &methods;
#else
    created->interface.object = created;
    created->interface.methods = &methods;
#endif
    struct error *error = hide_late_type(created);
    if (error) {
        release(created);
        return error;
    }
    int result = dwarf_object_init_b(&created->interface, NULL, NULL, DW_GROUPNUMBER_ANY,
                                     &created->debug, &reason);
    if (result == DW_DLV_OK) {
        *unit_ret = created;
        return NULL;
    }
    release(created);
    if (libdwarf_lacks_memory(reason))
        return error_out_of_memory();
    return error_create_at(ERROR_BAD_DWARF, sections->path, unit->section_offset,
                           "in %s: libdwarf cannot read the unit: %s",
                           dwarf_section_names[unit->section],
                           reason ? dwarf_errmsg(reason) : "it finds nothing in it");
}

void libdwarf_unit_destroy(struct libdwarf_unit *unit)
{
#if LIBDWARF_IS_NEW
    dwarf_object_finish(unit->debug);
#else
    dwarf_object_finish(unit->debug, NULL);
#endif
    release(unit);
}
