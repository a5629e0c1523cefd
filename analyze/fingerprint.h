/* SPDX-License-Identifier: MIT */
/*
 * Fingerprints of definitions: equal fingerprints mean equal layouts, so that of a name's
 * thousand definitions, one for each unit that includes its header, only one has to be decoded.
 * They hold within a file; those of sections with are_names_portable, among all files of one
 * kernel.
 *
 * Different fingerprints do not mean different layouts (say where one unit refers to a type in
 * another unit): those are decoded and compared.
 */
#ifndef KSTRUCT_ANALYZE_FINGERPRINT_H
#define KSTRUCT_ANALYZE_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/dwarf/die_reader.h"

enum { FINGERPRINT_CACHE_SIZE = 8192 };

struct fingerprinter {
    struct die_reader *reader;
    uint64_t links_left; /* that may be followed in this unit */
    /* Fingerprints of types by their DIE's place; a slot is overwritten by the next that falls in.
     */
    struct {
        uint64_t key; /* the place and how it is used; 0: empty */
        uint64_t fingerprint;
    } cache[FINGERPRINT_CACHE_SIZE];
};

void fingerprinter_init(struct fingerprinter *fingerprinter, struct die_reader *reader);

/* To be called when the reader has entered a unit. */
void fingerprinter_enter_unit(struct fingerprinter *fingerprinter);

/*
 * Of a struct or union: of its size and of its members' names, places, sizes and types, the latter
 * down to the first name. The reader's cursor must be after DIE's attributes and is moved after
 * its children. *has_nested_types_ret: are there type DIEs among the children?
 */
uint64_t fingerprint_aggregate(struct fingerprinter *fingerprinter, const struct die *die,
                               bool *has_nested_types_ret);

/* Of an enum: of its size and its enumerators. The cursor is moved as above. *FIRST_RET is the name
 * of the first enumerator; left as it was if there is none. */
uint64_t fingerprint_enum(struct fingerprinter *fingerprinter, const struct die *die,
                          struct dwarf_name *first_ret);

/* Of a typedef: of its name and what it stands for, down to the first that is no typedef, and all
 * of that if it has no other name. The cursor stays where it is. */
uint64_t fingerprint_typedef(struct fingerprinter *fingerprinter, const struct die *die);

/* Of a base type: of its size and encoding. */
uint64_t fingerprint_base_type(struct fingerprinter *fingerprinter, const struct die *die);

#endif
