/* SPDX-License-Identifier: MIT */
/* A number that may not be known, for people. Foreign data tells of some kernels neither sizes nor
 * offsets; that is never 0. */
#ifndef KSTRUCT_REPORT_WRITE_KNOWN_NUMBER_H
#define KSTRUCT_REPORT_WRITE_KNOWN_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/layout.h"

/* The number, or `?`. */
void known_number_append(struct buffer *out, bool is_known, uint64_t number);

/* The struct's size: "72 bytes", "1 byte", "? bytes". */
void known_number_append_bytes(struct buffer *out, const struct layout *layout);

#endif
