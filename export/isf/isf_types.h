/* SPDX-License-Identifier: MIT */
/* Types as Volatility 3's symbol files describe them (its JSON Schema, version 6.2.0). */
#ifndef KSTRUCT_EXPORT_ISF_ISF_TYPES_H
#define KSTRUCT_EXPORT_ISF_ISF_TYPES_H

#include <jansson.h>

#include "base/buffer.h"
#include "model/history.h"
#include "model/scope.h"
#include "model/text/json.h"

/* A symbol file under construction. */
struct isf_writer {
    struct json_document document;
    struct scope scope;      /* what names mean */
    bool is_of_vmlinux_only; /* what only modules define is not in the file */
    json_t *base_types;
    json_t *user_types;
    json_t *enums;
    struct buffer text;
    bool is_big_endian;
    uint32_t pointer_byte_size;
};

/* What describes a type. A struct without a name that it ends in is the user type UNNAMED. */
json_t *isf_type(struct isf_writer *writer, const struct type *type, const char *unnamed);

/* The same of a bit-field that begins BIT_POSITION bits into its storage. */
json_t *isf_bitfield(struct isf_writer *writer, const struct layout_member *member,
                     uint64_t bit_position);

/* The base type that the integer of that size and sign is. */
const char *isf_integer_name(uint64_t byte_size, bool is_signed);

#endif
