/* SPDX-License-Identifier: MIT */
#include "report/compare/waste.h"

#include <inttypes.h>

#include "base/text/counted.h"

struct waste_sum waste_sum_of(const struct holes *holes)
{
    struct waste_sum sum = {
        .padding = {.bits_in_bytes = holes->padding_bits - holes->bitfield_padding_bits,
                    .bitfield_bits = holes->bitfield_padding_bits},
    };
    const struct hole *last_bit_hole = NULL;

    for (size_t i = 0; i < holes->count; i++) {
        const struct hole *hole = &holes->holes[i];
        if (!hole->is_in_bitfield) {
            sum.hole_count++;
            sum.holes.bits_in_bytes += hole->bit_size;
            continue;
        }
        sum.bit_hole_count += !last_bit_hole || last_bit_hole->before_member != hole->before_member;
        sum.holes.bitfield_bits += hole->bit_size;
        last_bit_hole = hole;
    }
    return sum;
}

void waste_append(struct buffer *out, const struct waste *waste)
{
    uint64_t bytes = waste->bits_in_bytes / BITS_PER_BYTE;
    uint64_t bits = waste->bits_in_bytes % BITS_PER_BYTE + waste->bitfield_bits;

    if (bytes > 0)
        buffer_append_format(out, "%" PRIu64 " %s", COUNTED(bytes, "byte"));
    if (bytes > 0 && bits > 0)
        buffer_append_text(out, " and ");
    if (bits > 0)
        buffer_append_format(out, "%" PRIu64 " %s", COUNTED(bits, "bit"));
    if (bytes == 0 && bits == 0)
        buffer_append_text(out, "none");
}

void waste_sum_append(struct buffer *out, const struct waste_sum *sum)
{
    const struct waste bytes = {.bits_in_bytes = sum->holes.bits_in_bytes};
    const struct waste bits = {.bitfield_bits = sum->holes.bitfield_bits};

    buffer_append_text(out, "holes: ");
    if (sum->hole_count > 0)
        buffer_append_format(out, "%" PRIu64 ", in all ", sum->hole_count);
    waste_append(out, &bytes);
    if (sum->bit_hole_count > 0) {
        buffer_append_format(out, "; bit holes: %" PRIu64 ", in all ", sum->bit_hole_count);
        waste_append(out, &bits);
    }
    buffer_append_text(out, "; padding: ");
    waste_append(out, &sum->padding);
}
