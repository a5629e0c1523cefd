/* SPDX-License-Identifier: MIT */
#include "check/bpf/bpf_state.h"

#include <stddef.h>

/* Parts of an instruction's code. */
#define CLASS(instruction) ((instruction)->code & 0x07)
#define OPERATION(instruction) ((instruction)->code & 0xf0)
#define IS_FROM_REGISTER(instruction) (((instruction)->code & 0x08) != 0)
#define SIZE(instruction) ((instruction)->code & 0x18)
#define MODE(instruction) ((instruction)->code & 0xe0)

enum { FRAME_POINTER = 10, CALLER_SAVED = 6, WORD_BYTES = 8, SIZE_OF_8_BYTES = 0x18 };

static const struct bpf_value unknown = {false, 0};

static struct bpf_value known(uint64_t number)
{
    return (struct bpf_value){true, number};
}

static struct bpf_value *register_of(struct bpf_state *state, unsigned number)
{
    return &state->values[number < BPF_REGISTERS ? number : FRAME_POINTER];
}

/* The slot of the stack that is accessed as a whole, or NULL. */
static struct bpf_value *slot_of(struct bpf_state *state, unsigned base, int16_t offset)
{
    if (base != FRAME_POINTER || offset >= 0 || offset < -BPF_STACK_BYTES ||
        offset % WORD_BYTES != 0)
        return NULL;
    return &state->values[BPF_REGISTERS + (-offset / WORD_BYTES) - 1];
}

unsigned bpf_access_bytes(const struct bpf_insn *instruction)
{
    switch (SIZE(instruction)) {
    case BPF_B: return 1;
    case BPF_H: return 2;
    case BPF_W: return 4;
    default: return WORD_BYTES;
    }
}

static void forget_stack(struct bpf_state *state)
{
    for (unsigned i = BPF_REGISTERS; i < BPF_VALUES; i++)
        state->values[i] = unknown;
}

/* Of each slot that a store changes a part of, nothing is known. */
static void forget_stored(struct bpf_state *state, const struct bpf_insn *instruction)
{
    int first = instruction->off;
    int last = first + (int)bpf_access_bytes(instruction) - 1;

    if (instruction->dst_reg != FRAME_POINTER) {
        if (state->is_stack_shared)
            forget_stack(state);
        return;
    }
    for (int place = first; place <= last; place++) {
        if (place < 0 && place >= -BPF_STACK_BYTES)
            state->values[BPF_REGISTERS + (-place - 1) / WORD_BYTES] = unknown;
    }
}

static struct bpf_value compute(unsigned operation, uint64_t one, uint64_t other, unsigned bits)
{
    switch (operation) {
    case BPF_ADD: return known(one + other);
    case BPF_SUB: return known(one - other);
    case BPF_MUL: return known(one * other);
    case BPF_OR: return known(one | other);
    case BPF_AND: return known(one & other);
    case BPF_XOR: return known(one ^ other);
    case BPF_MOV: return known(other);
    case BPF_LSH: return known(one << (other & (bits - 1)));
    case BPF_RSH: return known(one >> (other & (bits - 1)));
    default: return unknown;
    }
}

static uint64_t extend(int32_t immediate)
{
    return (uint64_t)(int64_t)immediate;
}

static void step_arithmetic(struct bpf_state *state, const struct bpf_insn *instruction,
                            const struct bpf_value *relocated)
{
    bool is_wide = CLASS(instruction) == BPF_ALU64;
    unsigned operation = OPERATION(instruction);
    struct bpf_value *target = register_of(state, instruction->dst_reg);
    struct bpf_value source = known(extend(instruction->imm));

    if (relocated)
        source = (struct bpf_value){relocated->is_known, extend((int32_t)relocated->number)};

    if (IS_FROM_REGISTER(instruction))
        source = instruction->off == 0 ? *register_of(state, instruction->src_reg) : unknown;
    if (IS_FROM_REGISTER(instruction) && instruction->src_reg == FRAME_POINTER)
        state->is_stack_shared = true;
    bool is_computed = source.is_known && (target->is_known || operation == BPF_MOV);
    uint64_t one = is_wide ? target->number : (uint32_t)target->number;
    uint64_t other = is_wide ? source.number : (uint32_t)source.number;
    *target = is_computed ? compute(operation, one, other, is_wide ? 64 : 32) : unknown;
    if (!is_wide)
        target->number = (uint32_t)target->number;
}

static bool is_taken(unsigned operation, uint64_t one, uint64_t other, bool is_wide)
{
    int64_t signed_one = is_wide ? (int64_t)one : (int32_t)(uint32_t)one;
    int64_t signed_other = is_wide ? (int64_t)other : (int32_t)(uint32_t)other;

    if (!is_wide) {
        one = (uint32_t)one;
        other = (uint32_t)other;
    }
    switch (operation) {
    case BPF_JEQ: return one == other;
    case BPF_JNE: return one != other;
    case BPF_JGT: return one > other;
    case BPF_JGE: return one >= other;
    case BPF_JLT: return one < other;
    case BPF_JLE: return one <= other;
    case BPF_JSET: return (one & other) != 0;
    case BPF_JSGT: return signed_one > signed_other;
    case BPF_JSGE: return signed_one >= signed_other;
    case BPF_JSLT: return signed_one < signed_other;
    default: return signed_one <= signed_other;
    }
}

