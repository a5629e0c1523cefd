/* SPDX-License-Identifier: MIT */
#include "export/btf/btf_items.h"

#include <stdlib.h>
#include <string.h>

/* BTF has 2^20 of them (include/uapi/linux/btf.h, BTF_MAX_TYPE). */
enum { TYPES_MAXIMUM = 0xfffff };

struct error *btf_items_init(struct btf_items *items, const struct btf_target *target,
                             const char *module, const struct kernel_btf *base)
{
    const struct history *history = target->history;

    *items = (struct btf_items){
        .target = target,
        .module = module,
        .base = base,
        .first_id = base ? btf__type_cnt(base->btf) : 1,
        .made.btf = base ? btf__new_empty_split(base->btf) : btf__new_empty(),
        .made.type_ids = calloc((size_t)history->types.count + 1, sizeof(uint32_t)),
        .made.definition_ids = calloc(history->definition_count + 1, sizeof(uint32_t)),
    };
    if (!items->made.btf || !items->made.type_ids || !items->made.definition_ids)
        return error_out_of_memory();
    btf__set_pointer_size(items->made.btf, target->pointer_byte_size);
    return NULL;
}

void btf_items_deinit(struct btf_items *items)
{
    kernel_btf_deinit(&items->made);
    free(items->items);
}

static struct error *add(struct btf_items *items, struct btf_item item, uint32_t *id_ret)
{
    if (items->first_id + items->count > TYPES_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "there are more types than BTF can hold");
    if (items->count == items->capacity) {
        uint32_t capacity = items->capacity ? items->capacity * 2 : 4096;
        struct btf_item *more = reallocarray(items->items, capacity, sizeof(*more));
        if (!more)
            return error_out_of_memory();
        items->items = more;
        items->capacity = capacity;
    }
    items->items[items->count] = item;
    *id_ret = items->first_id + items->count++;
    return NULL;
}

const struct layout *btf_items_own_layout(const struct btf_items *items,
                                          const struct history_definition *entry)
{
    size_t kernel = items->target->kernel;

    return items->module ? history_module_layout(entry, kernel, items->module)
                         : history_vmlinux_layout(entry, kernel);
}

static bool is_own_further(const struct btf_items *items, const struct history_further *further)
{
    return further->kernel == items->target->kernel &&
           (items->module ? history_modules_have(&further->modules, items->module)
                          : further->modules.count == 0);
}

struct error *btf_items_add_definitions(struct btf_items *items)
{
    const struct history *history = items->target->history;

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        const struct layout *own = btf_items_own_layout(items, entry);
        uint32_t id;
        if (own)
            TRY(add(items, (struct btf_item){.kind = ITEM_DEFINITION, .layout = own},
                    &items->made.definition_ids[i]));
        for (size_t j = 0; j < entry->further_count; j++) {
            const struct history_further *further = &entry->further[j];
            if (is_own_further(items, further) && further->layout != own)
                TRY(add(items,
                        (struct btf_item){.kind = ITEM_DEFINITION, .layout = further->layout},
                        &id));
        }
    }
    return NULL;
}

static bool has_definition(enum type_kind kind, enum definition_kind *kind_ret)
{
    switch (kind) {
    case TYPE_INT: *kind_ret = DEFINITION_INT; return true;
    case TYPE_TYPEDEF: *kind_ret = DEFINITION_TYPEDEF; return true;
    case TYPE_STRUCT: *kind_ret = DEFINITION_STRUCT; return true;
    case TYPE_UNION: *kind_ret = DEFINITION_UNION; return true;
    case TYPE_ENUM: *kind_ret = DEFINITION_ENUM; return true;
    default: return false;
    }
}

/* How large a value of the struct or union at the end of the type is, as the use of it tells; 0 if
 * it does not. */
static uint64_t byte_size_in_use(const struct type *type, const struct btf_use *use)
{
    uint64_t count = 1;

    if (!use->layout || use->member == BTF_USE_WHOLE || !type_is_aggregate(type))
        return 0;
    const struct layout_member *member = &use->layout->members[use->member];
    const struct type *inner = type_unqualified(member->type);
    for (; inner->kind == TYPE_ARRAY; inner = type_unqualified(inner->target))
        count = count > 0 ? count * type_element_count(inner) : 0;
    return inner == type && count > 0 ? member->byte_size / count : 0;
}

/* A type says a struct's name only. Where a kernel has several of that name, and the first, whose
 * id is FIRST, is not as large as what is there, it is another one that is. */
