/* SPDX-License-Identifier: MIT */
/*
 * What a report is about: some kernels, every definition that at least one of them has, and its
 * layout in each kernel. Filled from a data set, read by the report.
 */
#ifndef KSTRUCT_MODEL_HISTORY_H
#define KSTRUCT_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/layout.h"
#include "model/type.h"

/* Where a definition is, as the compiler recorded it. */
struct history_place {
    const char *file; /* NULL if not recorded, or if the kernel does not have it */
    uint32_t line;    /* from 1; 0 if not recorded */
};

/* The modules that have a definition, by name; none: it is vmlinux's. */
struct history_modules {
    size_t count;
    const char **names;
};

/* Another definition of the same name in the same kernel. */
struct history_further {
    size_t kernel;
    const struct layout *layout;
    struct history_place place;
    size_t user_count;
    const char **users; /* the source files that use vmlinux's, in the kernel's order of units */
    uint32_t ordinal;   /* ascends among those of one name in a kernel */
    struct history_modules modules; /* whose it is; none: vmlinux's */
};

struct history_definition {
    enum definition_kind kind;
    const char *name;
    const struct layout **layouts;   /* one a kernel, in the kernels' order; NULL where absent */
    struct history_modules *modules; /* one a kernel, of LAYOUTS; NULL: all are vmlinux's */
    /* Only in a history that was loaded with details: */
    struct history_place *places; /* one a kernel; NULL without details */
    size_t further_count;
    struct history_further *further; /* by kernel, for each in the order of its units */
};

struct history {
    struct arena arena; /* owns all but the types */
    struct type_table types;
    size_t kernel_count;
    const char **kernel_names;
    bool *lacks_modules; /* by kernel: was vmlinux alone read? NULL: of none */
    unsigned *kinds;     /* by kernel: history_kinds(); NULL: as the definitions tell */
    size_t definition_count;
    struct history_definition *definitions; /* sorted by kind, then name, bytewise */
};

void history_init(struct history *history);
void history_deinit(struct history *history);

/* The kinds that the kernel has something of, a set. What it has nothing of at all was not read
 * there: imports may have only some. A kernel that has nothing has no structs. */
unsigned history_kinds(const struct history *history, size_t kernel);

/* Is it unknown what the kernel's modules define? */
static inline bool history_lacks_modules(const struct history *history, size_t kernel)
{
    return history->lacks_modules && history->lacks_modules[kernel];
}

/* Is the module among them? */
bool history_modules_have(const struct history_modules *modules, const char *name);

/* Do both say the same place? Unknown ones are alike. */
bool history_places_are_equal(const struct history_place *a, const struct history_place *b);

bool history_modules_are_equal(const struct history_modules *a, const struct history_modules *b);

/* Which modules have the definition's layout in that kernel; none: vmlinux has it, or nothing. */
static inline struct history_modules history_modules_of(const struct history_definition *entry,
                                                        size_t kernel)
{
    return entry->modules ? entry->modules[kernel] : (struct history_modules){0};
}

/* vmlinux's own layout in that kernel; NULL where vmlinux lacks the definition. */
static inline const struct layout *history_vmlinux_layout(const struct history_definition *entry,
                                                          size_t kernel)
{
    return history_modules_of(entry, kernel).count > 0 ? NULL : entry->layouts[kernel];
}

/* The definition's layout in MODULE of that kernel, as far as the history was loaded with details;
 * NULL where the module does not define it. */
const struct layout *history_module_layout(const struct history_definition *entry, size_t kernel,
                                           const char *module);

/* A walk over all layouts of a definition, also of further ones. */
struct history_layouts {
    const struct history_definition *entry; /* set by the caller; the rest is zero at the start */
    size_t kernel_count;                    /* the history's, set by the caller */
    size_t next;
    const struct layout *last;
};

/* The next one, without those that are the same as the one before; NULL: there is none. */
const struct layout *history_next_layout(struct history_layouts *walk);

/* Does only one of the kernels have the definition, in a module, while it is unknown what the
 * modules of the other one define? Then nobody can say that it came or went. */
bool history_is_half_known(const struct history *history, const struct history_definition *entry,
                           size_t one, size_t other);

/* That definition, or NULL. */
const struct history_definition *history_find(const struct history *history,
                                              enum definition_kind kind, const char *name);

#endif
