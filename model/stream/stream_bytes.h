/* SPDX-License-Identifier: MIT */
/*
 * Numbers and texts of a kernel's stream. Numbers have 64 bits, little-endian; a text is its length
 * and its bytes.
 */
#ifndef KSTRUCT_MODEL_STREAM_STREAM_BYTES_H
#define KSTRUCT_MODEL_STREAM_STREAM_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/kernel_layouts.h"

void stream_append_number(struct buffer *out, uint64_t number);
void stream_append_text(struct buffer *out, const char *text);

/* Reads on after the first fault, which is kept: all that comes is 0 and "" then. */
struct stream_reader {
    const unsigned char *bytes;
    size_t length;
    size_t offset;
    bool is_faulty;
    const char *where;
    uint64_t member_text_bytes;     /* so far, of all layouts */
    struct kernel_layouts *layouts; /* what was read */
};

/* ERROR_CRASHED if there was a fault. */
struct error *stream_check(const struct stream_reader *reader) MUST_CHECK;

/* Notes that the bytes are none that kstruct writes; returns 0. */
uint64_t stream_fault(struct stream_reader *reader);

uint64_t stream_read_number(struct stream_reader *reader);

/* One above MAXIMUM is a fault. */
uint64_t stream_read_number_up_to(struct stream_reader *reader, uint64_t maximum);

/* A number of bits or bytes: the data set's numbers are signed. */
uint64_t stream_read_size(struct stream_reader *reader);

bool stream_read_flag(struct stream_reader *reader);

/* How many things follow, each of which takes at least so many numbers: never more than fit. */
size_t stream_read_count(struct stream_reader *reader, size_t least_numbers);

/* A text that lives as long as the layouts; "" after a fault. */
struct error *stream_read_text(struct stream_reader *reader, const char **text_ret) MUST_CHECK;

#endif
