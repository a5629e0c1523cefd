/* SPDX-License-Identifier: MIT */
/* Everything that was read about one kernel: where it comes from, and what it and its modules
 * define. Layouts that have just been read from a vmlinux have no digests yet:
 * kernel_stream_read() computes them all. */
#ifndef KSTRUCT_MODEL_KERNEL_LAYOUTS_H
#define KSTRUCT_MODEL_KERNEL_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/kernel/kernel_record.h"
#include "model/kernel/kernel_symbols.h"
#include "model/layout.h"
#include "model/type.h"

/* One definition of a name. */
struct kernel_definition {
    const struct layout *layout;
    const char *declaration_file; /* as the compiler recorded it; "" if it did not */
    uint32_t declaration_line;    /* from 1; 0 if not recorded */
    /* The source files (units) that use it, in unit order; only for further definitions. */
    size_t user_count;
    const char **users;
};

/* A name with its definition and any different ones further on. */
struct kernel_definitions {
    enum definition_kind kind;
    const char *name;
    struct kernel_definition definition; /* the first one in unit order */
    size_t further_count;
    struct kernel_definition *further; /* of other layouts, each distinct, in unit order */
};

/* A module of the kernel. */
struct kernel_image {
    const char *name;           /* as lsmod shows it: "nf_conntrack" */
    const char *build_id;       /* hexadecimal; "" if it is not recorded, as all texts here */
    const char *source_version; /* its srcversion, as modinfo shows it */
    /* What vmlinux lacks, or has otherwise; sorted as those of vmlinux are. */
    size_t definition_count;
    struct kernel_definitions *definitions;
};

/* A definition, a unit or a module that could not be read and was left out. Texts are shortened to
 * PASSED_OVER_TEXT_MAXIMUM bytes. */
struct passed_over {
    const char *name;   /* "struct foo", "unit foo.dwo" */
    const char *reason; /* for people */
};

/* Different definitions of one name beside the first. */
enum { KERNEL_FURTHER_MAXIMUM = 1023 };

enum { PASSED_OVER_LISTED_MAXIMUM = 64, PASSED_OVER_TEXT_MAXIMUM = 256 };

struct kernel_layouts {
    struct arena arena; /* owns all but the types */
    struct type_table types;
    /* What the vmlinux says of itself; the rest of the record is for who knows it. */
    struct kernel_record identity;
    size_t definition_count;                /* names of all kinds in vmlinux */
    struct kernel_definitions *definitions; /* vmlinux's; sorted by kind, then name, bytewise */
    size_t module_count;
    struct kernel_image *modules;  /* by name, bytewise */
    struct kernel_symbols symbols; /* only where they were asked for; then nothing else is there */
    size_t passed_over_count;
    struct passed_over *passed_over; /* the first PASSED_OVER_LISTED_MAXIMUM of them */
};

void kernel_layouts_init(struct kernel_layouts *layouts);
void kernel_layouts_deinit(struct kernel_layouts *layouts);

/* Notes that NAME was left out, of which WORD says what it is: "struct", "unit"; "" if NAME does.
 * All is copied. */
struct error *kernel_layouts_pass_over(struct kernel_layouts *layouts, const char *word,
                                       const char *name, const char *reason) MUST_CHECK;

/* "2 left out: struct a: REASON; unit b.dwo: REASON"; "" where nothing was. Free with free(). */
struct error *kernel_layouts_describe_passed_over(const struct kernel_layouts *layouts,
                                                  char **text_ret) MUST_CHECK;

/* How many names of that kind there are. */
size_t kernel_layouts_count(const struct kernel_layouts *layouts, enum definition_kind kind);

/* "7336 structs, 130 unions; 1121 modules": of the kinds that there are in vmlinux. Free with
 * free(). */
struct error *kernel_layouts_describe_counts(const struct kernel_layouts *layouts,
                                             char **text_ret) MUST_CHECK;

/* Which order the definitions are in. Fit for qsort(). */
int kernel_definitions_compare(const void *left, const void *right);

/* That definition, or NULL. */
const struct kernel_definitions *kernel_layouts_find(const struct kernel_layouts *layouts,
                                                     enum definition_kind kind, const char *name);

#endif
