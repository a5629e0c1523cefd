/* SPDX-License-Identifier: MIT */
/* Reads the enumerators of an enum. */
#ifndef KSTRUCT_ANALYZE_KIND_ENUMERATOR_DECODER_H
#define KSTRUCT_ANALYZE_KIND_ENUMERATOR_DECODER_H

#include "analyze/kind/layout_decoder.h"
#include "analyze/libdwarf/libdwarf_die.h"
#include "base/error.h"

/* Puts the enumerators of DIE, an enum, into LAYOUT. Their names are put into the arena. */
struct error *enumerators_decode(const struct layout_decoding *decoding,
                                 const struct libdwarf_die *die, struct layout *layout) MUST_CHECK;

#endif
