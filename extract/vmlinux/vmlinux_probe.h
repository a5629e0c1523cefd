/* SPDX-License-Identifier: MIT */
/*
 * Finds vmlinux in an archive whose blocks can be decoded one by one, without going from its start
 * from member to member. vmlinux is by far the largest file: some blocks have nothing but bytes of
 * it, while most others have headers. A few blocks tell where it begins.
 *
 * What is found is checked: its header has a right sum and vmlinux's path, and after its contents
 * is another header or the archive's end. In an archive made to mislead it may be another file than
 * the first of that path; whoever makes such a one can as well put another vmlinux into it.
 */
#ifndef KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PROBE_H
#define KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/xz/xz_blocks.h"

struct vmlinux_place {
    uint64_t byte_offset; /* of its contents, in the uncompressed archive */
    uint64_t byte_size;
};

/* Decodes up to JOBS blocks at once. DECODED has a pointer for each block, all of them NULL: those
 * that have bytes of vmlinux and were decoded are left there, for the caller to free() and not to
 * decode again. *IS_FOUND_RET is false if vmlinux is not found so; then it may be there
 * nevertheless. */
struct error *vmlinux_probe(const struct xz_blocks *blocks, unsigned jobs, uint8_t **decoded,
                            struct vmlinux_place *place_ret, bool *is_found_ret) MUST_CHECK;

#endif
