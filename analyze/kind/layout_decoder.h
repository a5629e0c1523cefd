/* SPDX-License-Identifier: MIT */
/* Turns a definition's DIE into a layout, by way of libdwarf. One decoder a thread. */
#ifndef KSTRUCT_ANALYZE_KIND_LAYOUT_DECODER_H
#define KSTRUCT_ANALYZE_KIND_LAYOUT_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/kind/type_decoder.h"
#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"

/* The bytes that what is decoded of a kernel takes: unnamed structs in each other can be far more
 * than the file that says so. Shared by all threads; whoever goes over the maximum fails. */
struct layout_budget {
    _Atomic uint64_t used;
    uint64_t maximum;
};

/* Fails with ERROR_LIMIT. */
struct error *layout_budget_take(struct layout_budget *budget, uint64_t byte_count) MUST_CHECK;

static inline bool layout_budget_is_exhausted(const struct layout_budget *budget)
{
    return budget->used > budget->maximum;
}

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
