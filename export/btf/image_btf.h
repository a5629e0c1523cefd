/* SPDX-License-Identifier: MIT */
/* The BTF of an image that is exported. */
#ifndef KSTRUCT_EXPORT_BTF_IMAGE_BTF_H
#define KSTRUCT_EXPORT_BTF_IMAGE_BTF_H

#include "export/btf/kernel_btf.h"
#include "export/export_format.h"

/* vmlinux's, and the module's on top of it; a module that is not asked for has none. */
struct image_btf {
    struct kernel_btf vmlinux;
    struct kernel_btf module;
};

/* IS_PLAIN_C: as struct btf_target has it. Free with image_btf_deinit(), also after a failure. */
struct error *image_btf_make(const struct export_order *order, bool is_plain_c,
                             struct image_btf *btf) MUST_CHECK;
void image_btf_deinit(struct image_btf *btf);

/* What was asked for. */
const struct btf *image_btf_own(const struct image_btf *btf);

#endif
