/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/tar_header.h"

#include <stdio.h>
#include <string.h>

/* The places of its fields. */
enum {
    SIZE_PLACE = 124,
    SIZE_LENGTH = 12,
    SUM_PLACE = 148,
    SUM_LENGTH = 8,
    TYPE_PLACE = 156,
    MAGIC_PLACE = 257,
    NAME_LENGTH = 100,
    PREFIX_PLACE = 345,
    PREFIX_LENGTH = 155,
};

/* An octal number, which blanks or a NUL end; false if there is none. */
static bool parse_octal(const uint8_t *bytes, unsigned length, uint64_t *number_ret)
{
    unsigned i = 0;

    while (i < length && bytes[i] == ' ')
        i++;
    unsigned first = i;
    *number_ret = 0;
    for (; i < length && bytes[i] >= '0' && bytes[i] <= '7'; i++)
        *number_ret = *number_ret * 8 + (uint64_t)(bytes[i] - '0');
    return i > first && (i == length || bytes[i] == '\0' || bytes[i] == ' ');
}

/* GNU's way for large files: a first bit, then the number itself. */
static bool parse_size(const uint8_t *bytes, uint64_t *size_ret)
{
    if (!(bytes[0] & 0x80))
        return parse_octal(bytes, SIZE_LENGTH, size_ret);
    *size_ret = 0;
    for (unsigned i = SIZE_LENGTH - 8; i < SIZE_LENGTH; i++)
        *size_ret = *size_ret << 8 | bytes[i];
    return *size_ret <= INT64_MAX;
}

/* The sum of all bytes, of which its own count as blanks. */
static bool has_right_sum(const uint8_t *bytes)
{
    uint64_t said;
    uint64_t sum = 0;

    for (unsigned i = 0; i < TAR_BLOCK_BYTES; i++)
        sum += i >= SUM_PLACE && i < SUM_PLACE + SUM_LENGTH ? ' ' : bytes[i];
    return parse_octal(bytes + SUM_PLACE, SUM_LENGTH, &said) && said == sum;
}

bool tar_header_parse(const uint8_t *bytes, struct tar_header *header_ret)
{
    if (memcmp(bytes + MAGIC_PLACE, "ustar", 5) != 0 || !has_right_sum(bytes) ||
        !parse_size(bytes + SIZE_PLACE, &header_ret->byte_size))
        return false;
    /* GNU tar has other things where POSIX has a prefix. */
    bool has_prefix = bytes[MAGIC_PLACE + 5] == '\0' && bytes[PREFIX_PLACE] != '\0';
    snprintf(header_ret->path, sizeof(header_ret->path), "%.*s%s%.*s",
             has_prefix ? PREFIX_LENGTH : 0, (const char *)bytes + PREFIX_PLACE,
             has_prefix ? "/" : "", NAME_LENGTH, (const char *)bytes);
    header_ret->is_file = bytes[TYPE_PLACE] == '0' || bytes[TYPE_PLACE] == '\0';
    return true;
}

bool tar_block_is_end(const uint8_t *bytes)
{
    for (unsigned i = 0; i < TAR_BLOCK_BYTES; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}
