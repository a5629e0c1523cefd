/* SPDX-License-Identifier: MIT */
/* Turns type DIEs into the model's types, by way of libdwarf. One decoder a thread. */
#ifndef KSTRUCT_ANALYZE_KIND_TYPE_DECODER_H
#define KSTRUCT_ANALYZE_KIND_TYPE_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/libdwarf/libdwarf_die.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "model/type.h"

struct decoded_type {
    uint64_t key; /* the DIE's place; 0: an empty slot */
    const struct type *type;
    uint64_t byte_size;
    bool has_byte_size;
};

struct type_decoder {
    struct libdwarf_reader *reader;
    struct type_table types;
    struct hash_key hash_key;
    struct decoded_type *decoded; /* a hash table by place */
    uint32_t decoded_count;
    uint32_t decoded_capacity; /* a power of two */
};

/* READER must outlive the decoder. */
void type_decoder_init(struct type_decoder *decoder, struct libdwarf_reader *reader);

/* Frees the types too. */
void type_decoder_deinit(struct type_decoder *decoder);

/* The type at PLACE, as libdwarf_die_type() gives it; void if HAS_TYPE is false. Fails with
 * ERROR_BAD_DWARF, and ERROR_UNSUPPORTED for types that C does not have. */
struct error *type_decode(struct type_decoder *decoder, bool has_type, struct die_place place,
                          const struct type **type_ret) MUST_CHECK;

/* The bytes that an object of the type at PLACE takes; 0 for functions, incomplete types and
 * flexible arrays. */
struct error *type_decode_byte_size(struct type_decoder *decoder, struct die_place place,
                                    uint64_t *byte_size_ret) MUST_CHECK;

#endif
