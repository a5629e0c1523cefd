/* SPDX-License-Identifier: MIT */
#include "check/bpf/object_check.h"

#include <inttypes.h>

enum { TEXT_MAXIMUM = 1024 * 1024 };

static const struct btf_type *root_of(const struct core_relocation *relocation)
{
    return btf__type_by_id(relocation->path.btf, relocation->path.root_id);
}

static void append_root(struct buffer *out, const struct core_relocation *relocation)
{
    const struct btf_type *root = root_of(relocation);
    const char *name = btf_file_name(relocation->path.btf, root);

    buffer_append_format(out, "%s %s", btf_file_kind_word(root), name[0] ? name : "(anon)");
}

void core_relocation_append(struct buffer *out, const struct core_relocation *relocation)
{
    append_root(out, relocation);
    if (relocation->path.kind->subject == CORE_TYPE)
        return;
    const struct core_path *path = &relocation->path;
    bool is_whole = !path->steps[0].name && path->steps[0].index == 0;
    uint32_t first = is_whole ? 1 : 0;
    if (first < path->step_count && path->steps[first].name)
        buffer_append_char(out, '.');
    core_path_append(out, path);
}

static void append_place(struct buffer *out, const struct bpf_section *section,
                         const struct core_relocation *relocation)
{
    buffer_append_text(out, section->name);
    if (relocation->function[0])
        buffer_append_format(out, ", %s()", relocation->function);
    if (relocation->line > 0)
        buffer_append_format(out, ", %s:%" PRIu32, relocation->file, relocation->line);
}

static struct error *judge(const struct object_check *check, size_t kernel, struct arena *arena,
                           struct buffer *text, struct verdict *verdict)
{
    const struct bpf_object *object = check->object;

    verdict->kernel = check->kernels[kernel];
    for (uint32_t i = 0; i < object->relocation_count; i++) {
        const struct core_result *result = &check->results[kernel][i];
        const struct core_relocation *relocation = &object->relocations[i];
        const char *hint =
            check->hints ? check->hints[(size_t)i * check->kernel_count + kernel] : NULL;
        struct finding finding = {.why = result->why ? result->why : "", .hint = hint ? hint : ""};
        finding.is_guarded = core_result_is_guarded(result);
        finding.is_unknown = result->outcome == OUTCOME_UNKNOWN;
        if (!core_result_is_failure(result) && !finding.is_guarded && !finding.is_unknown)
            continue;
        append_place(text, &object->sections[relocation->section], relocation);
        TRY(buffer_keep_text(text, "a finding", arena, &finding.place));
        core_relocation_append(text, relocation);
        TRY(buffer_keep_text(text, "a finding", arena, &finding.subject));
        TRY(verdict_add(verdict, arena, &finding));
    }
    return NULL;
}

struct error *object_check_judge(const struct object_check *check, struct arena *arena,
                                 struct verdict **verdicts_ret)
{
    CLEANUP(buffer_deinit) struct buffer text;
    struct verdict *verdicts = arena_allocate(arena, check->kernel_count, sizeof(*verdicts));

    buffer_init(&text, TEXT_MAXIMUM);
    if (!verdicts)
        return error_out_of_memory();
    for (size_t i = 0; i < check->kernel_count; i++)
        TRY(judge(check, i, arena, &text, &verdicts[i]));
    *verdicts_ret = verdicts;
    return NULL;
}

/* JSON's integers are signed: a value is told as C's signed 64 bits have it. */
static json_t *signed_number(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static void set_result(struct json_document *document, json_t *object,
                       const struct core_relocation *relocation, const struct core_result *result)
{
    json_value_set(document, object, "result", json_string(core_outcome_word(result->outcome)));
    if (relocation->path.kind->subject == CORE_FIELD) {
        json_value_set(
            document, object, "byte_offset",
            json_value_number_or_null(result->has_place, result->bit_offset / BITS_PER_BYTE));
        json_value_set(document, object, "bit_offset",
                       json_value_number_or_null(result->has_place, result->bit_offset));
    }
    json_value_set(document, object, "value",
                   result->has_value ? signed_number(result->value) : json_null());
    json_value_set(document, object, "fails", json_boolean(core_result_is_failure(result)));
    json_value_set(document, object, "is_guarded", json_boolean(core_result_is_guarded(result)));
    json_value_set(document, object, "why",
                   result->why ? json_value_text(result->why) : json_null());
}

static struct error *set_relocation(const struct object_check *check, uint32_t index,
                                    struct json_document *document, json_t *object,
                                    struct buffer *text)
{
    const struct core_relocation *relocation = &check->object->relocations[index];
    const struct core_path *path = &relocation->path;
    const char *section = check->object->sections[relocation->section].name;
    bool is_field = path->kind->subject == CORE_FIELD;

    json_value_set(document, object, "section", json_value_text(section));
    json_value_set(document, object, "index", json_value_number(relocation->index));
    json_value_set(document, object, "instruction", json_value_number(relocation->instruction));
    json_value_set(document, object, "function", json_value_text(relocation->function));
    json_value_set(document, object, "file", json_value_text(relocation->file));
    json_value_set(document, object, "line",
                   json_value_number_or_null(relocation->line > 0, relocation->line));
    json_value_set(document, object, "kind", json_string(path->kind->word));
    buffer_clear(text);
    append_root(text, relocation);
    json_value_set(document, object, "type", json_value_text(buffer_text(text)));
    buffer_clear(text);
    core_path_append(text, path);
    json_value_set(document, object, "path", json_value_text(buffer_text(text)));
    json_value_set(document, object, "access", json_value_text(relocation->access));
    json_value_set(document, object, "local_byte_offset",
                   json_value_number_or_null(is_field, path->bit_offset / BITS_PER_BYTE));
    json_t *kernels = json_value_set_array(document, object, "kernels");
    for (size_t i = 0; i < check->kernel_count; i++) {
        json_t *kernel = json_value_add_object(document, kernels);
        json_value_set(document, kernel, "kernel", json_value_text(check->kernels[i]));
        set_result(document, kernel, relocation, &check->results[i][index]);
    }
    return buffer_check(text, "a path");
}

static bool is_fit(const struct object_check *check, size_t kernel)
{
    for (uint32_t i = 0; i < check->object->relocation_count; i++) {
        if (core_result_is_failure(&check->results[kernel][i]))
            return false;
    }
    return true;
}

struct error *object_check_set_json(const struct object_check *check,
                                    struct json_document *document, json_t *object)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, TEXT_MAXIMUM);
    json_value_set(document, object, "file", json_value_text(check->object->path));
    json_t *kernels = json_value_set_array(document, object, "kernels");
    for (size_t i = 0; i < check->kernel_count; i++) {
        json_t *kernel = json_value_add_object(document, kernels);
        json_value_set(document, kernel, "kernel", json_value_text(check->kernels[i]));
        json_value_set(document, kernel, "fits", json_boolean(is_fit(check, i)));
    }
    json_t *list = json_value_set_array(document, object, "relocations");
    for (uint32_t i = 0; i < check->object->relocation_count; i++)
        TRY(set_relocation(check, i, document, json_value_add_object(document, list), &text));
    return NULL;
}
