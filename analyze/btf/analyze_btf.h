/* SPDX-License-Identifier: MIT */
/*
 * BTF in, the layouts of all that it defines out (kernel, Documentation/bpf/btf.rst): what a kernel
 * carries in itself (/sys/kernel/btf/vmlinux), what BTFHub collects, or the section .BTF of a
 * vmlinux without DWARF.
 *
 * BTF tells less than DWARF: neither where something is declared nor which kernel it is of, and of
 * several definitions of one name it may have fewer, or more.
 */
#ifndef KSTRUCT_ANALYZE_BTF_ANALYZE_BTF_H
#define KSTRUCT_ANALYZE_BTF_ANALYZE_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/kernel_layouts.h"

struct btf_bytes {
    const char *path; /* for errors */
    const void *bytes;
    size_t length;
};

/* Does it begin as BTF does, of either byte order? */
bool btf_bytes_are_btf(const void *bytes, size_t length);

/* Reads VMLINUX, and what MODULE has on top of it unless that is NULL: the module called NAME.
 * *LAYOUTS_RET needs no initialization and is to be freed with kernel_layouts_deinit(); of its
 * identity only that it was read from BTF, and whether it is big-endian, is known. ERROR_CORRUPT,
 * ERROR_UNSUPPORTED, ERROR_LIMIT; ERROR_NO_DWARF if it defines no struct. */
struct error *analyze_btf(const struct btf_bytes *vmlinux, const struct btf_bytes *module,
                          const char *module_name, struct kernel_layouts *layouts_ret) MUST_CHECK;

#endif