static struct bpf_ways step_call(struct bpf_state *state)
{
    for (unsigned i = 0; i < CALLER_SAVED; i++)
        state->values[i] = unknown;
    if (state->is_stack_shared)
        forget_stack(state);
    return (struct bpf_ways){.falls_through = true};
}

static struct bpf_ways step_jump(struct bpf_state *state, const struct bpf_insn *instruction)
{
    bool is_wide = CLASS(instruction) == BPF_JMP;
    unsigned operation = OPERATION(instruction);
    struct bpf_value one = *register_of(state, instruction->dst_reg);
    struct bpf_value other = known(extend(instruction->imm));

    if (operation == BPF_EXIT)
        return (struct bpf_ways){0};
    if (operation == BPF_CALL)
        return step_call(state);
    if (operation == BPF_JA)
        return (struct bpf_ways){.jumps = true,
                                 .distance = is_wide ? instruction->off : instruction->imm};
    if (operation > BPF_JSLE)
        return (struct bpf_ways){true, true, instruction->off};
    if (IS_FROM_REGISTER(instruction))
        other = *register_of(state, instruction->src_reg);
    if (!one.is_known || !other.is_known)
        return (struct bpf_ways){true, true, instruction->off};
    bool jumps = is_taken(operation, one.number, other.number, is_wide);
    return (struct bpf_ways){!jumps, jumps, instruction->off};
}

static void step_load(struct bpf_state *state, const struct bpf_insn *instruction)
{
    const struct bpf_value *slot = slot_of(state, instruction->src_reg, instruction->off);
    bool is_spilled = slot && SIZE(instruction) == SIZE_OF_8_BYTES && MODE(instruction) == BPF_MEM;

    *register_of(state, instruction->dst_reg) = is_spilled ? *slot : unknown;
}

static void step_store(struct bpf_state *state, const struct bpf_insn *instruction)
{
    struct bpf_value *slot = slot_of(state, instruction->dst_reg, instruction->off);
    bool is_spill = slot && SIZE(instruction) == SIZE_OF_8_BYTES && MODE(instruction) == BPF_MEM;

    if (CLASS(instruction) == BPF_STX && instruction->src_reg == FRAME_POINTER)
        state->is_stack_shared = true;
    forget_stored(state, instruction);
    if (is_spill && CLASS(instruction) == BPF_STX)
        *slot = *register_of(state, instruction->src_reg);
    else if (is_spill)
        *slot = known(extend(instruction->imm));
    if (CLASS(instruction) == BPF_STX && MODE(instruction) != BPF_MEM) {
        /* An atomic operation may fetch what was there. */
        *register_of(state, instruction->src_reg) = unknown;
        state->values[0] = unknown;
    }
}

/* A number of 64 bits, in two instructions; or the address of a map, a variable, a function. */
static void step_wide_load(struct bpf_state *state, const struct bpf_insn *instruction,
                           const struct bpf_insn *next, const struct bpf_value *relocated)
{
    struct bpf_value *target = register_of(state, instruction->dst_reg);

    *target = unknown;
    if (relocated)
        *target = *relocated;
    else if (instruction->src_reg == 0 && next)
        *target = known((uint32_t)instruction->imm | ((uint64_t)(uint32_t)next->imm << 32));
}

struct bpf_ways bpf_state_step(struct bpf_state *state, const struct bpf_insn *instruction,
                               const struct bpf_insn *next, const struct bpf_value *relocated)
{
    struct bpf_ways ways = {.falls_through = true};

    switch (CLASS(instruction)) {
    case BPF_ALU:
    case BPF_ALU64: step_arithmetic(state, instruction, relocated); break;
    case BPF_JMP:
    case BPF_JMP32: return step_jump(state, instruction);
    case BPF_LDX: step_load(state, instruction); break;
    case BPF_ST:
    case BPF_STX: step_store(state, instruction); break;
    default:
        if (instruction->code != (BPF_LD | BPF_IMM | BPF_DW)) {
            state->values[0] = unknown; /* a load from a packet */
            break;
        }
        step_wide_load(state, instruction, next, relocated);
        ways = (struct bpf_ways){.jumps = true, .distance = 1};
        break;
    }
    return ways;
}

bool bpf_state_join(struct bpf_state *other, const struct bpf_state *state)
{
    bool has_changed = !other->is_reached;

    if (!other->is_reached) {
        *other = *state;
        other->is_reached = true;
        return true;
    }
    if (state->is_stack_shared && !other->is_stack_shared)
        has_changed = other->is_stack_shared = true;
    for (unsigned i = 0; i < BPF_VALUES; i++) {
        struct bpf_value *value = &other->values[i];
        bool agrees = state->values[i].is_known && state->values[i].number == value->number;
        if (!value->is_known || agrees)
            continue;
        *value = unknown;
        has_changed = true;
    }
    return has_changed;
}
