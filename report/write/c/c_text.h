/* SPDX-License-Identifier: MIT */
/*
 * A definition as C source: an enum with its values, a typedef with what it stands for, a struct or
 * union nested where the kernel's source is, with comments that give the place and
 * size of each member, the holes, and at the end the sum of the struct's own holes (waste.h).
 *
 * Places and sizes are in bytes from the start of the struct; a bit-field's place is the byte and,
 * after a colon, the bit in it, as place.h has it. The members of what a pointer points to
 * are counted from the start of that.
 *
 * Bit-fields without a name and attributes are not recorded. Where a bit-field is not where the
 * compiler would put it on its own, a nameless one before it is printed that moves it there.
 */
#ifndef KSTRUCT_REPORT_WRITE_C_C_TEXT_H
#define KSTRUCT_REPORT_WRITE_C_C_TEXT_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/history.h"
#include "model/layout.h"

/* Where a definition comes from, for the comment above it. */
struct definition_source {
    const char *kernel_name;
    const char *declaration_file;   /* NULL or "" if not recorded */
    uint32_t declaration_line;      /* from 1; 0 if not recorded */
    struct history_modules modules; /* that have it; none: vmlinux */
};

/* Appends the definition to OUT. SOURCE may be NULL. A comment tells where the next
 * CACHE_LINE_BYTES begin; 0: without. */
struct error *definition_render(const struct layout *layout, const struct definition_source *source,
                                unsigned cache_line_bytes, struct buffer *out) MUST_CHECK;

#endif
