/* SPDX-License-Identifier: MIT */
#include "report/pages/full_page.h"

#include "tests/unit/samples/struct_samples.h"

static int set_up(void **state)
{
    *state = struct_sample_create();
    return 0;
}

static int tear_down(void **state)
{
    struct_sample_destroy(*state);
    return 0;
}

static const char *render(struct struct_sample *sample)
{
    return struct_sample_render(sample, full_page_render);
}

static void assert_has(const char *page, const char *text)
{
    if (!strstr(page, text))
        fail_msg("there is no \"%s\" in:\n%s", text, page);
}

static void assert_lacks(const char *page, const char *text)
{
    if (strstr(page, text))
        fail_msg("there is a \"%s\" in:\n%s", text, page);
}

static const char expected_page[] =
    "# Full history of struct <code>pair</code>\n"
    "\n"
    "In 2 of 3 kernels, with 2 layouts. Sizes and offsets are in bytes; a bit-field's offset "
    "is the byte and, after a colon, the bit in it.\n"
    "\n"
    "## Status\n"
    "\n"
    "| Group | Kernel | Size | Holes | Padding | Layout |\n"
    "|---|---|--:|---|---|---|\n"
    "| Regular | `old` | 24 | 4 bytes and 29 bits | none | [layout 1](#layout-1) |\n"
    "|  | `base` | 32 | 4 bytes and 27 bits | none | [layout 2](#layout-2) |\n"
    "| Arch | `arm` | Absent ❓ | | | |\n"
    "\n"
    "## Layouts\n"
    "\n"
    "### Layout 1\n"
    "\n"
    "24 bytes, 4 members; holes: 1, in all 4 bytes; bit holes: 1, in all 29 bits; padding: "
    "none.\n"
    "\n"
    "- `old`: declared in `include/pair.h:12`\n"
    "\n"
    "<details markdown=\"1\">\n"
    "<summary>Definition</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "    u32 a;                                           /*     0         4 */\n"
    "    u32 b;                                           /*     4         4 */\n"
    "    u32 f:3;                                         /*     8:0       4 */\n"
    "    /* hole: 29 bits */\n"
    "    /* hole: 4 bytes */\n"
    "    list_t p;                                        /*    16         8 */\n"
    "};\n"
    "/* size: 24, members: 4 */\n"
    "/* holes: 1, in all 4 bytes; bit holes: 1, in all 29 bits; padding: none */\n"
    "```\n"
    "\n"
    "</details>\n"
    "\n"
    "### Layout 2\n"
    "\n"
    "32 bytes, 5 members; holes: 1, in all 4 bytes; bit holes: 2, in all 27 bits; padding: "
    "none.\n"
    "\n"
    "- `base`\n"
    "\n"
    "<details markdown=\"1\">\n"
    "<summary>Definition</summary>\n"
    "\n"
    "```c\n"
    "struct pair {\n"
    "    u64 n;                                           /*     0         8 */\n"
    "    u32 a;                                           /*     8         4 */\n"
    "    u32 b;                                           /*    12         4 */\n"
    "    /* hole: 5 bits */\n"
    "    unsigned int :5;\n"
    "    u32 f:5;                                         /*    16:5       4 */\n"
    "    /* hole: 22 bits */\n"
    "    /* hole: 4 bytes */\n"
    "    list_t q;                                        /*    24         8 */\n"
    "};\n"
    "/* size: 32, members: 5 */\n"
    "/* holes: 1, in all 4 bytes; bit holes: 2, in all 27 bits; padding: none */\n"
    "```\n"
    "\n"
    "</details>\n"
    "\n"
    "## Differences\n"
    "\n"
    "### Regular\n"
    "\n"
    "<details markdown=\"1\">\n"
    "<summary>Changed between <code>old</code> and <code>base</code> ❓ 24 ➡️ 32 bytes (+8): "
    "1 added at the end, 1 inserted, 1 removed, 3 moved, 1 width changed</summary>\n"
    "\n"
    "From [layout 1](#layout-1) to [layout 2](#layout-2).\n"
    "\n"
    "| Change | Member | Offset | Size | Type |\n"
    "|---|---|---|---|---|\n"
    "| inserted | `n` | 0 | 8 | `u64` |\n"
    "| moved | `a` and `b` | 0…4 ➡️ 8…12 (+8) | | |\n"
    "| moved, width changed | `f` | 8:0 ➡️ 16:5 (+8 and 5 bits) | 3 bits ➡️ 5 bits | `u32` "
    "|\n"
    "| added at the end; perhaps renamed from `p`? | `q` | 24 | 8 | `list_t` |\n"
    "| removed; perhaps renamed to `q`? | `p` | 16 | 8 | `list_t` |\n"
    "\n"
    "</details>\n"
    "\n"
    "### Arch\n"
    "\n"
    "Removed between `base` and `arm` ➖ It had [layout 2](#layout-2), 32 bytes.\n";

