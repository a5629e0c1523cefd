/* SPDX-License-Identifier: MIT */
#include "run/checking/object_checking.h"

#include "base/system/parallel.h"
#include "check/bpf/reachability.h"
#include "export/btf/btf_target.h"
#include "run/checking/kernel_types.h"

struct checker {
    const struct object_checking *checking;
    struct string_table names;
    struct core_result ***results; /* by object, then by kernel */
};

/* Imports may tell neither offsets nor sizes. */
static bool lacks_places(const struct history *history, size_t kernel)
{
    for (size_t i = 0; i < history->definition_count; i++) {
        const struct layout *layout = history->definitions[i].layouts[kernel];
        if (layout && !layout_has_places(layout))
            return true;
    }
    return false;
}

/* The kinds that nothing is known of, as BTF has them. */
static unsigned missing_kinds(const struct history *history, size_t kernel)
{
    static const unsigned btf_kinds[DEFINITION_KIND_COUNT] = {
        [DEFINITION_STRUCT] = 1U << BTF_KIND_STRUCT,
        [DEFINITION_UNION] = 1U << BTF_KIND_UNION,
        [DEFINITION_ENUM] = 1U << BTF_KIND_ENUM | 1U << BTF_KIND_ENUM64,
        [DEFINITION_TYPEDEF] = 1U << BTF_KIND_TYPEDEF,
        [DEFINITION_INT] = 1U << BTF_KIND_INT | 1U << BTF_KIND_FLOAT,
    };
    unsigned kinds = history_kinds(history, kernel);
    unsigned missing = 0;

    for (size_t i = 0; i < DEFINITION_KIND_COUNT; i++)
        missing |= kinds & DEFINITION_KIND_BIT(i) ? 0 : btf_kinds[i];
    return missing;
}

static struct error *check_kernel(void *context, unsigned worker UNUSED, size_t item)
{
    const struct checker *checker = context;
    const struct object_checking *checking = checker->checking;
    size_t kernel = checking->kernels[item];
    const char *name = checking->history->kernel_names[kernel];
    const struct kernel_record *record = dataset_kernels_find(checking->records, name);
    CLEANUP(kernel_types_deinit) struct kernel_types types = {0};

    if (!record)
        return error_create(ERROR_NOT_FOUND, name, "the data set has lost it meanwhile");
    const struct btf_target target = btf_target_of(checking->history, kernel, record);
    TRY(error_locate(kernel_types_make(&target, &checker->names, &types), name));
    types.kernel.lacks_places = lacks_places(checking->history, kernel);
    types.kernel.missing_kinds = missing_kinds(checking->history, kernel);
    for (size_t i = 0; i < checking->object_count; i++) {
        struct core_result *results = checker->results[i][item];
        TRY(core_resolve(&checking->objects[i], &checker->names, &types.kernel, results));
        TRY(reachability_mark(&checking->objects[i], results));
    }
    return NULL;
}

static struct error *allocate(struct checker *checker, struct arena *arena)
{
    const struct object_checking *checking = checker->checking;

    checker->results =
        arena_allocate(arena, checking->object_count + 1, sizeof(struct core_result **));
    if (!checker->results)
        return error_out_of_memory();
    for (size_t i = 0; i < checking->object_count; i++) {
        struct core_result **results =
            arena_allocate(arena, checking->kernel_count + 1, sizeof(struct core_result *));
        if (!results)
            return error_out_of_memory();
        checker->results[i] = results;
        for (size_t j = 0; j < checking->kernel_count; j++) {
            results[j] = arena_allocate(arena, (size_t)checking->objects[i].relocation_count + 1,
                                        sizeof(**results));
            if (!results[j])
                return error_out_of_memory();
        }
    }
    return NULL;
}

static struct error *run(struct checker *checker, struct arena *arena)
{
    const struct object_checking *checking = checker->checking;

    for (size_t i = 0; i < checking->object_count; i++)
        TRY(core_names_add(&checker->names, &checking->objects[i]));
    TRY(allocate(checker, arena));
    return parallel_for(checking->jobs, checking->kernel_count, check_kernel, checker);
}

struct error *object_checking_run(const struct object_checking *checking, struct arena *arena,
                                  struct core_result ****results_ret)
{
    struct checker checker = {.checking = checking};

    string_table_init(&checker.names);
    struct error *error = run(&checker, arena);
    string_table_deinit(&checker.names);
    if (!error)
        *results_ret = checker.results;
    return error;
}
