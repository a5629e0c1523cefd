/* SPDX-License-Identifier: MIT */
#include "analyze/btf/btf_types.h"

#include <stdlib.h>
#include <string.h>

struct error *btf_types_init(struct btf_types *types, const struct btf *btf,
                             struct type_table *table)
{
    uint32_t byte_size = 0;

    (void)btf__raw_data(btf, &byte_size);
    *types = (struct btf_types){
        .btf = btf,
        .table = table,
        .known = calloc((size_t)btf__type_cnt(btf) + 1, sizeof(const struct type *)),
    };
    layout_budget_init(&types->budget, byte_size);
    return types->known ? NULL : error_out_of_memory();
}

void btf_types_deinit(struct btf_types *types)
{
    free(types->known);
}

static struct error *get(struct btf_types *types, uint32_t id, unsigned depth,
                         const struct type **type_ret);

/* What has a name, or none: then it is called so. */
static struct type named(enum type_kind kind, const char *name)
{
    return (struct type){.kind = kind, .name = name[0] ? name : TYPE_ANONYMOUS};
}

/* A reference; type tags and the like are no types of C. */
static struct error *get_reference(struct btf_types *types, const struct btf_type *type,
                                   unsigned depth, struct type *made)
{
    switch (btf_kind(type)) {
    case BTF_KIND_PTR: made->kind = TYPE_PTR; break;
    case BTF_KIND_CONST: made->kind = TYPE_CONST; break;
    case BTF_KIND_VOLATILE: made->kind = TYPE_VOLATILE; break;
    default: made->kind = TYPE_RESTRICT; break;
    }
    return get(types, type->type, depth, &made->target);
}

/* Arrays of arrays are one type with several dimensions. */
static struct error *get_array(struct btf_types *types, const struct btf_type *type, unsigned depth,
                               struct type *made, uint64_t dimensions[BTF_DEPTH_MAXIMUM])
{
    made->kind = TYPE_ARRAY;
    made->dimensions = dimensions;
    for (;;) {
        const struct btf_array *array = btf_array(type);
        dimensions[made->count++] = array->nelems;
        type = btf__type_by_id(types->btf, array->type);
        if (!btf_is_array(type) || made->count == BTF_DEPTH_MAXIMUM)
            return get(types, array->type, depth, &made->target);
    }
}

static struct error *get_prototype(struct btf_types *types, const struct btf_type *type,
                                   unsigned depth, struct type *made)
{
    const struct btf_param *parameters = btf_params(type);
    const struct type **list = calloc((size_t)btf_vlen(type) + 1, sizeof(const struct type *));

    made->kind = TYPE_FUNC_PROTO;
    made->parameters = list;
    if (!list)
        return error_out_of_memory();
    made->count = btf_vlen(type);
    for (uint32_t i = 0; i < made->count; i++)
        TRY(get(types, parameters[i].type, depth, &list[i]));
    return get(types, type->type, depth, &made->target);
}

static struct error *make(struct btf_types *types, const struct btf_type *type, unsigned depth,
                          struct type *made, uint64_t dimensions[BTF_DEPTH_MAXIMUM])
{
    const char *name = btf_file_name(types->btf, type);

    switch (btf_kind(type)) {
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT: *made = named(TYPE_INT, name); return NULL;
    case BTF_KIND_STRUCT: *made = named(TYPE_STRUCT, name); return NULL;
    case BTF_KIND_UNION: *made = named(TYPE_UNION, name); return NULL;
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: *made = named(TYPE_ENUM, name); return NULL;
    case BTF_KIND_FWD: *made = named(btf_kflag(type) ? TYPE_UNION : TYPE_STRUCT, name); return NULL;
    case BTF_KIND_TYPEDEF: *made = named(TYPE_TYPEDEF, name); return NULL;
    case BTF_KIND_PTR:
    case BTF_KIND_CONST:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_RESTRICT: return get_reference(types, type, depth, made);
    case BTF_KIND_ARRAY: return get_array(types, type, depth, made, dimensions);
    case BTF_KIND_FUNC_PROTO: return get_prototype(types, type, depth, made);
    default: *made = (struct type){.kind = TYPE_VOID}; return NULL;
    }
}

static struct error *get(struct btf_types *types, uint32_t id, unsigned depth,
                         const struct type **type_ret)
{
    const struct btf_type *type = btf__type_by_id(types->btf, id);
    uint64_t dimensions[BTF_DEPTH_MAXIMUM];
    struct type made = {.kind = TYPE_VOID};

    if (btf_kind(type) == BTF_KIND_TYPE_TAG && depth < BTF_DEPTH_MAXIMUM)
        return get(types, type->type, depth + 1, type_ret);
    *type_ret = types->known[id];
    if (*type_ret)
        return NULL;
    if (depth == BTF_DEPTH_MAXIMUM)
        return error_create(ERROR_CORRUPT, NULL,
                            "BTF type %u leads through more than %d others, or in a circle", id,
                            BTF_DEPTH_MAXIMUM);
    struct error *error = make(types, type, depth + 1, &made, dimensions);
    if (!error)
        error = type_intern(types->table, &made, type_ret);
    free(made.parameters);
    if (!error)
        types->known[id] = *type_ret;
    return error;
}

struct error *btf_types_get(struct btf_types *types, uint32_t id, const struct type **type_ret)
{
    return get(types, id, 0, type_ret);
}

uint64_t btf_types_byte_size(const struct btf_types *types, uint32_t id)
{
    int64_t byte_size = btf__resolve_size(types->btf, id);

    return byte_size > 0 ? (uint64_t)byte_size : 0;
}
