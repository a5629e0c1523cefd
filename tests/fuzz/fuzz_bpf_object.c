/* SPDX-License-Identifier: MIT */
/* Any bytes as a BPF object, which is resolved against its own types. */
#include "check/bpf/bpf_object.h"
#include "check/bpf/object_check.h"
#include "check/bpf/reachability.h"
#include "tests/fuzz/fuzz_input.h"

static void judge(const struct bpf_object *object, struct core_result *results)
{
    const char *name = "fuzz";
    const struct object_check check = {
        .object = object, .kernel_count = 1, .kernels = &name, .results = &results};
    struct json_document document;
    struct arena arena;
    struct verdict *verdicts;

    arena_init(&arena);
    json_document_init(&document, "fuzz", 1);
    if (!fuzz_is_refused(object_check_judge(&check, &arena, &verdicts)))
        (void)verdict_is_fit(&verdicts[0]);
    (void)fuzz_is_refused(object_check_set_json(&check, &document, document.root));
    json_document_deinit(&document);
    arena_deinit(&arena);
}

static void resolve(const struct bpf_object *object)
{
    struct core_result *results = calloc((size_t)object->relocation_count + 1, sizeof(*results));
    struct core_kernel kernel = {0};
    struct string_table names;

    string_table_init(&names);
    if (results && !fuzz_is_refused(core_names_add(&names, object)) &&
        !fuzz_is_refused(core_index_make(&names, object->btf, &kernel.vmlinux))) {
        if (!fuzz_is_refused(core_resolve(object, &names, &kernel, results)) &&
            !fuzz_is_refused(reachability_mark(object, results)))
            judge(object, results);
        core_index_deinit(&kernel.vmlinux);
    }
    string_table_deinit(&names);
    free(results);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct bpf_object object;

    if (!fuzz_is_refused(bpf_object_read("fuzz", bytes, length, &object)))
        resolve(&object);
    bpf_object_deinit(&object);
    return 0;
}
