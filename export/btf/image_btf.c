/* SPDX-License-Identifier: MIT */
#include "export/btf/image_btf.h"

#include "model/kernel/image.h"

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
