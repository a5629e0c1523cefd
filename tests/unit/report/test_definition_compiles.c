/* SPDX-License-Identifier: MIT */
/* What the definition printer prints is C, and the compiler lays it out as it says. */
#include "report/write/c/c_text.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/system/file.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { TEXT_MAXIMUM = 1024 * 1024, MEMBER_MAXIMUM = 64 };

/* Members are added one after another; DEPTH is that of the next one. */
struct builder {
    struct type_table types;
    struct layout_member members[MEMBER_MAXIMUM];
    uint32_t count;
    uint32_t depth;
};

static void add(struct builder *builder, const struct type *type, const char *name,
                uint64_t byte_offset, uint64_t byte_size)
{
    builder->members[builder->count++] = (struct layout_member){
        .name = name,
        .type = type,
        .bit_offset = byte_offset * 8,
        .byte_size = byte_size,
        .depth = builder->depth,
    };
}

static void add_bits(struct builder *builder, const char *type, uint64_t byte_size,
                     const char *name, uint64_t bit_offset, uint32_t bit_size)
{
    add(builder, named(&builder->types, TYPE_INT, type), name, 0, byte_size);
    builder->members[builder->count - 1].bit_offset = bit_offset;
    builder->members[builder->count - 1].bitfield_size = bit_size;
}

static void build_pointers(struct builder *builder)
{
    struct type_table *types = &builder->types;
    const struct type *file = pointer_to(types, named(types, TYPE_STRUCT, "file"));
    const struct type *character = named(types, TYPE_INT, "char");
    const struct type *number = int_type(types);
    const struct type *open = pointer_to(types, function_of(types, number, 1, &file));
    const struct type *variable[] = {pointer_to(types, character), void_type(types)};

    add(builder, open, "open", 0, 8);
    add(builder, row_of(types, open, 3), "table", 8, 24);
    add(builder, pointer_to(types, open), "indirect", 32, 8);
    add(builder, pointer_to(types, array_of(types, number, 2, (const uint64_t[]){2, 3})), "grid",
        40, 8);
    add(builder, around(types, TYPE_CONST, pointer_to(types, character)), "fixed", 48, 8);
    add(builder, pointer_to(types, function_of(types, open, 2, variable)), "choose", 56, 8);
    add(builder, pointer_to(types, function_of(types, number, 0, NULL)), "plain", 64, 8);
    add(builder, array_of(types, named(types, TYPE_TYPEDEF, "u8"), 2, (const uint64_t[]){2, 6}),
        "mac", 72, 12);
}

