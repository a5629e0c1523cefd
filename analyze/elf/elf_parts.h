/* SPDX-License-Identifier: MIT */
/*
 * Which bytes of an ELF file it takes to read some of its sections, for whoever has to fetch them
 * first: from a package, of which then only these are decompressed.
 *
 * It goes by steps, since each is told by the one before: the file header, the section headers,
 * their names, the sections. The file must have its size from the beginning, and what a step lists
 * before the next; all else in it may be zeros.
 */
#ifndef KSTRUCT_ANALYZE_ELF_ELF_PARTS_H
#define KSTRUCT_ANALYZE_ELF_ELF_PARTS_H

#include "base/byte_spans.h"

enum elf_part {
    ELF_PART_FILE_HEADER,
    ELF_PART_SECTION_HEADERS,
    ELF_PART_SECTION_NAMES,
    ELF_PART_SECTIONS,
    ELF_PART_COUNT,
};

/* Puts them into SPANS, which is empty, in the order of the file and no byte twice, whatever the
 * headers claim. WANTED is as elf_image_open()'s. Of what is no ELF file, or a damaged one, there
 * are none: elf_image_open() says so. Fails with ERROR_OUT_OF_MEMORY, ERROR_SYSTEM. */
struct error *elf_parts_list(int file_descriptor, const char *path, enum elf_part part,
                             const char *const *wanted, struct byte_spans *spans) MUST_CHECK;

#endif
