/* SPDX-License-Identifier: MIT */
/*
 * A kernel's definitions in the published schema: one JSON object a line (README, "The published
 * schema"). It carries what the pages show; nesting, declarations and further definitions it cannot
 * say.
 */
#ifndef KSTRUCT_EXPORT_JSON_LINES_H
#define KSTRUCT_EXPORT_JSON_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "export/export_format.h"
#include "model/kernel_layouts.h"

/* One kernel, and what of it is to be written. */
struct json_lines_kernel {
    size_t count;
    const struct layout *const *layouts; /* first definitions, by kind and name */
    const bool *are_context; /* of LAYOUTS: needed for the others, not written; NULL: none is */
    const struct type_table *types;
    unsigned kinds; /* to be written: a set of DEFINITION_KIND_BIT() */
    /* Are all structs and unions among LAYOUTS? Then a type that names none of them is FWD. */
    bool is_complete;
};

/* Writes one definition after the other. */
struct error *json_lines_write(const struct json_lines_kernel *kernel, export_sink *sink,
                               void *context) MUST_CHECK;

/*
 * Reads a file of that form, plain or compressed with zstd (by its content, not its name).
 * Definitions may come in any order. FILE_DESCRIPTOR is read from where it is; PATH is for errors,
 * which name the line. Fails with ERROR_CORRUPT for what is not of the schema, ERROR_LIMIT for
 * lines longer than JSON_LINE_MAXIMUM bytes. *LAYOUTS_RET is to be freed with
 * kernel_layouts_deinit(); its identity is empty.
 */
struct error *json_lines_read(int file_descriptor, const char *path,
                              struct kernel_layouts *layouts_ret) MUST_CHECK;

enum { JSON_LINE_MAXIMUM = 64 * 1024 * 1024 };

#endif
