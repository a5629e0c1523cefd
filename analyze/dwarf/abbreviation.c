/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/abbreviation.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/dwarf/dwarf_cursor.h"

enum {
    /* Compilers number abbreviations from 1 without gaps; the bound keeps the table dense. */
    CODE_MAXIMUM = 1 << 20,
    CODE_SLACK = 4096,
    SPECIFICATIONS_MAXIMUM = 4096,
};

void abbreviation_table_init(struct abbreviation_table *table)
{
    *table = (struct abbreviation_table){0};
}

void abbreviation_table_deinit(struct abbreviation_table *table)
{
    free(table->abbreviations);
    free(table->specifications);
    abbreviation_table_init(table);
}

/* Sizes of forms: a number of bytes, or one of these. */
enum {
    SIZE_VARIES = 0xf0,
    SIZE_OF_ADDRESS,
    SIZE_OF_OFFSET,
    SIZE_OF_REF_ADDR,
    SIZE_UNKNOWN = 0xff,
};

static const uint8_t form_sizes[] = {
    [0] = SIZE_UNKNOWN,
    [DW_FORM_addr] = SIZE_OF_ADDRESS,
    [2] = SIZE_UNKNOWN,
    [DW_FORM_block2] = SIZE_VARIES,
    [DW_FORM_block4] = SIZE_VARIES,
    [DW_FORM_data2] = 2,
    [DW_FORM_data4] = 4,
    [DW_FORM_data8] = 8,
    [DW_FORM_string] = SIZE_VARIES,
    [DW_FORM_block] = SIZE_VARIES,
    [DW_FORM_block1] = SIZE_VARIES,
    [DW_FORM_data1] = 1,
    [DW_FORM_flag] = 1,
    [DW_FORM_sdata] = SIZE_VARIES,
    [DW_FORM_strp] = SIZE_OF_OFFSET,
    [DW_FORM_udata] = SIZE_VARIES,
    [DW_FORM_ref_addr] = SIZE_OF_REF_ADDR,
    [DW_FORM_ref1] = 1,
    [DW_FORM_ref2] = 2,
    [DW_FORM_ref4] = 4,
    [DW_FORM_ref8] = 8,
    [DW_FORM_ref_udata] = SIZE_VARIES,
    [DW_FORM_indirect] = SIZE_VARIES,
    [DW_FORM_sec_offset] = SIZE_OF_OFFSET,
    [DW_FORM_exprloc] = SIZE_VARIES,
    [DW_FORM_flag_present] = 0,
    [DW_FORM_strx] = SIZE_VARIES,
    [DW_FORM_addrx] = SIZE_VARIES,
    [DW_FORM_ref_sup4] = 4,
    [DW_FORM_strp_sup] = SIZE_OF_OFFSET,
    [DW_FORM_data16] = 16,
    [DW_FORM_line_strp] = SIZE_OF_OFFSET,
    [DW_FORM_ref_sig8] = 8,
    [DW_FORM_implicit_const] = 0,
    [DW_FORM_loclistx] = SIZE_VARIES,
    [DW_FORM_rnglistx] = SIZE_VARIES,
    [DW_FORM_ref_sup8] = 8,
    [DW_FORM_strx1] = 1,
    [DW_FORM_strx2] = 2,
    [DW_FORM_strx3] = 3,
    [DW_FORM_strx4] = 4,
    [DW_FORM_addrx1] = 1,
    [DW_FORM_addrx2] = 2,
    [DW_FORM_addrx3] = 3,
    [DW_FORM_addrx4] = 4,
};

static inline bool fixed_byte_size(uint16_t form, const struct dwarf_encoding *encoding,
                                   uint32_t *byte_size_ret)
{
    uint8_t size = SIZE_UNKNOWN;

    if (form < ARRAY_LENGTH(form_sizes))
        size = form_sizes[form];
    else if (form == DW_FORM_GNU_ref_alt || form == DW_FORM_GNU_strp_alt)
        size = SIZE_OF_OFFSET;
    switch (size) {
    case SIZE_OF_ADDRESS: *byte_size_ret = encoding->address_byte_size; return true;
    case SIZE_OF_OFFSET: *byte_size_ret = encoding->offset_byte_size; return true;
    case SIZE_OF_REF_ADDR:
        /* An offset since DWARF 3, an address before. */
        *byte_size_ret =
            encoding->version <= 2 ? encoding->address_byte_size : encoding->offset_byte_size;
        return true;
    case SIZE_VARIES:
    case SIZE_UNKNOWN: return false;
    default: *byte_size_ret = size; return true;
    }
}

