/* SPDX-License-Identifier: MIT */
/*
 * The one error type: what went wrong (a code), where (a file, URL or kernel, and an offset in it)
 * and why (a text for people, which also says what to do where that is not obvious).
 *
 * A function that can fail returns `struct error *`: NULL is success, anything else is owned by the
 * caller, who destroys it or passes it on. Outputs are untouched on failure unless said otherwise.
 */
#ifndef KSTRUCT_BASE_ERROR_H
#define KSTRUCT_BASE_ERROR_H

#include <stdarg.h>
#include <stdint.h>

#include "base/compiler.h"

/* Each code with the words that name it in status tables. */
#define ERROR_CODES(X)                                                                             \
    X(ERROR_OUT_OF_MEMORY, "out of memory")                                                        \
    X(ERROR_SYSTEM, "system error")                                                                \
    X(ERROR_USAGE, "usage")                                                                        \
    X(ERROR_CONFIGURATION, "configuration")                                                        \
    X(ERROR_NOT_FOUND, "not found")                                                                \
    X(ERROR_NOT_YET, "not yet published")                                                          \
    X(ERROR_INCONCLUSIVE, "inconclusive")                                                          \
    X(ERROR_CORRUPT, "corrupt")                                                                    \
    X(ERROR_NOT_A_PACKAGE, "not a package")                                                        \
    X(ERROR_WRAPPER, "empty wrapper")                                                              \
    X(ERROR_NO_VMLINUX, "no vmlinux")                                                              \
    X(ERROR_NOT_ELF, "not an ELF file")                                                            \
    X(ERROR_NO_DWARF, "no DWARF")                                                                  \
    X(ERROR_BAD_DWARF, "bad DWARF")                                                                \
    X(ERROR_UNSUPPORTED, "not supported")                                                          \
    X(ERROR_WRONG_KERNEL, "wrong kernel")                                                          \
    X(ERROR_DATASET, "data set")                                                                   \
    X(ERROR_LIMIT, "over a limit")                                                                 \
    X(ERROR_CRASHED, "crashed")                                                                    \
    X(ERROR_INTERRUPTED, "interrupted")                                                            \
    X(ERROR_INTERNAL, "internal error")

enum error_code {
#define X(code, text) code,
    ERROR_CODES(X)
#undef X
};

/* No position inside the file is known. */
#define ERROR_NO_OFFSET UINT64_MAX

struct error {
    enum error_code code;
    char *where;     /* file, URL or name; NULL where none is known yet */
    uint64_t offset; /* bytes from the start of WHERE, or ERROR_NO_OFFSET */
    char *why;       /* never NULL */
};

/* WHERE is copied and may be NULL. URLs in both texts get their public form (public_url.h). Never
 * returns NULL: out of memory is an error of its own. */
struct error *error_create(enum error_code code, const char *where, const char *format, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

/* The same with a byte offset inside WHERE. */
struct error *error_create_at(enum error_code code, const char *where, uint64_t offset,
                              const char *format, ...) PRINTF_LIKE(4, 5) MUST_CHECK;

/* The same from errno value ERRNO_VALUE: its text is put behind FORMAT's, after a colon. */
struct error *error_create_errno(int errno_value, const char *where, const char *format, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

/* The shared out-of-memory error; needs no allocation and may be destroyed like any other. */
struct error *error_out_of_memory(void) MUST_CHECK;

/* Names the place if the error has none yet. Takes ERROR, which may be NULL, and returns it. */
struct error *error_locate(struct error *error, const char *where) MUST_CHECK;

/* Another one that says the same. */
struct error *error_copy(const struct error *error) MUST_CHECK;

/* Puts ERROR, which it takes over and which may be NULL, into *FIRST if that has none yet. */
void error_keep_first(struct error **first, struct error *error);

/* NULL-safe. */
void error_destroy(struct error *error);

/* "not found", "corrupt", …; static. */
const char *error_code_text(enum error_code code);

/* The code of that text; ERROR_INTERNAL if there is none. */
enum error_code error_code_from_text(const char *text);

/* "WHERE: at byte OFFSET: WHY" on one line, control characters replaced. Free with free();
 * NULL only when there is no memory. */
char *error_to_line(const struct error *error) MUST_CHECK;

/* Hands an error on from a function that returns one. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        struct error *try_error_ = (call);                                                         \
        if (try_error_)                                                                            \
            return try_error_;                                                                     \
    } while (0)

#endif
