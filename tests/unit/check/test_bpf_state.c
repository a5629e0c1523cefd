/* SPDX-License-Identifier: MIT */
/* What is known of registers while a BPF program runs. */
#include "check/bpf/bpf_state.h"
#include "tests/unit/unit.h"

static struct bpf_insn make(unsigned code, unsigned target, unsigned source, int16_t offset,
                            int32_t immediate)
{
    return (struct bpf_insn){.code = (uint8_t)code,
                             .dst_reg = target & 15,
                             .src_reg = source & 15,
                             .off = offset,
                             .imm = immediate};
}

static struct bpf_ways step(struct bpf_state *state, struct bpf_insn instruction)
{
    return bpf_state_step(state, &instruction, NULL, NULL);
}

static void set(struct bpf_state *state, unsigned number, int32_t value)
{
    step(state, make(BPF_ALU64 | BPF_MOV | BPF_K, number, 0, 0, value));
}

static void numbers_are_followed(void **state UNUSED)
{
    struct bpf_state now = {0};

    set(&now, 1, -1);
    assert_true(now.values[1].is_known);
    assert_int_equal(now.values[1].number, UINT64_MAX);
    step(&now, make(BPF_ALU | BPF_MOV | BPF_K, 2, 0, 0, -1));
    assert_int_equal(now.values[2].number, UINT32_MAX);
    step(&now, make(BPF_ALU64 | BPF_MOV | BPF_X, 3, 2, 0, 0));
    step(&now, make(BPF_ALU64 | BPF_ADD | BPF_K, 3, 0, 0, 1));
    assert_int_equal(now.values[3].number, UINT64_C(1) << 32);
    step(&now, make(BPF_ALU64 | BPF_DIV | BPF_K, 3, 0, 0, 2));
    assert_false(now.values[3].is_known);
    step(&now, make(BPF_ALU64 | BPF_ADD | BPF_X, 1, 4, 0, 0));
    assert_false(now.values[1].is_known);
}

static void a_relocation_counts_and_not_what_stands_there(void **state UNUSED)
{
    const struct bpf_insn move = make(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1);
    const struct bpf_value zero = {true, 0};
    const struct bpf_value unknown = {false, 0};
    struct bpf_state now = {0};

    bpf_state_step(&now, &move, NULL, &zero);
    assert_true(now.values[1].is_known);
    assert_int_equal(now.values[1].number, 0);
    bpf_state_step(&now, &move, NULL, &unknown);
    assert_false(now.values[1].is_known);
}

static struct bpf_insn store(int16_t offset, int32_t number)
{
    return make(BPF_ST | BPF_MEM | BPF_DW, 10, 0, offset, number);
}

static bool is_slot_known(struct bpf_state *state, int16_t offset)
{
    step(state, make(BPF_LDX | BPF_MEM | BPF_DW, 7, 10, offset, 0));
    return state->values[7].is_known;
}

/* Who has the stack's address may write there. */
static void a_shared_stack_is_forgotten_at_calls_and_stores(void **state UNUSED)
{
    const struct bpf_insn call = make(BPF_JMP | BPF_CALL, 0, 0, 0, 113);
    struct bpf_state now = {0};
    struct bpf_state other = {0};

    step(&now, store(-8, 5));
    step(&now, call);
    assert_true(is_slot_known(&now, -8));
    step(&now, make(BPF_STX | BPF_MEM | BPF_DW, 6, 1, 0, 0));
    assert_true(is_slot_known(&now, -8));
    bpf_state_join(&other, &now);
    step(&now, make(BPF_ALU64 | BPF_MOV | BPF_X, 1, 10, 0, 0));
    assert_true(is_slot_known(&now, -8));
    assert_true(bpf_state_join(&other, &now));
    step(&now, call);
    assert_false(is_slot_known(&now, -8));
    step(&other, store(-16, 6));
    step(&other, make(BPF_STX | BPF_MEM | BPF_DW, 6, 1, 0, 0));
    assert_false(is_slot_known(&other, -16));
}