bool form_fixed_byte_size(uint16_t form, const struct dwarf_encoding *encoding,
                          uint32_t *byte_size_ret)
{
    return fixed_byte_size(form, encoding, byte_size_ret);
}

/* Slots of attributes, counted from 1; 0: of no interest. */
static const uint8_t attribute_slots[] = {
    [DW_AT_name] = SLOT_NAME + 1,
    [DW_AT_type] = SLOT_TYPE + 1,
    [DW_AT_byte_size] = SLOT_BYTE_SIZE + 1,
    [DW_AT_declaration] = SLOT_DECLARATION + 1,
    [DW_AT_sibling] = SLOT_SIBLING + 1,
    [DW_AT_data_member_location] = SLOT_MEMBER_LOCATION + 1,
    [DW_AT_data_bit_offset] = SLOT_DATA_BIT_OFFSET + 1,
    [DW_AT_bit_offset] = SLOT_BIT_OFFSET + 1,
    [DW_AT_bit_size] = SLOT_BIT_SIZE + 1,
    [DW_AT_upper_bound] = SLOT_UPPER_BOUND + 1,
    [DW_AT_count] = SLOT_COUNT + 1,
    [DW_AT_signature] = SLOT_SIGNATURE + 1,
    [DW_AT_language] = SLOT_LANGUAGE + 1,
    [DW_AT_comp_dir] = SLOT_COMPILATION_DIRECTORY + 1,
    [DW_AT_str_offsets_base] = SLOT_STR_OFFSETS_BASE + 1,
    [DW_AT_stmt_list] = SLOT_STMT_LIST + 1,
    [DW_AT_dwo_name] = SLOT_DWO_NAME + 1,
    [DW_AT_import] = SLOT_IMPORT + 1,
    [DW_AT_const_value] = SLOT_CONST_VALUE + 1,
    [DW_AT_encoding] = SLOT_ENCODING + 1,
};

static inline bool find_slot(uint16_t attribute, enum attribute_slot *slot_ret)
{
    uint8_t slot = 0;

    if (attribute < ARRAY_LENGTH(attribute_slots))
        slot = attribute_slots[attribute];
    else if (attribute == DW_AT_GNU_dwo_name)
        slot = SLOT_DWO_NAME + 1;
    *slot_ret = (enum attribute_slot)(slot - 1);
    return slot != 0;
}

static enum value_class classify(uint16_t form)
{
    switch (form) {
    case DW_FORM_data1:
    case DW_FORM_data2:
    case DW_FORM_data4:
    case DW_FORM_data8:
    case DW_FORM_flag: return VALUE_CONSTANT;
    case DW_FORM_ref1:
    case DW_FORM_ref2:
    case DW_FORM_ref4:
    case DW_FORM_ref8: return VALUE_UNIT_REFERENCE;
    case DW_FORM_strp: return VALUE_STR_OFFSET;
    case DW_FORM_implicit_const: return VALUE_IMPLICIT;
    default: return VALUE_OTHER;
    }
}

/* Makes room for one more element of SIZE bytes after COUNT of them. */
static struct error *reserve(void **elements, uint64_t *capacity, uint64_t count, size_t size)
{
    if (count < *capacity)
        return NULL;
    uint64_t wanted = count < 64 ? 128 : count * 2;
    void *grown = reallocarray(*elements, wanted, size);
    if (!grown)
        return error_out_of_memory();
    memset((char *)grown + *capacity * size, 0, (wanted - *capacity) * size);
    *elements = grown;
    *capacity = wanted;
    return NULL;
}

static inline struct error *add_specification(struct abbreviation_table *table,
                                              const struct attribute_specification *specification)
{
    if (table->specification_count == table->specification_capacity) {
        void *elements = table->specifications;
        TRY(reserve(&elements, &table->specification_capacity, table->specification_count,
                    sizeof(*table->specifications)));
        table->specifications = elements;
    }
    table->specifications[table->specification_count++] = *specification;
    return NULL;
}

