/* SPDX-License-Identifier: MIT */
/* Where debug-symbol packages keep modules. */
#ifndef KSTRUCT_EXTRACT_MODULE_PATH_H
#define KSTRUCT_EXTRACT_MODULE_PATH_H

#include <stdbool.h>
#include <stddef.h>

enum { MODULE_NAME_MAXIMUM = 63 }; /* bytes; the kernel has room for 55 */

struct module_path {
    char name[MODULE_NAME_MAXIMUM + 1]; /* as lsmod shows it: "nf_conntrack" */
    bool is_compressed;                 /* the file itself: "….ko.xz" */
};

/* Is PATH, with or without a leading "./", a file below usr/lib/debug/ whose name ends with ".ko"
 * or
 * ".ko.debug", and perhaps ".gz", ".xz" or ".zst" after that? */
bool module_path_match(const char *path, struct module_path *ret);

#endif
