/* SPDX-License-Identifier: MIT */
/* The symbol table of a vmlinux (ELF gABI, "Symbol Table"). */
#ifndef KSTRUCT_ANALYZE_ELF_SYMBOL_TABLE_H
#define KSTRUCT_ANALYZE_ELF_SYMBOL_TABLE_H

#include "base/error.h"
#include "model/kernel_layouts.h"

/* Reads its functions and variables, and the text of linux_banner. *LAYOUTS_RET has nothing but
 * symbols and the identity, and is to be freed with kernel_layouts_deinit(). ERROR_NOT_ELF,
 * ERROR_CORRUPT, ERROR_UNSUPPORTED if there is no symbol table. */
struct error *analyze_symbols(int file_descriptor, const char *path,
                              struct kernel_layouts *layouts_ret) MUST_CHECK;

#endif
