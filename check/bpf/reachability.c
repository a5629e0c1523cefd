/* SPDX-License-Identifier: MIT */
#include "check/bpf/reachability.h"

#include <stdlib.h>

#include "check/bpf/bpf_state.h"

/* The kernel takes no larger program; of a larger one everything counts as reached. */
enum { INSTRUCTIONS_MAXIMUM = 256 * 1024 };

struct walk {
    const struct bpf_section *section;
    struct core_result *results; /* of the object */
    struct bpf_state *states;    /* by instruction */
    uint32_t *pending;           /* instructions whose states have changed */
    bool *is_pending;
    uint32_t pending_count;
};

static void walk_deinit(struct walk *walk)
{
    free(walk->states);
    free(walk->pending);
    free(walk->is_pending);
}

static void arrive(struct walk *walk, int64_t instruction, const struct bpf_state *state)
{
    if (instruction < 0 || instruction >= walk->section->instruction_count)
        return;
    if (!bpf_state_join(&walk->states[instruction], state) || walk->is_pending[instruction])
        return;
    walk->is_pending[instruction] = true;
    walk->pending[walk->pending_count++] = (uint32_t)instruction;
}

static void step(struct walk *walk, uint32_t number)
{
    const struct bpf_section *section = walk->section;
    const struct bpf_insn *instruction = &section->instructions[number];
    const struct bpf_insn *next = number + 1 < section->instruction_count ? instruction + 1 : NULL;
    uint32_t relocation = section->relocations_at[number];
    const struct core_result *result =
        relocation == BPF_NO_RELOCATION ? NULL : &walk->results[relocation];
    struct bpf_state state = walk->states[number];
    struct bpf_value relocated = {0};

    if (result && result->is_poisoned)
        return;
    if (result)
        relocated = (struct bpf_value){result->has_value, result->value};
    struct bpf_ways ways = bpf_state_step(&state, instruction, next, result ? &relocated : NULL);
    if (ways.falls_through)
        arrive(walk, (int64_t)number + 1, &state);
    if (ways.jumps)
        arrive(walk, (int64_t)number + 1 + ways.distance, &state);
}

static struct error *walk_section(struct walk *walk)
{
    const struct bpf_section *section = walk->section;
    static const struct bpf_state start = {.is_reached = true};
    size_t count = section->instruction_count;

    walk->states = calloc(count + 1, sizeof(*walk->states));
    walk->pending = calloc(count + 1, sizeof(*walk->pending));
    walk->is_pending = calloc(count + 1, sizeof(*walk->is_pending));
    if (!walk->states || !walk->pending || !walk->is_pending)
        return error_out_of_memory();
    arrive(walk, 0, &start);
    for (uint32_t i = 0; i < section->function_count; i++)
        arrive(walk, section->functions[i].first, &start);
    while (walk->pending_count > 0) {
        uint32_t number = walk->pending[--walk->pending_count];
        walk->is_pending[number] = false;
        step(walk, number);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t relocation = section->relocations_at[i];
        if (relocation != BPF_NO_RELOCATION && walk->results[relocation].is_poisoned)
            walk->results[relocation].is_unreached = !walk->states[i].is_reached;
    }
    return NULL;
}

static bool has_poison(const struct bpf_section *section, const struct core_result *results)
{
    for (uint32_t i = 0; i < section->relocation_count; i++) {
        if (results[section->first_relocation + i].is_poisoned)
            return true;
    }
    return false;
}

/* libbpf leaves out programs of sections called so, unless it is told to load them. */
static bool is_optional(const struct bpf_section *section)
{
    return section->name[0] == '?';
}

static void mark_unreached(const struct bpf_section *section, struct core_result *results)
{
    for (uint32_t i = 0; i < section->relocation_count; i++) {
        struct core_result *result = &results[section->first_relocation + i];
        result->is_poisoned = result->is_poisoned || result->is_refused;
        result->is_unreached = result->is_poisoned;
        result->is_refused = false;
    }
}

struct error *reachability_mark(const struct bpf_object *object, struct core_result *results)
{
    for (uint32_t i = 0; i < object->section_count; i++) {
        CLEANUP(walk_deinit)
        struct walk walk = {.section = &object->sections[i], .results = results};
        if (is_optional(walk.section))
            mark_unreached(walk.section, results);
        else if (has_poison(walk.section, results) &&
                 walk.section->instruction_count <= INSTRUCTIONS_MAXIMUM)
            TRY(walk_section(&walk));
    }
    return NULL;
}
