/* SPDX-License-Identifier: MIT */
/* A struct in three kernels and all that its files are made from, for tests of their formats. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_STRUCT_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_STRUCT_SAMPLES_H

#include "report/report_context.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { SAMPLE_KERNELS = 3, SAMPLE_MAXIMUM = 16 * 1024 * 1024 };

/* Regular is the first two kernels, Arch compares the second with the third. */
struct struct_sample {
    struct history history;
    const char *kernel_names[SAMPLE_KERNELS];
    size_t regular_kernels[2];
    struct kernel_pair regular_pairs[1];
    size_t arch_kernels[1];
    struct kernel_pair arch_pairs[1];
    struct kernel_group group_list[2];
    struct kernel_groups groups;
    const struct layout *layouts[SAMPLE_KERNELS]; /* of the struct, by kernel */
    struct history_place places[SAMPLE_KERNELS];
    struct history_definition entry;
    struct report_context context;
    struct arena scratch;
    struct buffer content;
};

static char sample_regular_name[] = "Regular";
static char sample_arch_name[] = "Arch";

static inline struct struct_sample *struct_sample_create(void)
{
    struct struct_sample *sample = calloc(1, sizeof(*sample));

    assert_non_null(sample);
    history_init(&sample->history);
    arena_init(&sample->scratch);
    buffer_init(&sample->content, SAMPLE_MAXIMUM);
    sample->kernel_names[0] = "old";
    sample->kernel_names[1] = "base";
    sample->kernel_names[2] = "arm";
    sample->regular_kernels[1] = 1;
    sample->regular_pairs[0] = (struct kernel_pair){0, 1};
    sample->arch_kernels[0] = 2;
    sample->arch_pairs[0] = (struct kernel_pair){1, 2};
    sample->group_list[0] = (struct kernel_group){sample_regular_name, 2, sample->regular_kernels,
                                                  1, sample->regular_pairs};
    sample->group_list[1] =
        (struct kernel_group){sample_arch_name, 1, sample->arch_kernels, 1, sample->arch_pairs};
    sample->groups = (struct kernel_groups){2, sample->group_list};
    sample->entry = (struct history_definition){
        .name = "pair", .layouts = sample->layouts, .places = sample->places};
    sample->history.kernel_count = SAMPLE_KERNELS;
    sample->history.kernel_names = sample->kernel_names;
    sample->history.definition_count = 1;
    sample->history.definitions = &sample->entry;
    return sample;
}

static inline void struct_sample_destroy(struct struct_sample *sample)
{
    buffer_deinit(&sample->content);
    arena_deinit(&sample->scratch);
    history_deinit(&sample->history);
    free(sample);
}

typedef struct error *render_function(const struct report_context *context, size_t entry_index,
                                      struct arena *scratch, struct buffer *content);

/* The struct's file; valid until the next one is rendered. */
static inline const char *struct_sample_render(struct struct_sample *sample,
                                               render_function *render)
{
    struct report_context *context = &sample->context;

    context->input = (struct report_input){&sample->history, &sample->groups, NULL};
    assert_success(survey_make(&sample->history, &sample->groups, 1, &context->survey));
    arena_clear(&sample->scratch);
    buffer_clear(&sample->content);
    assert_success(render(context, 0, &sample->scratch, &sample->content));
    survey_deinit(&context->survey);
    return buffer_text(&sample->content);
}

static inline struct layout_member sample_member(struct struct_sample *sample, const char *type,
                                                 const char *name, uint64_t bit_offset,
                                                 uint64_t byte_size)
{
    return (struct layout_member){.name = name,
                                  .type = named(&sample->history.types, TYPE_TYPEDEF, type),
                                  .bit_offset = bit_offset,
                                  .byte_size = byte_size};
}

static inline struct layout_member sample_bits(struct struct_sample *sample, const char *name,
                                               uint64_t bit_offset, uint32_t bitfield_size)
{
    struct layout_member member = sample_member(sample, "u32", name, bit_offset, 4);

    member.bitfield_size = bitfield_size;
    return member;
}

#define SAMPLE_LAYOUT(byte_size_, members_)                                                        \
    {                                                                                              \
        .name = "pair", .byte_size = (byte_size_), .members = (members_),                          \
        .member_count = ARRAY_LENGTH(members_)                                                     \
    }

#endif
