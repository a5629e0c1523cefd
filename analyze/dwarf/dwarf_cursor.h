/* SPDX-License-Identifier: MIT */
/*
 * Reads DWARF's basic encodings from untrusted bytes (DWARF 5, section 7.6 for LEB128).
 *
 * A read past the end gives 0, leaves the cursor at its end and marks it as overrun. So a run of
 * reads needs one check, after it, as long as nothing is indexed with what was read before that.
 */
#ifndef KSTRUCT_ANALYZE_DWARF_DWARF_CURSOR_H
#define KSTRUCT_ANALYZE_DWARF_DWARF_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

struct dwarf_cursor {
    const uint8_t *position;
    const uint8_t *end;
    bool is_big_endian;
    bool is_overrun;
};

static inline size_t cursor_left(const struct dwarf_cursor *cursor)
{
    return (size_t)(cursor->end - cursor->position);
}

static inline void cursor_overrun(struct dwarf_cursor *cursor)
{
    cursor->position = cursor->end;
    cursor->is_overrun = true;
}

static inline void cursor_skip(struct dwarf_cursor *cursor, uint64_t byte_size)
{
    if (UNLIKELY(byte_size > cursor_left(cursor)))
        cursor_overrun(cursor);
    else
        cursor->position += byte_size;
}

/* BYTE_SIZE (1 to 8) bytes that are known to be there, as an unsigned number. */
static inline uint64_t load_unsigned(const uint8_t *bytes, unsigned byte_size, bool is_big_endian)
{
    bool is_swapped = is_big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    uint64_t value = 0;
    uint32_t word;
    uint16_t half;

    switch (byte_size) {
    case 1: return bytes[0];
    case 2: memcpy(&half, bytes, sizeof(half)); return is_swapped ? __builtin_bswap16(half) : half;
    case 4: memcpy(&word, bytes, sizeof(word)); return is_swapped ? __builtin_bswap32(word) : word;
    case 8:
        memcpy(&value, bytes, sizeof(value));
        return is_swapped ? __builtin_bswap64(value) : value;
    default:
        for (unsigned i = 0; i < byte_size; i++)
            value = value << 8 | bytes[is_big_endian ? i : byte_size - 1 - i];
        return value;
    }
}

static inline uint64_t cursor_unsigned(struct dwarf_cursor *cursor, unsigned byte_size)
{
    if (UNLIKELY(byte_size > cursor_left(cursor))) {
        cursor_overrun(cursor);
        return 0;
    }
    uint64_t value = load_unsigned(cursor->position, byte_size, cursor->is_big_endian);
    cursor->position += byte_size;
    return value;
}

/* Bits beyond the 64th are dropped. */
static inline uint64_t cursor_uleb128(struct dwarf_cursor *cursor)
{
    uint64_t value = 0;
    unsigned shift = 0;

    if (LIKELY(cursor->position < cursor->end && *cursor->position < 0x80))
        return *cursor->position++;
    while (cursor->position < cursor->end) {
        uint8_t byte = *cursor->position++;
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
        shift += 7;
    }
    cursor_overrun(cursor);
    return 0;
}

static inline int64_t cursor_sleb128(struct dwarf_cursor *cursor)
{
    uint64_t value = 0;
    unsigned shift = 0;

    while (cursor->position < cursor->end) {
        uint8_t byte = *cursor->position++;
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
        if (byte & 0x80)
            continue;
        if ((byte & 0x40) && shift < 64)
            value |= ~UINT64_C(0) << shift;
        return (int64_t)value;
    }
    cursor_overrun(cursor);
    return 0;
}

/* A text that ends with a NUL inside the bytes; "" if it does not. */
static inline const char *cursor_text(struct dwarf_cursor *cursor)
{
    const char *text = (const char *)cursor->position;
    const uint8_t *nul = memchr(cursor->position, 0, cursor_left(cursor));

    if (!nul) {
        cursor_overrun(cursor);
        return "";
    }
    cursor->position = nul + 1;
    return text;
}

#endif
