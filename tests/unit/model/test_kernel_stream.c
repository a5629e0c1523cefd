/* SPDX-License-Identifier: MIT */
#include "model/stream/kernel_stream.h"

#include <inttypes.h>

#include "model/stream/layout_stream.h"
#include "tests/unit/samples/dataset_samples.h"
#include "tests/unit/unit.h"

enum { TYPES_ENOUGH = 40 };

static void append(const struct kernel_layouts *kernel, struct buffer *stream)
{
    buffer_init(stream, KERNEL_STREAM_BYTES_MAXIMUM);
    kernel_stream_append(kernel, stream);
    assert_null(buffer_check(stream, "stream"));
}

/* Gives the kernel two modules, which share a layout that is its own, too. */
static void add_modules(struct kernel_layouts *kernel)
{
    struct kernel_image *modules = arena_allocate(&kernel->arena, 2, sizeof(*modules));
    struct layout *layout = arena_allocate(&kernel->arena, 1, sizeof(*layout));
    struct kernel_definitions *entry = arena_allocate(&kernel->arena, 1, sizeof(*entry));

    assert_true(modules && layout && entry);
    *layout = *kernel->definitions[0].definition.layout;
    assert_success(layout_compute_digest(layout));
    *entry = kernel->definitions[0];
    entry->further_count = 0;
    entry->definition.layout = layout;
    modules[0] = (struct kernel_image){"kvm", "0123", "", 1, entry};
    modules[1] = (struct kernel_image){"nf_conntrack", "", "ABCD", 1, entry};
    kernel->modules = modules;
    kernel->module_count = 2;
    kernel->identity.modules = MODULES_READ;
}

/* The sample kernel as bytes. */
static void make_stream(struct buffer *stream)
{
    struct kernel_layouts kernel;

    make_kernel(&kernel);
    add_modules(&kernel);
    append(&kernel, stream);
    kernel_layouts_deinit(&kernel);
}

static struct error *read_stream(const struct buffer *stream, size_t length)
{
    struct kernel_layouts kernel;
    struct error *error = kernel_stream_read(stream->data, length, "k.deb", &kernel);

    if (!error)
        kernel_layouts_deinit(&kernel);
    return error;
}

