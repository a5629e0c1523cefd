/* SPDX-License-Identifier: MIT */
#include "report/write/place.h"

#include <inttypes.h>

void place_append(struct buffer *out, uint64_t bit_offset, bool is_bitfield, bool is_hex)
{
    buffer_append_format(out, is_hex ? "0x%" PRIx64 : "%" PRIu64, bit_offset / BITS_PER_BYTE);
    if (is_bitfield || bit_offset % BITS_PER_BYTE != 0)
        buffer_append_format(out, ":%" PRIu64, bit_offset % BITS_PER_BYTE);
}
