/* SPDX-License-Identifier: MIT */
/*
 * The types of a BTF under construction. Each gets its id, the next one, when something first
 * refers to it; all are written in that order. So nothing has to be written before what it refers
 * to, and types that refer to each other need no care.
 */
#ifndef KSTRUCT_EXPORT_BTF_BTF_ITEMS_H
#define KSTRUCT_EXPORT_BTF_BTF_ITEMS_H

#include "export/btf/kernel_btf.h"

enum btf_item_kind {
    ITEM_DEFINITION, /* what LAYOUT has */
    ITEM_UNNAMED,    /* a struct, union or enum without a name: TYPE, at member MEMBER of LAYOUT */
    ITEM_DERIVED,    /* TYPE, which refers to others */
    ITEM_WRAPPER,    /* a struct without a name around one member, as USE says */
    ITEM_INDEX,      /* what arrays are indexed by, where the kernel has no `int` */
};

/* Where a type is used, which tells what an unnamed struct in it has. */
struct btf_use {
    const struct layout *layout; /* NULL: nowhere that would tell */
    uint32_t member;             /* of the layout; BTF_USE_WHOLE: what a typedef stands for */
};

#define BTF_USE_WHOLE UINT32_MAX

struct btf_item {
    enum btf_item_kind kind;
    const struct type *type;
    const struct layout *layout; /* of ITEM_DEFINITION */
    struct btf_use use;
};

struct btf_items {
    const struct btf_target *target;
    const char *module; /* NULL: vmlinux */
    const struct kernel_btf *base;
    struct kernel_btf made;
    uint32_t first_id;
    uint32_t count;
    uint32_t capacity;
    struct btf_item *items; /* by id from FIRST_ID */
    uint32_t index_id;      /* of ITEM_INDEX; 0: not needed so far */
};

/* BASE is vmlinux's where MODULE is not NULL. Free with btf_items_deinit(), also after a failure.
 */
struct error *btf_items_init(struct btf_items *items, const struct btf_target *target,
                             const char *module, const struct kernel_btf *base) MUST_CHECK;
void btf_items_deinit(struct btf_items *items);

/* What the definition's name means in the image; NULL: the image has nothing of its own. */
const struct layout *btf_items_own_layout(const struct btf_items *items,
                                          const struct history_definition *entry);

/* Gives ids to all that the image itself defines, further definitions included. */
struct error *btf_items_add_definitions(struct btf_items *items) MUST_CHECK;

/* The id of a type where it is used; 0 for void. */
struct error *btf_items_id(struct btf_items *items, const struct type *type, struct btf_use use,
                           uint32_t *id_ret) MUST_CHECK;

/* The id of a struct without a name that has nothing but that member. */
struct error *btf_items_wrapper_id(struct btf_items *items, struct btf_use use,
                                   uint32_t *id_ret) MUST_CHECK;

/* The id of the type that arrays are indexed by. */
struct error *btf_items_index_id(struct btf_items *items, uint32_t *id_ret) MUST_CHECK;

#endif
