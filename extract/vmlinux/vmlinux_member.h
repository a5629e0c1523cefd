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

/* Finds vmlinux. *MEMBER_RET is NULL if the package has no such blocks, arrives without ranges, or
 * vmlinux is not found so: extract_vmlinux() finds it, or says why not. ERROR_NOT_A_PACKAGE,
 * ERROR_CORRUPT, ERROR_LIMIT: as there. Close with vmlinux_member_close_pointer(). The descriptor,
 * PACKAGE_PATH and options->arrival must outlive it. */
struct error *vmlinux_member_open(int package_descriptor, const char *package_path,
                                  const struct extract_options *options,
                                  struct vmlinux_member **member_ret) MUST_CHECK;
void vmlinux_member_close_pointer(struct vmlinux_member **member);

uint64_t vmlinux_member_byte_size(const struct vmlinux_member *member);

/* Inside the package, as it is written there; the member's. */
const char *vmlinux_member_path(const struct vmlinux_member *member);

/* Writes those parts of vmlinux to OUTPUT_DESCRIPTOR, a regular file, at their places. Each block
 * that is needed is decoded and compared with its check value, by options->jobs threads;
 * damage in others is not seen. Of a package that arrives, blocks are decoded only as far as they
 * are needed (decoded_blocks.h). */
struct error *vmlinux_member_copy(struct vmlinux_member *member, const struct byte_spans *spans,
                                  int output_descriptor) MUST_CHECK;

#endif
