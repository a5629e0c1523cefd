/* SPDX-License-Identifier: MIT */
/* The compiler's attributes, under names that say what they are used for, and what C leaves out. */
#ifndef KSTRUCT_BASE_COMPILER_H
#define KSTRUCT_BASE_COMPILER_H

/* The result must be looked at: it is an error, or it owns something. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Arguments are checked as printf's: STRING and FIRST are parameter numbers from 1. */
#define PRINTF_LIKE(string, first) __attribute__((format(printf, string, first)))

/* Calls FUNCTION with the variable's address when it goes out of scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

#define UNUSED __attribute__((unused))

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What a constant is, as text: for a number within SQL. */
#define AS_TEXT(constant) AS_TEXT_OF(constant)
#define AS_TEXT_OF(text) #text

enum { BITS_PER_BYTE = 8 };

#endif
