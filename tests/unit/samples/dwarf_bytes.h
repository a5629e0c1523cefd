/* SPDX-License-Identifier: MIT */
/* Writes DWARF byte by byte, for tests that want it exactly so, or wrong. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DWARF_BYTES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DWARF_BYTES_H

#include <dwarf.h>
#include <stdbool.h>

#include "analyze/dwarf/dwarf_sections.h"
#include "base/buffer.h"
#include "tests/unit/unit.h"

enum { DWARF_BYTES_MAXIMUM = 64 * 1024 * 1024, LANGUAGE_C11 = 0x1d };

/* Sections that are being written. */
struct dwarf_sample {
    bool is_big_endian;
    struct buffer parts[DWARF_SECTION_COUNT];
    uint8_t *copies[DWARF_SECTION_COUNT]; /* of their exact size, so that overreads show */
    struct dwarf_sections sections;
};

static inline struct dwarf_sample *sample_create(bool is_big_endian)
{
    struct dwarf_sample *sample = calloc(1, sizeof(*sample));

    assert_non_null(sample);
    sample->is_big_endian = is_big_endian;
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++)
        buffer_init(&sample->parts[i], DWARF_BYTES_MAXIMUM);
    return sample;
}

static inline void sample_forget_sections(struct dwarf_sample *sample)
{
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        free(sample->copies[i]);
        sample->copies[i] = NULL;
    }
    sample->sections =
        (struct dwarf_sections){.path = "sample", .is_big_endian = sample->is_big_endian};
}

static inline void sample_destroy(struct dwarf_sample *sample)
{
    sample_forget_sections(sample);
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++)
        buffer_deinit(&sample->parts[i]);
    free(sample);
}

/* What was written so far; valid until the next call. */
static inline const struct dwarf_sections *sample_sections(struct dwarf_sample *sample)
{
    sample_forget_sections(sample);
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        const struct buffer *part = &sample->parts[i];
        assert_null(buffer_check(part, dwarf_section_names[i]));
        if (part->length == 0)
            continue;
        sample->copies[i] = malloc(part->length);
        assert_non_null(sample->copies[i]);
        memcpy(sample->copies[i], part->data, part->length);
        sample->sections.ranges[i] = (struct section_bytes){sample->copies[i], part->length};
    }
    return &sample->sections;
}

/* How many bytes a section has by now: the offset of what is put next. */
static inline size_t sample_length(const struct dwarf_sample *sample, enum dwarf_section section)
{
    return sample->parts[section].length;
}

static inline void encode_number(const struct dwarf_sample *sample, uint64_t value,
                                 unsigned byte_size, char *bytes)
{
    for (unsigned i = 0; i < byte_size; i++) {
        unsigned place = sample->is_big_endian ? byte_size - 1 - i : i;
        bytes[place] = (char)(value >> (8 * i));
    }
}

static inline void put_number(struct dwarf_sample *sample, enum dwarf_section section,
                              uint64_t value, unsigned byte_size)
{
    char bytes[8];

    encode_number(sample, value, byte_size, bytes);
    buffer_append(&sample->parts[section], bytes, byte_size);
}

/* Overwrites a number that was put before. */
static inline void patch_number(struct dwarf_sample *sample, enum dwarf_section section,
                                size_t offset, uint64_t value, unsigned byte_size)
{
    assert_true(offset + byte_size <= sample_length(sample, section));
    encode_number(sample, value, byte_size, sample->parts[section].data + offset);
}

static inline void put_uleb128(struct dwarf_sample *sample, enum dwarf_section section,
                               uint64_t value)
{
    do {
        uint64_t rest = value >> 7;
        buffer_append_char(&sample->parts[section], (char)((value & 0x7f) | (rest ? 0x80 : 0)));
        value = rest;
    } while (value);
}

static inline void put_sleb128(struct dwarf_sample *sample, enum dwarf_section section,
                               int64_t value)
{
    bool is_last;

    do {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        is_last = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
        buffer_append_char(&sample->parts[section], (char)(byte | (is_last ? 0 : 0x80)));
    } while (!is_last);
}

