/* SPDX-License-Identifier: MIT */
/*
 * Types written as C writes them, around a name: `int (*open)(struct inode *, struct file *)`,
 * `u8 mac[2][6]`, `char * const p`.
 *
 * A declaration is a specifier (`const struct inode`) and a declarator (`*inode`). Whoever writes
 * the members of a struct without a name out appends its own specifier and then the declarator.
 * Without such members it is `struct { ... }`, and an enum without a name `enum { ... }`: what they
 * contain is not recorded. Control characters in names become U+FFFD.
 */
#ifndef KSTRUCT_REPORT_WRITE_C_DECLARATOR_H
#define KSTRUCT_REPORT_WRITE_C_DECLARATOR_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/type.h"

/* How many pointers, arrays, functions and qualifiers may be around each other, and how deep
 * functions may be in functions' parameters: no compiler's output comes near, and what does is not
 * worth the stack. */
enum { DECLARATOR_DEPTH_MAXIMUM = 64 };

/* How a member's own outermost dimension of 0 is written. C allows `[]` only for the last member of
 * a struct that is not the only one. */
enum declarator_zero_dimension { DECLARATOR_ZERO_LENGTH, DECLARATOR_FLEXIBLE };

/* The qualifiers of the leaf, each with a space after it: "const volatile ". */
void declarator_append_leaf_qualifiers(struct buffer *out, const struct type *type);

/* `const struct inode`. */
void declarator_append_specifier(struct buffer *out, const struct type *type);

/* ` *inode`, with the space that parts it from the specifier that OUT ends in. NAME is "" for a
 * declaration without a name; then there may be nothing to append. Fails with ERROR_LIMIT only. */
struct error *declarator_append(struct buffer *out, const struct type *type, const char *name,
                                enum declarator_zero_dimension zero) MUST_CHECK;

/* Both. */
struct error *declaration_append(struct buffer *out, const struct type *type, const char *name,
                                 enum declarator_zero_dimension zero) MUST_CHECK;

/* The type alone, `int (*)(struct file *)`, `u8 [2][6]`. Never fails: what is nested too deep is
 * written as type_text() has it. */
void declarator_append_type(struct buffer *out, const struct type *type);

#endif
