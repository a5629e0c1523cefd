/* SPDX-License-Identifier: MIT */
/* Turns a definition's DIE into a layout, by way of libdwarf. One decoder a thread. */
#ifndef KSTRUCT_ANALYZE_KIND_LAYOUT_DECODER_H
#define KSTRUCT_ANALYZE_KIND_LAYOUT_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/kind/type_decoder.h"
#include "analyze/layout_budget.h"
#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"

struct decoded_layout {
    struct layout layout;          /* without its digest; its types are the decoder's */
    struct layout_member *members; /* those of the layout, for the caller to change */
    uint64_t
        declaration_file_index; /* in the unit's line table; 0 if not recorded (before DWARF 5) */
    bool has_declaration_file;
    uint32_t declaration_line; /* 0 if not recorded */
};

/* What is decoded, and with what. */
struct layout_decoding {
    struct type_decoder *decoder;
    struct die_place place;
    enum definition_kind kind;
    struct layout_budget *budget;
    struct arena *arena;
};

/* Decodes a definition; its members, enumerators and all their names are put into the arena, its
 * types belong to the decoder. Takes from the budget what they need. Its name may point into the
 * mapped file. Fails as type_decode() does, and with ERROR_LIMIT. */
struct error *layout_decode(const struct layout_decoding *decoding,
                            struct decoded_layout *decoded_ret) MUST_CHECK;

#endif
