/* SPDX-License-Identifier: MIT */
/* Types as Volatility 3's symbol files describe them (its JSON Schema, version 6.2.0). */
#ifndef KSTRUCT_EXPORT_ISF_ISF_TYPES_H
#define KSTRUCT_EXPORT_ISF_ISF_TYPES_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "model/history.h"
#include "model/scope.h"
#include "model/text/json.h"

/* A symbol file under construction. */
struct isf_writer {
    struct json_document document;
    struct scope scope;  /* what names mean */
    bool has_all_images; /* else what neither vmlinux nor the scope's module defines is left out */
    json_t *base_types;
    json_t *user_types;
    json_t *enums;
    struct buffer text;
    struct arena arena; /* of names that are made up */
    bool is_big_endian;
    uint32_t pointer_byte_size;
};

/* What describes a type. A struct without a name that it ends in is the user type UNNAMED. */
json_t *isf_type(struct isf_writer *writer, const struct type *type, const char *unnamed);

/* The same of a bit-field that begins BIT_POSITION bits into its storage. */
json_t *isf_bitfield(struct isf_writer *writer, const struct layout_member *member,
                     uint64_t bit_position);

/* What the file has of that definition; NULL: nothing. */
const struct layout *isf_written_layout(const struct isf_writer *writer,
                                        const struct history_definition *entry);

/* What a struct, union or enum is called in the file, which has one name space for structs and
 * unions and one for enums. Where the kernel has several of one name, a struct keeps it, then a
 * union; the others get their kind after it: "map_info__union". IS_ENUM: of a typedef that alone
 * names an enum. */
const char *isf_key(struct isf_writer *writer, enum definition_kind kind, const char *name,
                    bool is_enum);

/* The base type that the integer of that size and sign is. */
const char *isf_integer_name(uint64_t byte_size, bool is_signed);

#endif
