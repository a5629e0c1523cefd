/* SPDX-License-Identifier: MIT */
#include "export/btf/btf_target.h"

#include <string.h>

/* Of an import neither class nor byte order is told; but its architecture. */
static bool is_32_bit(const struct kernel_record *record)
{
    if (record->elf_class)
        return record->elf_class == 32;
    return strcmp(record->architecture, "armhf") == 0 || strcmp(record->architecture, "i386") == 0;
}

struct btf_target btf_target_of(const struct history *history, size_t kernel,
                                const struct kernel_record *record)
{
    return (struct btf_target){
        .history = history,
        .kernel = kernel,
        .pointer_byte_size = is_32_bit(record) ? 4 : 8,
        .is_big_endian = record->is_big_endian || strcmp(record->architecture, "s390x") == 0,
    };
}