/* A text with its NUL; returns its offset. */
static inline size_t put_text(struct dwarf_sample *sample, enum dwarf_section section,
                              const char *text)
{
    size_t offset = sample_length(sample, section);

    buffer_append(&sample->parts[section], text, strlen(text) + 1);
    return offset;
}

/* The text's offset in .debug_str, where each is kept once, as linkers do. */
static inline size_t share_text(struct dwarf_sample *sample, const char *text)
{
    const struct buffer *part = &sample->parts[DWARF_STR];

    for (size_t offset = 0; offset < part->length; offset += strlen(part->data + offset) + 1) {
        if (strcmp(part->data + offset, text) == 0)
            return offset;
    }
    return put_text(sample, DWARF_STR, text);
}

/* An attribute of an abbreviation. */
struct dwarf_form {
    unsigned attribute;
    unsigned form;
    int64_t implicit_value; /* of DW_FORM_implicit_const */
};

/* The last two arguments of put_abbreviation(). */
#define FORMS(...)                                                                                 \
    ARRAY_LENGTH(((const struct dwarf_form[]){__VA_ARGS__})), (const struct dwarf_form[])          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NO_FORMS 0, NULL

static inline void put_abbreviation(struct dwarf_sample *sample, unsigned code, unsigned tag,
                                    bool has_children, size_t count, const struct dwarf_form *forms)
{
    put_uleb128(sample, DWARF_ABBREV, code);
    put_uleb128(sample, DWARF_ABBREV, tag);
    put_number(sample, DWARF_ABBREV, has_children, 1);
    for (size_t i = 0; i < count; i++) {
        put_uleb128(sample, DWARF_ABBREV, forms[i].attribute);
        put_uleb128(sample, DWARF_ABBREV, forms[i].form);
        if (forms[i].form == DW_FORM_implicit_const)
            put_sleb128(sample, DWARF_ABBREV, forms[i].implicit_value);
    }
    put_number(sample, DWARF_ABBREV, 0, 2);
}

static inline void end_abbreviations(struct dwarf_sample *sample)
{
    put_uleb128(sample, DWARF_ABBREV, 0);
}

/* A unit's header as it is to be. */
struct unit_header {
    unsigned version;
    unsigned offset_byte_size; /* 4 or 8 */
    unsigned address_byte_size;
    unsigned type; /* DW_UT_…; 0 for a compilation unit */
    uint64_t abbreviation_offset;
    uint64_t signature;   /* of type units */
    uint64_t type_offset; /* of type units: from the unit's start */
};

static inline bool is_type_unit(enum dwarf_section section, const struct unit_header *header)
{
    return section == DWARF_TYPES || header->type == DW_UT_type;
}

/* Returns the unit's offset in SECTION. */
static inline size_t begin_unit(struct dwarf_sample *sample, enum dwarf_section section,
                                const struct unit_header *header)
{
    size_t start = sample_length(sample, section);

    if (header->offset_byte_size == 8)
        put_number(sample, section, 0xffffffff, 4);
    put_number(sample, section, 0, header->offset_byte_size);
    put_number(sample, section, header->version, 2);
    if (header->version >= 5) {
        put_number(sample, section, header->type ? header->type : DW_UT_compile, 1);
        put_number(sample, section, header->address_byte_size, 1);
    }
    put_number(sample, section, header->abbreviation_offset, header->offset_byte_size);
    if (header->version < 5)
        put_number(sample, section, header->address_byte_size, 1);
    if (is_type_unit(section, header)) {
        put_number(sample, section, header->signature, 8);
        put_number(sample, section, header->type_offset, header->offset_byte_size);
    } else if (header->type == DW_UT_skeleton || header->type == DW_UT_split_compile) {
        put_number(sample, section, header->signature, 8);
    }
    return start;
}

/* Writes the unit's length, now that it is known. */
static inline void end_unit(struct dwarf_sample *sample, enum dwarf_section section,
                            const struct unit_header *header, size_t start)
{
    size_t length_offset = start + (header->offset_byte_size == 8 ? 4 : 0);
    size_t length = sample_length(sample, section) - length_offset - header->offset_byte_size;

    patch_number(sample, section, length_offset, length, header->offset_byte_size);
}

#endif
