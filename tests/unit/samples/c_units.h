/* SPDX-License-Identifier: MIT */
/* Units as a C compiler makes them, written with dwarf_bytes.h. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_C_UNITS_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_C_UNITS_H

#include "tests/unit/samples/dwarf_bytes.h"

/* Abbreviation codes, counted from the unit's first one. */
enum c_code {
    CODE_UNIT,
    CODE_AGGREGATE, /* + 0: struct, 1: union; + 2: without a name; + 4: without children */
    CODE_DECLARATION = CODE_AGGREGATE + 8, /* + 0: struct, 1: union */
    CODE_MEMBER = CODE_DECLARATION + 2,    /* + 1: without a name */
    CODE_BIT_FIELD = CODE_MEMBER + 2,
    CODE_BASE,
    CODE_NAMED,   /* a typedef of a type */
    CODE_POINTER, /* to a type */
    CODE_POINTER_TO_VOID,
    CODE_CONST,
    CODE_ARRAY,
    CODE_SUBRANGE,
    CODE_FUNCTION_TYPE,
    CODE_PARAMETER,
    CODE_VARIABLE_ARGUMENTS,
    CODE_SUBPROGRAM,
    CODE_BLOCK,
    CODE_ENUM,
    CODE_COUNT,
};

struct c_unit {
    struct dwarf_sample *sample;
    struct unit_header header;
    size_t start;
    unsigned first_code;
};

static inline void put_aggregate_abbreviations(struct dwarf_sample *sample, unsigned first)
{
    for (unsigned i = 0; i < 8; i++) {
        const struct dwarf_form forms[] = {{DW_AT_byte_size, DW_FORM_data2, 0},
                                           {DW_AT_name, DW_FORM_strp, 0}};
        put_abbreviation(sample, first + CODE_AGGREGATE + i,
                         i & 1 ? DW_TAG_union_type : DW_TAG_structure_type, !(i & 4), i & 2 ? 1 : 2,
                         forms);
    }
    for (unsigned i = 0; i < 2; i++)
        put_abbreviation(
            sample, first + CODE_DECLARATION + i, i ? DW_TAG_union_type : DW_TAG_structure_type,
            false,
            FORMS({DW_AT_name, DW_FORM_strp, 0}, {DW_AT_declaration, DW_FORM_flag_present, 0}));
}

static inline void put_member_abbreviations(struct dwarf_sample *sample, unsigned first)
{
    const struct dwarf_form forms[] = {
        {DW_AT_data_member_location, DW_FORM_data2, 0},
        {DW_AT_type, DW_FORM_ref4, 0},
        {DW_AT_name, DW_FORM_strp, 0},
        {DW_AT_bit_size, DW_FORM_data1, 0},
        {DW_AT_data_bit_offset, DW_FORM_data2, 0},
    };

    put_abbreviation(sample, first + CODE_MEMBER, DW_TAG_member, false, 3, forms);
    put_abbreviation(sample, first + CODE_MEMBER + 1, DW_TAG_member, false, 2, forms);
    put_abbreviation(sample, first + CODE_BIT_FIELD, DW_TAG_member, false, 4, forms + 1);
}

/* A type that refers to another. */
static inline void put_reference_abbreviation(struct dwarf_sample *sample, unsigned code,
                                              unsigned tag, bool has_children)
{
    put_abbreviation(sample, code, tag, has_children, FORMS({DW_AT_type, DW_FORM_ref4, 0}));
}

static inline void put_type_abbreviations(struct dwarf_sample *sample, unsigned first)
{
    const struct dwarf_form named[] = {{DW_AT_name, DW_FORM_strp, 0},
                                       {DW_AT_byte_size, DW_FORM_data1, 0}};

    put_abbreviation(sample, first + CODE_BASE, DW_TAG_base_type, false, 2, named);
    put_abbreviation(sample, first + CODE_ENUM, DW_TAG_enumeration_type, false, 2, named);
    put_abbreviation(sample, first + CODE_NAMED, DW_TAG_typedef, false,
                     FORMS({DW_AT_name, DW_FORM_strp, 0}, {DW_AT_type, DW_FORM_ref4, 0}));
    put_reference_abbreviation(sample, first + CODE_POINTER, DW_TAG_pointer_type, false);
    put_abbreviation(sample, first + CODE_POINTER_TO_VOID, DW_TAG_pointer_type, false, NO_FORMS);
    put_reference_abbreviation(sample, first + CODE_CONST, DW_TAG_const_type, false);
    put_reference_abbreviation(sample, first + CODE_ARRAY, DW_TAG_array_type, true);
    put_abbreviation(sample, first + CODE_SUBRANGE, DW_TAG_subrange_type, false,
                     FORMS({DW_AT_upper_bound, DW_FORM_data1, 0}));
    put_reference_abbreviation(sample, first + CODE_FUNCTION_TYPE, DW_TAG_subroutine_type, true);
    put_reference_abbreviation(sample, first + CODE_PARAMETER, DW_TAG_formal_parameter, false);
    put_abbreviation(sample, first + CODE_VARIABLE_ARGUMENTS, DW_TAG_unspecified_parameters, false,
                     NO_FORMS);
    put_abbreviation(sample, first + CODE_SUBPROGRAM, DW_TAG_subprogram, true,
                     FORMS({DW_AT_name, DW_FORM_strp, 0}));
    put_abbreviation(sample, first + CODE_BLOCK, DW_TAG_lexical_block, true, NO_FORMS);
}

