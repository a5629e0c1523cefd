/* SPDX-License-Identifier: MIT */
#include "base/hash/keyed_hash.h"
#include "tests/unit/unit.h"

static const struct hash_key no_key = {{0}};

/* SipHash-1-3 with a key of zeros, as Python's `hash` of bytes is with PYTHONHASHSEED=0. */
static void known_texts_have_their_hashes(void **state UNUSED)
{
    unsigned char bytes[63];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)i;
    assert_true(keyed_hash(no_key, "a", 1) == UINT64_C(0x407448d2b89b1813));
    assert_true(keyed_hash(no_key, "struct", 6) == UINT64_C(0x8cf3da7c1c9174ea));
    assert_true(keyed_hash(no_key, "list_head", 9) == UINT64_C(0x32869f892a69309e));
    assert_true(keyed_hash(no_key, "task_struct_flags", 17) == UINT64_C(0x84181fd25d681096));
    assert_true(keyed_hash(no_key, bytes, sizeof(bytes)) == UINT64_C(0x385d3e39e5f37359));
}

static void the_key_decides(void **state UNUSED)
{
    const struct hash_key keys[] = {{{1, 0}}, {{0, 1}}, hash_key_of_process()};

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
        assert_true(keyed_hash(keys[i], "a", 1) != keyed_hash(no_key, "a", 1));
}

static void a_process_has_one_key(void **state UNUSED)
{
    const struct hash_key first = hash_key_of_process();
    const struct hash_key second = hash_key_of_process();

    assert_memory_equal(&first, &second, sizeof(first));
    assert_true(first.words[0] != 0 || first.words[1] != 0);
}

static void slots_are_in_their_table(void **state UNUSED)
{
    const struct hash_key key = hash_key_of_process();

    for (uint64_t number = 0; number < 1000; number++) {
        assert_true(keyed_slot(key, number << 50, 16) < 16);
        assert_true(keyed_slot(key, number, UINT32_C(1) << 31) < UINT32_C(1) << 31);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_have_their_hashes),
        cmocka_unit_test(the_key_decides),
        cmocka_unit_test(a_process_has_one_key),
        cmocka_unit_test(slots_are_in_their_table),
    };
    return cmocka_run_group_tests_name("keyed hash", tests, NULL, NULL);
}
