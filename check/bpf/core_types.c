/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_types.h"

#include <string.h>

/* As libbpf has it: levels of structs in structs, and of functions in functions. */
enum { LEVELS_MAXIMUM = 32 };

static enum core_answer answer_of(bool is_yes)
{
    return is_yes ? CORE_YES : CORE_NO;
}

bool core_kinds_are_equal(const struct btf_type *local, const struct btf_type *target)
{
    return btf_kind(local) == btf_kind(target) ||
           (btf_is_any_enum(local) && btf_is_any_enum(target));
}

/* Goes inside of typedefs and qualifiers; NULL if there are too many of them. */
static const struct btf_type *resolve(struct core_type *type)
{
    return btf_file_resolve(type->btf, type->id, &type->id);
}

/* An integer that says which of its bits count was a bit-field once, and is none any more. */
static bool is_plain_int(const struct btf_type *type)
{
    return btf_int_offset(type) == 0;
}

static bool names_are_compatible(const struct core_type *local, const struct btf_type *local_type,
                                 const struct core_type *target, const struct btf_type *target_type)
{
    const char *one = btf_file_name(local->btf, local_type);
    const char *other = btf_file_name(target->btf, target_type);

    return !one[0] || !other[0] || core_names_are_equal(one, other);
}

enum core_answer core_fields_are_compatible(struct core_type local, struct core_type target)
{
    for (unsigned i = 0; i < BTF_DEPTH_MAXIMUM; i++) {
        const struct btf_type *local_type = resolve(&local);
        const struct btf_type *target_type = resolve(&target);
        if (!local_type || !target_type)
            return CORE_FAILS;
        if (btf_is_composite(local_type) && btf_is_composite(target_type))
            return CORE_YES;
        if (core_type_is_unknown(target_type))
            return CORE_UNKNOWN;
        if (!core_kinds_are_equal(local_type, target_type))
            return CORE_NO;
        switch (btf_kind(local_type)) {
        case BTF_KIND_PTR:
        case BTF_KIND_FLOAT: return CORE_YES;
        case BTF_KIND_FWD:
        case BTF_KIND_ENUM:
        case BTF_KIND_ENUM64:
            return answer_of(names_are_compatible(&local, local_type, &target, target_type));
        case BTF_KIND_INT: return answer_of(is_plain_int(local_type) && is_plain_int(target_type));
        case BTF_KIND_ARRAY: break;
        default: return CORE_NO;
        }
        local.id = btf_array(local_type)->type;
        target.id = btf_array(target_type)->type;
    }
    return CORE_FAILS;
}

static enum core_answer compare_compatible(struct core_type local, struct core_type target,
                                           unsigned level);

static enum core_answer compare_parameters(const struct core_type *local,
                                           const struct btf_type *local_type,
                                           const struct core_type *target,
                                           const struct btf_type *target_type, unsigned level)
{
    if (btf_vlen(local_type) != btf_vlen(target_type))
        return CORE_NO;
    for (uint32_t i = 0; i < btf_vlen(local_type); i++) {
        if (level == 0)
            return CORE_FAILS;
        struct core_type one = {local->btf, btf_params(local_type)[i].type};
        struct core_type other = {target->btf, btf_params(target_type)[i].type};
        if (!resolve(&one) || !resolve(&other))
            return CORE_FAILS;
        enum core_answer answer = compare_compatible(one, other, level - 1);
        if (answer != CORE_YES)
            return answer;
    }
    return CORE_YES;
}