static void a_store_across_slots_makes_both_unknown(void **state UNUSED)
{
    struct bpf_state now = {0};

    step(&now, store(-8, 5));
    step(&now, store(-16, 6));
    step(&now, store(-24, 7));
    step(&now, store(-12, 8));
    assert_false(is_slot_known(&now, -8));
    assert_false(is_slot_known(&now, -16));
    assert_true(is_slot_known(&now, -24));
}

static void known_conditions_have_one_way(void **state UNUSED)
{
    struct bpf_state now = {0};

    set(&now, 1, 0);
    struct bpf_ways ways = step(&now, make(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 7, 0));
    assert_true(ways.jumps);
    assert_false(ways.falls_through);
    assert_int_equal(ways.distance, 7);
    ways = step(&now, make(BPF_JMP | BPF_JNE | BPF_K, 1, 0, 7, 0));
    assert_true(ways.falls_through && !ways.jumps);
    ways = step(&now, make(BPF_JMP | BPF_JNE | BPF_K, 2, 0, 7, 0));
    assert_true(ways.falls_through && ways.jumps);
    set(&now, 1, -1);
    ways = step(&now, make(BPF_JMP | BPF_JSLT | BPF_K, 1, 0, 7, 0));
    assert_true(ways.jumps && !ways.falls_through);
    ways = step(&now, make(BPF_JMP | BPF_JLT | BPF_K, 1, 0, 7, 0));
    assert_true(ways.falls_through && !ways.jumps);
    ways = step(&now, make(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
    assert_false(ways.falls_through || ways.jumps);
}

static void calls_forget_what_they_may_change(void **state UNUSED)
{
    struct bpf_state now = {0};

    set(&now, 1, 5);
    set(&now, 6, 5);
    step(&now, make(BPF_JMP | BPF_CALL, 0, 0, 0, 1));
    assert_false(now.values[1].is_known);
    assert_true(now.values[6].is_known);
}

static void spilled_registers_come_back(void **state UNUSED)
{
    struct bpf_state now = {0};

    set(&now, 1, 5);
    step(&now, make(BPF_STX | BPF_MEM | BPF_DW, 10, 1, -16, 0));
    step(&now, make(BPF_LDX | BPF_MEM | BPF_DW, 2, 10, -16, 0));
    assert_true(now.values[2].is_known);
    assert_int_equal(now.values[2].number, 5);
    /* A store of a part leaves it half known. */
    step(&now, make(BPF_ST | BPF_MEM | BPF_B, 10, 0, -13, 1));
    step(&now, make(BPF_LDX | BPF_MEM | BPF_DW, 2, 10, -16, 0));
    assert_false(now.values[2].is_known);
}

static void ways_that_meet_keep_what_they_agree_on(void **state UNUSED)
{
    struct bpf_state meeting = {0};
    struct bpf_state one = {.is_reached = true};
    struct bpf_state other = {.is_reached = true};

    set(&one, 1, 5);
    set(&one, 2, 5);
    set(&other, 1, 5);
    set(&other, 2, 6);
    assert_true(bpf_state_join(&meeting, &one));
    assert_true(bpf_state_join(&meeting, &other));
    assert_true(meeting.values[1].is_known);
    assert_false(meeting.values[2].is_known);
    assert_false(bpf_state_join(&meeting, &one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_followed),
        cmocka_unit_test(a_relocation_counts_and_not_what_stands_there),
        cmocka_unit_test(a_shared_stack_is_forgotten_at_calls_and_stores),
        cmocka_unit_test(a_store_across_slots_makes_both_unknown),
        cmocka_unit_test(known_conditions_have_one_way),
        cmocka_unit_test(calls_forget_what_they_may_change),
        cmocka_unit_test(spilled_registers_come_back),
        cmocka_unit_test(ways_that_meet_keep_what_they_agree_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