static void a_page_has_layouts_and_every_change(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member old_members[] = {
        sample_member(sample, "u32", "a", 0, 4),
        sample_member(sample, "u32", "b", 32, 4),
        sample_bits(sample, "f", 64, 3),
        sample_member(sample, "list_t", "p", 128, 8),
    };
    const struct layout_member new_members[] = {
        sample_member(sample, "u64", "n", 0, 8),      sample_member(sample, "u32", "a", 64, 4),
        sample_member(sample, "u32", "b", 96, 4),     sample_bits(sample, "f", 133, 5),
        sample_member(sample, "list_t", "q", 192, 8),
    };
    const struct layout old_layout = SAMPLE_LAYOUT(24, old_members);
    const struct layout new_layout = SAMPLE_LAYOUT(32, new_members);

    sample->layouts[0] = &old_layout;
    sample->layouts[1] = &new_layout;
    sample->places[0] = (struct history_place){"include/pair.h", 12};
    assert_string_equal(render(sample), expected_page);
}

/* Names and types are the same: the plain page says "No changes". */
static void a_struct_whose_members_only_moved_has_changed(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member old_members[] = {sample_member(sample, "u32", "a", 0, 4),
                                                sample_member(sample, "u32", "b", 32, 4)};
    const struct layout_member new_members[] = {sample_member(sample, "u32", "a", 0, 4),
                                                sample_member(sample, "u32", "b", 512, 4)};
    const struct layout old_layout = SAMPLE_LAYOUT(8, old_members);
    const struct layout new_layout = SAMPLE_LAYOUT(128, new_members);

    sample->layouts[0] = &old_layout;
    sample->layouts[1] = &new_layout;
    const char *page = render(sample);
    assert_lacks(page, "No changes");
    assert_has(page, "❓ 8 ➡️ 128 bytes (+120): 1 moved</summary>");
    assert_has(page, "| moved | `b` | 4 ➡️ 64 (+60) | 4 | `u32` |");
    assert_has(page, "Removed between `base` and `arm` ➖ It had [layout 2](#layout-2), 128 bytes.");
}

