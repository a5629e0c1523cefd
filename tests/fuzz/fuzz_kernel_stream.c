/* SPDX-License-Identifier: MIT */
/* Any bytes as what a process that reads a kernel hands over; what is accepted must come out the
 * same when it is handed over again. */
#include <string.h>

#include "model/stream/kernel_stream.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct kernel_layouts layouts;
    struct buffer stream;

    if (fuzz_is_refused(kernel_stream_read(bytes, length, "input", &layouts)))
        return 0;
    buffer_init(&stream, KERNEL_STREAM_BYTES_MAXIMUM);
    kernel_stream_append(&layouts, &stream);
    if (stream.has_failed || stream.length != length || memcmp(stream.data, bytes, length) != 0)
        abort();
    buffer_deinit(&stream);
    kernel_layouts_deinit(&layouts);
    return 0;
}
