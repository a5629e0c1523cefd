/* SPDX-License-Identifier: MIT */
/*
 * Names of kernels: VERSION-ABI-FLAVOR-ARCH, as in "5.4.0-26-generic-amd64": what `uname -r` says,
 * a dash, and Debian's name of the architecture.
 *
 * ARCH is the last part. ABI is the second part if it is a number, or begins with one that a dot,
 * plus or tilde ends ("0.deb11.5"). What is left in the middle is the flavor, which may have dashes
 * of its own. Debian's names may lack ABI, flavor or both: "6.12.107+deb13-cloud-arm64",
 * "6.1.0-56-amd64".
 *
 * A name is safe as a file name and in a page: it has only letters, digits and ". + ~ _ -", begins
 * with a digit, has no empty part and at most KERNEL_NAME_MAXIMUM bytes.
 */
#ifndef KSTRUCT_MODEL_KERNEL_KERNEL_NAME_H
#define KSTRUCT_MODEL_KERNEL_KERNEL_NAME_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/error.h"

enum { KERNEL_NAME_MAXIMUM = 200 };

/* Owns its strings; none is NULL. */
struct kernel_name {
    char *text;    /* the whole name */
    char *version; /* "5.4.0", "6.12.107+deb13" */
    char *abi;     /* "26"; "" if there is none, "*" in a pattern */
    char *flavor;  /* "generic-64k"; "" if there is none */
    char *architecture;
};

/* ERROR_CONFIGURATION, without a place, says which part is wrong and what was expected. */
struct error *kernel_name_parse(const char *text, struct kernel_name *ret) MUST_CHECK;

/* The same for a name whose ABI is "*", which stands for any: "6.8.0-*-generic-amd64". */
struct error *kernel_name_parse_pattern(const char *text, struct kernel_name *ret) MUST_CHECK;

void kernel_name_deinit(struct kernel_name *name);

/* The name of the kernel whose `uname -r` is RELEASE. A release that ends in the architecture, as
 * Debian's often do, is the name itself. Checked as kernel_name_parse does; free with free(). */
struct error *kernel_name_from_release(const char *release, const char *architecture,
                                       char **ret) MUST_CHECK;

/* Negative, zero or positive as A is before, equal to or after B in dpkg's order of versions:
 * numbers inside them by value, "~" before everything. */
int kernel_name_compare_version(const char *a, const char *b);

/* By version, flavor, architecture, ABI and at last text: zero only for equal names. */
int kernel_name_compare(const struct kernel_name *a, const struct kernel_name *b);

/* Is NAME one of Debian's architectures? */
bool kernel_name_is_architecture(const char *name);

#endif
