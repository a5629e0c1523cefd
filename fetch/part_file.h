/* SPDX-License-Identifier: MIT */
/*
 * A file under construction: PATH.part, hashed while it is written, which gets the name PATH only
 * when it is complete and on disk.
 *
 * While one process constructs a file, others that want to wait for it; so do other threads.
 */
#ifndef KSTRUCT_FETCH_PART_FILE_H
#define KSTRUCT_FETCH_PART_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "fetch/sha256.h"

struct part_file {
    char *path; /* PATH.part; NULL once the file has its final name or is given up */
    char *final_path;
    int file_descriptor; /* holds the lock */
    struct sha256 hash;
    uint64_t byte_size; /* so far */
};

/* Opens the part file of FINAL_PATH and waits until no other holds it; LOG is told of the waiting.
 * What an interrupted process left in it is dropped. FINAL_PATH may have come into being meanwhile:
 * look before doing the work. */
struct error *part_file_init(struct part_file *part, const char *final_path,
                             struct log *log) MUST_CHECK;

/* Removes what has not been published and lets others go on. */
void part_file_deinit(struct part_file *part);

/* Begins anew, for another try. */
struct error *part_file_clear(struct part_file *part) MUST_CHECK;

struct error *part_file_append(struct part_file *part, const void *bytes, size_t length) MUST_CHECK;

/* The hash of all that was appended; SHA256_HEX_LENGTH digits and a NUL. Only part_file_clear() may
 * be followed by further appends. */
struct error *part_file_hash(struct part_file *part, char *hex_ret) MUST_CHECK;

/* Brings the bytes to disk and gives them the final name. */
struct error *part_file_publish(struct part_file *part) MUST_CHECK;

#endif
