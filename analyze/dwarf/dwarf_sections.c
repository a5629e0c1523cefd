/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/dwarf_sections.h"

#include <stddef.h>

const char *const dwarf_section_names[DWARF_SECTION_COUNT] = {
#define X(section, name) name,
    DWARF_SECTIONS(X)
#undef X
};

/* With a NUL as its last byte, every offset inside a string section is that of a text that ends. */
static struct error *check_texts_end(const struct dwarf_sections *sections,
                                     enum dwarf_section section)
{
    const struct section_bytes *range = &sections->ranges[section];

    if (range->byte_size > 0 && range->bytes[range->byte_size - 1] != '\0')
        return error_create(ERROR_BAD_DWARF, sections->path, "%s does not end with a NUL byte",
                            dwarf_section_names[section]);
    return NULL;
}

struct error *dwarf_sections_find(const struct elf_image *image,
                                  struct dwarf_sections *sections_ret)
{
    struct dwarf_sections sections = {
        .is_big_endian = image->is_big_endian,
        .path = image->path,
    };

    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        const struct elf_section *section = elf_image_find(image, dwarf_section_names[i]);
        if (section)
            sections.ranges[i] = (struct section_bytes){section->bytes, section->byte_size};
    }
    if (sections.ranges[DWARF_INFO].byte_size == 0)
        return error_create(ERROR_NO_DWARF, image->path,
                            "has no .debug_info section; a kernel's debug-symbol package "
                            "(-dbgsym, -dbg) has a vmlinux with one");
    if (sections.ranges[DWARF_ABBREV].byte_size == 0)
        return error_create(ERROR_NO_DWARF, image->path,
                            "has .debug_info but no .debug_abbrev section to read it by");
    TRY(check_texts_end(&sections, DWARF_STR));
    TRY(check_texts_end(&sections, DWARF_LINE_STR));
    *sections_ret = sections;
    return NULL;
}
