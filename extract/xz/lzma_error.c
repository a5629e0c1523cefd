/* SPDX-License-Identifier: MIT */
#include "extract/xz/lzma_error.h"

#include <inttypes.h>

struct error *lzma_error_of_memory(const char *path, uint64_t byte_size)
{
    return error_create(ERROR_LIMIT, path,
                        "needs %" PRIu64 " MiB of memory to decompress, more than is allowed: its "
                        "xz data was not made by dpkg-deb",
                        byte_size >> 20);
}

struct error *lzma_error_translate(lzma_ret result, const lzma_stream *decoder, const char *path,
                                   uint64_t byte_offset)
{
    switch (result) {
    case LZMA_OK:
    case LZMA_STREAM_END: return NULL;
    case LZMA_MEM_ERROR: return error_out_of_memory();
    case LZMA_MEMLIMIT_ERROR: return lzma_error_of_memory(path, lzma_memusage(decoder));
    case LZMA_BUF_ERROR:
        return error_create_at(ERROR_CORRUPT, path, byte_offset,
                               "its xz data ends early: fetch it again");
    case LZMA_FORMAT_ERROR:
    case LZMA_DATA_ERROR:
        return error_create_at(ERROR_CORRUPT, path, byte_offset,
                               "its xz data is damaged: fetch it again");
    case LZMA_OPTIONS_ERROR:
    case LZMA_UNSUPPORTED_CHECK:
        return error_create_at(ERROR_UNSUPPORTED, path, byte_offset,
                               "its xz data uses options that this liblzma (%s) does not know",
                               lzma_version_string());
    default:
        return error_create_at(ERROR_INTERNAL, path, byte_offset, "liblzma failed with code %d",
                               (int)result);
    }
}
