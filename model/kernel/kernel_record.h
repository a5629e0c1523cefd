/* SPDX-License-Identifier: MIT */
/*
 * What is known of a kernel besides its layouts: what it is, where it came from, who read it. Its
 * columns are listed here once; the data set's table, the queries and the record follow.
 */
#ifndef KSTRUCT_MODEL_KERNEL_KERNEL_RECORD_H
#define KSTRUCT_MODEL_KERNEL_KERNEL_RECORD_H

#include <stdint.h>

#include "model/layout.h"

/* The texts, "" where nothing is known. Each with what the table says of it. */
#define KERNEL_TEXTS(X)                                                                            \
    X(name, "VERSION-ABI-FLAVOR-ARCH")                                                             \
    X(package, "file name of the package or vmlinux")                                              \
    X(package_version, "empty if unknown, as all texts here")                                      \
    X(url, "where it came from")                                                                   \
    X(sha256, "of the file, hexadecimal")                                                          \
    X(source, "what the list asked for: 'apt:NAME', 'url:...', 'file:...'")                        \
    X(release, "uname -r, from the kernel's banner")                                               \
    X(architecture, "Debian's name, from the ELF header")                                          \
    X(build_id, "hexadecimal")                                                                     \
    X(compiler, "from .comment, '; ' between its texts")                                           \
    X(dwarf_versions, "of the units that were read: '5' or '4, 5'; or 'BTF'")                      \
    X(reader, "the program's version that read it")                                                \
    X(read_at, "UTC, ISO 8601")                                                                    \
    X(passed_over, "what could not be read, and why")

/* What a kernel has for a DWARF version that was read from BTF. */
#define BTF_INSTEAD_OF_DWARF "BTF"

/* The numbers. */
#define KERNEL_NUMBERS(X)                                                                          \
    X(elf_class, "32 or 64; 0 if unknown")                                                         \
    X(is_big_endian, "0 or 1")                                                                     \
    X(modules, "1: read, too; 0: not asked for; 2: a vmlinux alone was given")                     \
    X(module_count, "modules that were read")                                                      \
    X(reader_revision, "raised when a reader finds other layouts")

/* What became of the kernel's modules. */
enum kernel_modules {
    MODULES_NOT_WANTED,
    MODULES_READ,
    MODULES_NOT_THERE, /* a vmlinux was read, and no package */
};

struct kernel_record {
#define X(column, note) const char *column;
    KERNEL_TEXTS(X)
#undef X
#define X(column, note) uint64_t column;
    KERNEL_NUMBERS(X)
#undef X
    uint64_t counts[DEFINITION_KIND_COUNT]; /* names of that kind; a column for each */
    uint8_t digest[LAYOUT_DIGEST_BYTES];    /* over all names and layouts: equal, nothing differs */
};

/* Nothing is known: all texts are "". */
static inline struct kernel_record kernel_record_unknown(void)
{
    return (struct kernel_record){
#define X(column, note) .column = "",
        KERNEL_TEXTS(X)
#undef X
    };
}

#endif