/* Members of unnamed structs are told by their paths, nesting by its words. */
static void changes_inside_are_told(void **state)
{
    struct struct_sample *sample = *state;
    struct layout_member old_members[] = {
        sample_member(sample, "u32", "a", 0, 4),   sample_member(sample, "u32", "b", 32, 4),
        sample_member(sample, "u64", "in", 64, 8), sample_member(sample, "u32", "x", 64, 4),
        sample_bits(sample, "y", 96, 3),           sample_member(sample, "u32", "c", 128, 4),
        sample_member(sample, "u32", "d", 160, 4),
    };
    struct layout_member new_members[] = {
        sample_member(sample, "", "", 0, 8),       sample_member(sample, "u32", "a", 0, 4),
        sample_member(sample, "u32", "b", 32, 4),  sample_member(sample, "u64", "in", 64, 8),
        sample_member(sample, "u16", "x", 64, 2),  sample_bits(sample, "y", 97, 3),
        sample_member(sample, "", "", 192, 8),     sample_member(sample, "u32", "c", 192, 4),
        sample_member(sample, "u32", "d", 224, 4),
    };
    const struct layout old_layout = SAMPLE_LAYOUT(32, old_members);
    const struct layout new_layout = SAMPLE_LAYOUT(32, new_members);
    const struct type *nameless = named(&sample->history.types, TYPE_STRUCT, TYPE_ANONYMOUS);

    old_members[2].type = new_members[3].type = nameless;
    new_members[0].type = named(&sample->history.types, TYPE_UNION, TYPE_ANONYMOUS);
    old_members[3].depth = old_members[4].depth = 1;
    new_members[1].depth = new_members[2].depth = 1;
    new_members[4].depth = new_members[5].depth = 1;
    new_members[6].type = new_members[0].type;
    new_members[7].depth = new_members[8].depth = 1;
    sample->layouts[0] = &old_layout;
    sample->layouts[1] = &new_layout;
    const char *page = render(sample);
    assert_has(page, "| nesting changed (none ➡️ union) | `a` and `b` | 0…4 | | |\n");
    assert_has(page, "| resized, type changed | `in.x` | 8 | 4 ➡️ 2 | `u32` ➡️ `u16` |\n");
    assert_has(page, "| moved | `in.y` | 12:0 ➡️ 12:1 (+1 bit) | 3 bits | `u32` |\n");
    assert_has(
        page, "| moved, nesting changed (none ➡️ union) | `c` and `d` | 16…20 ➡️ 24…28 "
              "(+8) |");
    assert_has(page, "❓ 32 bytes: 3 moved, 1 resized, 1 type changed, 4 nesting changed<");
}

static void what_an_import_does_not_know_is_not_claimed(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member members[] = {sample_member(sample, "u8", "a", 0, 0),
                                            sample_member(sample, "u32", "b", 32, 0)};
    const struct layout_member moved[] = {sample_member(sample, "u8", "a", 0, 1),
                                          sample_member(sample, "u32", "b", 64, 4)};
    struct layout layout = SAMPLE_LAYOUT(8, members);
    const struct layout other = SAMPLE_LAYOUT(12, moved);

    layout.lacks_member_sizes = true;
    sample->layouts[0] = sample->layouts[1] = &layout;
    const char *page = render(sample);
    assert_has(page, "| Group | Kernel | Size | Layout |\n");
    assert_has(page, "8 bytes, 2 members; holes and padding are not known.\n");
    assert_has(page, "\nNo known changes between `old` and `base` ✅\n");
    assert_lacks(page, "hole:");

    sample->layouts[0] = &other;
    page = render(sample);
    assert_has(page, "| Regular | `old` | 12 | 7 bytes | none | [layout 1](#layout-1) |\n");
    assert_has(page, "|  | `base` | 8 | not known | not known | [layout 2](#layout-2) |\n");
    assert_has(page, "[layout 2](#layout-2). The members' sizes are not known on both sides");
    assert_has(page, "| moved | `b` | 8 ➡️ 4 (-4) | 4 ➡️ ? | `u32` |\n");
}