static enum core_answer compare_compatible(struct core_type local, struct core_type target,
                                           unsigned level)
{
    if (!core_kinds_are_equal(btf__type_by_id(local.btf, local.id),
                              btf__type_by_id(target.btf, target.id)))
        return CORE_NO;
    for (unsigned i = 0; i < LEVELS_MAXIMUM; i++) {
        const struct btf_type *local_type = resolve(&local);
        const struct btf_type *target_type = resolve(&target);
        if (!local_type || !target_type)
            return CORE_FAILS;
        if (!core_kinds_are_equal(local_type, target_type))
            return CORE_NO;
        switch (btf_kind(local_type)) {
        case BTF_KIND_UNKN:
        case BTF_KIND_STRUCT:
        case BTF_KIND_UNION:
        case BTF_KIND_ENUM:
        case BTF_KIND_ENUM64:
        case BTF_KIND_FWD: return CORE_YES;
        case BTF_KIND_INT: return answer_of(is_plain_int(local_type) && is_plain_int(target_type));
        case BTF_KIND_ARRAY:
            local.id = btf_array(local_type)->type;
            target.id = btf_array(target_type)->type;
            continue;
        case BTF_KIND_FUNC_PROTO: {
            enum core_answer answer =
                compare_parameters(&local, local_type, &target, target_type, level);
            if (answer != CORE_YES)
                return answer;
            break;
        }
        case BTF_KIND_PTR: break;
        default: return CORE_NO;
        }
        local.id = local_type->type;
        target.id = target_type->type;
    }
    return CORE_FAILS;
}

enum core_answer core_types_are_compatible(struct core_type local, struct core_type target)
{
    return compare_compatible(local, target, LEVELS_MAXIMUM);
}

static enum core_answer match(struct core_type local, struct core_type target, bool is_pointed_to,
                              unsigned level);

static const char *enumerator_name(const struct btf *btf, const struct btf_type *type,
                                   uint32_t index)
{
    return btf__str_by_offset(btf, btf_is_enum(type) ? btf_enum(type)[index].name_off
                                                     : btf_enum64(type)[index].name_off);
}

static bool has_enumerator(const struct core_type *target, const struct btf_type *type,
                           const char *name)
{
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        if (core_names_are_equal(name, enumerator_name(target->btf, type, i)))
            return true;
    }
    return false;
}

static bool match_enums(const struct core_type *local, const struct btf_type *local_type,
                        const struct core_type *target, const struct btf_type *target_type)
{
    if (!btf_is_any_enum(target_type) || local_type->size != target_type->size ||
        btf_vlen(local_type) > btf_vlen(target_type))
        return false;
    for (uint32_t i = 0; i < btf_vlen(local_type); i++) {
        if (!has_enumerator(target, target_type, enumerator_name(local->btf, local_type, i)))
            return false;
    }
    return true;
}

static enum core_answer match_member(const struct core_type *local, const struct btf_member *member,
                                     const struct core_type *target, const struct btf_type *type,
                                     bool is_pointed_to, unsigned level)
{
    const char *name = btf__str_by_offset(local->btf, member->name_off);

    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const struct btf_member *other = &btf_members(type)[i];
        if (!core_names_are_equal(name, btf__str_by_offset(target->btf, other->name_off)))
            continue;
        enum core_answer answer =
            match((struct core_type){local->btf, member->type},
                  (struct core_type){target->btf, other->type}, is_pointed_to, level - 1);
        if (answer != CORE_NO)
            return answer;
    }
    return CORE_NO;
}

static enum core_answer match_members(const struct core_type *local,
                                      const struct btf_type *local_type,
                                      const struct core_type *target,
                                      const struct btf_type *target_type, bool is_pointed_to,
                                      unsigned level)
{
    if (btf_vlen(local_type) > btf_vlen(target_type))
        return CORE_NO;
    for (uint32_t i = 0; i < btf_vlen(local_type); i++) {
        enum core_answer answer = match_member(local, &btf_members(local_type)[i], target,
                                               target_type, is_pointed_to, level);
        if (answer != CORE_YES)
            return answer;
    }
    return CORE_YES;
}

/* A declaration says with its flag whether it is of a union. */
static bool is_of_union(const struct btf_type *type)
{
    return btf_is_union(type) || (btf_is_fwd(type) && btf_kflag(type));
}

