/* SPDX-License-Identifier: MIT */
#include "export/btf/image_btf.h"

#include <string.h>

#include "model/kernel/image.h"

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

struct error *image_btf_make(const struct export_order *order, bool is_plain_c,
                             struct image_btf *btf)
{
    struct btf_target target = btf_target_of(order->history, 0, order->record);

    target.is_plain_c = is_plain_c;
    *btf = (struct image_btf){0};
    TRY(kernel_btf_make(&target, &btf->vmlinux));
    return image_is_module(order->image)
               ? kernel_btf_make_module(&target, order->image, &btf->vmlinux, &btf->module)
               : NULL;
}

void image_btf_deinit(struct image_btf *btf)
{
    kernel_btf_deinit(&btf->module);
    kernel_btf_deinit(&btf->vmlinux);
}

const struct btf *image_btf_own(const struct image_btf *btf)
{
    return btf->module.btf ? btf->module.btf : btf->vmlinux.btf;
}
