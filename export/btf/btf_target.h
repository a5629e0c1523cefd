/* SPDX-License-Identifier: MIT */
#ifndef KSTRUCT_EXPORT_BTF_BTF_TARGET_H
#define KSTRUCT_EXPORT_BTF_BTF_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/history.h"
#include "model/kernel/kernel_record.h"

/* A kernel for which BTF, or another form, is made: with what its history does not tell. */
struct btf_target {
    const struct history *history; /* of all kinds, all images and with details */
    size_t kernel;
    uint32_t pointer_byte_size; /* 4 or 8 */
    bool is_big_endian;
    /* A struct with a name that stands in another one without a member's name, as -fms-extensions
     * allows, becomes one without a name: then any C compiler takes it. */
    bool is_plain_c;
};

/* Kernel number KERNEL of HISTORY, whose record is RECORD; not plain C. */
struct btf_target btf_target_of(const struct history *history, size_t kernel,
                                const struct kernel_record *record);

#endif
