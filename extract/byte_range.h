/* SPDX-License-Identifier: MIT */
/* A stretch of a file, read from its beginning to its end without moving the file's own offset. */
#ifndef KSTRUCT_EXTRACT_BYTE_RANGE_H
#define KSTRUCT_EXTRACT_BYTE_RANGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A file that still arrives; see extract.h. */
struct extract_arrival;

/* A file to read from. */
struct byte_source {
    int file_descriptor;                   /* borrowed; must support pread(2) */
    const char *path;                      /* borrowed; names the file in errors */
    const struct extract_arrival *arrival; /* borrowed; read instead; NULL: the file is there */
};

struct byte_range {
    struct byte_source source;
    uint64_t byte_offset; /* of the next byte to be read, from the start of the file */
    uint64_t end_offset;  /* after the last byte */
};

/* Reads the bytes at BYTE_OFFSET of a file: LENGTH of them, or fewer where the file ends. */
struct error *bytes_read_at(const struct byte_source *source, uint64_t byte_offset, void *bytes,
                            size_t length, size_t *length_ret) MUST_CHECK;

/* Reads the next bytes: CAPACITY of them, fewer at the end of the range, none after it.
 * ERROR_CORRUPT if the file ends before the range does. */
struct error *byte_range_read(struct byte_range *range, void *bytes, size_t capacity,
                              size_t *length_ret) MUST_CHECK;

/* The error for a file that has FILE_SIZE bytes where NEEDED_SIZE are promised. */
struct error *byte_range_cut_short(const char *path, uint64_t file_size,
                                   uint64_t needed_size) MUST_CHECK;

#endif