static void build_nesting(struct builder *builder)
{
    struct type_table *types = &builder->types;
    const struct type *unnamed = named(types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *choice = named(types, TYPE_UNION, TYPE_ANONYMOUS);
    const struct type *number = int_type(types);
    const struct type *character = named(types, TYPE_INT, "char");

    add(builder, choice, "", 88, 8);
    builder->depth++;
    add(builder, named(types, TYPE_INT, "long int"), "whole", 88, 8);
    add(builder, unnamed, "", 88, 8);
    builder->depth++;
    add(builder, character, "low", 88, 1);
    add(builder, number, "high", 92, 4);
    builder->depth--;
    add(builder, row_of(types, character, 0), "raw", 88, 0);
    builder->depth--;
    add(builder, row_of(types, unnamed, 2), "pairs", 96, 16);
    builder->depth++;
    add(builder, character, "key", 96, 1);
    add(builder, number, "value", 100, 4);
    builder->depth--;
    add(builder, pointer_to(types, unnamed), "elsewhere", 112, 8);
    builder->depth++;
    add(builder, number, "there", 0, 4);
    builder->depth--;
}

static void build_bit_fields(struct builder *builder)
{
    add_bits(builder, "unsigned int", 4, "a", 960, 3);
    add_bits(builder, "unsigned int", 4, "b", 968, 2);
    add_bits(builder, "unsigned int", 4, "c", 992, 31);
    add_bits(builder, "unsigned int", 4, "d", 1024, 2);
    add_bits(builder, "_Bool", 1, "e", 1030, 1);
    add_bits(builder, "unsigned int", 4, "f", 1060, 4);
    add(builder, named(&builder->types, TYPE_TYPEDEF, "u8"), "g", 133, 1);
    add_bits(builder, "unsigned int", 4, "h", 1088, 1);
    add(builder, named(&builder->types, TYPE_INT, "long int"), "i", 144, 8);
    add(builder, row_of(&builder->types, named(&builder->types, TYPE_TYPEDEF, "u8"), 0), "tail",
        152, 0);
}

static void append_offset_checks(struct buffer *source, const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *field;

    while ((field = layout_next_field(&fields))) {
        if (field->bitfield_size)
            continue;
        buffer_append_format(source, "_Static_assert(offsetof(struct sample, %s) == %" PRIu64,
                             field->name, field->bit_offset / 8);
        buffer_append_format(source, ", \"%s\");\n", field->name);
    }
    buffer_append_format(
        source,
        "_Static_assert(sizeof(struct sample) == %" PRIu64 ", \"size\");\n"
        "_Static_assert(offsetof(struct sample, pairs[1].value) == 108, \"\");\n"
        "_Static_assert(sizeof(((struct sample *)0)->elsewhere->there) == 4, \"\");\n",
        layout->byte_size);
}

/* Sets each bit-field alone and looks where its lowest bit is: only true on a little-endian
 * machine. */
static void append_bit_checks(struct buffer *source, const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *field;

    buffer_append_text(source, "static union { struct sample s; unsigned char bytes[152]; } u;\n"
                               "int main(void)\n{\n");
    while ((field = layout_next_field(&fields))) {
        if (!field->bitfield_size)
            continue;
        buffer_append_format(source,
                             "    u.s.%s = 1;\n    if (u.bytes[%" PRIu64 "] != 1 << %" PRIu64 ")\n"
                             "        return 1;\n    u.s.%s = 0;\n",
                             field->name, field->bit_offset / 8, field->bit_offset % 8,
                             field->name);
    }
    buffer_append_text(source, "    return 0;\n}\n");
}

static void assert_runs(const struct buffer *source)
{
    char directory[] = "/tmp/kstruct-definition-XXXXXX";
    char command[512];

    assert_non_null(mkdtemp(directory));
    CLEANUP(free_pointer) char *path = path_join(directory, "sample.c");
    assert_success(file_replace(path, source->data, source->length));
    snprintf(command, sizeof(command), "cd %s && cc -std=gnu11 -w -o sample sample.c && ./sample",
             directory);
    int status = system(command);
    snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
    if (status != 0)
        fail_msg("not the layout it says:\n%s", source->data);
}

static void the_compiler_agrees(void **state UNUSED)
{
    static const uint16_t one = 1;
    struct builder builder = {.count = 0};
    struct buffer source;

    if (sizeof(void *) != 8 || sizeof(long) != 8 || *(const uint8_t *)&one != 1 ||
        system("cc --version >/dev/null 2>&1") != 0)
        skip();
    type_table_init(&builder.types);
    build_pointers(&builder);
    build_nesting(&builder);
    build_bit_fields(&builder);
    const struct layout layout = {.name = "sample",
                                  .byte_size = 152,
                                  .member_count = builder.count,
                                  .members = builder.members};

    buffer_init(&source, TEXT_MAXIMUM);
    buffer_append_text(&source, "#include <stddef.h>\ntypedef unsigned char u8;\nstruct file;\n");
    assert_success(definition_render(&layout, NULL, 0, &source));
    append_offset_checks(&source, &layout);
    append_bit_checks(&source, &layout);
    assert_runs(&source);
    buffer_deinit(&source);
    type_table_deinit(&builder.types);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_compiler_agrees),
    };
    return cmocka_run_group_tests_name("definition compiles", tests, NULL, NULL);
}
