/* SPDX-License-Identifier: MIT */
#include "base/hash/sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/hexadecimal.h"

enum { READ_CAPACITY = 256 << 10 };

static struct error *crypto_failure(void)
{
    return error_create(ERROR_INTERNAL, NULL, "the crypto library cannot compute SHA-256");
}

struct error *sha256_init(struct sha256 *hash)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context)
        return error_out_of_memory();
    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return crypto_failure();
    }
    hash->context = context;
    return NULL;
}

void sha256_deinit(struct sha256 *hash)
{
    EVP_MD_CTX_free(hash->context);
    hash->context = NULL;
}

struct error *sha256_update(struct sha256 *hash, const void *bytes, size_t length)
{
    return EVP_DigestUpdate(hash->context, bytes, length) == 1 ? NULL : crypto_failure();
}

struct error *sha256_copy(const struct sha256 *hash, struct sha256 *copy_ret)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context)
        return error_out_of_memory();
    if (EVP_MD_CTX_copy_ex(context, hash->context) != 1) {
        EVP_MD_CTX_free(context);
        return crypto_failure();
    }
    copy_ret->context = context;
    return NULL;
}

struct error *sha256_finish_bytes(struct sha256 *hash, uint8_t digest_ret[SHA256_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (EVP_DigestFinal_ex(hash->context, digest, &length) != 1 || length != SHA256_BYTES)
        return crypto_failure();
    memcpy(digest_ret, digest, SHA256_BYTES);
    return NULL;
}

struct error *sha256_finish(struct sha256 *hash, char *hex_ret)
{
    uint8_t digest[SHA256_BYTES];

    TRY(sha256_finish_bytes(hash, digest));
    hexadecimal(digest, sizeof(digest), hex_ret);
    return NULL;
}

struct error *sha256_digest(const void *bytes, size_t length, uint8_t digest_ret[SHA256_BYTES])
{
    return EVP_Digest(bytes, length, digest_ret, NULL, EVP_sha256(), NULL) == 1 ? NULL
                                                                                : crypto_failure();
}

struct error *sha256_of_bytes(const void *bytes, size_t length, char *hex_ret)
{
    uint8_t digest[SHA256_BYTES];

    TRY(sha256_digest(bytes, length, digest));
    hexadecimal(digest, sizeof(digest), hex_ret);
    return NULL;
}

static struct error *hash_all(struct sha256 *hash, int file_descriptor, const char *path,
                              uint64_t *byte_size_ret)
{
    CLEANUP(free_pointer) char *bytes = malloc(READ_CAPACITY);
    uint64_t byte_size = 0;

    if (!bytes)
        return error_out_of_memory();
    for (;;) {
        ssize_t count = pread(file_descriptor, bytes, READ_CAPACITY, (off_t)byte_size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_create_errno(errno, path, "cannot read");
        if (count == 0)
            break;
        TRY(sha256_update(hash, bytes, (size_t)count));
        byte_size += (uint64_t)count;
    }
    *byte_size_ret = byte_size;
    return NULL;
}

struct error *sha256_of_descriptor(int file_descriptor, const char *path, char *hex_ret,
                                   uint64_t *byte_size_ret)
{
    CLEANUP(sha256_deinit) struct sha256 hash = {0};

    TRY(sha256_init(&hash));
    TRY(hash_all(&hash, file_descriptor, path, byte_size_ret));
    return sha256_finish(&hash, hex_ret);
}

struct error *sha256_of_file(const char *path, char *hex_ret, uint64_t *byte_size_ret)
{
    CLEANUP(close_pointer) int file_descriptor = -1;

    TRY(file_open_regular(path, &file_descriptor));
    return sha256_of_descriptor(file_descriptor, path, hex_ret, byte_size_ret);
}

bool sha256_is_hex(const char *text)
{
    return strlen(text) == SHA256_HEX_LENGTH &&
           strspn(text, "0123456789abcdef") == SHA256_HEX_LENGTH;
}
