/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_stream.h"

#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>

#include "extract/xz/lzma_error.h"
#include "extract/xz/xz_index.h"

enum {
    INPUT_CAPACITY = 256 << 10,
    OUTPUT_CAPACITY = 1 << 20,
    MAXIMUM_JOBS = 256,
};

struct xz_stream {
    lzma_stream decoder;
    struct byte_range *input;
    struct byte_range whole;    /* all of INPUT, as it was at first */
    uint64_t uncompressed_size; /* of what has been handed out */
    bool is_input_read;         /* up to its end */
    bool is_finished;
    uint8_t input_bytes[INPUT_CAPACITY];
    uint8_t output_bytes[OUTPUT_CAPACITY];
};

static struct error *translate(const struct xz_stream *stream, lzma_ret result)
{
    return lzma_error_translate(result, &stream->decoder, stream->input->source.path,
                                stream->input->byte_offset - stream->decoder.avail_in);
}

static lzma_ret start_decoder(lzma_stream *decoder, unsigned jobs)
{
#if LZMA_VERSION >= 50040002 /* 5.4.0 */
    const uint64_t threading_bytes = jobs * XZ_STREAM_BYTES_PER_JOB;
    const lzma_mt options = {
        .flags = LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK,
        .threads = jobs,
        .timeout = 0,
        .memlimit_threading = threading_bytes,
        /* Must not be lower than the other, or it would lower that. */
        .memlimit_stop =
            threading_bytes > XZ_STREAM_MAXIMUM_BYTES ? threading_bytes : XZ_STREAM_MAXIMUM_BYTES,
    };

    if (jobs > 1)
        return lzma_stream_decoder_mt(decoder, &options);
#else
    (void)jobs;
#endif
    return lzma_stream_decoder(decoder, XZ_STREAM_MAXIMUM_BYTES,
                               LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK);
}

struct error *xz_stream_create(struct byte_range *input, unsigned jobs, struct xz_stream **ret)
{
    struct xz_stream *stream = malloc(sizeof(*stream));

    if (!stream)
        return error_out_of_memory();
    stream->decoder = (lzma_stream)LZMA_STREAM_INIT;
    stream->input = input;
    stream->whole = *input;
    stream->uncompressed_size = 0;
    stream->is_input_read = false;
    stream->is_finished = false;
    struct error *error = translate(
        stream, start_decoder(&stream->decoder, jobs < MAXIMUM_JOBS ? jobs : MAXIMUM_JOBS));
    if (error) {
        xz_stream_destroy(stream);
        return error;
    }
    *ret = stream;
    return NULL;
}

void xz_stream_destroy(struct xz_stream *stream)
{
    if (!stream)
        return;
    lzma_end(&stream->decoder);
    free(stream);
}

static struct error *refill(struct xz_stream *stream)
{
    size_t length = 0;

    if (stream->decoder.avail_in > 0 || stream->is_input_read)
        return NULL;
    TRY(byte_range_read(stream->input, stream->input_bytes, INPUT_CAPACITY, &length));
    stream->decoder.next_in = stream->input_bytes;
    stream->decoder.avail_in = length;
    stream->is_input_read = length == 0;
    return NULL;
}

/* Several threads refuse a dictionary that is too large without saying how large it is; one says
 * it.
 */
static struct error *refuse_memory(struct xz_stream *stream)
{
    lzma_stream *decoder = &stream->decoder;
    struct byte_range beginning = stream->whole;

    TRY(translate(stream, start_decoder(decoder, 1)));
    TRY(byte_range_read(&beginning, stream->input_bytes, INPUT_CAPACITY, &decoder->avail_in));
    decoder->next_in = stream->input_bytes;
    decoder->next_out = stream->output_bytes;
    decoder->avail_out = OUTPUT_CAPACITY;
    if (lzma_code(decoder, LZMA_RUN) == LZMA_MEMLIMIT_ERROR)
        return translate(stream, LZMA_MEMLIMIT_ERROR);
    return error_create(ERROR_LIMIT, stream->input->source.path,
                        "needs more memory to decompress than is allowed: its xz data was not made "
                        "by dpkg-deb");
}

struct error *xz_stream_read(struct xz_stream *stream, const void **bytes_ret, size_t *length_ret)
{
    lzma_stream *decoder = &stream->decoder;

    decoder->next_out = stream->output_bytes;
    decoder->avail_out = OUTPUT_CAPACITY;
    while (decoder->avail_out > 0 && !stream->is_finished) {
        TRY(refill(stream));
        lzma_ret result = lzma_code(decoder, stream->is_input_read ? LZMA_FINISH : LZMA_RUN);
        if (result == LZMA_MEMLIMIT_ERROR)
            return refuse_memory(stream);
        TRY(translate(stream, result));
        stream->is_finished = result == LZMA_STREAM_END;
    }
    *bytes_ret = stream->output_bytes;
    *length_ret = OUTPUT_CAPACITY - decoder->avail_out;
    stream->uncompressed_size += *length_ret;
    return NULL;
}

struct error *xz_stream_check(struct xz_stream *stream)
{
    uint64_t block_end = 0;

    if (stream->uncompressed_size == 0)
        return NULL;
    TRY(xz_index_block_end(&stream->whole, stream->uncompressed_size - 1, &block_end));
    if (block_end - stream->uncompressed_size > XZ_STREAM_CHECK_BYTES)
        return NULL;
    /* The check value lies between the block's last byte and what follows. */
    while (stream->uncompressed_size <= block_end && !stream->is_finished) {
        const void *bytes = NULL;
        size_t length = 0;

        TRY(xz_stream_read(stream, &bytes, &length));
    }
    return NULL;
}
