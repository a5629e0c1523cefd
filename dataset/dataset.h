/* SPDX-License-Identifier: MIT */
/*
 * The definitions of many kernels in one SQLite file. A kernel is written in one transaction:
 * whoever reads sees all of it or nothing, whatever happens to the writer. Not thread-safe: one
 * handle a thread.
 */
#ifndef KSTRUCT_DATASET_DATASET_H
#define KSTRUCT_DATASET_DATASET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/history.h"
#include "model/kernel/image.h"
#include "model/kernel_layouts.h"

struct dataset;

enum dataset_mode {
    DATASET_READ,  /* must exist */
    DATASET_WRITE, /* is made if it does not exist; its directory must */
};

/* Fails with ERROR_NOT_FOUND if there is none to read, and with ERROR_DATASET if the file is
 * damaged, of another program, or of a newer version of this one. */
struct error *dataset_open(const char *path, enum dataset_mode mode,
                           struct dataset **dataset_ret) MUST_CHECK;

/* Brings a data set that an older program made up to date; leaves any other as it is, whether it is
 * damaged or not there. */
struct error *dataset_upgrade(const char *path) MUST_CHECK;

/* Are all pages of the file whole, and all layouts as they were written? ERROR_DATASET says what is
 * not. To be called before a data set is changed that was there already: SQLite notices only what
 * it comes across, and a layout is compared with its digest only when it is read. */
struct error *dataset_check(struct dataset *dataset) MUST_CHECK;

/* Keeps no more than so many bytes of the file's pages in memory, for who stays long. */
struct error *dataset_limit_memory(struct dataset *dataset, size_t bytes) MUST_CHECK;

/* Opens a copy in memory, to which kernels can be added for as long as it is open; it has none
 * where there is no data set. */
struct error *dataset_open_in_memory(const char *path, struct dataset **dataset_ret) MUST_CHECK;

/* NULL-safe. */
void dataset_close(struct dataset *dataset);

/* To be called when kernels have been stored: gathers the statistics by which SQLite plans queries
 * that join kernels. Without them it may take minutes for what takes a moment. */
struct error *dataset_gather_statistics(struct dataset *dataset) MUST_CHECK;

/* Puts the data set at NEW_PATH, which is complete, in the place of the one at PATH, if there is
 * one: in one rename, so that PATH is the old or the new one at any moment. With KEPT_PATH the old
 * one stays there. Neither may be open; ERROR_SYSTEM if another program has one open. */
struct error *dataset_replace(const char *path, const char *new_path,
                              const char *kept_path) MUST_CHECK;

/* The same for one at PATH that is damaged, and is kept as it is. */
struct error *dataset_replace_damaged(const char *path, const char *new_path,
                                      const char *kept_path) MUST_CHECK;

/* Removes the data set at PATH, with SQLite's files beside it, as far as they are there.
 * ERROR_CONFIGURATION, and nothing is removed, if what is there is no data set. */
struct error *dataset_remove(const char *path) MUST_CHECK;

/* Puts a kernel in, or in the place of the one of that name. RECORD says all of it but what follows
 * from LAYOUTS and the time. */
struct error *dataset_store(struct dataset *dataset, const struct kernel_record *record,
                            const struct kernel_layouts *layouts) MUST_CHECK;

/* Puts in the kernels of the data set at PATH, which is checked from end to end before: all of them
 * or none. One that is there already has to be the same, or ERROR_CONFIGURATION names it.
 * *COUNT_RET is how many were not there. */
struct error *dataset_merge(struct dataset *dataset, const char *path,
                            uint64_t *count_ret) MUST_CHECK;

struct dataset_kernels {
    size_t count;
    struct kernel_record *kernels; /* by name, bytewise */
    struct arena arena;            /* owns their texts */
};

struct error *dataset_list(struct dataset *dataset, struct dataset_kernels *kernels_ret) MUST_CHECK;
void dataset_kernels_deinit(struct dataset_kernels *kernels);

/* The kernel of that name, or NULL. */
const struct kernel_record *dataset_kernels_find(const struct dataset_kernels *kernels,
                                                 const char *name);

/* Names, ordered bytewise. Begins as zeros. */
struct dataset_names {
    size_t count;
    char **names;
};

bool dataset_names_have(const struct dataset_names *names, const char *name);

/* Adds the names of those kinds that the kernel has, a set of DEFINITION_KIND_BIT(); KERNEL_NAME is
 * NULL: any kernel. None if the data set does not have the kernel. */
