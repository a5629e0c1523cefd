/* SPDX-License-Identifier: MIT */
#include "report/write/known_number.h"

#include <inttypes.h>

void known_number_append(struct buffer *out, bool is_known, uint64_t number)
{
    if (is_known)
        buffer_append_format(out, "%" PRIu64, number);
    else
        buffer_append_char(out, '?');
}

void known_number_append_bytes(struct buffer *out, const struct layout *layout)
{
    known_number_append(out, layout_has_byte_size(layout), layout->byte_size);
    buffer_append_text(out, layout->byte_size == 1 ? " byte" : " bytes");
}
