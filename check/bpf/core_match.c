/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_match.h"

#include <string.h>

/* Where the search is. */
struct matcher {
    const struct core_path *local;
    const struct core_step *step; /* of LOCAL: what is looked for */
    struct core_path *found;
    uint32_t type_id; /* of FOUND's BTF: what the next step is into */
};

static enum core_answer find_member(struct matcher *matcher, uint32_t type_id);

/* The type of the program's member. */
static struct core_type local_member_type(const struct matcher *matcher)
{
    const struct btf *btf = matcher->local->btf;
    const struct btf_type *type = btf__type_by_id(btf, matcher->step->type_id);

    return (struct core_type){btf, btf_members(type)[matcher->step->index].type};
}

static enum core_answer take_member(struct matcher *matcher, uint32_t type_id, uint32_t index,
                                    const struct btf_member *member, const char *name)
{
    struct core_path *found = matcher->found;
    enum core_answer answer = core_fields_are_compatible(
        local_member_type(matcher), (struct core_type){found->btf, member->type});

    if (answer == CORE_YES || answer == CORE_UNKNOWN)
        found->steps[found->step_count++] = (struct core_step){type_id, index, name};
    found->lacks_type = answer == CORE_UNKNOWN;
    matcher->type_id = member->type;
    return answer == CORE_UNKNOWN ? CORE_YES : answer;
}

/* Is it member INDEX, or in it? *IS_OVER_RET: there is no need to look on. */
static enum core_answer try_member(struct matcher *matcher, uint32_t type_id, uint32_t index,
                                   bool *is_over_ret)
{
    struct core_path *found = matcher->found;
    const struct btf_type *type = btf__type_by_id(found->btf, type_id);
    const struct btf_member *member = &btf_members(type)[index];
    const char *name = btf__str_by_offset(found->btf, member->name_off);
    uint64_t bit_offset = btf_member_bit_offset(type, index);
    enum core_answer answer = CORE_NO;

    *is_over_ret = true;
    if (found->raw_count == CORE_STEPS_MAXIMUM)
        return CORE_FAILS;
    found->bit_offset += bit_offset;
    found->raw_count++;
    if (strcmp(name, matcher->step->name) == 0)
        return take_member(matcher, type_id, index, member, name);
    if (!name[0])
        answer = find_member(matcher, member->type);
    *is_over_ret = answer != CORE_NO;
    if (!*is_over_ret) {
        found->bit_offset -= bit_offset;
        found->raw_count--;
    }
    return answer;
}

static enum core_answer find_member(struct matcher *matcher, uint32_t type_id)
{
    const struct btf_type *type = btf_file_resolve(matcher->found->btf, type_id, &type_id);

    if (!type)
        return CORE_FAILS;
    for (uint32_t i = 0; btf_is_composite(type) && i < btf_vlen(type); i++) {
        bool is_over;
        enum core_answer answer = try_member(matcher, type_id, i, &is_over);
        if (is_over)
            return answer;
    }
    return CORE_NO;
}

/* The array's element that the program takes; of the first step the root itself. */
static enum core_answer take_element(struct matcher *matcher, const struct btf_type *type)
{
    struct core_path *found = matcher->found;
    uint32_t index = matcher->step->index;

    if (found->step_count > 0) {
        if (!btf_is_array(type))
            return CORE_NO;
        const struct btf_array *array = btf_array(type);
        if (index >= array->nelems && !core_path_is_flexible(found, array))
            return CORE_NO;
        if (!btf_file_resolve(found->btf, array->type, &matcher->type_id))
            return CORE_FAILS;
    }
    if (found->raw_count == CORE_STEPS_MAXIMUM)
        return CORE_FAILS;
    found->steps[found->step_count++] = (struct core_step){matcher->type_id, index, NULL};
    found->raw_count++;
    int64_t byte_size = btf__resolve_size(found->btf, matcher->type_id);
    if (byte_size < 0)
        return CORE_FAILS;
    found->bit_offset += (uint64_t)byte_size * index * BITS_PER_BYTE;
    return CORE_YES;
}

static enum core_answer match_field(struct matcher *matcher)
{
    const struct core_path *local = matcher->local;

    for (uint32_t i = 0; i < local->step_count; i++) {
        const struct btf_type *type =
            btf_file_resolve(matcher->found->btf, matcher->type_id, &matcher->type_id);
        if (!type)
            return CORE_FAILS;
        if (matcher->found->lacks_type)
            return CORE_UNKNOWN;
        matcher->step = &local->steps[i];
        enum core_answer answer = matcher->step->name ? find_member(matcher, matcher->type_id)
                                                      : take_element(matcher, type);
        if (answer != CORE_YES)
            return answer;
    }
    return CORE_YES;
}

static enum core_answer match_enumerator(const struct core_path *local, struct core_path *found)
{
    uint32_t id;
    const struct btf_type *type = btf_file_resolve(found->btf, found->root_id, &id);

    if (!type || !btf_is_any_enum(type))
        return CORE_NO;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const char *name =
            btf__str_by_offset(found->btf, btf_is_enum(type) ? btf_enum(type)[i].name_off
                                                             : btf_enum64(type)[i].name_off);
        if (!core_names_are_equal(local->steps[0].name, name))
            continue;
        found->steps[found->step_count++] = (struct core_step){id, i, name};
        return CORE_YES;
    }
    return CORE_NO;
}

enum core_answer core_match(const struct core_path *local, struct core_type target,
                            struct core_path *found_ret)
{
    const struct core_type root = {local->btf, local->root_id};
    struct matcher matcher = {.local = local, .found = found_ret, .type_id = target.id};

    *found_ret = (struct core_path){.btf = target.btf, .kind = local->kind, .root_id = target.id};
    switch (local->kind->subject) {
    case CORE_FIELD: return match_field(&matcher);
    case CORE_ENUMERATOR: return match_enumerator(local, found_ret);
    case CORE_TYPE: break;
    }
    return local->kind->number == BPF_CORE_TYPE_MATCHES ? core_types_match(root, target)
                                                        : core_types_are_compatible(root, target);
}
