/* SPDX-License-Identifier: MIT */
#include "extract/zstd_window.h"

#include <string.h>

enum { HEADER_LENGTH = 6, SINGLE_SEGMENT = 0x20, SMALLEST_LOGARITHM = 10 };

struct error *zstd_window_size(const struct byte_range *data, uint64_t *byte_size_ret)
{
    static const unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    unsigned char header[HEADER_LENGTH];
    struct byte_range beginning = *data;
    size_t length = 0;

    *byte_size_ret = 0;
    TRY(byte_range_read(&beginning, header, sizeof(header), &length));
    if (length < sizeof(header) || memcmp(header, magic, sizeof(magic)) != 0 ||
        (header[4] & SINGLE_SEGMENT))
        return NULL;
    unsigned logarithm = SMALLEST_LOGARITHM + (header[5] >> 3);
    *byte_size_ret = (UINT64_C(1) << logarithm) + (UINT64_C(1) << logarithm >> 3) * (header[5] & 7);
    return NULL;
}