/* Begins a unit whose abbreviations are numbered from FIRST_CODE, in a table of its own. */
static inline struct c_unit c_unit_begin(struct dwarf_sample *sample, unsigned first_code,
                                         unsigned language)
{
    struct c_unit unit = {.sample = sample, .first_code = first_code};

    unit.header = (struct unit_header){4, 4, 8, 0, sample_length(sample, DWARF_ABBREV), 0, 0};
    put_abbreviation(sample, first_code + CODE_UNIT, DW_TAG_compile_unit, true,
                     FORMS({DW_AT_language, DW_FORM_data2, 0}));
    put_aggregate_abbreviations(sample, first_code);
    put_member_abbreviations(sample, first_code);
    put_type_abbreviations(sample, first_code);
    end_abbreviations(sample);
    unit.start = begin_unit(sample, DWARF_INFO, &unit.header);
    put_uleb128(sample, DWARF_INFO, first_code + CODE_UNIT);
    put_number(sample, DWARF_INFO, language, 2);
    return unit;
}

static inline void c_end_children(const struct c_unit *unit)
{
    put_uleb128(unit->sample, DWARF_INFO, 0);
}

static inline void c_unit_end(const struct c_unit *unit)
{
    c_end_children(unit);
    end_unit(unit->sample, DWARF_INFO, &unit->header, unit->start);
}

/* The functions below return the DIE's offset in its unit, which references are made of. */
static inline uint64_t c_put_code(const struct c_unit *unit, unsigned code)
{
    uint64_t offset = sample_length(unit->sample, DWARF_INFO) - unit->start;

    put_uleb128(unit->sample, DWARF_INFO, unit->first_code + code);
    return offset;
}

static inline void c_put_name(const struct c_unit *unit, const char *name)
{
    put_number(unit->sample, DWARF_INFO, share_text(unit->sample, name), 4);
}

static inline void c_put_type(const struct c_unit *unit, uint64_t type)
{
    put_number(unit->sample, DWARF_INFO, type, 4);
}

/* A base type or enumeration. */
static inline uint64_t c_sized(const struct c_unit *unit, unsigned code, const char *name,
                               unsigned byte_size)
{
    uint64_t offset = c_put_code(unit, code);

    c_put_name(unit, name);
    put_number(unit->sample, DWARF_INFO, byte_size, 1);
    return offset;
}

static inline uint64_t c_int(const struct c_unit *unit)
{
    return c_sized(unit, CODE_BASE, "int", 4);
}

static inline uint64_t c_typedef(const struct c_unit *unit, const char *name, uint64_t type)
{
    uint64_t offset = c_put_code(unit, CODE_NAMED);

    c_put_name(unit, name);
    c_put_type(unit, type);
    return offset;
}

/* CODE_POINTER or CODE_CONST. */
static inline uint64_t c_wrap(const struct c_unit *unit, unsigned code, uint64_t type)
{
    uint64_t offset = c_put_code(unit, code);

    c_put_type(unit, type);
    return offset;
}

static inline uint64_t c_array(const struct c_unit *unit, uint64_t type, unsigned upper_bound)
{
    uint64_t offset = c_wrap(unit, CODE_ARRAY, type);

    c_put_code(unit, CODE_SUBRANGE);
    put_number(unit->sample, DWARF_INFO, upper_bound, 1);
    c_end_children(unit);
    return offset;
}

/* A function with one parameter, and variable arguments if so wanted. */
static inline uint64_t c_function(const struct c_unit *unit, uint64_t result, uint64_t parameter,
                                  bool has_variable_arguments)
{
    uint64_t offset = c_wrap(unit, CODE_FUNCTION_TYPE, result);

    c_put_code(unit, CODE_PARAMETER);
    c_put_type(unit, parameter);
    if (has_variable_arguments)
        c_put_code(unit, CODE_VARIABLE_ARGUMENTS);
    c_end_children(unit);
    return offset;
}

/* Begins a struct or union, without a name if NAME is NULL; end with c_end_children(). */
static inline uint64_t c_aggregate(const struct c_unit *unit, bool is_union, const char *name,
                                   unsigned byte_size)
{
    uint64_t offset = c_put_code(unit, CODE_AGGREGATE + (is_union ? 1U : 0) + (name ? 0 : 2U));

    put_number(unit->sample, DWARF_INFO, byte_size, 2);
    if (name)
        c_put_name(unit, name);
    return offset;
}

static inline uint64_t c_declaration(const struct c_unit *unit, bool is_union, const char *name)
{
    uint64_t offset = c_put_code(unit, CODE_DECLARATION + (is_union ? 1U : 0));

    c_put_name(unit, name);
    return offset;
}

static inline void c_member(const struct c_unit *unit, const char *name, uint64_t type,
                            unsigned byte_offset)
{
    c_put_code(unit, CODE_MEMBER + (name ? 0 : 1U));
    put_number(unit->sample, DWARF_INFO, byte_offset, 2);
    c_put_type(unit, type);
    if (name)
        c_put_name(unit, name);
}

static inline void c_bit_field(const struct c_unit *unit, const char *name, uint64_t type,
                               unsigned bit_size, unsigned bit_offset)
{
    c_put_code(unit, CODE_BIT_FIELD);
    c_put_type(unit, type);
    c_put_name(unit, name);
    put_number(unit->sample, DWARF_INFO, bit_size, 1);
    put_number(unit->sample, DWARF_INFO, bit_offset, 2);
}

/* Begins a function's body; end with c_end_children(). */
static inline void c_subprogram(const struct c_unit *unit, const char *name)
{
    c_put_code(unit, CODE_SUBPROGRAM);
    c_put_name(unit, name);
}

#endif
