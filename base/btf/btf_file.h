/* SPDX-License-Identifier: MIT */
/*
 * BTF that comes from outside (kernel, Documentation/bpf/btf.rst), read by libbpf and looked
 * through once: whatever refers to another type or to a string refers to one that is there, so
 * that nobody after this has to look again. Circles are not excluded: who follows references
 * counts.
 */
#ifndef KSTRUCT_BASE_BTF_BTF_FILE_H
#define KSTRUCT_BASE_BTF_BTF_FILE_H

#include <bpf/btf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Typedefs and qualifiers in a row, and types inside of types: far more than any C program has. */
enum { BTF_DEPTH_MAXIMUM = 64 };

/* LENGTH bytes, which are copied. If they are split BTF, BASE is what they are on top of, and the
 * result has BASE's types and then those of BYTES; else it is NULL. WHERE names them in errors:
 * ERROR_CORRUPT, ERROR_UNSUPPORTED for kinds that this libbpf does not know. Free with btf__free().
 */
struct error *btf_file_make(const char *where, const void *bytes, size_t length,
                            const struct btf *base, struct btf **btf_ret) MUST_CHECK;

/* "" for what has no name. */
const char *btf_file_name(const struct btf *btf, const struct btf_type *type);

/* The type inside of typedefs and qualifiers, and its id unless ID_RET is NULL. NULL if there are
 * more of these than BTF_DEPTH_MAXIMUM; the type void, whose id is 0, is no NULL. */
const struct btf_type *btf_file_resolve(const struct btf *btf, uint32_t id, uint32_t *id_ret);

/* Struct, union, …: static. */
const char *btf_file_kind_word(const struct btf_type *type);

#endif
