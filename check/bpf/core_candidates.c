/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_candidates.h"

#include <stdlib.h>

struct error *core_names_add(struct string_table *names, const struct bpf_object *object)
{
    for (uint32_t i = 0; i < object->relocation_count; i++) {
        uint32_t root_id = object->relocations[i].path.root_id;
        const char *name = btf_file_name(object->btf, btf__type_by_id(object->btf, root_id));
        uint32_t number;
        TRY(string_table_intern(names, name, core_name_length(name), &number));
    }
    return NULL;
}

/* The number of the type's name, or STRING_NOT_FOUND. */
static uint32_t number_of(const struct string_table *names, const struct btf *btf, uint32_t id)
{
    const char *name = btf_file_name(btf, btf__type_by_id(btf, id));

    return name[0] ? string_table_find(names, name, core_name_length(name)) : STRING_NOT_FOUND;
}

struct error *core_index_make(const struct string_table *names, const struct btf *btf,
                              struct core_index *index_ret)
{
    const struct btf *base = btf__base_btf(btf);
    uint32_t first = base ? btf__type_cnt(base) : 1;
    uint32_t end = btf__type_cnt(btf);
    struct core_index index = {.btf = btf};
    uint32_t *numbers = calloc((size_t)(end - first) + 1, sizeof(*numbers));

    index.ends = calloc((size_t)names->count + 1, sizeof(*index.ends));
    index.ids = calloc((size_t)(end - first) + 1, sizeof(*index.ids));
    if (!numbers || !index.ends || !index.ids) {
        free(numbers);
        core_index_deinit(&index);
        return error_out_of_memory();
    }
    for (uint32_t id = first; id < end; id++) {
        numbers[id - first] = number_of(names, btf, id);
        if (numbers[id - first] != STRING_NOT_FOUND)
            index.ends[numbers[id - first] + 1]++;
    }
    for (uint32_t i = 0; i < names->count; i++)
        index.ends[i + 1] += index.ends[i];
    for (uint32_t id = first; id < end; id++) {
        if (numbers[id - first] != STRING_NOT_FOUND)
            index.ids[index.ends[numbers[id - first]]++] = id;
    }
    free(numbers);
    *index_ret = index;
    return NULL;
}

void core_index_deinit(struct core_index *index)
{
    free(index->ends);
    free(index->ids);
    *index = (struct core_index){0};
}

struct error *core_candidates_add(struct core_candidates *candidates,
                                  const struct core_index *index, uint32_t name,
                                  const struct btf_type *local)
{
    for (uint32_t i = name > 0 ? index->ends[name - 1] : 0; i < index->ends[name]; i++) {
        uint32_t id = index->ids[i];
        if (!core_kinds_are_equal(local, btf__type_by_id(index->btf, id)))
            continue;
        struct core_type *types =
            reallocarray(candidates->types, (size_t)candidates->count + 1, sizeof(*types));
        if (!types)
            return error_out_of_memory();
        types[candidates->count++] = (struct core_type){index->btf, id};
        candidates->types = types;
    }
    return NULL;
}
