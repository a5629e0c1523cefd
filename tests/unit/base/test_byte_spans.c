/* SPDX-License-Identifier: MIT */
#include "base/byte_spans.h"

#include "tests/unit/unit.h"

static void add(struct byte_spans *spans, uint64_t byte_offset, uint64_t byte_size)
{
    assert_success(byte_spans_add(spans, byte_offset, byte_size, 1000));
}

static void what_lies_after_the_end_is_left_out(void **state UNUSED)
{
    CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};

    add(&spans, 1000, 1);
    add(&spans, UINT64_MAX, UINT64_MAX);
    add(&spans, 5, 0);
    assert_int_equal(spans.count, 0);
    byte_spans_merge(&spans);
    assert_int_equal(spans.count, 0);
    add(&spans, 999, UINT64_MAX);
    assert_int_equal(spans.count, 1);
    assert_int_equal(spans.spans[0].byte_size, 1);
}

static void no_byte_is_in_two(void **state UNUSED)
{
    CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};
    static const struct byte_span expected[] = {{0, 64}, {100, 60}, {200, 800}};

    add(&spans, 200, 800);
    add(&spans, 120, 40);
    add(&spans, 0, 64);
    add(&spans, 100, 20); /* touches */
    add(&spans, 300, 5);  /* lies inside */
    add(&spans, 110, 30); /* overlaps */
    add(&spans, 0, 64);
    byte_spans_merge(&spans);
    assert_int_equal(spans.count, ARRAY_LENGTH(expected));
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        assert_int_equal(spans.spans[i].byte_offset, expected[i].byte_offset);
        assert_int_equal(spans.spans[i].byte_size, expected[i].byte_size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_after_the_end_is_left_out),
        cmocka_unit_test(no_byte_is_in_two),
    };

    return cmocka_run_group_tests_name("byte_spans", tests, NULL, NULL);
}
