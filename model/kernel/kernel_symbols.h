/* SPDX-License-Identifier: MIT */
/* What a vmlinux's symbol table names, and where. */
#ifndef KSTRUCT_MODEL_KERNEL_KERNEL_SYMBOLS_H
#define KSTRUCT_MODEL_KERNEL_KERNEL_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct kernel_symbol {
    uint64_t address;
    const char *name;
};

struct kernel_symbols {
    const char *banner; /* the text that linux_banner is, with its line's end; "" if not known */
    size_t count;
    struct kernel_symbol *symbols; /* by address, then name; each name and address once */
};

enum { KERNEL_SYMBOLS_MAXIMUM = 10 * 1000 * 1000 };

#endif
