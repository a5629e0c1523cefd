/* SPDX-License-Identifier: MIT */
/* A kernel that is there as BTF: a file of BTF, or an archive with one. */
#ifndef KSTRUCT_RUN_CHILD_BTF_INPUT_H
#define KSTRUCT_RUN_CHILD_BTF_INPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "model/kernel_layouts.h"
#include "run/child/kernel_input.h"

/* Does the file begin as one of these? */
bool btf_input_is(int file_descriptor);

/* Reads it. If INPUT has a base, that is the kernel's, and the file is of a module called as the
 * file is. Fails as analyze_btf() and packed_btf_read() do. */
struct error *btf_input_read(const struct kernel_input *input,
                             struct kernel_layouts *layouts_ret) MUST_CHECK;

#endif
