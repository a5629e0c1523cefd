/* SPDX-License-Identifier: MIT */
/* The forms in which other tools take a kernel's definitions. One more is a row and a file. */
#ifndef KSTRUCT_EXPORT_EXPORT_FORMAT_H
#define KSTRUCT_EXPORT_EXPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/history.h"
#include "model/kernel/kernel_record.h"
#include "model/kernel/kernel_symbols.h"

/* What is exported. */
struct export_order {
    struct history *history; /* of that kernel alone, loaded as the format needs it */
    const struct kernel_record *record;
    const char *image; /* VMLINUX_IMAGE, a module's name, or NULL: all */
    unsigned kinds;    /* a set of DEFINITION_KIND_BIT(), where the format has a choice */
    const struct kernel_symbols *symbols; /* vmlinux's; NULL: they are not known */
};

/* Receives a piece of what is written; its error ends the writing. */
typedef struct error *export_sink(void *context, const char *bytes, size_t length);

struct export_format {
    const char *word;
    bool has_kinds;      /* may it be of some kinds only? */
    bool needs_details;  /* a history of all images, with details */
    bool has_all_images; /* can it be of vmlinux and all modules at once? */
    bool has_symbols;    /* does it tell of symbols? */
    bool needs_places;   /* says sizes and offsets, and has no word for an unknown one */
    struct error *(*write)(const struct export_order *order, export_sink *sink, void *context);
};

/* ERROR_USAGE if there is none of that name. */
struct error *export_format_find(const char *word,
                                 const struct export_format **format_ret) MUST_CHECK;

/* Has the format write it. ERROR_UNSUPPORTED where it needs what nobody knows of this kernel. */
struct error *export_write(const struct export_format *format, const struct export_order *order,
                           export_sink *sink, void *context) MUST_CHECK;

extern const struct export_format export_format_json_lines;
extern const struct export_format export_format_btf;
extern const struct export_format export_format_header;
extern const struct export_format export_format_isf;

#endif
