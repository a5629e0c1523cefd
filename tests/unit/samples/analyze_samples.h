/* SPDX-License-Identifier: MIT */
/* Compiles small programs with debug information, and analyzes them. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_ANALYZE_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_ANALYZE_SAMPLES_H

#include "analyze/analyze.h"
#include "base/system/file.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

#define LINKED "-O0 -nostdlib -static -ffreestanding -Wl,-e,_start"

/* The compiler that the tests are to use. */
static inline const char *sample_compiler(void)
{
    return has_program("gcc") ? "gcc" : "cc";
}

static inline void write_source(const char *directory, const char *name, const char *text)
{
    char *path = path_join(directory, name);

    write_file(path, text, strlen(text));
    free(path);
}

static inline struct error *try_analyze(const char *directory, const char *name, unsigned jobs,
                                        struct kernel_layouts *layouts)
{
    char *path = path_join(directory, name);
    int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(file_descriptor >= 0);
    struct error *error = analyze_vmlinux(file_descriptor, name, jobs, NULL, layouts);
    close(file_descriptor);
    free(path);
    return error;
}

static inline const struct kernel_definitions *struct_of(const struct kernel_layouts *layouts,
                                                         const char *name)
{
    const struct kernel_definitions *found = kernel_layouts_find(layouts, DEFINITION_STRUCT, name);

    if (!found)
        fail_msg("there is no struct %s", name);
    return found;
}

/*
 * A layout in lines, as tests compare it:
 *     NAME BYTES
 *     [  for each level]BIT_OFFSET[:BITS] TYPE NAME BYTES
 * Free with free().
 */
static inline char *layout_text(const struct layout *layout)
{
    struct buffer text;

    buffer_init(&text, 1 << 20);
    buffer_append_format(&text, "%s %d\n", layout->name, (int)layout->byte_size);
    for (uint32_t i = 0; i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        buffer_append_format(&text, "%*s%d", (int)(2 * member->depth), "", (int)member->bit_offset);
        if (member->bitfield_size > 0)
            buffer_append_format(&text, ":%d", (int)member->bitfield_size);
        buffer_append_format(&text, " %s %s %d\n", type_text(member->type),
                             member->name[0] ? member->name : "-", (int)member->byte_size);
    }
    assert_null(buffer_check(&text, "a layout"));
    return text.data;
}

static inline void assert_layout(const struct kernel_layouts *layouts, const char *name,
                                 const char *expected)
{
    char *text = layout_text(struct_of(layouts, name)->definition.layout);

    assert_string_equal(text, expected);
    free(text);
}

#endif
