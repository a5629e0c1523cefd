/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/dwarf_cursor.h"
#include "tests/unit/unit.h"

/* A cursor over a copy of its exact size, so that overreads show. */
static struct dwarf_cursor open_cursor(const void *bytes, size_t length, bool is_big_endian)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    return (struct dwarf_cursor){
        .position = copy, .end = copy + length, .is_big_endian = is_big_endian};
}

static void close_cursor(struct dwarf_cursor *cursor, size_t length)
{
    union {
        const uint8_t *constant;
        uint8_t *pointer;
    } start = {cursor->end - length};

    free(start.pointer);
}

static void assert_uleb128(const char *bytes, size_t length, uint64_t expected)
{
    struct dwarf_cursor cursor = open_cursor(bytes, length, false);

    assert_true(cursor_uleb128(&cursor) == expected);
    assert_false(cursor.is_overrun);
    assert_int_equal(cursor_left(&cursor), 0);
    close_cursor(&cursor, length);
}

static void assert_sleb128(const char *bytes, size_t length, int64_t expected)
{
    struct dwarf_cursor cursor = open_cursor(bytes, length, false);

    assert_true(cursor_sleb128(&cursor) == expected);
    assert_false(cursor.is_overrun);
    assert_int_equal(cursor_left(&cursor), 0);
    close_cursor(&cursor, length);
}

#define ULEB128(bytes, expected) assert_uleb128(bytes, sizeof(bytes) - 1, expected)
#define SLEB128(bytes, expected) assert_sleb128(bytes, sizeof(bytes) - 1, expected)

static void unsigned_leb128_of_every_length(void **state UNUSED)
{
    ULEB128("\x00", 0);
    ULEB128("\x7f", 127);
    ULEB128("\x80\x01", 128);
    ULEB128("\xe5\x8e\x26", 624485);
    ULEB128("\xff\xff\xff\xff\x0f", UINT32_MAX);
    ULEB128("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", UINT64_C(1) << 63);
    ULEB128("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", UINT64_MAX);
}

static void signed_leb128_of_every_length(void **state UNUSED)
{
    SLEB128("\x00", 0);
    SLEB128("\x02", 2);
    SLEB128("\x3f", 63);
    SLEB128("\x40", -64);
    SLEB128("\x7e", -2);
    SLEB128("\xff\x00", 127);
    SLEB128("\x81\x7f", -127);
    SLEB128("\x80\x01", 128);
    SLEB128("\x80\x7f", -128);
    SLEB128("\x80\x80\x80\x80\x80\x80\x80\x80\x40", -(INT64_C(1) << 62));
    SLEB128("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", INT64_MAX);
    SLEB128("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", INT64_MIN);
    SLEB128("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", -1);
}

static void overlong_leb128_is_read_to_its_end(void **state UNUSED)
{
    ULEB128("\x81\x80\x00", 1);
    ULEB128("\x81\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 1);
    SLEB128("\x81\x80\x00", 1);
    SLEB128("\xff\xff\x7f", -1);
    SLEB128("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", -1);
}

static void bits_beyond_the_64th_are_dropped(void **state UNUSED)
{
    ULEB128("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 0);
    ULEB128("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", UINT64_MAX);
    ULEB128("\x85\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 5);
    SLEB128("\x85\x80\x80\x80\x80\x80\x80\x80\x80\x80\x3f", 5);
}

static void a_truncated_leb128_overruns(void **state UNUSED)
{
    for (size_t length = 0; length < 12; length++) {
        uint8_t bytes[12];
        memset(bytes, 0xff, sizeof(bytes));
        struct dwarf_cursor cursor = open_cursor(bytes, length, false);
        struct dwarf_cursor again = cursor;
        assert_true(cursor_uleb128(&cursor) == 0);
        assert_true(cursor.is_overrun);
        assert_ptr_equal(cursor.position, cursor.end);
        assert_true(cursor_sleb128(&again) == 0);
        assert_true(again.is_overrun);
        close_cursor(&cursor, length);
    }
}

static void numbers_of_every_size_in_both_byte_orders(void **state UNUSED)
{
    const uint8_t bytes[8] = {0x81, 2, 3, 4, 5, 6, 7, 8};

    for (unsigned size = 1; size <= 8; size++) {
        uint64_t little = 0;
        uint64_t big = 0;
        for (unsigned i = 0; i < size; i++) {
            little |= (uint64_t)bytes[i] << (8 * i);
            big = big << 8 | bytes[i];
        }
        struct dwarf_cursor cursor = open_cursor(bytes, size, false);
        assert_true(cursor_unsigned(&cursor, size) == little);
        assert_false(cursor.is_overrun);
        assert_int_equal(cursor_left(&cursor), 0);
        close_cursor(&cursor, size);
        cursor = open_cursor(bytes, size, true);
        assert_true(cursor_unsigned(&cursor, size) == big);
        close_cursor(&cursor, size);
    }
}

static void a_number_past_the_end_overruns(void **state UNUSED)
{
    struct dwarf_cursor cursor = open_cursor("\1\2\3", 3, false);

    assert_true(cursor_unsigned(&cursor, 4) == 0);
    assert_true(cursor.is_overrun);
    assert_int_equal(cursor_left(&cursor), 0);
    assert_true(cursor_unsigned(&cursor, 1) == 0);
    close_cursor(&cursor, 3);
}

static void skipping_stops_at_the_end(void **state UNUSED)
{
    struct dwarf_cursor cursor = open_cursor("\1\2\3\4", 4, false);

    cursor_skip(&cursor, 3);
    assert_int_equal(cursor_left(&cursor), 1);
    cursor_skip(&cursor, 1);
    cursor_skip(&cursor, 0);
    assert_false(cursor.is_overrun);
    cursor.position -= 2;
    cursor_skip(&cursor, UINT64_MAX);
    assert_true(cursor.is_overrun);
    assert_int_equal(cursor_left(&cursor), 0);
    close_cursor(&cursor, 4);
}

static void texts_end_with_nul_inside(void **state UNUSED)
{
    struct dwarf_cursor cursor = open_cursor("ab\0\0cd", 6, false);

    assert_string_equal(cursor_text(&cursor), "ab");
    assert_string_equal(cursor_text(&cursor), "");
    assert_false(cursor.is_overrun);
    assert_string_equal(cursor_text(&cursor), "");
    assert_true(cursor.is_overrun);
    assert_int_equal(cursor_left(&cursor), 0);
    assert_string_equal(cursor_text(&cursor), "");
    close_cursor(&cursor, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_leb128_of_every_length),
        cmocka_unit_test(signed_leb128_of_every_length),
        cmocka_unit_test(overlong_leb128_is_read_to_its_end),
        cmocka_unit_test(bits_beyond_the_64th_are_dropped),
        cmocka_unit_test(a_truncated_leb128_overruns),
        cmocka_unit_test(numbers_of_every_size_in_both_byte_orders),
        cmocka_unit_test(a_number_past_the_end_overruns),
        cmocka_unit_test(skipping_stops_at_the_end),
        cmocka_unit_test(texts_end_with_nul_inside),
    };
    return cmocka_run_group_tests_name("DWARF cursor", tests, NULL, NULL);
}
