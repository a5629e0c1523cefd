/* SPDX-License-Identifier: MIT */
#include "report/compare/members/member_paths.h"
#include "tests/unit/samples/comparison_samples.h"

/* "path" or "path(nesting)", and after a star what is no field; spaces between them. */
static void assert_paths(struct layout layout, const char *expected)
{
    struct member_paths paths;
    struct buffer text;

    assert_success(member_paths_list(&layout, &arena, &paths));
    buffer_init(&text, 1 << 20);
    for (uint32_t i = 0; i < paths.count; i++) {
        const struct member_path *path = &paths.paths[i];
        buffer_append_format(&text, "%s%s%s", i > 0 ? " " : "", path->is_field ? "" : "*",
                             path->path);
        if (path->nesting[0] != '\0')
            buffer_append_format(&text, "(%s)", path->nesting);
    }
    assert_string_equal(buffer_text(&text), expected);
    buffer_deinit(&text);
}

static void members_without_nesting(void **state UNUSED)
{
    assert_paths(LAYOUT(8, field("int", "a", 0, 4), field("int", "b", 4, 4)), "a b");
    assert_paths(make_layout("empty", 0, NULL, 0), "");
}

static void nameless_structs_are_seen_through(void **state UNUSED)
{
    assert_paths(LAYOUT(16, nameless(TYPE_UNION, "", 0, 8), inside(1, field("int", "a", 0, 4)),
                        inside(1, nameless(TYPE_STRUCT, "", 0, 8)),
                        inside(2, field("int", "b", 0, 4)), inside(2, field("int", "c", 4, 4)),
                        inside(1, field("int", "d", 0, 4)), field("int", "e", 8, 4)),
                 "a(u) b(us) c(us) d(u) e");
}

static void named_members_are_part_of_the_path(void **state UNUSED)
{
    const struct type *body = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);

    assert_paths(
        LAYOUT(40, nameless(TYPE_UNION, "", 0, 8), inside(1, nameless(TYPE_STRUCT, "head", 0, 8)),
               inside(2, field("int", "x", 0, 4)), inside(2, nameless(TYPE_UNION, "", 4, 4)),
               inside(3, field("int", "y", 4, 4)), of_type(row_of(&types, body, 3), "row", 8, 24),
               inside(1, field("int", "z", 8, 4)),
               of_type(pointer_to(&types, body), "table", 32, 8),
               inside(1, nameless(TYPE_STRUCT, "in", 0, 4)), inside(2, field("int", "w", 0, 4))),
        "head(u) *head.x *head.y(u) row *row.z table *table->in *table->in.w");
}

static void qualified_nameless_structs_are_seen_through(void **state UNUSED)
{
    const struct type *body = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *constant = around(&types, TYPE_CONST, body);

    assert_paths(
        LAYOUT(4, of_type(constant, TYPE_ANONYMOUS, 0, 4), inside(1, field("int", "x", 0, 4))),
        "*x(s)");
}

static void parents(void **state UNUSED)
{
    const struct layout layout =
        LAYOUT(12, field("int", "a", 0, 4), nameless(TYPE_STRUCT, "head", 4, 8),
               inside(1, field("int", "x", 4, 4)), inside(1, field("int", "y", 8, 4)));
    struct member_paths paths;

    assert_success(member_paths_list(&layout, &arena, &paths));
    assert_int_equal(paths.paths[0].parent, MEMBER_PATH_NONE);
    assert_int_equal(paths.paths[1].parent, MEMBER_PATH_NONE);
    assert_int_equal(paths.paths[2].parent, 1);
    assert_int_equal(paths.paths[3].parent, 1);
    assert_string_equal(paths.paths[3].path, "head.y");
    assert_ptr_equal(paths.paths[3].member, &layout.members[3]);
}

static void deepest_nesting(void **state UNUSED)
{
    struct layout_member members[LAYOUT_DEPTH_MAXIMUM + 1];
    struct member_paths paths;

    for (uint32_t i = 0; i < LAYOUT_DEPTH_MAXIMUM; i++)
        members[i] = inside(i, nameless(TYPE_STRUCT, "s", 0, 4));
    members[LAYOUT_DEPTH_MAXIMUM] = inside(LAYOUT_DEPTH_MAXIMUM, field("int", "x", 0, 4));
    const struct layout layout = make_layout("deep", 4, members, LAYOUT_DEPTH_MAXIMUM + 1);
    assert_success(member_paths_list(&layout, &arena, &paths));
    assert_int_equal(paths.count, LAYOUT_DEPTH_MAXIMUM + 1);
    assert_int_equal(strlen(paths.paths[LAYOUT_DEPTH_MAXIMUM].path), 2 * LAYOUT_DEPTH_MAXIMUM + 1);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(members_without_nesting),
        TEST(nameless_structs_are_seen_through),
        TEST(named_members_are_part_of_the_path),
        TEST(qualified_nameless_structs_are_seen_through),
        TEST(parents),
        TEST(deepest_nesting),
    };
#undef TEST
    return cmocka_run_group_tests_name("member paths", tests, NULL, NULL);
}