/* Of the oldest imported kernels nothing but names and types is known; the rest is stored as 0. */
static void what_is_not_known_is_never_0(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member members[] = {sample_member(sample, "u8", "a", 0, 0),
                                            sample_member(sample, "u32", "b", 0, 0)};
    const struct layout_member known[] = {sample_member(sample, "u64", "b", 64, 8)};
    struct layout layout = SAMPLE_LAYOUT(0, members);
    const struct layout other = SAMPLE_LAYOUT(16, known);

    layout.lacks_member_sizes = true;
    sample->layouts[0] = &layout;
    sample->layouts[1] = &other;
    const char *page = render(sample);
    assert_has(page, "| Regular | `old` | ? | not known | not known | [layout 1](#layout-1) |\n");
    assert_has(page, "\n? bytes, 2 members; holes and padding are not known.\n");
    assert_has(page, "    u32 b;                                           /*     ? */\n");
    assert_has(page, "/* size: ?, members: 2 */\n");
    assert_has(page, "❓ ? ➡️ 16 bytes: ");
    assert_has(page, "| `b` | ? ➡️ 8 | ? ➡️ 8 | `u32` ➡️ `u64` |\n");
    assert_has(page, "| removed | `a` | ? | ? | `u8` |\n");
    sample->layouts[1] = NULL;
    page = render(sample);
    assert_has(page, " ➖ It had [layout 1](#layout-1), ? bytes.\n");
}

static void further_definitions_are_told_with_their_users(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member members[] = {sample_member(sample, "u32", "a", 0, 4)};
    const struct layout_member others[] = {sample_member(sample, "u64", "z", 0, 8)};
    const struct layout layout = SAMPLE_LAYOUT(4, members);
    const struct layout other = SAMPLE_LAYOUT(8, others);
    const char *users[] = {"drivers/a.c", "drivers/b.c"};
    struct history_further further[] = {
        {0, &other, {"drivers/z.h", 3}, 2, users, 1, {0}},
        {1, &other, {"drivers/z.h", 3}, 2, users, 1, {0}},
        {1, &layout, {NULL, 0}, 1, users, 1, {0}},
    };

    sample->layouts[0] = sample->layouts[1] = sample->layouts[2] = &layout;
    sample->entry.further = further;
    sample->entry.further_count = 3;
    const char *page = render(sample);
    assert_has(page, "\n## Further definitions\n");
    assert_has(page, "- [layout 2](#layout-2) in `old`, `base`: declared in `drivers/z.h:3`; "
                     "used by `drivers/a.c`, `drivers/b.c`\n"
                     "- [layout 1](#layout-1) in `base`; used by `drivers/a.c`\n");
    assert_has(page, "### Layout 2\n\n8 bytes, 1 member; holes: none; padding: none.\n\n"
                     "Only as a further definition.\n");
    assert_has(page, "\nIn 3 of 3 kernels, with 1 layout.");
    assert_has(page, "\nNo changes between `old` and `base` ✅\n");
}

/* One kernel only declares what another defines. */
static void layouts_that_read_alike_are_one(void **state)
{
    struct struct_sample *sample = *state;
    struct type_table *types = &sample->history.types;
    struct layout_member members[] = {sample_member(sample, "u32", "p", 0, 8)};
    struct layout_member declared[] = {sample_member(sample, "u32", "p", 0, 8)};
    struct layout_member rows[] = {sample_member(sample, "u32", "p", 0, 8)};
    const struct layout layout = SAMPLE_LAYOUT(8, members);
    const struct layout other = SAMPLE_LAYOUT(8, declared);
    const struct layout third = SAMPLE_LAYOUT(8, rows);
    const struct type *u8 = named(types, TYPE_TYPEDEF, "u8");

    members[0].type = pointer_to(types, named(types, TYPE_STRUCT, "leaf"));
    declared[0].type = pointer_to(types, named(types, TYPE_FWD, "leaf"));
    sample->layouts[0] = &layout;
    sample->layouts[1] = &other;
    assert_has(render(sample), "with 1 layout.");

    /* But not with another place, nor where only the pages' notation is the same. */
    declared[0].bit_offset = 8;
    assert_has(render(sample), "with 2 layouts.");
    declared[0].bit_offset = 0;
    declared[0].type = array_of(types, u8, 2, (const uint64_t[]){2, 4});
    rows[0].type = array_of(types, u8, 2, (const uint64_t[]){4, 2});
    sample->layouts[0] = &third;
    const char *page = render(sample);
    assert_has(page, "with 2 layouts.");
    assert_has(page, "| type changed | `p` | 0 | 8 | `u8[4][2]` ➡️ `u8[2][4]` |\n");
}

