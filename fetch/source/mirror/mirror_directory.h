/* SPDX-License-Identifier: MIT */
/* A local directory with packages, in which a kernel's are looked for by name. */
#ifndef KSTRUCT_FETCH_SOURCE_MIRROR_MIRROR_DIRECTORY_H
#define KSTRUCT_FETCH_SOURCE_MIRROR_MIRROR_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "fetch/package/kernel_package_names.h"

struct mirror_file {
    char *path;
    char *version;
    size_t name; /* which of the kernel's package names it has */
    uint64_t byte_size;
};

struct mirror_files {
    size_t count;
    struct mirror_file *files; /* by package name, then by file name */
};

/* All files NAME_VERSION_ARCHITECTURE.ddeb or .deb of the kernel; VERSION, if not NULL, is
 * demanded. RET is zeros before. ERROR_INCONCLUSIVE: the directory cannot be read. */
struct error *mirror_directory_search(const char *directory,
                                      const struct kernel_package_names *names, const char *version,
                                      struct mirror_files *ret) MUST_CHECK;

void mirror_files_deinit(struct mirror_files *files);

#endif
