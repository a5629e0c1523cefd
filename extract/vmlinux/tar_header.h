/* SPDX-License-Identifier: MIT */
/* The header of a tar member as it lies in the archive (POSIX.1-1988, ustar; GNU's sizes in base
 * 256), for whoever looks into an archive's middle. Archives from their start are data_tar.h's. */
#ifndef KSTRUCT_EXTRACT_VMLINUX_TAR_HEADER_H
#define KSTRUCT_EXTRACT_VMLINUX_TAR_HEADER_H

#include <stdbool.h>
#include <stdint.h>

/* Headers begin at multiples of that many bytes. */
enum { TAR_BLOCK_BYTES = 512, TAR_PATH_BYTES = 258 };

struct tar_header {
    bool is_file;
    uint64_t byte_size;        /* of the member's contents, which follow */
    char path[TAR_PATH_BYTES]; /* "" where another member has it */
};

/* Do the TAR_BLOCK_BYTES bytes look like a header, its sum included? */
bool tar_header_parse(const uint8_t *bytes, struct tar_header *header_ret);

/* Are they the zeros that end an archive? */
bool tar_block_is_end(const uint8_t *bytes);

#endif
