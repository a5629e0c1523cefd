/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_index.h"

#include <lzma.h>
#include <stdbool.h>

#include "extract/xz/lzma_error.h"

#if LZMA_VERSION >= 50040002 /* 5.4.0 */

/* The index of a package of tens of gigabytes takes less. */
#define INDEX_MAXIMUM_BYTES (UINT64_C(16) << 20)

/* liblzma moves all streams that it knows for each that it finds, and there may be hundreds in what
 * it reads at once. dpkg-deb writes one, for which it jumps some three times. */
enum { INPUT_CAPACITY = 8 << 10, JUMPS_MAXIMUM = 32 };

struct index_reader {
    lzma_stream decoder;
    lzma_index *index; /* set once it is read */
    struct byte_range input;
    uint8_t input_bytes[INPUT_CAPACITY];
};

static void index_reader_deinit(struct index_reader *reader)
{
    lzma_end(&reader->decoder);
    lzma_index_end(reader->index, NULL);
}

static struct error *translate(struct index_reader *reader, lzma_ret result)
{
    return lzma_error_translate(result, &reader->decoder, reader->input.source.path,
                                reader->input.byte_offset - reader->decoder.avail_in);
}

/* Reads no more than the piece that the decoder asks for: the next may be anywhere. */
static struct error *read_piece(struct index_reader *reader, const struct byte_range *data)
{
    uint64_t left = data->end_offset - reader->input.byte_offset;

    reader->input.end_offset =
        reader->input.byte_offset + (left < INPUT_CAPACITY ? left : INPUT_CAPACITY);
    reader->decoder.next_in = reader->input_bytes;
    return byte_range_read(&reader->input, reader->input_bytes, INPUT_CAPACITY,
                           &reader->decoder.avail_in);
}

/* liblzma finds the index from the end, and says where it wants to read next. *IS_KNOWN_RET is
 * false for data of too many streams. */
static struct error *read_index(struct index_reader *reader, const struct byte_range *data,
                                bool *is_known_ret)
{
    unsigned jump_count = 0;
    lzma_stream *decoder = &reader->decoder;
    lzma_ret result = lzma_file_info_decoder(decoder, &reader->index, INDEX_MAXIMUM_BYTES,
                                             data->end_offset - data->byte_offset);

    while (result == LZMA_OK || result == LZMA_SEEK_NEEDED) {
        *is_known_ret = jump_count < JUMPS_MAXIMUM;
        if (!*is_known_ret)
            return NULL;
        if (result == LZMA_SEEK_NEEDED) {
            jump_count++;
            reader->input.byte_offset = data->byte_offset + decoder->seek_pos;
            decoder->avail_in = 0;
        }
        if (decoder->avail_in == 0)
            TRY(read_piece(reader, data));
        result = lzma_code(decoder, LZMA_RUN);
    }
    return translate(reader, result);
}

struct error *xz_index_read(const struct byte_range *data, lzma_index **index_ret)
{
    CLEANUP(index_reader_deinit)
    struct index_reader reader = {.decoder = LZMA_STREAM_INIT, .input = *data};
    bool is_known = true;

    *index_ret = NULL;
    TRY(read_index(&reader, data, &is_known));
    if (is_known) {
        *index_ret = reader.index;
        reader.index = NULL;
    }
    return NULL;
}

#else

struct error *xz_index_read(const struct byte_range *data UNUSED, lzma_index **index_ret)
{
    *index_ret = NULL;
    return NULL;
}

#endif

void xz_index_free_pointer(lzma_index **index)
{
    lzma_index_end(*index, NULL);
}

struct error *xz_index_block_end(const struct byte_range *data, uint64_t uncompressed_offset,
                                 uint64_t *ret)
{
    CLEANUP(xz_index_free_pointer) lzma_index *index = NULL;
    lzma_index_iter iterator;

    *ret = XZ_INDEX_UNKNOWN;
    TRY(xz_index_read(data, &index));
    if (!index)
        return NULL;
    lzma_index_iter_init(&iterator, index);
    if (lzma_index_iter_locate(&iterator, uncompressed_offset))
        return lzma_error_translate(LZMA_DATA_ERROR, NULL, data->source.path, data->end_offset);
    *ret = iterator.block.uncompressed_file_offset + iterator.block.uncompressed_size;
    return NULL;
}
