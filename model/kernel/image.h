/* SPDX-License-Identifier: MIT */
/* The names of a kernel's images: vmlinux, and its modules' own. */
#ifndef KSTRUCT_MODEL_KERNEL_IMAGE_H
#define KSTRUCT_MODEL_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The image that is no module. */
#define VMLINUX_IMAGE "vmlinux"

/* Is it a module's name? NULL stands for all images. */
static inline bool image_is_module(const char *image)
{
    return image && strcmp(image, VMLINUX_IMAGE) != 0;
}

#endif
