/* SPDX-License-Identifier: MIT */
#include "cli/checking/check_hints.h"

#include "report/offsets/offset_table.h"

enum { TEXT_MAXIMUM = 1024 * 1024 };

void check_hint_append(struct buffer *out, const struct offset_hint *hint)
{
    if (hint->kind != HINT_NONE)
        buffer_append_format(out, "%s? %s", change_hint_key(hint->kind), hint->path);
}

/* Does any kernel lack the relocation's field, so that a guess would help? */
static bool is_missed(const struct object_check *check, uint32_t index)
{
    for (size_t i = 0; i < check->kernel_count; i++) {
        const struct core_result *result = &check->results[i][index];
        if (result->outcome == OUTCOME_NONE &&
            (core_result_is_failure(result) || core_result_is_guarded(result)))
            return true;
    }
    return false;
}

/* The definition's own name, without what tells versions of it from each other. */
static struct error *name_of(const struct core_relocation *relocation, struct arena *arena,
                             const char **name_ret)
{
    const struct btf *btf = relocation->path.btf;
    const char *name = btf_file_name(btf, btf__type_by_id(btf, relocation->path.root_id));

    *name_ret = arena_copy_text(arena, name, core_name_length(name));
    return *name_ret ? NULL : error_out_of_memory();
}

static struct error *find_hints(const struct offset_input *input, const struct object_check *check,
                                uint32_t index, struct arena *arena, struct buffer *text)
{
    const struct core_relocation *relocation = &check->object->relocations[index];
    struct offset_table table;
    const char *name;
    const char *path;

    core_path_append(text, &relocation->path);
    TRY(buffer_keep_text(text, "a hint", arena, &path));
    if (path[0] == '\0' || path[0] == '[')
        return NULL;
    TRY(name_of(relocation, arena, &name));
    TRY(offset_table_make(input,
                          DEFINITION_KIND_BIT(DEFINITION_STRUCT) |
                              DEFINITION_KIND_BIT(DEFINITION_UNION) |
                              DEFINITION_KIND_BIT(DEFINITION_TYPEDEF),
                          name, &path, 1, arena, &table));
    for (size_t i = 0; i < check->kernel_count; i++) {
        check_hint_append(text, &table.rows[0].answers[i].hint);
        if (text->length > 0)
            TRY(buffer_keep_text(text, "a hint", arena,
                                 &check->hints[(size_t)index * check->kernel_count + i]));
    }
    return NULL;
}

struct error *check_hints_find(const struct offset_input *input, struct object_check *check,
                               struct arena *arena)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, TEXT_MAXIMUM);
    check->hints =
        arena_allocate(arena, (size_t)check->object->relocation_count * check->kernel_count + 1,
                       sizeof(*check->hints));
    if (!check->hints)
        return error_out_of_memory();
    for (uint32_t i = 0; i < check->object->relocation_count; i++) {
        if (check->object->relocations[i].path.kind->subject == CORE_FIELD && is_missed(check, i))
            TRY(find_hints(input, check, i, arena, &text));
    }
    return NULL;
}
