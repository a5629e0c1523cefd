/* SPDX-License-Identifier: MIT */
/* What a vmlinux says of itself outside its DWARF: release, architecture, build-id, compiler. */
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

#endif
