/* SPDX-License-Identifier: MIT */
/*
 * Relocations of a module's debug sections. A module is linked by the kernel when it is loaded;
 * until then offsets in .debug_str and references between units are what relocations say (ELF gABI,
 * "Relocation"; the kinds are those of each processor's supplement).
 */
#ifndef KSTRUCT_ANALYZE_ELF_RELOCATION_H
#define KSTRUCT_ANALYZE_ELF_RELOCATION_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* What is to be relocated. */
struct relocation_target {
    const char *path; /* of the file, for errors */
    const char *section_name;
    uint8_t *bytes; /* of that section; they are changed */
    uint64_t byte_size;
    unsigned machine; /* EM_… */
    bool is_big_endian;
};

/* Applies all of RELOCATIONS, a section of type SHT_REL or SHT_RELA of ELF, to TARGET. Fails with
 * ERROR_UNSUPPORTED for a kind that is not known, with its number, and with ERROR_CORRUPT for one
 * of a place or symbol that is not there. */
struct error *relocation_apply(Elf *elf, Elf_Scn *relocations,
                               const struct relocation_target *target) MUST_CHECK;

#endif
