/* SPDX-License-Identifier: MIT */
/* The word after --image: `vmlinux`, a module's name, or `all`. */
#ifndef KSTRUCT_CLI_WORDS_WANTED_IMAGE_H
#define KSTRUCT_CLI_WORDS_WANTED_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "dataset/dataset.h"

/* As in struct dataset_selection: NULL for `all`, and where the option is not there. */
const char *image_of_word(const char *word);

/* Does the kernel have it? Whatever is no module, every kernel has. */
struct error *image_is_in(struct dataset *dataset, const char *image, const char *kernel_name,
                          bool *is_in_ret) MUST_CHECK;

/* ERROR_NOT_FOUND, with a name that is like it, for a module that none of these kernels has. */
struct error *image_check(struct dataset *dataset, const char *image, size_t kernel_count,
                          const char *const *kernel_names) MUST_CHECK;

#endif
