/* SPDX-License-Identifier: MIT */
/* BTF out of an archive as BTFHub packs it: KERNEL.btf.tar.xz, with one file KERNEL.btf. */
#ifndef KSTRUCT_EXTRACT_PACKED_BTF_H
#define KSTRUCT_EXTRACT_PACKED_BTF_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

/* Does the file begin as one that xz compressed? Its offset does not move. */
bool packed_btf_is(int file_descriptor);

/* Appends the first member whose name ends in ".btf". The file's offset does not matter; PATH names
 * it in errors: ERROR_CORRUPT, ERROR_NO_VMLINUX if there is none, ERROR_LIMIT if it is longer than
 * OUT may get. */
struct error *packed_btf_read(int file_descriptor, const char *path, struct buffer *out) MUST_CHECK;

#endif