static uint32_t choose_by_size(const struct btf_items *items, uint32_t first,
                               const struct type *type, const struct btf_use *use)
{
    uint64_t byte_size = byte_size_in_use(type, use);

    if (first < items->first_id || byte_size == 0 ||
        items->items[first - items->first_id].layout->byte_size == byte_size)
        return first;
    for (uint32_t i = first - items->first_id + 1; i < items->count; i++) {
        const struct btf_item *item = &items->items[i];
        if (item->kind != ITEM_DEFINITION || strcmp(item->layout->name, type->name) != 0)
            break;
        if (item->layout->byte_size == byte_size)
            return items->first_id + i;
    }
    return first;
}

/* The id of what the name means; 0 if the kernel does not define it. */
static uint32_t find_definition(const struct btf_items *items, enum definition_kind kind,
                                const char *name)
{
    const struct history *history = items->target->history;
    const struct history_definition *entry = history_find(history, kind, name);

    if (!entry)
        return 0;
    size_t index = (size_t)(entry - history->definitions);
    if (items->made.definition_ids[index])
        return items->made.definition_ids[index];
    return items->base ? items->base->definition_ids[index] : 0;
}

/* Do ids below this image's own say all that the type refers to? */
static struct error *refers_to_base(struct btf_items *items, const struct type *type,
                                    bool *is_base_ret)
{
    const struct btf_use nowhere = {0};
    uint32_t id;

    *is_base_ret = false;
    if (!items->base || !items->base->type_ids[type->number])
        return NULL;
    if (type->target) {
        TRY(btf_items_id(items, type->target, nowhere, &id));
        if (id >= items->first_id)
            return NULL;
    }
    for (uint32_t i = 0; type->kind == TYPE_FUNC_PROTO && i < type->count; i++) {
        TRY(btf_items_id(items, type->parameters[i], nowhere, &id));
        if (id >= items->first_id)
            return NULL;
    }
    *is_base_ret = true;
    return NULL;
}

/* Is it a struct or union with a name whose members count as those of the one that it is in? */
static bool is_dissolved(struct btf_use use, const struct type *type)
{
    return type_is_aggregate(type) && use.layout && use.member != BTF_USE_WHOLE &&
           layout_member_is_dissolved(&use.layout->members[use.member]);
}

/* An import does not tell what is in a struct without a name that a member has: it stands for void,
 * which no member is. */
static bool is_untold(struct btf_use use, const struct type *type)
{
    return type_is_anonymous_aggregate(type) && use.layout && use.member != BTF_USE_WHOLE &&
           use.layout->lacks_member_sizes &&
           layout_member_end(use.layout, use.member) == use.member + 1;
}

struct error *btf_items_id(struct btf_items *items, const struct type *type, struct btf_use use,
                           uint32_t *id_ret)
{
    enum definition_kind kind;
    bool is_base;

    while (type->kind == TYPE_ATOMIC)
        type = type->target;
    uint32_t *known = &items->made.type_ids[type->number];
    *id_ret = 0;
    if (type->kind == TYPE_VOID || is_untold(use, type))
        return NULL;
    if (type_is_anonymous_aggregate(type) || type_is_anonymous_enum(type) ||
        (items->target->is_plain_c && is_dissolved(use, type)))
        return add(items, (struct btf_item){ITEM_UNNAMED, type, NULL, use}, id_ret);
    if (has_definition(type->kind, &kind))
        *id_ret = find_definition(items, kind, type->name);
    if (*id_ret) {
        *id_ret = choose_by_size(items, *id_ret, type, &use);
        return NULL;
    }
    if (use.layout && type_has_unnamed_members(type))
        return add(items, (struct btf_item){ITEM_DERIVED, type, NULL, use}, id_ret);
    if (!*known) {
        TRY(refers_to_base(items, type, &is_base));
        if (is_base)
            *known = items->base->type_ids[type->number];
        else
            TRY(add(items, (struct btf_item){.kind = ITEM_DERIVED, .type = type}, known));
    }
    *id_ret = *known;
    return NULL;
}

struct error *btf_items_wrapper_id(struct btf_items *items, struct btf_use use, uint32_t *id_ret)
{
    return add(items, (struct btf_item){.kind = ITEM_WRAPPER, .use = use}, id_ret);
}

struct error *btf_items_index_id(struct btf_items *items, uint32_t *id_ret)
{
    *id_ret = find_definition(items, DEFINITION_INT, "int");
    if (*id_ret)
        return NULL;
    if (!items->index_id)
        TRY(add(items, (struct btf_item){.kind = ITEM_INDEX}, &items->index_id));
    *id_ret = items->index_id;
    return NULL;
}
