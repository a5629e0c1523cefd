/* SPDX-License-Identifier: MIT */
/* Kernels made by hand, for tests of the data set and the published schema. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DATASET_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DATASET_SAMPLES_H

#include "dataset/dataset.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

static inline struct kernel_record record_of(const char *name, const struct kernel_layouts *kernel)
{
    struct kernel_record record = kernel->identity;

    record.name = name;
    record.package = "linux.ddeb";
    record.package_version = "6.8.0-31.31";
    record.url = "https://example.org/linux.ddeb";
    record.sha256 = "0123456789abcdef";
    record.source = "ubuntu";
    record.reader = "0.1.0";
    record.reader_revision = 3;
    return record;
}

/* A layout of the kernel's, its digest computed. */
static inline const struct layout *make_layout(struct kernel_layouts *kernel, const char *name,
                                               uint64_t byte_size, uint32_t member_count,
                                               const struct layout_member *members)
{
    struct layout *layout = arena_allocate(&kernel->arena, 1, sizeof(*layout));
    struct layout_member *copy = arena_allocate(&kernel->arena, member_count, sizeof(*copy));

    if (member_count > 0)
        memcpy(copy, members, member_count * sizeof(*copy));
    *layout = (struct layout){
        .name = name, .byte_size = byte_size, .member_count = member_count, .members = copy};
    assert_success(layout_compute_digest(layout));
    return layout;
}

/* struct NAME { int x; } of BYTE_SIZE bytes. */
static inline const struct layout *simple_layout(struct kernel_layouts *kernel, const char *name,
                                                 uint64_t byte_size)
{
    const struct layout_member member = {
        .name = "x", .type = int_type(&kernel->types), .byte_size = 4};

    return make_layout(kernel, name, byte_size, 1, &member);
}

/* Adds a struct after those that are there; names must come sorted. */
static inline struct kernel_definitions *add_struct(struct kernel_layouts *kernel,
                                                    const struct layout *layout, const char *file,
                                                    uint32_t line)
{
    struct kernel_definitions *structs =
        arena_allocate(&kernel->arena, kernel->definition_count + 1, sizeof(*structs));

    if (kernel->definition_count > 0)
        memcpy(structs, kernel->definitions, kernel->definition_count * sizeof(*structs));
    structs[kernel->definition_count] = (struct kernel_definitions){
        .kind = layout->kind,
        .name = layout->name,
        .definition = {.layout = layout, .declaration_file = file, .declaration_line = line}};
    kernel->definitions = structs;
    return &structs[kernel->definition_count++];
}

