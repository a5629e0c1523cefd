/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/unit_list.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/dwarf/dwarf_cursor.h"

/* DWARF 5, section 7.4: a length that says that 64-bit offsets follow. */
#define LENGTH_ESCAPE UINT32_C(0xffffffff)
#define LENGTH_RESERVED UINT32_C(0xfffffff0)

struct header_reader {
    const struct dwarf_sections *sections;
    enum dwarf_section section;
    struct dwarf_cursor cursor;
};

static uint64_t position(const struct header_reader *reader)
{
    return (uint64_t)(reader->cursor.position - reader->sections->ranges[reader->section].bytes);
}

static struct error *malformed(const struct header_reader *reader, const struct unit *unit,
                               const char *what)
{
    return error_create_at(ERROR_BAD_DWARF, reader->sections->path, unit->section_offset,
                           "in %s: %s", dwarf_section_names[reader->section], what);
}

static struct error *read_length(struct header_reader *reader, struct unit *unit)
{
    struct dwarf_cursor *cursor = &reader->cursor;
    uint64_t length = cursor_unsigned(cursor, 4);

    unit->encoding.offset_byte_size = 4;
    if (length == LENGTH_ESCAPE) {
        unit->encoding.offset_byte_size = 8;
        length = cursor_unsigned(cursor, 8);
    } else if (length >= LENGTH_RESERVED) {
        return malformed(reader, unit, "a unit's length has a reserved value");
    }
    if (cursor->is_overrun || length > cursor_left(cursor))
        return malformed(reader, unit, "a unit reaches past the section's end");
    unit->end_offset = position(reader) + length;
    return NULL;
}

static void read_signature(struct header_reader *reader, struct unit *unit)
{
    struct dwarf_cursor *cursor = &reader->cursor;

    unit->has_signature = true;
    if (cursor_left(cursor) >= sizeof(unit->signature))
        memcpy(&unit->signature, cursor->position, sizeof(unit->signature));
    cursor_skip(cursor, sizeof(unit->signature));
    uint64_t offset = cursor_unsigned(cursor, unit->encoding.offset_byte_size);
    if (offset < unit->end_offset - unit->section_offset)
        unit->type_offset = unit->section_offset + offset;
    else
        cursor_overrun(cursor);
}

/* What follows the length: the fields changed places with DWARF 5. */
static struct error *read_fields(struct header_reader *reader, struct unit *unit)
{
    struct dwarf_cursor *cursor = &reader->cursor;
    struct dwarf_encoding *encoding = &unit->encoding;
    unsigned type = DW_UT_compile;

    encoding->version = (uint16_t)cursor_unsigned(cursor, 2);
    if (encoding->version < 2 || encoding->version > 5)
        return malformed(reader, unit, "a unit is of an unknown DWARF version");
    if (encoding->version >= 5) {
        type = (unsigned)cursor_unsigned(cursor, 1);
        encoding->address_byte_size = (uint8_t)cursor_unsigned(cursor, 1);
    }
    unit->abbreviation_offset = cursor_unsigned(cursor, encoding->offset_byte_size);
    if (encoding->version < 5)
        encoding->address_byte_size = (uint8_t)cursor_unsigned(cursor, 1);
    if (encoding->address_byte_size == 0 || encoding->address_byte_size > 8)
        return malformed(reader, unit, "a unit has an impossible address size");
    if (type == DW_UT_type || reader->section == DWARF_TYPES)
        read_signature(reader, unit);
    else if (type == DW_UT_skeleton || type == DW_UT_split_compile)
        cursor_skip(cursor, 8);
    else if (type != DW_UT_compile && type != DW_UT_partial)
        return malformed(reader, unit, "a unit is of an unknown type");
    unit->is_skeleton = type == DW_UT_skeleton;
    unit->first_die_offset = position(reader);
    if (cursor->is_overrun || unit->first_die_offset > unit->end_offset)
        return malformed(reader, unit, "a unit's header is cut short");
    return NULL;
}

static struct error *append(struct unit_list *list, const struct unit *unit)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 1024;
        struct unit *units = reallocarray(list->units, capacity, sizeof(*units));
        if (!units)
            return error_out_of_memory();
        list->units = units;
        list->capacity = capacity;
    }
    list->units[list->count++] = *unit;
    list->type_unit_count += unit->has_signature;
    return NULL;
}

static struct error *read_section(const struct dwarf_sections *sections, enum dwarf_section section,
                                  struct unit_list *list)
{
    const struct section_bytes *range = &sections->ranges[section];
    struct header_reader reader = {.sections = sections, .section = section};

    reader.cursor = (struct dwarf_cursor){
        .position = range->bytes,
        .end = range->bytes + range->byte_size,
        .is_big_endian = sections->is_big_endian,
    };
    while (cursor_left(&reader.cursor) > 0) {
        struct unit unit = {.section = section, .section_offset = position(&reader)};
        TRY(read_length(&reader, &unit));
        TRY(read_fields(&reader, &unit));
        TRY(append(list, &unit));
        reader.cursor.position = range->bytes + unit.end_offset;
    }
    return NULL;
}

/* Of several with one signature the first in the file goes first. */
static int compare_signatures(const void *left, const void *right)
{
    const struct unit *a = *(const struct unit *const *)left;
    const struct unit *b = *(const struct unit *const *)right;

    if (a->signature != b->signature)
        return a->signature < b->signature ? -1 : 1;
    return a < b ? -1 : a > b;
}

static struct error *sort_type_units(struct unit_list *list)
{
    size_t count = 0;

    if (list->type_unit_count == 0)
        return NULL;
    list->type_units = calloc(list->type_unit_count, sizeof(*list->type_units));
    if (!list->type_units)
        return error_out_of_memory();
    for (size_t i = 0; i < list->count; i++) {
        if (list->units[i].has_signature)
            list->type_units[count++] = &list->units[i];
    }
    qsort(list->type_units, count, sizeof(*list->type_units), compare_signatures);
    return NULL;
}

struct error *unit_list_read(const struct dwarf_sections *sections, struct unit_list *list_ret)
{
    struct unit_list list = {0};
    struct error *error = read_section(sections, DWARF_INFO, &list);

    if (!error && sections->ranges[DWARF_TYPES].byte_size > 0)
        error = read_section(sections, DWARF_TYPES, &list);
    if (!error)
        error = sort_type_units(&list);
    if (error) {
        unit_list_deinit(&list);
        return error;
    }
    *list_ret = list;
    return NULL;
}

void unit_list_deinit(struct unit_list *list)
{
    free(list->units);
    free(list->type_units);
    *list = (struct unit_list){0};
}

const struct unit *unit_list_find(const struct unit_list *list, enum dwarf_section section,
                                  uint64_t section_offset)
{
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct unit *unit = &list->units[middle];
        if (unit->section < section ||
            (unit->section == section && unit->end_offset <= section_offset))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == list->count || list->units[low].section != section ||
        list->units[low].section_offset > section_offset)
        return NULL;
    return &list->units[low];
}

const struct unit *unit_list_find_signature(const struct unit_list *list, uint64_t signature)
{
    size_t low = 0;
    size_t high = list->type_unit_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->type_units[middle]->signature < signature)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->type_unit_count && list->type_units[low]->signature == signature
               ? list->type_units[low]
               : NULL;
}
