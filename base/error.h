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

/* What a kernel is for which something failed: each with its word, and what a summary says. */
#define FAILURE_STATES(X)                                                                          \
    X(FAILURE_MISSING, "missing", "missing everywhere") /* no source has it */                     \
    X(FAILURE_NOT_YET, "not yet published", "not yet published")                                   \
    X(FAILURE_WRAPPER, "wrapper", "empty wrapper") /* its package is empty on purpose */           \
    X(FAILURE_NO_DWARF, "no DWARF", "no DWARF")                                                    \
    X(FAILURE_CORRUPT, "corrupt", "corrupt") /* its package or vmlinux is damaged */               \
    X(FAILURE_INCONCLUSIVE, "inconclusive", "inconclusive (a source did not answer)")              \
    X(FAILURE_OTHER, "failed", "failed otherwise")

enum failure_state {
#define X(state, word, summary) state,
    FAILURE_STATES(X)
#undef X
        FAILURE_STATE_COUNT,
};

/* Whose fault it is. */
enum failure_blame {
    BLAME_MACHINE, /* this machine's, or this program's */
    BLAME_USER,    /* what was asked for, or how */
    BLAME_SOURCE,  /* a server's, or an archive's */
    BLAME_FILE,    /* the file's, which is what it was meant to be */
    BLAME_BYTES,   /* the same, and other bytes may be better: fetch it again */
};

/* Is there any point in trying again soon? */
enum failure_endurance { PASSING, LASTING };

/* Every code with the words that name it in status tables, the state that it makes, whether it
 * lasts, whose fault it is, and the exit status of a command that ends with it. */
#define ERROR_CODES(X)                                                                             \
    X(ERROR_OUT_OF_MEMORY, "out of memory", FAILURE_OTHER, PASSING, BLAME_MACHINE, 1)              \
    X(ERROR_SYSTEM, "system error", FAILURE_OTHER, PASSING, BLAME_MACHINE, 1)                      \
    X(ERROR_USAGE, "usage", FAILURE_OTHER, PASSING, BLAME_USER, 2)                                 \
    X(ERROR_CONFIGURATION, "configuration", FAILURE_OTHER, PASSING, BLAME_USER, 2)                 \
    X(ERROR_NOT_FOUND, "not found", FAILURE_MISSING, PASSING, BLAME_SOURCE, 1)                     \
    X(ERROR_NEVER_PUBLISHED, "never published", FAILURE_MISSING, PASSING, BLAME_SOURCE, 1)         \
    X(ERROR_NOTHING_NEW, "nothing new", FAILURE_MISSING, PASSING, BLAME_SOURCE, 1)                 \
    X(ERROR_NOT_YET, "not yet published", FAILURE_NOT_YET, PASSING, BLAME_SOURCE, 1)               \
    X(ERROR_INCONCLUSIVE, "inconclusive", FAILURE_INCONCLUSIVE, PASSING, BLAME_SOURCE, 1)          \
    X(ERROR_CORRUPT, "corrupt", FAILURE_CORRUPT, LASTING, BLAME_BYTES, 1)                          \
    X(ERROR_NOT_A_PACKAGE, "not a package", FAILURE_CORRUPT, LASTING, BLAME_BYTES, 1)              \
    X(ERROR_WRAPPER, "empty wrapper", FAILURE_WRAPPER, LASTING, BLAME_FILE, 1)                     \
    X(ERROR_NO_VMLINUX, "no vmlinux", FAILURE_OTHER, LASTING, BLAME_FILE, 1)                       \
    X(ERROR_NOT_ELF, "not an ELF file", FAILURE_CORRUPT, LASTING, BLAME_BYTES, 1)                  \
    X(ERROR_NO_DWARF, "no DWARF", FAILURE_NO_DWARF, LASTING, BLAME_FILE, 1)                        \
    X(ERROR_BAD_DWARF, "bad DWARF", FAILURE_CORRUPT, LASTING, BLAME_BYTES, 1)                      \
    X(ERROR_UNSUPPORTED, "not supported", FAILURE_OTHER, LASTING, BLAME_FILE, 1)                   \
    X(ERROR_WRONG_KERNEL, "wrong kernel", FAILURE_OTHER, LASTING, BLAME_USER, 1)                   \
    X(ERROR_DATASET, "data set", FAILURE_OTHER, PASSING, BLAME_MACHINE, 1)                         \
    X(ERROR_LIMIT, "over a limit", FAILURE_OTHER, LASTING, BLAME_FILE, 1)                          \
    X(ERROR_CRASHED, "crashed", FAILURE_OTHER, LASTING, BLAME_MACHINE, 1)                          \
    X(ERROR_INTERRUPTED, "interrupted", FAILURE_OTHER, PASSING, BLAME_USER, 1)                     \
    X(ERROR_INTERNAL, "internal error", FAILURE_OTHER, LASTING, BLAME_MACHINE, 1)

enum error_code {
#define X(code, ...) code,
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

/* The same from errno value ERRNO_VALUE: its text is put after FORMAT's, after a colon. */
struct error *error_create_errno(int errno_value, const char *where, const char *format, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

/* The shared out-of-memory error; needs no allocation and may be destroyed like any other. */
struct error *error_out_of_memory(void) MUST_CHECK;

/* Names the place if the error has none yet. Takes ERROR, which may be NULL, and returns it. */
struct error *error_locate(struct error *error, const char *where) MUST_CHECK;

/* Another one that says the same; NULL of NULL. */
struct error *error_copy(const struct error *error) MUST_CHECK;

/* Puts ERROR, which it takes over and which may be NULL, into *FIRST if that has none yet. */
void error_keep_first(struct error **first, struct error *error);

/* NULL-safe. */
void error_destroy(struct error *error);

/* What goes with a code. */
struct failure {
    const char *text; /* "not found", "corrupt", … */
    enum failure_state state;
    enum failure_endurance endurance;
    enum failure_blame blame;
    int exit_status;
};

/* Static. */
const struct failure *error_failure(enum error_code code);

/* "missing", "corrupt", …, and what a summary says: "missing everywhere". Static. */
const char *failure_state_word(enum failure_state state);
const char *failure_state_summary(enum failure_state state);

/* error_failure(CODE)->text. */
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
