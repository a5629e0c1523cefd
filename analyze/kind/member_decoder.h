/* SPDX-License-Identifier: MIT */
/* Reads the members of a struct or union, and of those without a name inside. */
#ifndef KSTRUCT_ANALYZE_KIND_MEMBER_DECODER_H
#define KSTRUCT_ANALYZE_KIND_MEMBER_DECODER_H

#include <stdbool.h>

#include "analyze/kind/layout_decoder.h"
#include "analyze/libdwarf/libdwarf_die.h"
#include "base/error.h"
#include "model/type.h"

/* Puts the members of DIE, a struct or union, into DECODED. */
struct error *members_decode(const struct layout_decoding *decoding, const struct libdwarf_die *die,
                             struct decoded_layout *decoded) MUST_CHECK;

#endif
