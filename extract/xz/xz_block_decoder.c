/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_block_decoder.h"

#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>

#include "extract/xz/lzma_error.h"
#include "extract/xz/xz_stream.h"

/* How much is read at least: more than any header has. */
enum { READ_BYTES_MINIMUM = 16 << 10 };

struct xz_block_decoder {
    const struct xz_blocks *blocks;
    const struct xz_block *block;
    struct byte_range input; /* what is not read yet */
    uint8_t *read_bytes;     /* the last that were */
    size_t byte_count;       /* decoded so far */
    lzma_stream stream;
    lzma_block header;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
};

static struct error *translate(const struct xz_block_decoder *decoder, lzma_ret result)
{
    return lzma_error_translate(result, NULL, decoder->blocks->source.path,
                                decoder->block->file_offset);
}

struct error *xz_block_decoder_create(const struct xz_blocks *blocks, size_t number,
                                      struct xz_block_decoder **ret)
{
    const struct xz_block *block = &blocks->blocks[number];
    uint64_t padded_size = (block->unpadded_size + 3) & ~UINT64_C(3);
    struct xz_block_decoder *decoder = calloc(1, sizeof(*decoder));

    if (!decoder)
        return error_out_of_memory();
    decoder->blocks = blocks;
    decoder->block = block;
    decoder->input = (struct byte_range){.source = blocks->source,
                                         .byte_offset = block->file_offset,
                                         .end_offset = block->file_offset + padded_size};
    decoder->stream = (lzma_stream)LZMA_STREAM_INIT;
    *ret = decoder;
    return NULL;
}

void xz_block_decoder_destroy(struct xz_block_decoder *decoder)
{
    if (!decoder)
        return;
    lzma_end(&decoder->stream);
    free(decoder->read_bytes);
    free(decoder);
}

void xz_block_decoder_destroy_pointer(struct xz_block_decoder **decoder)
{
    xz_block_decoder_destroy(*decoder);
}

/* How much more of the file the bytes up to END will take, by what the whole block takes. Whoever
 * has read much already reads more, since each reading may be a request to a server. */
static uint64_t guess_bytes(const struct xz_block_decoder *decoder, size_t end)
{
    const struct xz_block *block = decoder->block;
    uint64_t left = decoder->input.end_offset - decoder->input.byte_offset;
    uint64_t minimum = READ_BYTES_MINIMUM + (decoder->input.byte_offset - block->file_offset) / 2;
    uint64_t guess = block->unpadded_size * (end - decoder->byte_count) / block->byte_size;

    if (guess < minimum)
        guess = minimum;
    return end == block->byte_size || guess > left ? left : guess;
}

static struct error *read_more(struct xz_block_decoder *decoder, size_t end)
{
    struct byte_range piece = decoder->input;
    uint64_t length = guess_bytes(decoder, end);

    if (length == 0)
        return translate(decoder, LZMA_BUF_ERROR);
    free(decoder->read_bytes);
    decoder->read_bytes = malloc(length);
    if (!decoder->read_bytes)
        return error_out_of_memory();
    piece.end_offset = piece.byte_offset + length;
    TRY(byte_range_read(&piece, decoder->read_bytes, length, &decoder->stream.avail_in));
    decoder->stream.next_in = decoder->read_bytes;
    decoder->input.byte_offset = piece.byte_offset;
    return NULL;
}

/* The header says with which filters it goes on. */
static struct error *read_header(struct xz_block_decoder *decoder)
{
    const uint8_t *in = decoder->stream.next_in;
    lzma_block *header = &decoder->header;
    lzma_ret result = LZMA_DATA_ERROR;

    decoder->filters[0].id = LZMA_VLI_UNKNOWN;
    *header = (lzma_block){
        .version = 1,
        .check = (lzma_check)decoder->block->check,
        .filters = decoder->filters,
        .header_size = lzma_block_header_size_decode(in[0]),
    };
    if (in[0] != 0 && header->header_size <= decoder->block->unpadded_size &&
        header->header_size <= decoder->stream.avail_in)
        result = lzma_block_header_decode(header, NULL, in);
    if (result == LZMA_OK)
        result = lzma_block_compressed_size(header, decoder->block->unpadded_size);
    return translate(decoder, result);
}

static struct error *start(struct xz_block_decoder *decoder)
{
    TRY(read_header(decoder));
    uint64_t memory_bytes = lzma_raw_decoder_memusage(decoder->filters);
    if (memory_bytes > XZ_STREAM_BYTES_PER_JOB)
        return lzma_error_of_memory(decoder->blocks->source.path, memory_bytes);
    decoder->stream.next_in += decoder->header.header_size;
    decoder->stream.avail_in -= decoder->header.header_size;
    return translate(decoder, lzma_block_decoder(&decoder->stream, &decoder->header));
}

static struct error *begin(struct xz_block_decoder *decoder, size_t end)
{
    TRY(read_more(decoder, end));
    struct error *error = start(decoder);
    for (size_t i = 0; i < LZMA_FILTERS_MAX && decoder->filters[i].id != LZMA_VLI_UNKNOWN; i++)
        free(decoder->filters[i].options);
    return error;
}

/* The block ends where it is said to, after its check value. */
static struct error *check_end(const struct xz_block_decoder *decoder, lzma_ret result)
{
    bool is_right = result != LZMA_STREAM_END || decoder->byte_count == decoder->block->byte_size;

    return translate(decoder, is_right ? result : LZMA_DATA_ERROR);
}

struct error *xz_block_decoder_run(struct xz_block_decoder *decoder, size_t end, uint8_t *bytes)
{
    bool is_whole = end == decoder->block->byte_size;
    lzma_ret result = LZMA_OK;

    if (!decoder->read_bytes)
        TRY(begin(decoder, end));
    while (result != LZMA_STREAM_END && (is_whole || decoder->byte_count < end)) {
        if (decoder->stream.avail_in == 0)
            TRY(read_more(decoder, end));
        decoder->stream.next_out = bytes + decoder->byte_count;
        decoder->stream.avail_out = end - decoder->byte_count;
        result = lzma_code(&decoder->stream, LZMA_RUN);
        decoder->byte_count = end - decoder->stream.avail_out;
        TRY(check_end(decoder, result));
    }
    return NULL;
}
