/* SPDX-License-Identifier: MIT */
/*
 * A file under construction: PATH.part, hashed while it is written, which gets the name PATH only
 * when it is complete and on disk. Beside it PATH.part.from notes what it is the beginning of, so
 * that a later try, also of another process, can go on where this one ended.
 *
 * While one process constructs a file, others that want to wait for it; so do other threads.
 */
#ifndef KSTRUCT_FETCH_PACKAGE_PART_FILE_H
#define KSTRUCT_FETCH_PACKAGE_PART_FILE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash/sha256.h"
#include "base/log.h"

struct part_file {
    char *path; /* PATH.part; NULL once the file has its final name or is given up */
    char *final_path;
    int file_descriptor; /* holds the lock */
    struct sha256 hash;
    uint64_t byte_size; /* so far */
    char *origin;       /* what the bytes are the beginning of; NULL: unknown, or nothing usable */
};

/* Opens the part file of FINAL_PATH, empty or with what an interrupted try left in it and
 * part->origin, and waits until no other holds it; LOG is told of the waiting, which ends with
 * ERROR_INTERRUPTED when *IS_CANCELLED (NULL: never) is set. FINAL_PATH may have
 * come into being meanwhile: look before doing the work. */
struct error *part_file_init(struct part_file *part, const char *final_path, struct log *log,
                             const atomic_bool *is_cancelled) MUST_CHECK;

/* Lets others go on. What was not published is removed, unless part_file_keep() was called. */
void part_file_deinit(struct part_file *part);

/* Leaves what is there for a later try, if there is anything, and it has an origin. */
void part_file_keep(struct part_file *part);

/* Begins anew with bytes of ORIGIN, a text in one line: NULL if a later try could not go on. */
struct error *part_file_clear(struct part_file *part, const char *origin) MUST_CHECK;

/* Copies at most LENGTH of the first bytes; returns how many. */
size_t part_file_beginning(const struct part_file *part, void *bytes_ret, size_t length);

struct error *part_file_append(struct part_file *part, const void *bytes, size_t length) MUST_CHECK;

/* The hash of all that is there so far; SHA256_HEX_LENGTH digits and a NUL. */
struct error *part_file_hash(const struct part_file *part, char *hex_ret) MUST_CHECK;

/* Brings the bytes to disk and gives them the final name. */
struct error *part_file_publish(struct part_file *part) MUST_CHECK;

/* Removes the note that part_file_publish() leaves when the process is killed before its end: the
 * one of a file that is complete at FINAL_PATH while no part of it is there. */
struct error *part_file_tidy(const char *final_path) MUST_CHECK;

#endif
