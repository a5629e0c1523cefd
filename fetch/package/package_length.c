/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_length.h"

#include <ar.h>
#include <elf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool read_at(int file_descriptor, void *bytes_ret, size_t length, uint64_t offset)
{
    return pread(file_descriptor, bytes_ret, length, (off_t)offset) == (ssize_t)length;
}

static bool begins_with(const struct ar_hdr *header, const char *name)
{
    return strncmp(header->ar_name, name, strlen(name)) == 0;
}

static bool read_size(const struct ar_hdr *header, uint64_t *size_ret)
{
    char digits[sizeof(header->ar_size) + 1] = "";
    char *end;

    memcpy(digits, header->ar_size, sizeof(header->ar_size));
    *size_ret = strtoull(digits, &end, 10);
    return memcmp(header->ar_fmag, ARFMAG, sizeof(header->ar_fmag)) == 0 && end != digits &&
           digits[0] != '-' && end[strspn(end, " ")] == '\0';
}

/* Where the archive's members up to its data end at least; 0 if that cannot be told. What is after
 * the data is nobody's business. */
static uint64_t archive_end(int file_descriptor, uint64_t byte_size)
{
    bool is_package = false;
    uint64_t end = SARMAG;

    for (;;) {
        struct ar_hdr header;
        uint64_t size;
        if (end >= byte_size || byte_size - end < sizeof(header))
            return is_package ? end + sizeof(header) : 0;
        if (!read_at(file_descriptor, &header, sizeof(header), end) || !read_size(&header, &size))
            return 0;
        is_package = is_package || begins_with(&header, "debian-binary");
        end += sizeof(header) + size;
        if (end > byte_size || begins_with(&header, "data.tar"))
            return end;
        end += end % 2;
    }
}

static uint64_t number(const unsigned char *bytes, size_t length, bool is_big_endian)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[is_big_endian ? i : length - 1 - i];
    return value;
}

#define FIELD(header, type, field)                                                                 \
    number((header) + offsetof(type, field), sizeof(((type *)0)->field), is_big_endian)

/* Where the section headers end; 0 if there are none. */
static uint64_t elf_end(int file_descriptor)
{
    unsigned char header[sizeof(Elf64_Ehdr)];

    if (!read_at(file_descriptor, header, sizeof(header), 0))
        return 0;
    bool is_big_endian = header[EI_DATA] == ELFDATA2MSB;
    bool is_64 = header[EI_CLASS] == ELFCLASS64;
    uint64_t offset =
        is_64 ? FIELD(header, Elf64_Ehdr, e_shoff) : FIELD(header, Elf32_Ehdr, e_shoff);
    uint64_t count =
        is_64 ? FIELD(header, Elf64_Ehdr, e_shnum) : FIELD(header, Elf32_Ehdr, e_shnum);
    uint64_t size =
        is_64 ? FIELD(header, Elf64_Ehdr, e_shentsize) : FIELD(header, Elf32_Ehdr, e_shentsize);
    return offset > UINT64_MAX / 2 ? 0 : offset + count * size;
}

struct error *package_length_check(int file_descriptor, uint64_t byte_size, const char *url)
{
    char magic[SARMAG];
    uint64_t end = 0;

    if (!read_at(file_descriptor, magic, sizeof(magic), 0))
        return NULL;
    if (memcmp(magic, ARMAG, SARMAG) == 0)
        end = archive_end(file_descriptor, byte_size);
    else if (memcmp(magic, ELFMAG, SELFMAG) == 0)
        end = elf_end(file_descriptor);
    if (end <= byte_size)
        return NULL;
    return error_create(ERROR_INCONCLUSIVE, url,
                        "what the server sent is cut: it has %" PRIu64
                        " bytes and would need %" PRIu64 " or more; try again later",
                        byte_size, end);
}
