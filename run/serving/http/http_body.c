/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_body.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash/sha256.h"
#include "base/text/hexadecimal.h"

/* Less is not worth it; of what is above, nobody waits for the last per cent. */
enum { COMPRESSED_MINIMUM = 1024, GZIP_LEVEL = 4, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

/* Half of the digest tells any two bodies apart. */
enum { TAG_DIGEST_BYTES = 16 };

static struct error *compress_bytes(struct http_body *body)
{
    z_stream stream = {0};

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return error_out_of_memory();
    uLong bound = deflateBound(&stream, body->length);
    char *compressed = malloc(bound);
    if (!compressed) {
        deflateEnd(&stream);
        return error_out_of_memory();
    }
    stream.next_in = (Bytef *)body->bytes;
    stream.avail_in = (uInt)body->length;
    stream.next_out = (Bytef *)compressed;
    stream.avail_out = (uInt)bound;
    int result = deflate(&stream, Z_FINISH);
    size_t length = stream.total_out;
    deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        free(compressed);
        return error_create(ERROR_INTERNAL, NULL, "zlib cannot compress an answer");
    }
    free(body->bytes);
    body->bytes = compressed;
    body->length = length;
    body->is_compressed = true;
    return NULL;
}

/* The same contents have the same tag, in each form one of its own. */
static struct error *make_tag(struct http_body *body)
{
    CLEANUP(buffer_deinit) struct buffer tag;
    uint8_t digest[SHA256_BYTES];

    buffer_init(&tag, HTTP_TAG_BYTES - 1);
    TRY(sha256_digest(body->bytes, body->length, digest));
    buffer_append_char(&tag, '"');
    hexadecimal_append(&tag, digest, TAG_DIGEST_BYTES);
    buffer_append_text(&tag, body->is_compressed ? "-z\"" : "\"");
    TRY(buffer_check(&tag, "a tag"));
    memcpy(body->tag, buffer_text(&tag), tag.length + 1);
    return NULL;
}

static struct error *copy_contents(const struct buffer *contents, struct http_body *body)
{
    TRY(buffer_check(contents, "an answer"));
    body->length = contents->length;
    body->bytes = malloc(contents->length + 1);
    if (!body->bytes)
        return error_out_of_memory();
    memcpy(body->bytes, buffer_text(contents), contents->length + 1);
    return NULL;
}

struct error *http_body_make(struct http_answer *answer, bool compress, struct http_body **body_ret)
{
    struct http_body *body = calloc(1, sizeof(*body));

    if (!body)
        return error_out_of_memory();
    atomic_init(&body->holders, 1);
    body->status = answer->status;
    body->type = answer->type;
    body->allow = answer->allow;
    body->location = answer->location;
    answer->location = NULL;
    struct error *error = copy_contents(&answer->contents, body);
    if (!error && compress && body->length >= COMPRESSED_MINIMUM)
        error = compress_bytes(body);
    if (!error)
        error = make_tag(body);
    if (error) {
        http_body_release(body);
        return error;
    }
    *body_ret = body;
    return NULL;
}

struct http_body *http_body_hold(struct http_body *body)
{
    atomic_fetch_add(&body->holders, 1);
    return body;
}

void http_body_release(struct http_body *body)
{
    if (!body || atomic_fetch_sub(&body->holders, 1) != 1)
        return;
    free(body->location);
    free(body->bytes);
    free(body);
}

bool http_body_is_tagged(const struct http_body *body, const char *tags)
{
    size_t length = strlen(body->tag);

    for (const char *tag = tags; *(tag += strspn(tag, ", \t"));) {
        if (tag[0] == '*')
            return true;
        if (strncmp(tag, "W/", 2) == 0)
            tag += 2;
        size_t tag_length = strcspn(tag, ", \t");
        if (tag_length == length && memcmp(tag, body->tag, length) == 0)
            return true;
        tag += tag_length;
    }
    return false;
}
