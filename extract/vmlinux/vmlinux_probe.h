/* SPDX-License-Identifier: MIT */
/*
 * Finds vmlinux in an archive whose blocks can be decoded one by one. Where it is not among the
 * first members, going from member to member would decode them all. But vmlinux is by far the
 * largest file: some blocks have nothing but bytes of it, while most others have headers. A few
 * blocks tell where it begins.
 *
 * What is found is checked: its header has a right sum and vmlinux's path, and after its contents
 * is another header or the archive's end. In an archive made to mislead it may be another file than
 * the first of that path; whoever makes such a one can as well put another vmlinux into it.
 */
#ifndef KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PROBE_H
#define KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/vmlinux/decoded_blocks.h"
#include "extract/vmlinux/tar_header.h"

struct vmlinux_place {
    uint64_t byte_offset; /* of its contents, in the uncompressed archive */
    uint64_t byte_size;
    char path[TAR_PATH_BYTES];
};

/* Decodes up to JOBS blocks at once. Of BLOCKS, which has none decoded, those stay decoded that
 * have bytes of vmlinux and were needed. *IS_FOUND_RET is false if vmlinux is not found so; then it
 * may be there nevertheless. */
struct error *vmlinux_probe(struct decoded_blocks *blocks, unsigned jobs,
                            struct vmlinux_place *place_ret, bool *is_found_ret) MUST_CHECK;

#endif
