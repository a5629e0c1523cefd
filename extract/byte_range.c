/* SPDX-License-Identifier: MIT */
#include "extract/byte_range.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "extract/extract.h"

/* Reading will probably go on as far as LIKELY_END. */
static struct error *read_at(const struct byte_source *source, uint64_t byte_offset, void *bytes,
                             size_t length, uint64_t likely_end, size_t *length_ret)
{
    const struct extract_arrival *arrival = source->arrival;
    size_t done = 0;

    if (byte_offset > INT64_MAX - length)
        return error_create(ERROR_CORRUPT, source->path,
                            "points to byte %" PRIu64 ", beyond any file", byte_offset);
    if (arrival)
        return arrival->read(arrival->context, byte_offset, bytes, length, likely_end, length_ret);
    while (done < length) {
        ssize_t count = pread(source->file_descriptor, (char *)bytes + done, length - done,
                              (off_t)(byte_offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_create_errno(errno, source->path, "cannot read");
        if (count == 0)
            break;
        done += (size_t)count;
    }
    *length_ret = done;
    return NULL;
}

struct error *bytes_read_at(const struct byte_source *source, uint64_t byte_offset, void *bytes,
                            size_t length, size_t *length_ret)
{
    return read_at(source, byte_offset, bytes, length, byte_offset + length, length_ret);
}

struct error *byte_range_cut_short(const char *path, uint64_t file_size, uint64_t needed_size)
{
    return error_create(ERROR_CORRUPT, path,
                        "is cut short at byte %" PRIu64 " of %" PRIu64 ": fetch it again",
                        file_size, needed_size);
}

struct error *byte_range_read(struct byte_range *range, void *bytes, size_t capacity,
                              size_t *length_ret)
{
    uint64_t rest = range->end_offset - range->byte_offset;
    size_t wanted = rest < capacity ? (size_t)rest : capacity;
    size_t length = 0;

    TRY(read_at(&range->source, range->byte_offset, bytes, wanted, range->end_offset, &length));
    if (length < wanted)
        return byte_range_cut_short(range->source.path, range->byte_offset + length,
                                    range->end_offset);
    range->byte_offset += length;
    *length_ret = length;
    return NULL;
}
