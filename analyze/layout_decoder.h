/* SPDX-License-Identifier: MIT */
/* Turns a struct's DIE into a layout, by way of libdwarf. One decoder a thread. */
#ifndef KSTRUCT_ANALYZE_LAYOUT_DECODER_H
#define KSTRUCT_ANALYZE_LAYOUT_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/type_decoder.h"
#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"

struct decoded_layout {
    struct layout layout;          /* its digest computed, its types the decoder's */
    struct layout_member *members; /* those of the layout, for the caller to change */
    uint64_t
        declaration_file_index; /* in the unit's line table; 0 if not recorded (before DWARF 5) */
    bool has_declaration_file;
    uint32_t declaration_line; /* 0 if not recorded */
};

/* Decodes the struct definition at PLACE; its members and their names are put into ARENA, its types
 * belong to DECODER. Fails as type_decode() does. */
struct error *layout_decode(struct type_decoder *decoder, struct die_place place,
                            struct arena *arena, struct decoded_layout *decoded_ret) MUST_CHECK;

#endif