/* Members of all kinds: nesting, dimensions, bit-fields, forward declarations, functions. */
static inline const struct layout *rich_layout(struct kernel_layouts *kernel)
{
    struct type_table *types = &kernel->types;
    const struct type *number = int_type(types);
    const struct type *unnamed = named(types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *unnamed_union = named(types, TYPE_UNION, TYPE_ANONYMOUS);
    const struct type forward = {.kind = TYPE_FWD, .name = "far", .is_union = true};
    const struct type *far = intern(types, &forward);
    const struct type *parameters[] = {pointer_to(types, far), void_type(types)};
    const struct type *call = pointer_to(types, function_of(types, number, 2, parameters));
    const struct type *grid =
        array_of(types, around(types, TYPE_CONST, number), 2, (const uint64_t[]){3, 5});
    const struct type *open = row_of(types, named(types, TYPE_TYPEDEF, "u8"), 0);
    const struct layout_member members[] = {
        {.name = "bits", .type = number, .bit_offset = 3, .byte_size = 4, .bitfield_size = 7},
        {.name = "", .type = unnamed_union, .bit_offset = 32, .byte_size = 4},
        {.name = "", .type = unnamed, .bit_offset = 32, .byte_size = 4, .depth = 1},
        {.name = "deep", .type = number, .bit_offset = 32, .byte_size = 4, .depth = 2},
        {.name = "s", .type = pointer_to(types, unnamed), .bit_offset = 64, .byte_size = 8},
        {.name = "hidden", .type = number, .bit_offset = 0, .byte_size = 4, .depth = 1},
        {.name = "grid", .type = grid, .bit_offset = 128, .byte_size = 60},
        {.name = "call", .type = call, .bit_offset = 640, .byte_size = 8},
        {.name = "e", .type = named(types, TYPE_ENUM, "color"), .bit_offset = 704, .byte_size = 4},
        {.name = "open", .type = open, .bit_offset = 736},
    };

    return make_layout(kernel, "rich", 96, ARRAY_LENGTH(members), members);
}

static inline const char **make_users(struct kernel_layouts *kernel, size_t count,
                                      const char *const *paths)
{
    const char **users = arena_allocate(&kernel->arena, count, sizeof(*users));

    memcpy(users, paths, count * sizeof(*users));
    return users;
}

/* A definition whose layout is not a struct's; its digest is computed. */
static inline void add_other(struct kernel_layouts *kernel, struct layout layout)
{
    struct layout *copy = arena_allocate(&kernel->arena, 1, sizeof(*copy));

    *copy = layout;
    assert_success(layout_compute_digest(copy));
    add_struct(kernel, copy, "include/linux/other.h", 9);
}

static const struct enumerator color_enumerators[] = {
    {.name = "RED", .value = -1},
    {.name = "GREEN", .value = INT64_MAX},
    {.name = "BLUE", .value = -2, .is_unsigned = true},
};

/* One of each other kind, and typedefs of what has no other name. */
static inline void add_other_kinds(struct kernel_layouts *kernel)
{
    struct type_table *types = &kernel->types;
    const struct type *number = int_type(types);
    struct layout_member *members = arena_allocate(&kernel->arena, 1, sizeof(*members));

    *members = (struct layout_member){.name = "val", .type = number, .byte_size = 4};
    add_other(kernel, (struct layout){.kind = DEFINITION_UNION,
                                      .name = "either",
                                      .byte_size = 4,
                                      .member_count = 1,
                                      .members = members});
    add_other(kernel, (struct layout){.kind = DEFINITION_ENUM,
                                      .name = "(anon-RED)",
                                      .byte_size = 8,
                                      .enumerator_count = 1,
                                      .enumerators = color_enumerators});
    add_other(kernel, (struct layout){.kind = DEFINITION_ENUM,
                                      .name = "color",
                                      .byte_size = 8,
                                      .enumerator_count = ARRAY_LENGTH(color_enumerators),
                                      .enumerators = color_enumerators});
    add_other(kernel, (struct layout){.kind = DEFINITION_TYPEDEF,
                                      .name = "color_t",
                                      .byte_size = 8,
                                      .type = named(types, TYPE_ENUM, TYPE_ANONYMOUS),
                                      .enumerator_count = 2,
                                      .enumerators = color_enumerators});
    add_other(kernel, (struct layout){.kind = DEFINITION_TYPEDEF,
                                      .name = "kuid_t",
                                      .byte_size = 4,
                                      .type = named(types, TYPE_STRUCT, TYPE_ANONYMOUS),
                                      .member_count = 1,
                                      .members = members});
    add_other(kernel, (struct layout){.kind = DEFINITION_TYPEDEF, .name = "uid_t", .type = number});
    add_other(kernel,
              (struct layout){
                  .kind = DEFINITION_INT, .name = "int", .byte_size = 4, .encoding = "signed"});
}

enum { SAMPLE_STRUCTS = 3, SAMPLE_DEFINITIONS = 10 };

/* Structs `empty`, `rich` and `twice`, the last with a further definition that has users, and other
 * kinds. */
static inline void make_kernel(struct kernel_layouts *kernel)
{
    const char *const paths[] = {"net/a.c", "net/b.c", "net/a.c"};

    kernel_layouts_init(kernel);
    kernel->identity.release = "6.8.0-31-generic";
    kernel->identity.architecture = "s390x";
    kernel->identity.build_id = "dead00";
    kernel->identity.compiler = "GCC: 13; rustc 1";
    kernel->identity.dwarf_versions = "4, 5";
    kernel->identity.elf_class = 64;
    kernel->identity.is_big_endian = true;
    add_struct(kernel, make_layout(kernel, "empty", 0, 0, NULL), "", 0);
    add_struct(kernel, rich_layout(kernel), "include/linux/rich.h", 77);
    struct kernel_definitions *twice =
        add_struct(kernel, simple_layout(kernel, "twice", 4), "net/twice.h", 1);
    twice->further = arena_allocate(&kernel->arena, 2, sizeof(*twice->further));
    twice->further_count = 2;
    twice->further[0] = (struct kernel_definition){.layout = simple_layout(kernel, "twice", 8),
                                                   .declaration_file = "net/a.c",
                                                   .declaration_line = 5,
                                                   .user_count = 3,
                                                   .users = make_users(kernel, 3, paths)};
    twice->further[1] = (struct kernel_definition){.layout = simple_layout(kernel, "twice", 16),
                                                   .declaration_file = "",
                                                   .user_count = 1,
                                                   .users = make_users(kernel, 1, paths)};
    add_other_kinds(kernel);
}

static inline void assert_equal_layouts(const struct layout *a, const struct layout *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->byte_size, b->byte_size);
    assert_int_equal(a->member_count, b->member_count);
    for (uint32_t i = 0; i < a->member_count; i++) {
        const struct layout_member *left = &a->members[i];
        const struct layout_member *right = &b->members[i];
        assert_string_equal(left->name, right->name);
        assert_string_equal(type_text(left->type), type_text(right->type));
        assert_int_equal(left->bit_offset, right->bit_offset);
        assert_int_equal(left->byte_size, right->byte_size);
        assert_int_equal(left->bitfield_size, right->bitfield_size);
        assert_int_equal(left->depth, right->depth);
    }
    assert_memory_equal(a->digest, b->digest, LAYOUT_DIGEST_BYTES);
    /* The digest covers what the texts do not show: it must be that of what is there. */
    struct layout again = *b;
    assert_success(layout_compute_digest(&again));
    assert_memory_equal(a->digest, again.digest, LAYOUT_DIGEST_BYTES);
}

static inline void assert_equal_definitions(const struct kernel_definition *a,
                                            const struct kernel_definition *b)
{
    assert_equal_layouts(a->layout, b->layout);
    assert_string_equal(a->declaration_file, b->declaration_file);
    assert_int_equal(a->declaration_line, b->declaration_line);
    assert_int_equal(a->user_count, b->user_count);
    for (size_t i = 0; i < a->user_count; i++)
        assert_string_equal(a->users[i], b->users[i]);
}

#endif