/* Notes where the attribute lies, and adds its size to the abbreviation's. */
static inline void place_attribute(const struct abbreviation_table *table,
                                   struct abbreviation *entry,
                                   const struct attribute_specification *specification)
{
    enum attribute_slot slot;
    uint32_t byte_size = 0;
    bool is_fixed = fixed_byte_size(specification->form, &table->encoding, &byte_size);

    if (find_slot(specification->attribute, &slot) &&
        entry->slots[slot].value_class == VALUE_ABSENT) {
        entry->slots[slot] = (struct attribute_place){
            .value_class = (uint8_t)classify(specification->form),
            .byte_size = (uint8_t)byte_size,
            .is_from_end = entry->varying_count > 0,
            .byte_offset = (uint16_t)(entry->varying_count > 0 ? entry->byte_size_after_varying
                                                               : entry->byte_size_before_varying),
            .specification = (uint16_t)entry->specification_count,
        };
    }
    if (!is_fixed) {
        entry->varying_count++;
        entry->last_varying = entry->specification_count;
        entry->byte_size_after_varying = 0;
    } else if (entry->varying_count > 0) {
        entry->byte_size_after_varying += byte_size;
    } else {
        entry->byte_size_before_varying += byte_size;
    }
    entry->specification_count++;
}

/* When all attributes are known: turns the places after varying ones into distances from the end,
 * and gives up those between two of them. */
static void finish_places(struct abbreviation *entry)
{
    bool is_large =
        entry->byte_size_before_varying > UINT16_MAX || entry->byte_size_after_varying > UINT16_MAX;

    entry->attributes_byte_size =
        entry->varying_count > 0 ? ABBREVIATION_SIZE_VARIES : entry->byte_size_before_varying;
    if (entry->varying_count == 0 && !is_large)
        return;
    for (size_t i = 0; i < ATTRIBUTE_SLOT_COUNT; i++) {
        struct attribute_place *place = &entry->slots[i];
        if (place->value_class == VALUE_ABSENT)
            continue;
        if (is_large || (place->is_from_end && place->specification <= entry->last_varying))
            place->value_class = VALUE_ELSEWHERE;
        else if (place->is_from_end)
            place->byte_offset = (uint16_t)(entry->byte_size_after_varying - place->byte_offset);
    }
}

static void find_plain_member(struct abbreviation *entry, const struct dwarf_encoding *encoding)
{
    const struct attribute_place *name = &entry->slots[SLOT_NAME];
    const struct attribute_place *type = &entry->slots[SLOT_TYPE];
    const struct attribute_place *location = &entry->slots[SLOT_MEMBER_LOCATION];

    entry->is_plain_member =
        entry->tag == DW_TAG_member && !entry->has_children &&
        entry->attributes_byte_size <= UINT8_MAX && encoding->offset_byte_size == 4 &&
        name->value_class == VALUE_STR_OFFSET && type->value_class == VALUE_UNIT_REFERENCE &&
        type->byte_size == 4 && location->value_class == VALUE_CONSTANT &&
        entry->slots[SLOT_BIT_SIZE].value_class == VALUE_ABSENT;
    if (!entry->is_plain_member)
        return;
    entry->name_byte_offset = (uint8_t)name->byte_offset;
    entry->type_byte_offset = (uint8_t)type->byte_offset;
    entry->location_byte_offset = (uint8_t)location->byte_offset;
    entry->location_byte_size = location->byte_size;
}

static struct error *malformed(const struct dwarf_sections *sections,
                               const struct dwarf_cursor *cursor, const char *what)
{
    const struct section_bytes *range = &sections->ranges[DWARF_ABBREV];

    return error_create_at(ERROR_BAD_DWARF, sections->path,
                           (uint64_t)(cursor->position - range->bytes), "in .debug_abbrev: %s",
                           what);
}

