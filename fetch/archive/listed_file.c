/* SPDX-License-Identifier: MIT */
#include "fetch/archive/listed_file.h"

#include <inttypes.h>
#include <string.h>

#include "base/system/file.h"
#include "fetch/archive/packed_index.h"
#include "fetch/http/document.h"

static struct error *check_listed(const struct buffer *bytes, const struct listed_file *listed,
                                  const char *url)
{
    CLEANUP(sha256_deinit) struct sha256 hash = {0};
    char hex[SHA256_HEX_LENGTH + 1];

    if (bytes->length != listed->byte_size)
        return error_create(ERROR_CORRUPT, url,
                            "has %zu bytes where the signed index lists %" PRIu64, bytes->length,
                            listed->byte_size);
    TRY(sha256_init(&hash));
    TRY(sha256_update(&hash, buffer_text(bytes), bytes->length));
    TRY(sha256_finish(&hash, hex));
    if (strcmp(hex, listed->sha256) != 0)
        return error_create(ERROR_CORRUPT, url, "has SHA-256 %s where the signed index lists %s",
                            hex, listed->sha256);
    return NULL;
}

/* Reads a file of the cache. *is_there_ret: it is the one listed. */
static struct error *read_cached(const char *path, const struct listed_file *listed,
                                 struct buffer *ret, bool *is_there_ret)
{
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;
    struct error *error = file_read(path, ret->maximum, &bytes, &length);

    if (!error) {
        buffer_append(ret, bytes, length);
        error = buffer_check(ret, path);
    }
    if (!error)
        error = check_listed(ret, listed, path);
    *is_there_ret = !error;
    if (error && error->code == ERROR_OUT_OF_MEMORY)
        return error;
    error_destroy(error);
    return NULL;
}

static struct error *fetch_listed(const struct fetch_settings *settings,
                                  const struct listed_file *listed,
                                  const struct listed_file_places *places, struct buffer *ret)
{
    if (places->hash_url) {
        struct error *error =
            document_fetch(settings, places->hash_url, false, index_too_long, ret);
        if (!error)
            return check_listed(ret, listed, places->hash_url);
        if (error->code != ERROR_NOT_FOUND)
            return error;
        error_destroy(error);
    }
    TRY(document_fetch(settings, places->url, false, index_too_long, ret));
    return check_listed(ret, listed, places->url);
}

/* Not brought to disk with force: what a power failure damages is not the file listed any more. */
static struct error *store(const char *path, const struct buffer *bytes)
{
    CLEANUP(file_replacement_end) struct file_replacement file = {.file_descriptor = -1};

    TRY(file_replacement_begin(path, &file));
    TRY(file_write_all(file.file_descriptor, buffer_text(bytes), bytes->length, path));
    return file_replacement_commit(&file);
}

struct error *listed_file_get(const struct fetch_settings *settings,
                              const struct listed_file *listed,
                              const struct listed_file_places *places, struct buffer *ret)
{
    bool is_there = false;

    TRY(read_cached(places->cached_path, listed, ret, &is_there));
    if (is_there)
        return NULL;
    TRY(fetch_listed(settings, listed, places, ret));
    return store(places->cached_path, ret);
}
