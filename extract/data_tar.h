/* SPDX-License-Identifier: MIT */
/*
 * The files inside a package: its data.tar, whatever it is compressed with, member by member.
 *
 * Any failure but ERROR_OUT_OF_MEMORY and those of reading the file means that the package is
 * damaged or made to harm, and the archive is of no more use. A damaged archive never looks like
 * one that ends. One archive is used by one thread at a time.
 */
#ifndef KSTRUCT_EXTRACT_DATA_TAR_H
#define KSTRUCT_EXTRACT_DATA_TAR_H

#include <stdbool.h>

#include "extract/package.h"
#include "extract/xz/xz_block_reader.h"

enum data_tar_kind {
    DATA_TAR_FILE,
    DATA_TAR_LINK,  /* symbolic or hard */
    DATA_TAR_OTHER, /* directory, device, … */
};

struct data_tar_member {
    enum data_tar_kind kind;
    const char *path;        /* valid until the next member; never NULL */
    const char *link_target; /* the same; NULL unless KIND is DATA_TAR_LINK */
    uint64_t byte_size;      /* as declared, a claim; 0 unless KIND is DATA_TAR_FILE */
};

/* A part of a file's contents. */
struct data_tar_piece {
    const void *bytes; /* valid until the next piece */
    size_t length;
    uint64_t byte_offset; /* in the file; a gap before it is a hole, of zeros */
};

struct data_tar;

/* JOBS: threads for decompressing, at least 1. */
struct error *data_tar_create(const struct package_data *data, unsigned jobs,
                              struct data_tar **ret) MUST_CHECK;

/* The blocks of its xz data; none where it is compressed otherwise, or they cannot be used. */
struct error *data_tar_list_blocks(const struct package_data *data,
                                   struct xz_blocks *blocks_ret) MUST_CHECK;

/* The same for an archive whose compressed blocks are known: only those that have a member's header
 * or are read from are decoded, JOBS at a time. BLOCKS must outlive it. */
struct error *data_tar_create_of_blocks(const struct package_data *data,
                                        const struct xz_blocks *blocks, unsigned jobs,
                                        struct data_tar **ret) MUST_CHECK;

/* NULL-safe; may be called before the archive's end, and what is after is not read then. */
void data_tar_destroy(struct data_tar *tar);
void data_tar_destroy_pointer(struct data_tar **tar);

/* Steps to the next member; *is_end_ret tells that there is none, and RET is untouched then. */
struct error *data_tar_next(struct data_tar *tar, struct data_tar_member *ret,
                            bool *is_end_ret) MUST_CHECK;

/* The next part of the current member's contents, in rising order; *is_end_ret as above. */
struct error *data_tar_read(struct data_tar *tar, struct data_tar_piece *ret,
                            bool *is_end_ret) MUST_CHECK;

/* Compares what was read so far with the check values of the compressed data, as far as that does
 * not mean to read much more; see xz_stream_check(). Other compressions than xz have none before
 * the end, and nothing is done for them. No reading of members may follow. */
struct error *data_tar_check(struct data_tar *tar) MUST_CHECK;

/* How many bytes of the package have been read so far. */
uint64_t data_tar_package_bytes_read(const struct data_tar *tar);

#endif