/* Behind a pointer a struct may be declared on one side, and defined on the other. */
static bool match_pointed_to(const struct btf_type *local_type, const struct btf_type *target_type)
{
    return (btf_is_composite(target_type) || btf_is_fwd(target_type)) &&
           is_of_union(local_type) == is_of_union(target_type);
}

static enum core_answer match_prototypes(const struct core_type *local,
                                         const struct btf_type *local_type,
                                         const struct core_type *target,
                                         const struct btf_type *target_type, bool is_pointed_to,
                                         unsigned level)
{
    if (btf_vlen(local_type) != btf_vlen(target_type))
        return CORE_NO;
    for (uint32_t i = 0; i < btf_vlen(local_type); i++) {
        enum core_answer answer =
            match((struct core_type){local->btf, btf_params(local_type)[i].type},
                  (struct core_type){target->btf, btf_params(target_type)[i].type}, is_pointed_to,
                  level - 1);
        if (answer != CORE_YES)
            return answer;
    }
    return CORE_YES;
}

static bool match_ints(const struct btf_type *local, const struct btf_type *target)
{
    return local->size == target->size && ((btf_int_encoding(local) & BTF_INT_SIGNED) ==
                                           (btf_int_encoding(target) & BTF_INT_SIGNED));
}

/* What has no more types inside, and else CORE_FAILS. */
static enum core_answer match_leaf(const struct core_type *local, const struct btf_type *local_type,
                                   const struct core_type *target,
                                   const struct btf_type *target_type, bool is_pointed_to)
{
    bool is_same_kind = btf_kind(local_type) == btf_kind(target_type);

    switch (btf_kind(local_type)) {
    case BTF_KIND_UNKN: return answer_of(is_same_kind);
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return answer_of(match_enums(local, local_type, target, target_type));
    case BTF_KIND_INT: return answer_of(is_same_kind && match_ints(local_type, target_type));
    case BTF_KIND_FWD:
        return answer_of((is_pointed_to || is_same_kind) &&
                         match_pointed_to(local_type, target_type));
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        if (is_pointed_to)
            return answer_of(match_pointed_to(local_type, target_type));
        return is_same_kind ? CORE_FAILS : CORE_NO;
    case BTF_KIND_PTR:
    case BTF_KIND_FUNC_PROTO: return is_same_kind ? CORE_FAILS : CORE_NO;
    case BTF_KIND_ARRAY:
        return is_same_kind && btf_array(local_type)->nelems == btf_array(target_type)->nelems
                   ? CORE_FAILS
                   : CORE_NO;
    default: return CORE_NO;
    }
}

static enum core_answer match(struct core_type local, struct core_type target, bool is_pointed_to,
                              unsigned level)
{
    for (unsigned i = 0; level > 0 && i < LEVELS_MAXIMUM; i++) {
        const struct btf_type *local_type = resolve(&local);
        const struct btf_type *target_type = resolve(&target);
        if (!local_type || !target_type)
            return CORE_FAILS;
        if (!core_names_are_equal(btf_file_name(local.btf, local_type),
                                  btf_file_name(target.btf, target_type)))
            return CORE_NO;
        enum core_answer answer =
            match_leaf(&local, local_type, &target, target_type, is_pointed_to);
        if (answer != CORE_FAILS)
            return answer;
        if (btf_is_composite(local_type))
            return match_members(&local, local_type, &target, target_type, is_pointed_to, level);
        if (btf_is_func_proto(local_type)) {
            answer =
                match_prototypes(&local, local_type, &target, target_type, is_pointed_to, level);
            if (answer != CORE_YES)
                return answer;
        }
        is_pointed_to |= btf_is_ptr(local_type);
        local.id = btf_is_array(local_type) ? btf_array(local_type)->type : local_type->type;
        target.id = btf_is_array(target_type) ? btf_array(target_type)->type : target_type->type;
    }
    return CORE_FAILS;
}

enum core_answer core_types_match(struct core_type local, struct core_type target)
{
    return match(local, target, false, LEVELS_MAXIMUM);
}
