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

/* So many bytes, or what a machine of 32 bits can count of them. */
#define SIZE_AT_MOST(bytes) ((size_t)((bytes) < SIZE_MAX / 2 ? (bytes) : SIZE_MAX / 2))

/* What a constant is, as text: for a number within SQL. */
#define AS_TEXT(constant) AS_TEXT_OF(constant)
#define AS_TEXT_OF(text) #text

/* The sanitizers reserve more memory than any limit would leave, and look at files of their own. */
#ifndef __has_feature
#define __has_feature(feature) 0 /* that is how clang is asked */
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { HAS_SANITIZER = 1 };
#else
enum { HAS_SANITIZER = 0 };
#endif

enum { BITS_PER_BYTE = 8 };

#endif
