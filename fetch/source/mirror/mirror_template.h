/* SPDX-License-Identifier: MIT */
/* The setting `mirror`: a text with fields in braces, which each package fills in. */
#ifndef KSTRUCT_FETCH_SOURCE_MIRROR_MIRROR_TEMPLATE_H
#define KSTRUCT_FETCH_SOURCE_MIRROR_MIRROR_TEMPLATE_H

#include <stdbool.h>

#include "base/buffer.h"

/* What can be filled in; each with its word in braces. */
struct mirror_values {
    const char *file;    /* "linux-image-6.8.0-31-generic-dbgsym_6.8.0-31.31_amd64.ddeb" */
    const char *package; /* "linux-image-6.8.0-31-generic-dbgsym" */
    const char *version; /* "6.8.0-31.31" */
    const char *kernel;  /* "6.8.0-31-generic-amd64" */
    const char *arch;    /* "amd64" */
};

/* ERROR_CONFIGURATION, naming it, for a field that there is not, and for a lone brace. */
struct error *mirror_template_check(const char *text) MUST_CHECK;

/* Does a checked template have the field, "{file}" for one? */
bool mirror_template_has(const char *text, const char *field);

/* Appends LENGTH bytes of a checked template with VALUES, of which those that it names are set.
 * Values are percent-encoded if IS_URL. */
void mirror_template_fill(const char *text, size_t length, const struct mirror_values *values,
                          bool is_url, struct buffer *ret);

#endif
