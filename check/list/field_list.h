/* SPDX-License-Identifier: MIT */
/*
 * A list of what a program expects of a kernel. Two forms are read, told from each other by their
 * first line:
 *
 * A text, one expectation a line, with `#` before comments:
 *   task_struct.pid
 *   task_struct.comm size=16 type=char[16]
 *   task_struct.__state?                  optional: if it is there, the rest must be right
 *   enum pid_type.PIDTYPE_PID value=0
 * offset= is in bytes, or BYTES:BITS for a bit-field; size= in bytes; numbers may be hexadecimal.
 * type= comes last and goes on to the line's end.
 *
 * CSV with the columns kernel, struct and field, and any of byte_offset, bit_offset, byte_size,
 * type, value, kind and absent, as `kstruct offsets --format csv` writes it.
 */
#ifndef KSTRUCT_CHECK_LIST_FIELD_LIST_H
#define KSTRUCT_CHECK_LIST_FIELD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Of a field, of a definition itself, or of an enumerator. Only what is told is expected. */
struct expected_field {
    unsigned line;
    uint32_t word;      /* number in the list */
    const char *kernel; /* whose row it is; NULL in a text: any kernel's */
    bool is_optional;
    bool has_byte_size;
    bool has_bit_offset;
    uint64_t byte_size;
    uint64_t bit_offset;
    const char *type;  /* as pages print it; NULL: any */
    const char *value; /* an enumerator's; NULL: any */
};

/* "task_struct.pid", "enum pid_type.PIDTYPE_PID", with all that is expected of it. */
struct expected_word {
    const char *text;
    size_t first; /* of the list's fields */
    size_t count;
};

struct field_list {
    struct arena arena;
    const char *path;
    size_t word_count;
    struct expected_word *words; /* in the order of their first lines */
    size_t field_count;
    struct expected_field *fields; /* by word, each word's in the order of the lines */
};

/* Reads LENGTH bytes; PATH names them. ERROR_USAGE names the line that cannot be used. Free with
 * field_list_deinit(), also after a failure. */
struct error *field_list_read(const char *path, const char *bytes, size_t length,
                              struct field_list *list) MUST_CHECK;
void field_list_deinit(struct field_list *list);

#endif
