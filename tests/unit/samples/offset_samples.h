/* SPDX-License-Identifier: MIT */
/* A history made by hand, for tests of offsets: four kernels in two lines of development. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_OFFSET_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_OFFSET_SAMPLES_H

#include "model/history.h"
#include "report/offsets/offset_table.h"
#include "tests/unit/samples/report_samples.h"

enum { SAMPLE_KERNELS = 4, SAMPLE_STRUCTS = 8 };

#define SAMPLE_KERNEL(version_, architecture_)                                                     \
    {                                                                                              \
        .name = version_ "-1-generic-" architecture_, .version = version_, .abi = "1",             \
        .flavor = "generic", .architecture = architecture_, .release = "", .build_id = "",         \
    }

static const struct offset_kernel sample_kernels[SAMPLE_KERNELS] = {
    SAMPLE_KERNEL("5.4", "amd64"),
    SAMPLE_KERNEL("5.8", "amd64"),
    SAMPLE_KERNEL("5.15", "amd64"),
    SAMPLE_KERNEL("5.4", "arm64"),
};

static const size_t sample_shown[SAMPLE_KERNELS] = {0, 1, 2, 3};

/* One test's history; everything is allocated from its arena. */
struct sample {
    struct history history;
    struct offset_input input;
};

static inline void sample_init(struct sample *sample)
{
    struct history *history = &sample->history;

    history_init(history);
    history->kernel_count = SAMPLE_KERNELS;
    history->definitions =
        arena_allocate(&history->arena, SAMPLE_STRUCTS, sizeof(*history->definitions));
    sample->input = (struct offset_input){history, sample_kernels, SAMPLE_KERNELS, sample_shown};
}

static inline void sample_deinit(struct sample *sample)
{
    history_deinit(&sample->history);
}

/* The struct of that name, which is made if there is none; structs must be made in the order of
 * their names. */
static inline struct history_definition *sample_struct(struct sample *sample, const char *name)
{
    struct history *history = &sample->history;

    for (size_t i = 0; i < history->definition_count; i++) {
        if (strcmp(history->definitions[i].name, name) == 0)
            return &history->definitions[i];
    }
    assert_true(history->definition_count < SAMPLE_STRUCTS);
    struct history_definition *entry = &history->definitions[history->definition_count++];
    entry->name = name;
    entry->layouts = arena_allocate(&history->arena, SAMPLE_KERNELS, sizeof(*entry->layouts));
    return entry;
}

/* Gives kernels FIRST to LAST the struct with these members, which are copied. */
static inline struct layout *sample_add(struct sample *sample, size_t first, size_t last,
                                        const char *name, uint64_t byte_size,
                                        const struct layout_member *members, uint32_t count)
{
    struct arena *arena = &sample->history.arena;
    struct layout *layout = arena_allocate(arena, 1, sizeof(*layout));
    struct layout_member *copy = arena_allocate(arena, count + 1, sizeof(*copy));
    struct history_definition *entry = sample_struct(sample, name);

    memcpy(copy, members, count * sizeof(*copy));
    *layout = (struct layout){
        .name = name, .byte_size = byte_size, .member_count = count, .members = copy};
    for (size_t i = first; i <= last; i++)
        entry->layouts[i] = layout;
    return layout;
}

#define SAMPLE_ADD(sample, first, last, name, byte_size, members)                                  \
    sample_add(sample, first, last, name, byte_size, members, ARRAY_LENGTH(members))

/* A member at a byte. */
static inline struct layout_member at_byte(uint64_t byte_offset, const char *name,
                                           const struct type *type, uint64_t byte_size)
{
    return (struct layout_member){
        .name = name, .type = type, .bit_offset = byte_offset * 8, .byte_size = byte_size};
}

/* The same, inside of an unnamed struct or union. */
static inline struct layout_member inside(uint32_t depth, struct layout_member member)
{
    member.depth = depth;
    return member;
}

#endif
