/* SPDX-License-Identifier: MIT */
/* What is known of registers and of the stack before an instruction of a BPF program, and what the
 * instruction makes of it (kernel, Documentation/bpf/standardization/instruction-set.rst). */
#ifndef KSTRUCT_CHECK_BPF_BPF_STATE_H
#define KSTRUCT_CHECK_BPF_BPF_STATE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    BPF_REGISTERS = 11,
    BPF_STACK_BYTES = 512,
    BPF_STACK_SLOTS = BPF_STACK_BYTES / 8,
    BPF_VALUES = BPF_REGISTERS + BPF_STACK_SLOTS,
};

struct bpf_value {
    bool is_known;
    uint64_t number;
};

struct bpf_state {
    bool is_reached;
    /* The stack's address is in another register, or was: who is called, or stores by a register,
     * may change any slot. */
    bool is_stack_shared;
    struct bpf_value values[BPF_VALUES]; /* registers, then the stack's slots from its end */
};

/* Where control goes after an instruction. */
struct bpf_ways {
    bool falls_through;
    bool jumps;
    int32_t distance; /* of the jump, from after the instruction, in instructions */
};

/* The instruction's effect on STATE. RELOCATED is what a relocation puts into it, or NULL; NEXT is
 * the instruction after it, or NULL. */
struct bpf_ways bpf_state_step(struct bpf_state *state, const struct bpf_insn *instruction,
                               const struct bpf_insn *next, const struct bpf_value *relocated);

/* How many bytes an instruction that loads or stores moves. */
unsigned bpf_access_bytes(const struct bpf_insn *instruction);

/* Makes OTHER what is known if the way may also be here with STATE. Did that change it? */
bool bpf_state_join(struct bpf_state *other, const struct bpf_state *state);

#endif
