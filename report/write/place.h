/* SPDX-License-Identifier: MIT */
/* Where a member is, for people. */
#ifndef KSTRUCT_REPORT_WRITE_PLACE_H
#define KSTRUCT_REPORT_WRITE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* "148", the byte, or "148:3" with the bit in it, of 0 to 7: for a bit-field, and for what does not
 * begin with a byte. IS_HEX: the byte as "0x94". */
void place_append(struct buffer *out, uint64_t bit_offset, bool is_bitfield, bool is_hex);

#endif