/* How many lines are exactly LINE, or begin with it. */
static size_t count_lines(const char *page, const char *line, bool is_whole)
{
    size_t count = 0;
    size_t length = strlen(line);

    for (const char *rest = page; rest; rest = strchr(rest, '\n')) {
        rest += rest != page;
        count += strncmp(rest, line, length) == 0 && (!is_whole || rest[length] == '\n');
    }
    return count;
}

static void foreign_texts_cannot_leave_their_place(void **state)
{
    struct struct_sample *sample = *state;
    static const char evil[] = "x\n```\n</details><b>`|*{{y}}{%z%}\\[a](b)";
    struct layout_member members[] = {sample_member(sample, evil, evil, 0, 4),
                                      sample_member(sample, "u32", "b", 32, 4)};
    struct layout_member others[] = {sample_member(sample, "u32", "b", 0, 4)};
    struct layout layout = SAMPLE_LAYOUT(8, members);
    const struct layout other = SAMPLE_LAYOUT(4, others);
    const char *users[] = {evil};
    struct history_further further = {0, &other, {evil, 3}, 1, users, 1, {0}};

    layout.name = evil;
    sample->entry.name = evil;
    sample->kernel_names[0] = evil;
    sample->group_list[0].name = (char[]){"x\n# y<b>{{|"};
    sample->places[0].file = evil;
    sample->layouts[0] = &layout;
    sample->layouts[1] = &other;
    sample->entry.further = &further;
    sample->entry.further_count = 1;
    const char *page = render(sample);
    assert_int_equal(count_lines(page, "```c", true), 2);
    assert_int_equal(count_lines(page, "```", false), 4);
    assert_int_equal(count_lines(page, "</details>", false), 3);
    assert_int_equal(count_lines(page, "# ", false), 1);
    assert_lacks(page, "{{");
    assert_lacks(page, "{%");
    assert_lacks(page, "](b)\n");
    assert_has(page, "| removed | <code>x\xef\xbf\xbd&#96;&#96;&#96;");
    /* Raw only where it is no markup: in the definition. */
    assert_int_equal(
        count_lines(page, "    x\xef\xbf\xbd```\xef\xbf\xbd</details><b>`|*\xef\xbf\xbd{y", false),
        1);
    const char *after_fence = strstr(strstr(page, "```\n\n"), "## Differences");
    assert_lacks(after_fence, "<b>");
}

/* A type that no compiler would write does not end the whole report. */
static void a_definition_that_cannot_be_written_is_said(void **state)
{
    struct struct_sample *sample = *state;
    struct layout_member members[] = {sample_member(sample, "u32", "a", 0, 8)};
    const struct layout_member others[] = {sample_member(sample, "u32", "a", 0, 8)};
    const struct layout layout = SAMPLE_LAYOUT(8, members);
    const struct layout other = SAMPLE_LAYOUT(8, others);

    for (int i = 0; i < 100; i++)
        members[0].type = pointer_to(&sample->history.types, members[0].type);
    sample->layouts[0] = &layout;
    sample->layouts[1] = &other;
    const char *page = render(sample);
    assert_has(page, "\nIts definition cannot be shown: a type is nested more than 64 deep.\n");
    assert_has(page, "| type changed | `a` | 0 | 8 | `u32 * * * *");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_page_has_layouts_and_every_change),
        TEST(a_struct_whose_members_only_moved_has_changed),
        TEST(changes_inside_are_told),
        TEST(what_an_import_does_not_know_is_not_claimed),
        TEST(what_is_not_known_is_never_0),
        TEST(further_definitions_are_told_with_their_users),
        TEST(layouts_that_read_alike_are_one),
        TEST(foreign_texts_cannot_leave_their_place),
        TEST(a_definition_that_cannot_be_written_is_said),
    };
#undef TEST
    return cmocka_run_group_tests_name("struct full page", tests, NULL, NULL);
}
