/* SPDX-License-Identifier: MIT */
/* A kernel's modules out of its debug-symbol package, one after the other, in memory. */
#ifndef KSTRUCT_EXTRACT_MODULE_MEMBERS_H
#define KSTRUCT_EXTRACT_MODULE_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "extract/extract.h"
#include "extract/module_path.h"

/* No module may have more bytes, uncompressed: today's largest have a tenth of it. */
#define MODULE_BYTES_MAXIMUM (UINT64_C(1) << 30)

struct module_member {
    char name[MODULE_NAME_MAXIMUM + 1];
    bool is_compressed;
    uint8_t *bytes; /* of the file, as it is in the package */
    size_t byte_size;
};

void module_member_deinit(struct module_member *member);

/* Expands the module's file, if it is compressed, in place. Fails with ERROR_CORRUPT if it is
 * damaged and ERROR_LIMIT if it has more than MODULE_BYTES_MAXIMUM. */
struct error *module_member_expand(struct module_member *member) MUST_CHECK;

struct module_taker {
    /* Is given each module in the package's order, and owns it. */
    struct error *(*take)(void *context, struct module_member member);
    void *context;
};

/* Hands all modules of the package to TAKER, whose failure ends it. The package is as for
 * extract_vmlinux(), and fails as there. All of it is read, but for xz blocks in which no module
 * is: damage in those is not seen. */
struct error *extract_modules(int package_descriptor, const char *package_path,
                              const struct extract_options *options,
                              const struct module_taker *taker) MUST_CHECK;

#endif
