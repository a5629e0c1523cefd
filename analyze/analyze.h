/* SPDX-License-Identifier: MIT */
/*
 * A vmlinux in, the layouts of all that it defines out; and what its modules define besides.
 *
 * libelf maps the file; a scanner of our own walks all DIEs and tells apart the definitions of each
 * name; libdwarf decodes one of each. What comes out does not depend on the number of threads.
 */
#ifndef KSTRUCT_ANALYZE_ANALYZE_H
#define KSTRUCT_ANALYZE_ANALYZE_H

#include "analyze/elf/elf_parts.h"
#include "analyze/known_definitions.h"
#include "base/byte_spans.h"
#include "base/error.h"
#include "model/kernel_layouts.h"

/* Raised whenever the layouts of some vmlinux come out otherwise: what was read before is to be
 * read again. */
enum { ANALYZE_REVISION = 3 };

/*
 * Reads the ELF file of FILE_DESCRIPTOR, which stays open, with JOBS threads. PATH is for errors.
 * KNOWN is NULL, or is to have what it defines, for its modules; all layouts have digests then.
 * *LAYOUTS_RET needs no initialization and is to be freed with kernel_layouts_deinit().
 * Fails with ERROR_NOT_ELF, ERROR_NO_DWARF (also where it is in .dwo files), ERROR_BAD_DWARF,
 * ERROR_CORRUPT, ERROR_UNSUPPORTED. A definition that cannot be decoded costs itself, and a unit
 * that is split off costs that unit: layouts_ret->passed_over lists them.
 */
struct error *analyze_vmlinux(int file_descriptor, const char *path, unsigned jobs,
                              struct known_definitions *known,
                              struct kernel_layouts *layouts_ret) MUST_CHECK;

/* A module's file in memory. */
struct module_file {
    uint8_t *bytes; /* are changed where they are to be relocated; the caller's */
    size_t byte_size;
    const char *path; /* for errors */
    uint64_t number;  /* no two of a kernel have one */
};

/*
 * Reads a module's layouts, all with digests, but those that KNOWN, its vmlinux's, has: what comes
 * out has one module, whose name is to be given it, and nothing of vmlinux. Fails as
 * analyze_vmlinux() does, and with ERROR_UNSUPPORTED for an unknown relocation. Several threads may
 * read modules at once.
 */
struct error *analyze_module(const struct module_file *file, const struct known_definitions *known,
                             struct kernel_layouts *layouts_ret) MUST_CHECK;

/* The bytes that it reads of a vmlinux, for whoever fetches no others, in steps: what one step adds
 * to SPANS must be in the file before the next (elf_parts.h). Without WANTS_IDENTITY, those are
 * left out that only tell its release and compiler; where they are zeros, both are unknown. */
enum { ANALYZE_STEP_COUNT = ELF_PART_COUNT };
struct error *analyze_list_bytes(int file_descriptor, const char *path, unsigned step,
                                 bool wants_identity, struct byte_spans *spans) MUST_CHECK;

#endif