struct error *dataset_list_names(struct dataset *dataset, const char *kernel_name, unsigned kinds,
                                 struct dataset_names *names) MUST_CHECK;

/* What a definition has. Texts may have `*`, `?` and `[…]` (fnmatch()); NULL: any. */
struct definition_traits {
    const char *member_name;
    const char *member_type; /* as pages print it; of the same member */
    const char *leads_to;    /* that type names it, or a typedef of it, at its end; no pattern */
    const char *enumerator;
    bool has_size; /* from the minimum to the maximum */
    uint64_t byte_size_minimum;
    uint64_t byte_size_maximum;
};

/* Adds the names of definitions, of any kind, that may have all of these in some kernel, and with
 * LEADS_TO those by which types lead there: what is loaded of them says it exactly. */
struct error *dataset_list_names_with(struct dataset *dataset,
                                      const struct definition_traits *traits,
                                      struct dataset_names *names) MUST_CHECK;

/* Adds the names of the kernel's modules. */
struct error *dataset_list_modules(struct dataset *dataset, const char *kernel_name,
                                   struct dataset_names *names) MUST_CHECK;

void dataset_names_deinit(struct dataset_names *names);

/* Removes the kernel, and the layouts that no other has. Nothing happens if there is none. */
struct error *dataset_remove_kernel(struct dataset *dataset, const char *kernel_name) MUST_CHECK;

/* Removes the types and source files that no kernel has any more, and gives their space back. What
 * is left comes to the same pages. */
struct error *dataset_drop_unused(struct dataset *dataset) MUST_CHECK;

/* A try to have a kernel. */
struct dataset_try {
    const char *kernel_name;
    const char *wanted; /* what the list asks for */
    const char *reader; /* version of the program that tries */
};

/* Notes that a try failed; dataset_store() of that kernel forgets it. */
struct error *dataset_note_failure(struct dataset *dataset, const struct dataset_try *attempt,
                                   const struct error *failure) MUST_CHECK;

/* Forgets it; nothing is written if there is none. */
struct error *dataset_forget_failure(struct dataset *dataset, const char *kernel_name) MUST_CHECK;

/* Why a kernel could not be had. */
struct dataset_failure {
    char *kernel_name;
    char *kind;            /* error_code_text() */
    char *reason;          /* of the last try */
    char *first_failed_at; /* UTC, ISO 8601; the first of the tries below */
    char *failed_at;       /* the last of them */
    uint64_t tries;        /* in a row that failed for that kind of reason, with all below equal */
    char *wanted;
    char *reader;
};

struct dataset_failures {
    size_t count;
    struct dataset_failure *failures; /* by name, bytewise */
};

/* Of all kernels that failed and were not read since. */
struct error *dataset_list_failures(struct dataset *dataset,
                                    struct dataset_failures *failures_ret) MUST_CHECK;
void dataset_failures_deinit(struct dataset_failures *failures);

/* That of the kernel, or NULL. */
const struct dataset_failure *dataset_failures_find(const struct dataset_failures *failures,
                                                    const char *kernel_name);

#define EMBEDDED_AT_ANY_DEPTH UINT_MAX

/* Which part of the data set. */
struct dataset_selection {
    size_t kernel_count; /* at least one */
    const char *const *kernel_names;
    unsigned kinds; /* a set of DEFINITION_KIND_BIT() */
    /* Only definitions of these names; NULL: all. */
    size_t name_count;
    const char *const *names;
    /* And of NAMES what these embed, of any kind, so many levels deep: 1 is what names in their own
     * members mean. */
    unsigned embedded_depth;
    /* Of what members embed only that of members of these names, and what typedefs stand for;
     * NULL: of all. */
    size_t followed_count;
    const char *const *followed;
    /* VMLINUX_IMAGE: what it defines; a module's name: what that has, and vmlinux's besides;
     * NULL: what any image has, vmlinux's first. */
    const char *image;
    bool has_details; /* with places and further definitions; else first definitions only */
};

/* The definitions of the kernels named, in that order of kernels. ERROR_NOT_FOUND for a kernel that
 * the data set does not have. To be freed with history_deinit(). */
struct error *dataset_load_history(struct dataset *dataset,
                                   const struct dataset_selection *selection,
                                   struct history *history_ret) MUST_CHECK;

#endif
