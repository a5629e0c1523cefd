/* SPDX-License-Identifier: MIT */
#include "fetch/archive/keyring.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { KEYRING_MAXIMUM = 16 << 20 };

static const char armor_begin[] = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
static const char armor_end[] = "-----END PGP PUBLIC KEY BLOCK-----";

void keyring_close(struct keyring *keyring)
{
    free(keyring->path);
    file_replacement_end(&keyring->binary);
    *keyring = (struct keyring){.binary.file_descriptor = -1};
}

static struct error *read_keys(const char *path, char **bytes_ret, size_t *length_ret)
{
    struct error *error = file_read(path, KEYRING_MAXIMUM, bytes_ret, length_ret);

    if (!error || error->code == ERROR_OUT_OF_MEMORY)
        return error;
    struct error *reason =
        error_create(ERROR_INCONCLUSIVE, path,
                     "the keys that may sign the index cannot be read: %s; install the package "
                     "ubuntu-dbgsym-keyring, or set ddebs_keyring to a file with the archive's key",
                     error->why);
    error_destroy(error);
    return reason;
}

static struct error *damaged(const char *path)
{
    return error_create(ERROR_INCONCLUSIVE, path,
                        "has keys in text form that are damaged: fetch the file again");
}

/* Adds what one line of the armor stands for. */
static struct error *decode_line(EVP_ENCODE_CTX *context, const char *line, size_t length,
                                 const char *path, struct buffer *binary)
{
    unsigned char bytes[256];
    int count = 0;

    /* A line has at most 76 characters; more would not fit. */
    if (length > sizeof(bytes) ||
        EVP_DecodeUpdate(context, bytes, &count, (const unsigned char *)line, (int)length) < 0)
        return damaged(path);
    buffer_append(binary, bytes, (size_t)count);
    return NULL;
}

/* Decodes the block whose first line is at *TEXT, and moves that after its last one: headers, a
 * blank line, lines of base64, perhaps "=" and a checksum. */
static struct error *decode_block(EVP_ENCODE_CTX *context, const char **text, const char *path,
                                  struct buffer *binary)
{
    bool is_in_body = false;

    EVP_DecodeInit(context);
    for (const char *line = *text;; line += strcspn(line, "\n")) {
        line += *line == '\n';
        size_t length = strcspn(line, "\r\n");
        if (*line == '\0')
            return damaged(path);
        if (strncmp(line, armor_end, strlen(armor_end)) == 0) {
            *text = line + strlen(armor_end);
            return is_in_body ? NULL : damaged(path);
        }
        if (is_in_body && line[0] != '=')
            TRY(decode_line(context, line, length, path, binary));
        is_in_body = is_in_body || strspn(line, " \t") == length;
    }
}

static struct error *decode(const char *text, const char *path, struct buffer *binary)
{
    EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
    struct error *error = NULL;

    if (!context)
        return error_out_of_memory();
    while (!error && (text = strstr(text, armor_begin)) != NULL)
        error = decode_block(context, &text, path, binary);
    EVP_ENCODE_CTX_free(context);
    return error ? error : buffer_check(binary, path);
}

static struct error *write_binary(const char *text, const char *directory, struct keyring *keyring)
{
    CLEANUP(buffer_deinit) struct buffer binary;
    CLEANUP(free_pointer) char *path = path_join(directory, "keyring");

    buffer_init(&binary, KEYRING_MAXIMUM);
    if (!path)
        return error_out_of_memory();
    TRY(decode(text, keyring->name, &binary));
    TRY(file_replacement_begin(path, &keyring->binary));
    return file_write_all(keyring->binary.file_descriptor, buffer_text(&binary), binary.length,
                          path);
}

static struct error *open_keyring(const char *directory, struct keyring *keyring)
{
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;

    TRY(read_keys(keyring->name, &bytes, &length));
    const char *path = keyring->name;
    if (length > 0 && (unsigned char)bytes[0] < 0x80 && strstr(bytes, armor_begin)) {
        TRY(write_binary(bytes, directory, keyring));
        path = keyring->binary.temporary ? keyring->binary.temporary : keyring->binary.path;
    }
    if (asprintf(&keyring->path, "%s%s", strchr(path, '/') ? "" : "./", path) < 0) {
        keyring->path = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

struct error *keyring_open(const char *path, const char *directory, struct keyring *ret)
{
    CLEANUP(keyring_close)
    struct keyring keyring = {.name = path, .binary.file_descriptor = -1};

    TRY(open_keyring(directory, &keyring));
    *ret = keyring;
    keyring = (struct keyring){.binary.file_descriptor = -1};
    return NULL;
}
