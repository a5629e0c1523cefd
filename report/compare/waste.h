/* SPDX-License-Identifier: MIT */
/*
 * How much room a struct wastes, in numbers and in words. It is what pahole counts: holes between
 * the struct's own members; those within structs and unions inside of it are theirs.
 */
#ifndef KSTRUCT_REPORT_COMPARE_WASTE_H
#define KSTRUCT_REPORT_COMPARE_WASTE_H

#include <stdint.h>

#include "base/buffer.h"
#include "report/compare/holes.h"

/* Room by how it could be used: as whole bytes, or by a bit-field. */
struct waste {
    uint64_t bits_in_bytes; /* a multiple of 8, as far as the layout is sound */
    uint64_t bitfield_bits;
};

struct waste_sum {
    uint64_t hole_count;     /* of whole bytes */
    uint64_t bit_hole_count; /* in bit-fields' units; what is before one member counts as one */
    struct waste holes;
    struct waste padding;
};

struct waste_sum waste_sum_of(const struct holes *holes);

/* "3 bytes and 5 bits", "1 bit", "none". */
void waste_append(struct buffer *out, const struct waste *waste);

/* "holes: 2, in all 8 bytes; bit holes: 1, in all 5 bits; padding: 4 bytes", "holes: none; padding:
 * none". */
void waste_sum_append(struct buffer *out, const struct waste_sum *sum);

#endif
