/* SPDX-License-Identifier: MIT */
/*
 * vmlinux in a package whose compressed data has independent blocks, as dpkg-deb's xz has: parts of
 * it are had without the rest.
 */
#ifndef KSTRUCT_EXTRACT_VMLINUX_VMLINUX_MEMBER_H
#define KSTRUCT_EXTRACT_VMLINUX_VMLINUX_MEMBER_H

#include "base/byte_spans.h"
#include "extract/extract.h"

struct vmlinux_member;

/* Finds vmlinux, as extract_vmlinux() does and with the same errors. *MEMBER_RET is NULL if the
 * package has no such blocks, has too many before vmlinux, or still arrives. Close with
 * vmlinux_member_close_pointer(). The descriptor and PACKAGE_PATH must outlive it. */
struct error *vmlinux_member_open(int package_descriptor, const char *package_path,
                                  const struct extract_options *options,
                                  struct vmlinux_member **member_ret) MUST_CHECK;
void vmlinux_member_close_pointer(struct vmlinux_member **member);

uint64_t vmlinux_member_byte_size(const struct vmlinux_member *member);

/* Writes those parts of vmlinux to OUTPUT_DESCRIPTOR, a regular file, at their places. Each block
 * that is needed is decoded once and compared with its check value, by options->jobs threads;
 * damage in others is not seen. */
struct error *vmlinux_member_copy(struct vmlinux_member *member, const struct byte_spans *spans,
                                  int output_descriptor) MUST_CHECK;

#endif
