/* SPDX-License-Identifier: MIT */
/* SHA-256, as bytes and in the lower-case hexadecimal form that lists and indexes use. */
#ifndef KSTRUCT_BASE_HASH_SHA256_H
#define KSTRUCT_BASE_HASH_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SHA256_BYTES = 32, SHA256_HEX_LENGTH = 2 * SHA256_BYTES };

struct sha256 {
    void *context; /* the crypto library's */
};

/* Starts a hash. */
struct error *sha256_init(struct sha256 *hash) MUST_CHECK;

/* May be called more than once, and on zeros. */
void sha256_deinit(struct sha256 *hash);

struct error *sha256_update(struct sha256 *hash, const void *bytes, size_t length) MUST_CHECK;

/* A second hash of what HASH has had so far; each goes on by itself. */
struct error *sha256_copy(const struct sha256 *hash, struct sha256 *copy_ret) MUST_CHECK;

/* Writes SHA256_HEX_LENGTH digits and a NUL. Afterwards only sha256_deinit() may be called. */
struct error *sha256_finish(struct sha256 *hash, char *hex_ret) MUST_CHECK;

/* The same as bytes. */
struct error *sha256_finish_bytes(struct sha256 *hash, uint8_t digest_ret[SHA256_BYTES]) MUST_CHECK;

/* The hash of these bytes. */
struct error *sha256_digest(const void *bytes, size_t length,
                            uint8_t digest_ret[SHA256_BYTES]) MUST_CHECK;

/* The hash of these bytes, as sha256_finish() writes it. */
struct error *sha256_of_bytes(const void *bytes, size_t length, char *hex_ret) MUST_CHECK;

/* The hash and the size of a whole regular file. ERROR_NOT_FOUND if there is none. */
struct error *sha256_of_file(const char *path, char *hex_ret, uint64_t *byte_size_ret) MUST_CHECK;

/* The same of an open one, from its first byte on. */
struct error *sha256_of_descriptor(int file_descriptor, const char *path, char *hex_ret,
                                   uint64_t *byte_size_ret) MUST_CHECK;

/* Is TEXT a hash in this form? */
bool sha256_is_hex(const char *text);

#endif
