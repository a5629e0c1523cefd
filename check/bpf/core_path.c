/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_path.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Is a part that does not count separated at TEXT: "x___y"? */
static bool is_separator(const char *text)
{
    return text[0] != '_' && text[1] == '_' && text[2] == '_' && text[3] == '_' && text[4] != '_';
}

size_t core_name_length(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = length; i >= 5; i--) {
        if (is_separator(name + i - 5))
            return i - 4;
    }
    return length;
}

bool core_names_are_equal(const char *one, const char *other)
{
    size_t length = core_name_length(one);

    return length == core_name_length(other) && memcmp(one, other, length) == 0;
}

bool core_path_is_flexible(const struct core_path *path, const struct btf_array *array)
{
    const struct core_step *last = &path->steps[path->step_count - 1];

    if (!last->name || array->nelems > 0)
        return false;
    return last->index + 1 == btf_vlen(btf__type_by_id(path->btf, last->type_id));
}

static const char *enumerator_name(const struct btf *btf, const struct btf_type *type,
                                   uint32_t index)
{
    return btf__str_by_offset(btf, btf_is_enum(type) ? btf_enum(type)[index].name_off
                                                     : btf_enum64(type)[index].name_off);
}

/* Moves OFFSET on by COUNT values of the type; false if their size is not known. */
static bool pass_elements(const struct btf *btf, uint32_t type_id, uint32_t count,
                          uint64_t *bit_offset)
{
    int64_t byte_size = btf__resolve_size(btf, type_id);

    *bit_offset += byte_size > 0 ? (uint64_t)byte_size * count * BITS_PER_BYTE : 0;
    return byte_size >= 0;
}

static const char *parse_member(struct core_path *path, const struct btf_type *type, uint32_t index,
                                uint32_t *type_id)
{
    if (index >= btf_vlen(type))
        return "it names a member that its struct lacks";
    const struct btf_member *member = &btf_members(type)[index];
    const char *name = btf__str_by_offset(path->btf, member->name_off);
    path->bit_offset += btf_member_bit_offset(type, index);
    if (name[0])
        path->steps[path->step_count++] = (struct core_step){*type_id, index, name};
    *type_id = member->type;
    return NULL;
}

static const char *parse_element(struct core_path *path, const struct btf_type *type,
                                 uint32_t index, uint32_t *type_id)
{
    const struct btf_array *array = btf_array(type);

    if (index >= array->nelems && !core_path_is_flexible(path, array))
        return "it names an element that its array lacks";
    if (!btf_file_resolve(path->btf, array->type, type_id))
        return "it leads through too many typedefs";
    path->steps[path->step_count++] = (struct core_step){*type_id, index, NULL};
    if (!pass_elements(path->btf, *type_id, index, &path->bit_offset))
        return "it leads to something without a size";
    return NULL;
}

static const char *parse_field(struct core_path *path, const uint32_t *numbers)
{
    uint32_t type_id = path->steps[0].type_id;

    if (!pass_elements(path->btf, type_id, numbers[0], &path->bit_offset))
        return "it is about something without a size";
    for (uint32_t i = 1; i < path->raw_count; i++) {
        const struct btf_type *type = btf_file_resolve(path->btf, type_id, &type_id);
        const char *why = "it goes into what has no parts";
        if (type && btf_is_composite(type))
            why = parse_member(path, type, numbers[i], &type_id);
        else if (type && btf_is_array(type))
            why = parse_element(path, type, numbers[i], &type_id);
        if (why)
            return why;
    }
    return NULL;
}

/* "0:1:2"; false if that is not what it is. */
static bool parse_numbers(const char *access, uint32_t *numbers, uint32_t *count_ret)
{
    uint32_t count = 0;

    for (;;) {
        uint64_t number = 0;
        if (count == CORE_STEPS_MAXIMUM || *access < '0' || *access > '9')
            return false;
        for (; *access >= '0' && *access <= '9' && number <= UINT32_MAX; access++)
            number = number * 10 + (uint64_t)(*access - '0');
        if (number > INT32_MAX || (*access != ':' && *access != '\0'))
            return false;
        numbers[count++] = (uint32_t)number;
        if (*access++ == '\0')
            break;
    }
    *count_ret = count;
    return true;
}

static const char *parse_enumerator(struct core_path *path, uint32_t number)
{
    const struct btf_type *type = btf__type_by_id(path->btf, path->steps[0].type_id);

    if (!btf_is_any_enum(type) || path->raw_count > 1 || number >= btf_vlen(type))
        return "it names no enumerator";
    path->steps[0].name = enumerator_name(path->btf, type, number);
    return NULL;
}

static const char *parse(struct core_path *path, const char *access)
{
    uint32_t numbers[CORE_STEPS_MAXIMUM];
    uint32_t id;

    if (path->root_id >= btf__type_cnt(path->btf))
        return "it refers to a type that is not there";
    if (path->kind->subject == CORE_TYPE)
        return strcmp(access, "0") == 0 ? NULL : "it has a path into a type";
    if (!parse_numbers(access, numbers, &path->raw_count))
        return "its path cannot be read";
    if (!btf_file_resolve(path->btf, path->root_id, &id))
        return "it leads through too many typedefs";
    path->steps[path->step_count++] = (struct core_step){id, numbers[0], NULL};
    return path->kind->subject == CORE_FIELD ? parse_field(path, numbers)
                                             : parse_enumerator(path, numbers[0]);
}

void core_path_parse(const struct btf *btf, const struct core_kind *kind, uint32_t type_id,
                     const char *access, struct core_path *path_ret, const char **why_ret)
{
    *path_ret = (struct core_path){.btf = btf, .kind = kind, .root_id = type_id};
    *why_ret = parse(path_ret, access);
}

void core_path_append(struct buffer *out, const struct core_path *path)
{
    const char *separator = "";

    for (uint32_t i = 0; i < path->step_count; i++) {
        const struct core_step *step = &path->steps[i];
        if (step->name) {
            buffer_append_text(out, separator);
            buffer_append_text(out, step->name);
            separator = ".";
        } else if (i > 0 || step->index > 0) {
            buffer_append_format(out, "[%" PRIu32 "]", step->index);
            separator = ".";
        }
    }
}