static void what_is_written_is_read(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct kernel_layouts copy;
    struct buffer stream;

    make_kernel(&kernel);
    for (size_t i = 0; i < PASSED_OVER_LISTED_MAXIMUM + 3; i++)
        assert_success(kernel_layouts_pass_over(&kernel, "struct", "odd", "it is odd"));
    append(&kernel, &stream);
    assert_success(kernel_stream_read(stream.data, stream.length, "k.deb", &copy));
    assert_string_equal(copy.identity.release, kernel.identity.release);
    assert_string_equal(copy.identity.dwarf_versions, "4, 5");
    assert_int_equal(copy.identity.elf_class, 64);
    assert_true(copy.identity.is_big_endian);
    assert_int_equal(copy.definition_count, kernel.definition_count);
    for (size_t i = 0; i < kernel.definition_count; i++) {
        const struct kernel_definitions *a = &kernel.definitions[i];
        const struct kernel_definitions *b = &copy.definitions[i];
        assert_string_equal(a->name, b->name);
        assert_equal_definitions(&a->definition, &b->definition);
        assert_int_equal(a->further_count, b->further_count);
        for (size_t j = 0; j < a->further_count; j++)
            assert_equal_definitions(&a->further[j], &b->further[j]);
    }
    assert_int_equal(copy.passed_over_count, PASSED_OVER_LISTED_MAXIMUM + 3);
    assert_string_equal(copy.passed_over[PASSED_OVER_LISTED_MAXIMUM - 1].name, "struct odd");
    assert_string_equal(copy.passed_over[0].reason, "it is odd");
    kernel_layouts_deinit(&copy);
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

static void modules_are_read_too(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct kernel_layouts copy;
    struct buffer stream;

    make_kernel(&kernel);
    add_modules(&kernel);
    append(&kernel, &stream);
    assert_success(kernel_stream_read(stream.data, stream.length, "k.deb", &copy));
    assert_int_equal(copy.identity.modules, MODULES_READ);
    assert_int_equal(copy.module_count, 2);
    for (size_t i = 0; i < copy.module_count; i++) {
        const struct kernel_image *module = &copy.modules[i];
        assert_string_equal(module->name, kernel.modules[i].name);
        assert_string_equal(module->build_id, kernel.modules[i].build_id);
        assert_string_equal(module->source_version, kernel.modules[i].source_version);
        assert_int_equal(module->definition_count, 1);
        assert_string_equal(module->definitions[0].name, kernel.definitions[0].name);
        assert_equal_definitions(&module->definitions[0].definition,
                                 &kernel.modules[i].definitions[0].definition);
    }
    /* A layout is one object, however many have it. */
    assert_ptr_equal(copy.modules[0].definitions[0].definition.layout,
                     copy.modules[1].definitions[0].definition.layout);
    kernel_layouts_deinit(&copy);
    buffer_deinit(&stream);

    kernel.modules[1].name = "kvm";
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

static void a_stream_that_is_cut_is_refused(void **state UNUSED)
{
    struct buffer stream;

    make_stream(&stream);
    for (size_t length = 0; length < stream.length; length++)
        assert_failure(read_stream(&stream, length), ERROR_CRASHED, "k.deb: ");
    buffer_deinit(&stream);
}

static void more_than_a_kernel_is_refused(void **state UNUSED)
{
    struct buffer stream;

    make_stream(&stream);
    buffer_append_char(&stream, '\0');
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    buffer_deinit(&stream);
}

/* What comes of it may be another kernel, or an error; the sanitizers see whether it is more. */
static void any_other_byte_is_read_or_refused(void **state UNUSED)
{
    struct buffer stream;

    make_stream(&stream);
    for (size_t i = 0; i < stream.length; i++) {
        for (int change = 1; change < 256; change *= 2) {
            stream.data[i] = (char)(stream.data[i] ^ change);
            error_destroy(read_stream(&stream, stream.length));
            stream.data[i] = (char)(stream.data[i] ^ change);
        }
    }
    buffer_deinit(&stream);
}

static void names_must_ascend(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    add_struct(&kernel, simple_layout(&kernel, "b", 4), "", 0);
    add_struct(&kernel, simple_layout(&kernel, "a", 4), "", 0);
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

static void definitions_of_one_name_must_differ(void **state UNUSED)
{
    struct kernel_definition twin = {.declaration_file = ""};
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    struct kernel_definitions *entry = add_struct(&kernel, simple_layout(&kernel, "a", 4), "", 0);
    twin.layout = entry->definition.layout;
    entry->further = &twin;
    entry->further_count = 1;
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

static void sizes_are_what_a_data_set_can_hold(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    add_struct(&kernel, simple_layout(&kernel, "a", UINT64_MAX), "", 0);
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

/* A kernel without anything, but with so many layouts of modules, all alike: a struct without name
 * and members. */
static void make_unused_layouts(struct buffer *stream, size_t layout_count)
{
    enum { BYTES_BEFORE = 12 * 8, KIND_AND_NAME_NUMBERS = 2, MODULE_AND_SYMBOL_NUMBERS = 3 };
    struct kernel_layouts kernel;
    struct buffer empty;

    kernel_layouts_init(&kernel);
    append(&kernel, &empty);
    buffer_init(stream, KERNEL_STREAM_BYTES_MAXIMUM);
    buffer_append(stream, empty.data, BYTES_BEFORE);
    stream_append_number(stream, layout_count);
    for (size_t i = 0; i < layout_count * (KIND_AND_NAME_NUMBERS + LAYOUT_NUMBERS); i++)
        stream_append_number(stream, 0);
    for (size_t i = 0; i < MODULE_AND_SYMBOL_NUMBERS; i++)
        stream_append_number(stream, 0);
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&empty);
}

static void layouts_of_modules_are_there_once_and_for_a_module(void **state UNUSED)
{
    struct buffer stream;

    make_unused_layouts(&stream, 0);
    assert_success(read_stream(&stream, stream.length));
    buffer_deinit(&stream);
    for (size_t count = 1; count <= 2; count++) {
        make_unused_layouts(&stream, count);
        assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
        buffer_deinit(&stream);
    }
}

/* Functions of functions of functions…: each has twice the text of the one before. */
static const struct type *make_huge_type(struct type_table *types)
{
    const struct type *type = int_type(types);

    for (int i = 0; i < TYPES_ENOUGH && strlen(type_text(type)) < TYPE_TEXT_MAXIMUM / 4; i++) {
        const struct type *parameters[] = {type, type};
        type = function_of(types, void_type(types), 2, parameters);
    }
    return type;
}

static void a_few_bytes_do_not_stand_for_more_text_than_a_kernel_has(void **state UNUSED)
{
    enum { MEMBERS = 100000 };
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    struct layout_member *members = arena_allocate(&kernel.arena, MEMBERS, sizeof(*members));
    const struct type *type = make_huge_type(&kernel.types);
    for (uint32_t i = 0; i < MEMBERS; i++)
        members[i] = (struct layout_member){.name = "m", .type = type};
    const struct layout layout = {.name = "evil", .member_count = MEMBERS, .members = members};
    add_struct(&kernel, &layout, "", 0);
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_LIMIT, "k.deb: its members' names");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

static void an_enumerator_is_unsigned_only_where_its_bits_do_not_tell(void **state UNUSED)
{
    static const struct enumerator enumerator = {.name = "THREE", .value = 3, .is_unsigned = true};
    const struct layout layout = {
        .kind = DEFINITION_ENUM, .name = "e", .enumerator_count = 1, .enumerators = &enumerator};
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    add_struct(&kernel, &layout, "", 0);
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_CRASHED, "handed over");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

/* Each is a definition of its own, which shares its type with the others. */
static void typedefs_do_not_stand_for_more_text_than_a_kernel_has(void **state UNUSED)
{
    enum { TYPEDEFS = 100000, NAME_BYTES = 8 };
    struct kernel_layouts kernel;
    struct buffer stream;

    kernel_layouts_init(&kernel);
    struct kernel_definitions *definitions =
        arena_allocate(&kernel.arena, TYPEDEFS, sizeof(*definitions));
    struct layout *layouts = arena_allocate(&kernel.arena, TYPEDEFS, sizeof(*layouts));
    const struct type *type = make_huge_type(&kernel.types);
    for (uint32_t i = 0; i < TYPEDEFS; i++) {
        char *name = arena_allocate(&kernel.arena, 1, NAME_BYTES);
        snprintf(name, NAME_BYTES, "t%06" PRIu32, i);
        layouts[i] = (struct layout){.kind = DEFINITION_TYPEDEF, .name = name, .type = type};
        definitions[i] = (struct kernel_definitions){
            .kind = DEFINITION_TYPEDEF,
            .name = name,
            .definition = {.layout = &layouts[i], .declaration_file = ""}};
    }
    kernel.definitions = definitions;
    kernel.definition_count = TYPEDEFS;
    append(&kernel, &stream);
    assert_failure(read_stream(&stream, stream.length), ERROR_LIMIT, "k.deb: its members' names");
    kernel_layouts_deinit(&kernel);
    buffer_deinit(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(modules_are_read_too),
        cmocka_unit_test(a_stream_that_is_cut_is_refused),
        cmocka_unit_test(more_than_a_kernel_is_refused),
        cmocka_unit_test(any_other_byte_is_read_or_refused),
        cmocka_unit_test(names_must_ascend),
        cmocka_unit_test(definitions_of_one_name_must_differ),
        cmocka_unit_test(layouts_of_modules_are_there_once_and_for_a_module),
        cmocka_unit_test(sizes_are_what_a_data_set_can_hold),
        cmocka_unit_test(a_few_bytes_do_not_stand_for_more_text_than_a_kernel_has),
        cmocka_unit_test(an_enumerator_is_unsigned_only_where_its_bits_do_not_tell),
        cmocka_unit_test(typedefs_do_not_stand_for_more_text_than_a_kernel_has),
    };

    return cmocka_run_group_tests_name("kernel_stream", tests, NULL, NULL);
}
