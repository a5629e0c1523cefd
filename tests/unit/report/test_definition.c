/* SPDX-License-Identifier: MIT */
#include "report/compare/holes.h"
#include "report/write/c/c_text.h"
#include "report/write/c/declarator.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { TEXT_MAXIMUM = 1024 * 1024 };

static struct type_table types;

static int set_up(void **state UNUSED)
{
    type_table_init(&types);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    type_table_deinit(&types);
    return 0;
}

static void assert_declaration(const struct type *type, const char *name, const char *expected)
{
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(declaration_append(&out, type, name, DECLARATOR_FLEXIBLE));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static const struct type *pointer(const struct type *target)
{
    return pointer_to(&types, target);
}

static const struct type *constant(const struct type *type)
{
    return around(&types, TYPE_CONST, type);
}

static const struct type *character(void)
{
    return named(&types, TYPE_INT, "char");
}

static const struct type *function(const struct type *result, const struct type *parameter)
{
    return function_of(&types, result, parameter ? 1 : 0, &parameter);
}

static void pointers_and_qualifiers(void **state UNUSED)
{
    const struct type *inode = named(&types, TYPE_STRUCT, "inode");

    assert_declaration(int_type(&types), "x", "int x");
    assert_declaration(int_type(&types), "", "int");
    assert_declaration(pointer(inode), "i", "struct inode *i");
    assert_declaration(pointer(inode), "", "struct inode *");
    assert_declaration(pointer(pointer(character())), "argv", "char **argv");
    assert_declaration(pointer(constant(character())), "s", "const char *s");
    assert_declaration(constant(pointer(character())), "p", "char * const p");
    assert_declaration(pointer(constant(pointer(character()))), "p", "char * const *p");
    assert_declaration(constant(pointer(constant(character()))), "", "const char * const");
    assert_declaration(around(&types, TYPE_RESTRICT, pointer(void_type(&types))), "p",
                       "void * restrict p");
    assert_declaration(around(&types, TYPE_VOLATILE, constant(int_type(&types))), "x",
                       "volatile const int x");
    assert_declaration(around(&types, TYPE_ATOMIC, int_type(&types)), "x", "_Atomic int x");
}

static void arrays(void **state UNUSED)
{
    const struct type *u8 = named(&types, TYPE_TYPEDEF, "u8");
    const struct type *mac = array_of(&types, u8, 2, (const uint64_t[]){2, 6});
    const struct type *open = array_of(&types, u8, 2, (const uint64_t[]){0, 0});

    assert_declaration(mac, "mac", "u8 mac[2][6]");
    assert_declaration(row_of(&types, pointer(u8), 4), "p", "u8 *p[4]");
    assert_declaration(pointer(mac), "p", "u8 (*p)[2][6]");
    assert_declaration(pointer(mac), "", "u8 (*)[2][6]");
    assert_declaration(row_of(&types, u8, 0), "data", "u8 data[]");
    assert_declaration(open, "data", "u8 data[][0]");
    assert_declaration(row_of(&types, row_of(&types, u8, 0), 3), "data", "u8 data[3][0]");
    assert_declaration(pointer(row_of(&types, u8, 0)), "p", "u8 (*p)[]");
    assert_declaration(constant(row_of(&types, u8, 3)), "x", "const u8 x[3]");
    assert_declaration(constant(row_of(&types, pointer(u8), 3)), "x", "u8 * const x[3]");
    assert_declaration(pointer(constant(row_of(&types, u8, 3))), "x", "const u8 (*x)[3]");
}

static void a_zero_length_array_where_c_has_no_flexible_one(void **state UNUSED)
{
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(
        declaration_append(&out, row_of(&types, character(), 0), "x", DECLARATOR_ZERO_LENGTH));
    assert_string_equal(buffer_text(&out), "char x[0]");
    buffer_deinit(&out);
}

static void functions(void **state UNUSED)
{
    const struct type *number = int_type(&types);
    const struct type *two[] = {pointer(named(&types, TYPE_STRUCT, "inode")),
                                pointer(named(&types, TYPE_STRUCT, "file"))};
    const struct type *variable[] = {pointer(constant(character())), void_type(&types)};
    const struct type *open = pointer(function_of(&types, number, 2, two));
    const struct type *handler = pointer(function(void_type(&types), number));

    assert_declaration(open, "open", "int (*open)(struct inode *, struct file *)");
    assert_declaration(constant(open), "open", "int (* const open)(struct inode *, struct file *)");
    assert_declaration(row_of(&types, handler, 8), "table", "void (*table[8])(int)");
    assert_declaration(pointer(handler), "p", "void (**p)(int)");
    assert_declaration(pointer(row_of(&types, handler, 8)), "p", "void (*(*p)[8])(int)");
    assert_declaration(pointer(function(handler, number)), "signal", "void (*(*signal)(int))(int)");
    assert_declaration(pointer(function(number, handler)), "f", "int (*f)(void (*)(int))");
    assert_declaration(pointer(function(number, NULL)), "f", "int (*f)(void)");
    assert_declaration(pointer(function(number, void_type(&types))), "f", "int (*f)()");
    assert_declaration(pointer(function_of(&types, number, 2, variable)), "f",
                       "int (*f)(const char *, ...)");
    assert_declaration(pointer(constant(function(number, NULL))), "f", "int (*f)(void)");
    assert_declaration(pointer(constant(function(pointer(number), NULL))), "f", "int *(*f)(void)");
    assert_declaration(pointer(function(pointer(row_of(&types, number, 4)), NULL)), "f",
                       "int (*(*f)(void))[4]");
}

static void what_has_no_name_is_an_ellipsis(void **state UNUSED)
{
    assert_declaration(pointer(constant(named(&types, TYPE_STRUCT, TYPE_ANONYMOUS))), "p",
                       "const struct { ... } *p");
    assert_declaration(named(&types, TYPE_ENUM, TYPE_ANONYMOUS), "state", "enum { ... } state");
    assert_declaration(named(&types, TYPE_ENUM, "pid_type"), "t", "enum pid_type t");
}

static void a_type_without_end_is_refused(void **state UNUSED)
{
    struct buffer out;
    const struct type *deep = int_type(&types);
    const struct type *nested = int_type(&types);

    buffer_init(&out, TEXT_MAXIMUM);
    for (int i = 0; i < 100; i++)
        deep = pointer(deep);
    assert_failure(declaration_append(&out, deep, "p", DECLARATOR_FLEXIBLE), ERROR_LIMIT, "deep");
    for (int i = 0; i < 100; i++)
        nested = function(int_type(&types), nested);
    assert_failure(declaration_append(&out, nested, "p", DECLARATOR_FLEXIBLE), ERROR_LIMIT, "deep");
    buffer_deinit(&out);
}

static void assert_definition(const struct layout *layout, const struct definition_source *source,
                              const char *expected)
{
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(definition_render(layout, source, 0, &out));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void holes_padding_and_nesting_are_shown(void **state UNUSED)
{
    const struct type *number = int_type(&types);
    const struct type *inner = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *choice = named(&types, TYPE_UNION, TYPE_ANONYMOUS);
    const struct layout_member members[] = {
        {.name = "a", .type = character(), .byte_size = 1},
        {.name = "in", .type = row_of(&types, inner, 2), .bit_offset = 32, .byte_size = 16},
        {.name = "x", .type = character(), .bit_offset = 32, .byte_size = 1, .depth = 1},
        {.name = "y", .type = number, .bit_offset = 64, .byte_size = 4, .depth = 1},
        {.name = "", .type = choice, .bit_offset = 160, .byte_size = 4},
        {.name = "q", .type = character(), .bit_offset = 160, .byte_size = 1, .depth = 1},
        {.name = "s",
         .type = row_of(&types, character(), 3),
         .bit_offset = 160,
         .byte_size = 3,
         .depth = 1},
        {.name = "p", .type = pointer(inner), .bit_offset = 192, .byte_size = 8},
        {.name = "z", .type = number, .bit_offset = 32, .byte_size = 4, .depth = 1},
        {.name = "tail", .type = row_of(&types, character(), 0), .bit_offset = 256},
    };
    const struct layout layout = {
        .name = "sample", .byte_size = 40, .member_count = 10, .members = members};
    const struct definition_source source = {
        "5.4.0-26-generic-amd64", "include/linux/s.h", 12, {0}};

    assert_definition(&layout, &source,
                      "/* 5.4.0-26-generic-amd64: include/linux/s.h:12 */\n"
                      "struct sample {\n"
                      "    char a;                                          /*     0         1 */\n"
                      "    /* hole: 3 bytes */\n"
                      "    struct {\n"
                      "        char x;                                      /*     4         1 */\n"
                      "        /* hole: 3 bytes */\n"
                      "        int y;                                       /*     8         4 */\n"
                      "    } in[2];                                         /*     4        16 */\n"
                      "    union {\n"
                      "        char q;                                      /*    20         1 */\n"
                      "        char s[3];                                   /*    20         3 */\n"
                      "        /* padding: 1 byte */\n"
                      "    };                                               /*    20         4 */\n"
                      "    struct {\n"
                      "        /* hole: 4 bytes */\n"
                      "        int z;                                       /*     4         4 */\n"
                      "    } *p;                                            /*    24         8 */\n"
                      "    char tail[];                                     /*    32         0 */\n"
                      "    /* padding: 8 bytes */\n"
                      "};\n"
                      "/* size: 40, members: 6 */\n"
                      "/* holes: 1, in all 3 bytes; padding: 8 bytes */\n");
}

static struct layout_member bits(const char *type, uint64_t byte_size, const char *name,
                                 uint64_t bit_offset, uint32_t bit_size)
{
    return (struct layout_member){.name = name,
                                  .type = named(&types, TYPE_INT, type),
                                  .byte_size = byte_size,
                                  .bit_offset = bit_offset,
                                  .bitfield_size = bit_size};
}

static void bit_fields_are_shown(void **state UNUSED)
{
    const struct layout_member members[] = {
        bits("unsigned int", 4, "a", 0, 3),    bits("unsigned int", 4, "b", 8, 2),
        bits("unsigned int", 4, "c", 32, 31),  bits("unsigned int", 4, "d", 64, 2),
        bits("_Bool", 1, "e", 66, 1),          bits("long int", 0, "f", 72, 0),
        bits("unsigned int", 4, "g", 128, 17),
    };
    struct layout_member copies[ARRAY_LENGTH(members)];
    struct layout layout = {
        .name = "sample", .byte_size = 24, .member_count = 7, .members = copies};

    memcpy(copies, members, sizeof(members));
    copies[5].byte_size = 1;
    assert_definition(&layout, NULL,
                      "struct sample {\n"
                      "    unsigned int a:3;                                /*     0:0       4 */\n"
                      "    /* hole: 5 bits */\n"
                      "    unsigned int :5;\n"
                      "    unsigned int b:2;                                /*     1:0       4 */\n"
                      "    /* hole: 22 bits */\n"
                      "    unsigned int c:31;                               /*     4:0       4 */\n"
                      "    /* hole: 1 bit */\n"
                      "    unsigned int d:2;                                /*     8:0       4 */\n"
                      "    _Bool e:1;                                       /*     8:2       1 */\n"
                      "    /* hole: 5 bits */\n"
                      "    long int f;                                      /*     9         1 */\n"
                      "    /* hole: 6 bytes */\n"
                      "    unsigned int :0;\n"
                      "    unsigned int g:17;                               /*    16:0       4 */\n"
                      "    /* padding: 4 bytes and 15 bits */\n"
                      "};\n"
                      "/* size: 24, members: 7 */\n"
                      "/* holes: 1, in all 6 bytes; bit holes: 4, in all 33 bits; padding: 4 "
                      "bytes and 15 bits */\n");
}

static void a_struct_without_members(void **state UNUSED)
{
    const struct layout layout = {.name = "lock_class_key"};
    const struct definition_source source = {"6.1.0-56-amd64", NULL, 0, {0}};

    assert_definition(&layout, &source,
                      "/* 6.1.0-56-amd64 */\nstruct lock_class_key {\n};\n"
                      "/* size: 0, members: 0 */\n/* holes: none; padding: none */\n");
}

static void assert_hole(const struct hole *hole, uint64_t bit_offset, uint64_t bit_size,
                        uint32_t before_member, bool is_in_bitfield)
{
    assert_int_equal(hole->bit_offset, bit_offset);
    assert_int_equal(hole->bit_size, bit_size);
    assert_int_equal(hole->before_member, before_member);
    assert_int_equal(hole->is_in_bitfield, is_in_bitfield);
}

static void a_gap_between_bit_fields_is_parted_by_their_units(void **state UNUSED)
{
    const struct layout_member members[] = {
        bits("unsigned int", 4, "a", 0, 5),
        bits("unsigned int", 4, "b", 68, 2),
        bits("unsigned char", 1, "c", 96, 4),
    };
    const struct layout layout = {
        .name = "sample", .byte_size = 16, .member_count = 3, .members = members};
    struct holes holes;

    assert_success(holes_find(&layout, HOLES_WHOLE_STRUCT, &holes));
    assert_int_equal(holes.count, 4);
    assert_hole(&holes.holes[0], 5, 27, 1, true);
    assert_hole(&holes.holes[1], 32, 32, 1, false);
    assert_hole(&holes.holes[2], 64, 4, 1, true);
    assert_hole(&holes.holes[3], 70, 26, 2, true);
    assert_int_equal(holes.padding_bits, 28);
    assert_int_equal(holes.bitfield_padding_bits, 4);
    holes_deinit(&holes);
}

/* Only foreign data has a union's members at different places. */
static void a_union_has_no_holes(void **state UNUSED)
{
    const struct layout_member members[] = {
        {.name = "u", .type = named(&types, TYPE_UNION, TYPE_ANONYMOUS), .byte_size = 12},
        {.name = "a", .type = int_type(&types), .byte_size = 4, .depth = 1},
        {.name = "b", .type = int_type(&types), .bit_offset = 48, .byte_size = 4, .depth = 1},
    };
    const struct layout layout = {
        .name = "sample", .byte_size = 12, .member_count = 3, .members = members};
    struct holes holes;

    assert_success(holes_find(&layout, 0, &holes));
    assert_int_equal(holes.count, 0);
    assert_int_equal(holes.padding_bits, 16);
    holes_deinit(&holes);
}

/* Sizes that no memory has neither overflow nor make holes of nothing. */
static void absurd_sizes_are_capped(void **state UNUSED)
{
    const struct layout_member members[] = {
        {.name = "a", .type = int_type(&types), .byte_size = UINT64_MAX},
        {.name = "b", .type = int_type(&types), .bit_offset = UINT64_MAX, .byte_size = 8},
        bits("int", UINT64_MAX, "c", UINT64_MAX - 1, UINT32_MAX),
        bits("int", 0, "d", UINT64_MAX - 9, 3),
    };
    const struct layout layout = {
        .name = "sample", .byte_size = UINT64_MAX, .member_count = 4, .members = members};
    struct holes holes;
    struct buffer out;

    assert_success(holes_find(&layout, HOLES_WHOLE_STRUCT, &holes));
    assert_int_equal(holes.count, 0);
    assert_int_equal(holes.padding_bits, 0);
    holes_deinit(&holes);
    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(definition_render(&layout, NULL, 0, &out));
    buffer_deinit(&out);
}

static void a_control_character_does_not_reach_a_terminal(void **state UNUSED)
{
    const struct layout_member members[] = {
        {.name = "\033[2J", .type = named(&types, TYPE_TYPEDEF, "a\nb"), .byte_size = 1},
    };
    const struct layout layout = {
        .name = "x\ry", .byte_size = 1, .member_count = 1, .members = members};
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(definition_render(&layout, NULL, 0, &out));
    assert_null(strpbrk(out.data, "\033\r"));
    assert_non_null(strstr(out.data, "    a\xef\xbf\xbd"
                                     "b \xef\xbf\xbd[2J;"));
    buffer_deinit(&out);
}

/* Pages give what is const or volatile and has no name one in parentheses: C has none. */
static void a_qualified_member_without_a_name_has_none(void **state UNUSED)
{
    const struct type *unnamed = constant(named(&types, TYPE_STRUCT, TYPE_ANONYMOUS));
    const struct layout_member members[] = {
        {.name = TYPE_ANONYMOUS, .type = unnamed, .byte_size = 4},
        {.name = "a", .type = int_type(&types), .byte_size = 4, .depth = 1},
        {.name = "(anon-1)", .type = unnamed, .bit_offset = 32, .byte_size = 4},
        {.name = "b", .type = int_type(&types), .bit_offset = 32, .byte_size = 4, .depth = 1},
    };
    const struct layout layout = {
        .name = "s", .byte_size = 8, .member_count = ARRAY_LENGTH(members), .members = members};
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(definition_render(&layout, NULL, 0, &out));
    assert_non_null(strstr(buffer_text(&out), "    const struct {\n        int a; "));
    assert_non_null(strstr(buffer_text(&out), "        int b; "));
    assert_null(strstr(buffer_text(&out), "anon"));
    buffer_deinit(&out);
}

static void cache_lines_are_as_long_as_they_are(void **state UNUSED)
{
    const struct layout_member members[] = {
        {.name = "a", .type = int_type(&types), .byte_size = 4},
        {.name = "b", .type = int_type(&types), .bit_offset = 64 * 8, .byte_size = 4},
        {.name = "c", .type = int_type(&types), .bit_offset = 256 * 8, .byte_size = 4},
    };
    const struct layout layout = {
        .name = "s", .byte_size = 260, .member_count = ARRAY_LENGTH(members), .members = members};
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(definition_render(&layout, NULL, 64, &out));
    assert_non_null(strstr(buffer_text(&out), "/* cache line 1 */\n    int b;"));
    assert_non_null(strstr(buffer_text(&out), "/* cache line 4 */\n    int c;"));
    buffer_clear(&out);
    assert_success(definition_render(&layout, NULL, 256, &out));
    assert_non_null(strstr(buffer_text(&out), "/* cache line 1 */\n    int c;"));
    assert_null(strstr(buffer_text(&out), "1 */\n    int b;"));
    buffer_clear(&out);
    assert_success(definition_render(&layout, NULL, 0, &out));
    assert_null(strstr(buffer_text(&out), "cache line"));
    buffer_deinit(&out);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pointers_and_qualifiers),
        TEST(arrays),
        TEST(cache_lines_are_as_long_as_they_are),
        TEST(a_zero_length_array_where_c_has_no_flexible_one),
        TEST(functions),
        TEST(what_has_no_name_is_an_ellipsis),
        TEST(a_type_without_end_is_refused),
        TEST(holes_padding_and_nesting_are_shown),
        TEST(a_qualified_member_without_a_name_has_none),
        TEST(bit_fields_are_shown),
        TEST(a_struct_without_members),
        TEST(a_gap_between_bit_fields_is_parted_by_their_units),
        TEST(a_union_has_no_holes),
        TEST(absurd_sizes_are_capped),
        TEST(a_control_character_does_not_reach_a_terminal),
    };
#undef TEST
    return cmocka_run_group_tests_name("definition", tests, NULL, NULL);
}