static struct error *read_specifications(struct abbreviation_table *table,
                                         const struct dwarf_sections *sections,
                                         struct dwarf_cursor *cursor, struct abbreviation *entry)
{
    while (!cursor->is_overrun) {
        uint64_t attribute = cursor_uleb128(cursor);
        uint64_t form = cursor_uleb128(cursor);
        struct attribute_specification specification = {0};
        if (form == DW_FORM_implicit_const)
            specification.implicit_value = cursor_sleb128(cursor);
        if (attribute == 0 && form == 0) {
            finish_places(entry);
            entry->begins_with_text =
                entry->varying_count == 1 && entry->last_varying == 0 &&
                table->specifications[entry->first_specification].attribute == DW_AT_name &&
                table->specifications[entry->first_specification].form == DW_FORM_string;
            find_plain_member(entry, &table->encoding);
            return NULL;
        }
        if (attribute > UINT16_MAX || form > UINT16_MAX)
            return malformed(sections, cursor, "an attribute or form is out of range");
        if (entry->specification_count == SPECIFICATIONS_MAXIMUM)
            return malformed(sections, cursor, "an abbreviation has too many attributes");
        specification.attribute = (uint16_t)attribute;
        specification.form = (uint16_t)form;
        TRY(add_specification(table, &specification));
        place_attribute(table, entry, &specification);
    }
    return malformed(sections, cursor, "the section ends inside an abbreviation");
}

static void init_entry(struct abbreviation_table *table, struct abbreviation *entry, uint64_t tag,
                       bool has_children)
{
    *entry = (struct abbreviation){
        .tag = (uint16_t)tag,
        .has_children = has_children,
        .first_specification = (uint32_t)table->specification_count,
    };
}

static struct error *read_table(struct abbreviation_table *table,
                                const struct dwarf_sections *sections, struct dwarf_cursor *cursor)
{
    for (;;) {
        uint64_t code = cursor_uleb128(cursor);
        if (code == 0)
            break;
        uint64_t tag = cursor_uleb128(cursor);
        bool has_children = cursor_unsigned(cursor, 1) != 0;
        /* Codes are numbered without large gaps, and each takes some bytes. */
        if (code > CODE_MAXIMUM || code > CODE_SLACK + sections->ranges[DWARF_ABBREV].byte_size ||
            tag == 0 || tag > UINT16_MAX)
            return malformed(sections, cursor, "a code or tag is out of range");
        while (table->count <= code) {
            void *elements = table->abbreviations;
            TRY(reserve(&elements, &table->capacity, table->count, sizeof(*table->abbreviations)));
            table->abbreviations = elements;
            table->abbreviations[table->count++].tag = 0;
        }
        struct abbreviation *entry = &table->abbreviations[code];
        if (entry->tag != 0)
            return malformed(sections, cursor, "a code is given twice");
        init_entry(table, entry, tag, has_children);
        TRY(read_specifications(table, sections, cursor, entry));
    }
    if (cursor->is_overrun)
        return malformed(sections, cursor, "the section ends inside a table");
    return NULL;
}

static bool encodings_are_equal(const struct dwarf_encoding *a, const struct dwarf_encoding *b)
{
    return a->version == b->version && a->address_byte_size == b->address_byte_size &&
           a->offset_byte_size == b->offset_byte_size;
}

struct error *abbreviation_table_load(struct abbreviation_table *table,
                                      const struct dwarf_sections *sections,
                                      uint64_t section_offset,
                                      const struct dwarf_encoding *encoding)
{
    const struct section_bytes *range = &sections->ranges[DWARF_ABBREV];

    if (table->is_loaded && table->section_offset == section_offset &&
        encodings_are_equal(&table->encoding, encoding))
        return NULL;
    if (section_offset >= range->byte_size)
        return error_create_at(ERROR_BAD_DWARF, sections->path, section_offset,
                               "a unit's abbreviations lie outside .debug_abbrev");
    struct dwarf_cursor cursor = {
        .position = range->bytes + section_offset,
        .end = range->bytes + range->byte_size,
        .is_big_endian = sections->is_big_endian,
    };
    table->is_loaded = false;
    table->count = 0;
    table->specification_count = 0;
    table->encoding = *encoding;
    TRY(read_table(table, sections, &cursor));
    table->section_offset = section_offset;
    table->is_loaded = true;
    return NULL;
}
