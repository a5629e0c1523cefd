/* SPDX-License-Identifier: MIT */
/* The parts of a section .BTF.ext (kernel, Documentation/bpf/btf.rst): each is a list of sections,
 * and of records for each. */
#ifndef KSTRUCT_CHECK_BPF_BPF_EXTENSION_H
#define KSTRUCT_CHECK_BPF_BPF_EXTENSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum bpf_extension_part { EXTENSION_LINES, EXTENSION_RELOCATIONS };

struct bpf_extension {
    const char *where; /* for errors */
    const uint8_t *bytes;
    size_t length;
};

/* A walk over the records of a part, section by section:
 *   struct bpf_records records;
 *   TRY(bpf_records_begin(&extension, EXTENSION_LINES, &records));
 *   for (TRY(bpf_records_next(&records, &has_section)); has_section; …) */
struct bpf_records {
    const struct bpf_extension *extension;
    size_t position; /* in the extension's bytes, of the next section's head */
    size_t end;
    uint32_t record_size; /* bytes */
    uint32_t name_offset; /* the section's name, in the BTF's strings */
    uint32_t count;       /* of its records, which are */
    const uint8_t *records;
};

/* A part that is missing has no sections. */
struct error *bpf_records_begin(const struct bpf_extension *extension, enum bpf_extension_part part,
                                uint32_t record_size_minimum,
                                struct bpf_records *records_ret) MUST_CHECK;
struct error *bpf_records_next(struct bpf_records *records, bool *has_section_ret) MUST_CHECK;

/* Copies the beginning of record INDEX of the section at hand: SIZE bytes, which is at most what
 * bpf_records_begin() was told. */
void bpf_records_copy(const struct bpf_records *records, uint32_t index, void *record, size_t size);

#endif
