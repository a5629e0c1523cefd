/* SPDX-License-Identifier: MIT */
/* What a base type is to formats that know integers, characters, booleans and floating point. */
#ifndef KSTRUCT_EXPORT_BTF_BASE_ENCODING_H
#define KSTRUCT_EXPORT_BTF_BASE_ENCODING_H

#include <stdbool.h>

#include "model/layout.h"

struct base_encoding {
    bool is_signed;
    bool is_boolean;
    bool is_character;
    bool is_float;
};

/* As DWARF encodes it (DWARF 5, 7.8: DW_ATE_…); where that is not told, by what C calls it.
 * LAYOUT is of a DEFINITION_INT. */
struct base_encoding base_encoding_of(const struct layout *layout);

#endif
