/* SPDX-License-Identifier: MIT */
/* A vmlinux that has BTF and no DWARF. */
#ifndef KSTRUCT_ANALYZE_BTF_VMLINUX_BTF_H
#define KSTRUCT_ANALYZE_BTF_VMLINUX_BTF_H

#include "base/error.h"
#include "model/kernel_layouts.h"

/* Reads its section .BTF, and what it says of itself. As analyze_vmlinux() otherwise;
 * ERROR_NO_DWARF if there is none. */
struct error *analyze_vmlinux_btf(int file_descriptor, const char *path,
                                  struct kernel_layouts *layouts_ret) MUST_CHECK;

#endif
