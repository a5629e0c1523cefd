/* SPDX-License-Identifier: MIT */
/*
 * The package that was taken for a kernel, and the line of the lock file that says so: the kernel's
 * name and then words, read as those of the list.
 *
 *     version=  of the package, if it is known
 *     apt=      the name by which apt was asked for it
 *     given     the list gave the URL
 *     url=      where it was, without what lets somebody in: its public form
 * (base/text/public_url.h) size=     in bytes sha256=   of its bytes
 */
#ifndef KSTRUCT_CONFIG_LIST_LOCKED_PACKAGE_H
#define KSTRUCT_CONFIG_LIST_LOCKED_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"
#include "config/list/kernel_entry.h"
#include "model/kernel/kernel_name.h"

/* Owns its strings. */
struct locked_package {
    struct kernel_name name;
    unsigned line; /* of the file it was read from, from 1; 0 if it is new */
    char *version; /* NULL if not known */
    char *apt;     /* NULL unless apt was asked */
    bool is_given; /* the URL is the list's */
    char *url;
    uint64_t byte_size;
    char *sha256; /* 64 digits in lower case */
};

/* Reads the LENGTH bytes of a line, in which text_line_find_fault() found nothing wrong, into
 * PACKAGE, of which only the line number is set. What is wrong is added to ERRORS; with PATH as the
 * file's. PACKAGE stays without its strings if the line is empty or anything is wrong with it. */
struct error *locked_package_parse(const char *path, const char *line, size_t length,
                                   struct locked_package *package,
                                   struct config_errors *errors) MUST_CHECK;

/* Appends the line that locked_package_parse() makes PACKAGE of, with its line end. NAME is the
 * kernel's; that of PACKAGE is not looked at. */
void locked_package_format(const char *name, const struct locked_package *package,
                           struct buffer *text);

/* Is this what ENTRY asks for? Not if the list's line has been given another place, version or hash
 * since, or has lost its place. */
bool locked_package_fits(const struct locked_package *package, const struct kernel_entry *entry);

void locked_package_deinit(struct locked_package *package);

#endif
