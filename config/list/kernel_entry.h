/* SPDX-License-Identifier: MIT */
/*
 * One kernel that is wanted, and the line that says so: a kernel's name and then words in any
 * order, separated by spaces or tabs; `#` at the start of a word begins a comment. A value with
 * spaces is put in double quotes, inside which \" and \\ stand for a quote and a backslash.
 *
 *     baseline        the kernel that others are compared with; at most one a list
 *     version=        the version of the package, where a name was built more than once
 *     url=            where its package is: https://, http:// or file://
 *     file=           a package or vmlinux at hand; a relative path starts from the list's folder
 *     apt=            the name of a package that apt knows
 *     sha256=         of the package
 *     group=          the group of a report that it is in
 *     skip="reason"   leave it out, but say why
 *     latest=N        with a pattern as the name ("6.8.0-*-generic-amd64"): the newest N
 */
#ifndef KSTRUCT_CONFIG_LIST_KERNEL_ENTRY_H
#define KSTRUCT_CONFIG_LIST_KERNEL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"
#include "model/kernel/kernel_name.h"

/* Owns its strings, which are NULL where the line does not give them. */
struct kernel_entry {
    struct kernel_name name;  /* of a pattern: its ABI is "*" */
    unsigned line;            /* from 1 */
    unsigned column;          /* of the name, from 1 */
    unsigned baseline_column; /* 0 without `baseline` */
    bool is_baseline;
    bool is_pattern;
    unsigned latest; /* how many kernels a pattern stands for; 0 without a pattern */
    char *version;
    char *url; /* of URL, FILE and APT at most one is given */
    char *file;
    char *apt;
    char *sha256; /* 64 digits in lower case */
    char *group;
    char *skip_reason;
    char *pattern; /* of a kernel that a pattern stood for: the pattern; never from a line */
};

/* Reads the LENGTH bytes of a line, in which text_line_find_fault() found nothing wrong, into
 * ENTRY, of which only the line number is set. What is wrong is added to ERRORS, with PATH as the
 * list's. Without a readable name, as in an empty line, ENTRY stays without its strings. */
struct error *kernel_entry_parse(const char *path, const char *line, size_t length,
                                 struct kernel_entry *entry,
                                 struct config_errors *errors) MUST_CHECK;

void kernel_entry_deinit(struct kernel_entry *entry);

#endif
