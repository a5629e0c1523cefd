/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_resolve.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "check/bpf/bpf_state.h"
#include "check/bpf/core_match.h"

struct resolver {
    const struct bpf_object *object;
    const struct string_table *names;
    const struct core_kernel *kernel;
    struct core_candidates *candidates; /* by the program's type */
    uint32_t type_count;
};

/* One candidate's result. */
struct attempt {
    enum core_answer answer;
    struct core_path path;
    struct core_value value;
};

const char *core_outcome_word(enum core_outcome outcome)
{
    static const char *const words[] = {
#define X(number, word) [number] = word,
        CORE_OUTCOMES(X)
#undef X
    };

    return words[outcome];
}

static void resolver_deinit(struct resolver *resolver)
{
    for (uint32_t i = 0; resolver->candidates && i < resolver->type_count; i++)
        free(resolver->candidates[i].types);
    free(resolver->candidates);
}

/* Modules count only where vmlinux has nothing of that name. */
static struct error *add_modules(const struct resolver *resolver, uint32_t name,
                                 const struct btf_type *local, struct core_candidates *candidates)
{
    const char *text = resolver->names->texts[name];
    const struct core_kernel *kernel = resolver->kernel;
    const struct core_index *const *list;
    size_t count;

    if (!kernel->find_modules || candidates->count > 0)
        return NULL;
    TRY(kernel->find_modules(kernel->context, text, strlen(text), &list, &count));
    for (size_t i = 0; i < count; i++)
        TRY(core_candidates_add(candidates, list[i], name, local));
    return NULL;
}

static struct error *find_candidates(const struct resolver *resolver, uint32_t root_id,
                                     struct core_candidates **candidates_ret)
{
    struct core_candidates *candidates = &resolver->candidates[root_id];
    const struct btf_type *local = btf__type_by_id(resolver->object->btf, root_id);
    const char *text = btf_file_name(resolver->object->btf, local);
    uint32_t name = string_table_find(resolver->names, text, core_name_length(text));

    *candidates_ret = candidates;
    if (candidates->is_known || name == STRING_NOT_FOUND)
        return NULL;
    candidates->is_known = true;
    TRY(core_candidates_add(candidates, &resolver->kernel->vmlinux, name, local));
    return add_modules(resolver, name, local, candidates);
}

static void refuse(struct core_result *result, enum core_outcome outcome, const char *why)
{
    *result = (struct core_result){.outcome = outcome, .is_refused = true, .why = why};
}

/* Does the instruction take its number as a place in memory, of 16 bits? */
static bool is_memory_access(const struct bpf_insn *instruction)
{
    unsigned class = instruction->code & 7;

    return class == BPF_LDX || class == BPF_ST || class == BPF_STX;
}

/* What instructions can hold, and what may be loaded with one that was made for something else. */
static void check_instruction(const struct bpf_object *object,
                              const struct core_relocation *relocation,
                              const struct core_value *local, const struct attempt *attempt,
                              struct core_result *result)
{
    const struct bpf_section *section = &object->sections[relocation->section];
    const struct bpf_insn *instruction = &section->instructions[relocation->instruction];

    if (!is_memory_access(instruction))
        return;
    if (attempt->value.value > SHRT_MAX) {
        result->is_refused = true;
        result->why = "its offset is too large for the instruction";
    } else if (!core_value_fits(&relocation->path, local, &attempt->path, &attempt->value)) {
        result->is_poisoned = true;
        result->why = "it has another size, and neither both are pointers nor unsigned integers";
    } else if (attempt->value.byte_size != local->byte_size &&
               bpf_access_bytes(instruction) != local->byte_size) {
        result->is_refused = true;
        result->why = "it has another size, and the instruction is not made for the program's own";
    }
}

/* Tries one candidate. *REFUSAL_RET: why libbpf goes no further, or NULL. */
static void attempt_candidate(const struct resolver *resolver,
                              const struct core_relocation *relocation, struct core_type type,
                              struct attempt *attempt, const char **refusal_ret)
{
    attempt->answer = core_match(&relocation->path, type, &attempt->path);
    attempt->value = (struct core_value){0};
    *refusal_ret =
        attempt->answer == CORE_FAILS ? "its type is nested too deeply to be compared" : NULL;
    if (attempt->answer == CORE_YES)
        core_value_compute(relocation->path.kind, &attempt->path, resolver->kernel->is_big_endian,
                           &attempt->value, refusal_ret);
}

static bool agree(const struct attempt *one, const struct attempt *other)
{
    return one->path.bit_offset == other->path.bit_offset &&
           one->value.value == other->value.value &&
           one->value.is_poisoned == other->value.is_poisoned;
}

/* Is the number one of those that an imported kernel does not tell? */
static bool is_number_known(const struct core_kernel *kernel, const struct core_kind *kind)
{
    return !kernel->lacks_places || kind->is_existence || kind->subject == CORE_ENUMERATOR ||
           kind->number == BPF_CORE_FIELD_SIGNED;
}

