/* SPDX-License-Identifier: MIT */
/* What a vmlinux or module says of itself outside its DWARF: release, architecture, build-id,
 * compiler, source version. */
#ifndef KSTRUCT_ANALYZE_ELF_KERNEL_IDENTITY_H
#define KSTRUCT_ANALYZE_ELF_KERNEL_IDENTITY_H

#include "analyze/elf/elf_image.h"
#include "base/arena.h"
#include "base/error.h"
#include "model/kernel_layouts.h"

/* The sections that it is read from, besides notes. */
#define KERNEL_IDENTITY_SECTIONS ".rodata", ".init.data", ".init.rodata", ".data", ".comment"

/* Fills all of *IDENTITY_RET but its dwarf_versions, which stay "". Texts are put into ARENA; what
 * the file does not say stays "". */
struct error *kernel_identity_read(const struct elf_image *image, struct arena *arena,
                                   struct kernel_record *identity_ret) MUST_CHECK;

/* Where a module has what modinfo shows of it. */
#define MODULE_INFORMATION_SECTION ".modinfo"

/* A module's srcversion, put into ARENA; "" if the file does not say: debug files mostly do not. */
struct error *module_source_version_read(const struct elf_image *image, struct arena *arena,
                                         const char **source_version_ret) MUST_CHECK;

#endif
