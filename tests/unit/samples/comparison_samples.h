/* SPDX-License-Identifier: MIT */
/* Layouts written down member by member, and what their comparison has to say, for tests of
 * comparisons. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_COMPARISON_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_COMPARISON_SAMPLES_H

#include "report/compare/layout_comparison.h"
#include "tests/unit/samples/report_samples.h"

static struct type_table types;
static struct arena arena;

static inline int set_up(void **state UNUSED)
{
    type_table_init(&types);
    arena_init(&arena);
    return 0;
}

static inline int tear_down(void **state UNUSED)
{
    type_table_deinit(&types);
    arena_deinit(&arena);
    return 0;
}

/* A member of a typedef's type. */
static inline struct layout_member field(const char *type, const char *name, uint64_t byte_offset,
                                         uint64_t byte_size)
{
    return (struct layout_member){
        .name = name,
        .type = named(&types, TYPE_TYPEDEF, type),
        .bit_offset = byte_offset * 8,
        .byte_size = byte_size,
    };
}

static inline struct layout_member of_type(const struct type *type, const char *name,
                                           uint64_t byte_offset, uint64_t byte_size)
{
    struct layout_member member = field("", name, byte_offset, byte_size);

    member.type = type;
    return member;
}

static inline struct layout_member bits(const char *name, uint64_t bit_offset, uint32_t width)
{
    struct layout_member member = field("u32", name, 0, 4);

    member.bit_offset = bit_offset;
    member.bitfield_size = width;
    return member;
}

/* A member of a struct or union without a name; "" for one that has no name either. */
static inline struct layout_member nameless(enum type_kind kind, const char *name,
                                            uint64_t byte_offset, uint64_t byte_size)
{
    return of_type(named(&types, kind, TYPE_ANONYMOUS), name, byte_offset, byte_size);
}

/* The same, LEVELS deeper. */
static inline struct layout_member inside(uint32_t levels, struct layout_member member)
{
    member.depth = levels;
    return member;
}

#define MEMBERS(...)                                                                               \
    (const struct layout_member[]){__VA_ARGS__},                                                   \
        (uint32_t)(sizeof((const struct layout_member[]){__VA_ARGS__}) /                           \
                   sizeof(struct layout_member))

static inline struct layout make_layout(const char *name, uint64_t byte_size,
                                        const struct layout_member *members, uint32_t count)
{
    return (struct layout){
        .name = name, .byte_size = byte_size, .member_count = count, .members = members};
}

#define LAYOUT(byte_size_, ...) make_layout("sample", (byte_size_), MEMBERS(__VA_ARGS__))

/* Removes what an imported layout does not have; its members must be fields. */
static inline struct layout as_imported(struct layout layout)
{
    layout.lacks_member_sizes = true;
    return layout;
}

/* One line a change: "before>after: words", with "=" for a path that is the same on both sides and
 * a hint after it; at the end the words of the whole. */
static inline const char *told(const struct layout_comparison *comparison)
{
    static const char *const hints[] = {[HINT_NONE] = "",
                                        [HINT_RENAMED] = " renamed ",
                                        [HINT_MOVED] = " renested ",
                                        [HINT_EMBEDDED] = " embedded "};
    struct buffer text;

    buffer_init(&text, 1 << 20);
    for (uint32_t i = 0; i < comparison->change_count; i++) {
        const struct member_change *change = &comparison->changes[i];
        const struct member_path *path = change->after ? change->after : change->before;
        buffer_append_format(&text, "%s: ", path->path);
        change_kinds_append(&text, change->kinds);
        buffer_append_format(&text, "%s%s", hints[change->hint],
                             change->hint_path ? change->hint_path : "");
        if (change->hint_struct)
            buffer_append_format(&text, " of %s", change->hint_struct);
        buffer_append_char(&text, '\n');
    }
    change_kinds_append(&text, comparison->kinds);
    assert_success(buffer_check(&text, "told"));
    const char *copy = arena_copy_text(&arena, buffer_text(&text), text.length);
    buffer_deinit(&text);
    return copy;
}

static inline struct layout_comparison compare(struct layout before, struct layout after,
                                               const struct comparison_scopes *scopes)
{
    struct layout *pair = arena_allocate(&arena, 2, sizeof(*pair));
    struct layout_comparison comparison;

    pair[0] = before;
    pair[1] = after;
    assert_success(layout_compare(&pair[0], &pair[1], scopes, &arena, &comparison));
    return comparison;
}

#define assert_told(before, after, scopes, expected)                                               \
    do {                                                                                           \
        const struct layout_comparison told_ = compare((before), (after), (scopes));               \
        assert_string_equal(told(&told_), (expected));                                             \
    } while (0)

#endif