static void take_match(const struct resolver *resolver, const struct core_relocation *relocation,
                       const struct core_value *local, const struct attempt *attempt,
                       struct core_result *result)
{
    const struct core_kind *kind = relocation->path.kind;

    *result = (struct core_result){
        .outcome = OUTCOME_MATCH,
        .has_place = kind->subject == CORE_FIELD && !resolver->kernel->lacks_places,
        .bit_offset = attempt->path.bit_offset,
        .has_value = !attempt->value.is_unknown && is_number_known(resolver->kernel, kind),
        .value = attempt->value.value,
    };
    if (result->has_value)
        check_instruction(resolver->object, relocation, local, attempt, result);
}

static void take_unknown(struct core_result *result)
{
    *result = (struct core_result){
        .outcome = OUTCOME_UNKNOWN,
        .why = "the kernel was imported, and does not say what a typedef in it stands for",
    };
}

/* Tries all candidates, and keeps those that match, as libbpf does, if any do. */
static void attempt_candidates(const struct resolver *resolver,
                               const struct core_relocation *relocation,
                               const struct core_value *local, struct core_candidates *candidates,
                               struct core_result *result)
{
    struct attempt first = {0};
    uint32_t count = 0;

    for (uint32_t i = 0; i < candidates->count; i++) {
        struct attempt attempt;
        const char *refusal;
        attempt_candidate(resolver, relocation, candidates->types[i], &attempt, &refusal);
        if (refusal) {
            refuse(result, OUTCOME_NONE, refusal);
            return;
        }
        if (attempt.answer == CORE_UNKNOWN)
            take_unknown(result);
        if (attempt.answer != CORE_YES)
            continue;
        if (count > 0 && !agree(&first, &attempt)) {
            refuse(result, OUTCOME_AMBIGUOUS,
                   "the kernel has several types of that name, and they differ in it");
            return;
        }
        if (count == 0)
            first = attempt;
        candidates->types[count++] = candidates->types[i];
    }
    if (count == 0)
        return;
    candidates->count = count;
    take_match(resolver, relocation, local, &first, result);
}

static const char *absence_of(const struct core_path *path,
                              const struct core_candidates *candidates)
{
    if (candidates->count == 0)
        return "the kernel has no such type";
    switch (path->kind->subject) {
    case CORE_FIELD: return "the type has no such field";
    case CORE_ENUMERATOR: return "the enum has no such enumerator";
    case CORE_TYPE: break;
    }
    return "the type is another one";
}

static bool is_kind_missing(const struct resolver *resolver, const struct core_path *path)
{
    const struct btf_type *root = btf__type_by_id(path->btf, path->root_id);

    return resolver->kernel->missing_kinds & (1U << btf_kind(root));
}

static struct error *resolve(const struct resolver *resolver,
                             const struct core_relocation *relocation, struct core_result *result)
{
    const struct core_path *path = &relocation->path;
    struct core_candidates *candidates;
    struct core_value local;
    struct core_value nothing;
    const char *why;

    core_value_compute(path->kind, path, resolver->kernel->is_big_endian, &local, &why);
    if (why) {
        refuse(result, OUTCOME_NONE, why);
        return NULL;
    }
    if (path->kind->number == BPF_CORE_TYPE_ID_LOCAL) {
        *result =
            (struct core_result){.outcome = OUTCOME_MATCH, .has_value = true, .value = local.value};
        return NULL;
    }
    if (!btf_file_name(path->btf, btf__type_by_id(path->btf, path->root_id))[0]) {
        refuse(result, OUTCOME_NONE, "it is about a type without a name");
        return NULL;
    }
    TRY(find_candidates(resolver, path->root_id, &candidates));
    core_value_compute(path->kind, NULL, resolver->kernel->is_big_endian, &nothing, &why);
    *result = (struct core_result){
        .outcome = OUTCOME_NONE,
        .has_value = !nothing.is_poisoned,
        .is_poisoned = nothing.is_poisoned,
        .why = absence_of(path, candidates),
    };
    if (candidates->count == 0 && is_kind_missing(resolver, path))
        *result = (struct core_result){
            .outcome = OUTCOME_UNKNOWN,
            .why = "the kernel was imported without types of that kind",
        };
    attempt_candidates(resolver, relocation, &local, candidates, result);
    return NULL;
}

struct error *core_resolve(const struct bpf_object *object, const struct string_table *names,
                           const struct core_kernel *kernel, struct core_result *results)
{
    CLEANUP(resolver_deinit)
    struct resolver resolver = {
        .object = object,
        .names = names,
        .kernel = kernel,
        .type_count = btf__type_cnt(object->btf),
    };

    resolver.candidates = calloc((size_t)resolver.type_count + 1, sizeof(*resolver.candidates));
    if (!resolver.candidates)
        return error_out_of_memory();
    for (uint32_t i = 0; i < object->relocation_count; i++)
        TRY(resolve(&resolver, &object->relocations[i], &results[i]));
    return NULL;
}
