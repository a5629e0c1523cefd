/* SPDX-License-Identifier: MIT */
/* The debug sections that the reader works on, as views into an ELF image. */
#ifndef KSTRUCT_ANALYZE_DWARF_DWARF_SECTIONS_H
#define KSTRUCT_ANALYZE_DWARF_DWARF_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/elf/elf_image.h"
#include "base/error.h"

#define DWARF_SECTIONS(X)                                                                          \
    X(DWARF_INFO, ".debug_info")                                                                   \
    X(DWARF_TYPES, ".debug_types") /* type units of DWARF 4 */                                     \
    X(DWARF_ABBREV, ".debug_abbrev")                                                               \
    X(DWARF_STR, ".debug_str")                                                                     \
    X(DWARF_LINE_STR, ".debug_line_str")                                                           \
    X(DWARF_STR_OFFSETS, ".debug_str_offsets")                                                     \
    X(DWARF_ADDR, ".debug_addr") /* libdwarf wants it where addresses are indexes */               \
    X(DWARF_LINE, ".debug_line") /* its headers, for file names */

enum dwarf_section {
#define X(section, name) section,
    DWARF_SECTIONS(X)
#undef X
        DWARF_SECTION_COUNT
};

struct section_bytes {
    const uint8_t *bytes;
    uint64_t byte_size; /* 0 where the section is missing */
};

struct dwarf_sections {
    struct section_bytes ranges[DWARF_SECTION_COUNT];
    bool is_big_endian;
    /* Names are told by their texts alone, so that what is made of them is the same for all files
     * that one process reads; else by their places, which is faster. */
    bool are_names_portable;
    uint64_t file_number; /* of files whose names are portable, one for each */
    const char *path;     /* the ELF file, for errors */
};

/* By enum dwarf_section. */
extern const char *const dwarf_section_names[DWARF_SECTION_COUNT];

/* Views into IMAGE, which must outlive them. ERROR_NO_DWARF if there is nothing to read. */
struct error *dwarf_sections_find(const struct elf_image *image,
                                  struct dwarf_sections *sections_ret) MUST_CHECK;

#endif
