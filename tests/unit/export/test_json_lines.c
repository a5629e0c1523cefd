/* SPDX-License-Identifier: MIT */
#include <fcntl.h>

#include "base/system/file.h"
#include "export/json_lines.h"
#include "tests/unit/samples/dataset_samples.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

#define INT "{\"kind\":\"INT\",\"name\":\"int\"}"
#define MEMBER(type) "{\"name\":\"x\",\"bits_offset\":0,\"type\":" type "}"
#define STRUCT(name, members)                                                                      \
    "{\"kind\":\"STRUCT\",\"name\":\"" name "\",\"size\":4,\"members\":[" members "]}\n"

static char *directory;
static char *path;

static int set_up(void **state UNUSED)
{
    directory = make_directory();
    path = path_join(directory, "k.jsonl");
    return 0;
}

static int tear_down(void **state UNUSED)
{
    free(path);
    remove_directory(directory);
    return 0;
}

static struct error *append_text(void *context, const char *text, size_t length)
{
    buffer_append(context, text, length);
    return NULL;
}

static struct error *write_kernel(const struct kernel_layouts *kernel, unsigned kinds,
                                  bool is_complete, export_sink *sink, void *context)
{
    const struct layout **layouts = calloc(kernel->definition_count + 1, sizeof(*layouts));
    const struct json_lines_kernel written = {.count = kernel->definition_count,
                                              .layouts = layouts,
                                              .types = &kernel->types,
                                              .kinds = kinds,
                                              .is_complete = is_complete};

    for (size_t i = 0; i < kernel->definition_count; i++)
        layouts[i] = kernel->definitions[i].definition.layout;
    struct error *error = json_lines_write(&written, sink, context);
    free(layouts);
    return error;
}

/* Writes the kernel; to be freed with free(). */
static char *write_lines(const struct kernel_layouts *kernel)
{
    struct buffer text;

    buffer_init(&text, 1 << 24);
    assert_success(write_kernel(kernel, DEFINITION_KINDS_ALL, false, append_text, &text));
    assert_null(buffer_check(&text, "lines"));
    return text.data;
}

static struct error *read_file(struct kernel_layouts *layouts)
{
    CLEANUP(close_pointer) int file = open(path, O_RDONLY);

    return json_lines_read(file, path, layouts);
}

static struct error *read_text(const char *text, struct kernel_layouts *layouts)
{
    write_file(path, text, strlen(text));
    return read_file(layouts);
}

static void fields_are_written_as_published(void **state UNUSED)
{
    struct kernel_layouts kernel;

    make_kernel(&kernel);
    char *text = write_lines(&kernel);
    const char *const parts[] = {
        "{\"kind\": \"STRUCT\", \"name\": \"empty\", \"size\": 0, \"members\": []}\n",
        "{\"name\": \"bits\", \"bits_offset\": 3, \"bitfield_size\": 7, \"type\": {\"kind\"",
        "{\"name\": \"deep\", \"bits_offset\": 32, ",
        "\"nr_elems\": 15",
        "\"fwd_kind\": \"union\"",
        "\"params\": [{\"name\": \"(anon)\", ",
        "{\"name\": \"(anon-1)\", \"type\": {\"name\": \"void\", \"kind\": \"VOID\"}}",
        "\"ret_type\": {\"kind\": \"INT\"",
        "\"name\": \"twice\", \"size\": 4,",
        "{\"kind\": \"UNION\", \"name\": \"either\", \"size\": 4, \"members\": [{\"name\": \"val\"",
        "{\"kind\": \"ENUM\", \"name\": \"(anon)\", \"size\": 8, \"values\": "
        "[{\"name\": \"RED\", \"val\": -1}]}\n",
        "{\"name\": \"GREEN\", \"val\": 9223372036854775807}, "
        "{\"name\": \"BLUE\", \"val\": \"18446744073709551614\"}]}\n",
        "{\"kind\": \"TYPEDEF\", \"name\": \"uid_t\", \"type\": {\"kind\": \"INT\"",
        "{\"kind\": \"INT\", \"name\": \"int\", \"size\": 4}\n",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (!strstr(text, parts[i]))
            fail_msg("%s is not in %s", parts[i], text);
    }
    assert_null(strstr(text, "hidden"));
    assert_null(strstr(text, "\"name\": \"twice\", \"size\": 8"));
    free(text);
    kernel_layouts_deinit(&kernel);
}

static void what_was_written_is_read_and_written_again(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct kernel_layouts again;

    make_kernel(&kernel);
    char *first = write_lines(&kernel);
    assert_success(read_text(first, &again));
    char *second = write_lines(&again);
    assert_string_equal(first, second);
    assert_int_equal(again.definition_count, SAMPLE_DEFINITIONS);
    const struct layout *rich =
        kernel_layouts_find(&again, DEFINITION_STRUCT, "rich")->definition.layout;
    assert_int_equal(rich->member_count, 7);
    assert_string_equal(type_text(rich->members[4].type), "int (*)(union far *, void)");
    free(first);
    free(second);
    kernel_layouts_deinit(&again);
    kernel_layouts_deinit(&kernel);
}

/* A struct that the kernel only names is declared, and one that it has is not. */
static void what_a_complete_kernel_lacks_is_forward(void **state UNUSED)
{
    struct kernel_layouts kernel;
    struct buffer text;

    kernel_layouts_init(&kernel);
    const struct layout_member members[] = {
        {.name = "own", .type = pointer_to(&kernel.types, named(&kernel.types, TYPE_STRUCT, "s"))},
        {.name = "far", .type = pointer_to(&kernel.types, named(&kernel.types, TYPE_UNION, "s"))},
    };
    add_struct(&kernel, make_layout(&kernel, "s", 16, ARRAY_LENGTH(members), members), "", 0);
    buffer_init(&text, 1 << 20);
    assert_success(write_kernel(&kernel, DEFINITION_KINDS_ALL, true, append_text, &text));
    assert_non_null(strstr(buffer_text(&text), "{\"kind\": \"STRUCT\", \"name\": \"s\"}"));
    assert_non_null(strstr(buffer_text(&text), "{\"kind\": \"FWD\", \"name\": \"s\", "
                                               "\"fwd_kind\": \"union\"}"));
    buffer_clear(&text);
    assert_success(
        write_kernel(&kernel, DEFINITION_KIND_BIT(DEFINITION_UNION), true, append_text, &text));
    assert_int_equal(text.length, 0);
    buffer_deinit(&text);
    kernel_layouts_deinit(&kernel);
}

static struct error *refuse_text(void *context UNUSED, const char *text UNUSED,
                                 size_t length UNUSED)
{
    return error_create(ERROR_SYSTEM, "out", "no space left");
}

static void the_sinks_error_ends_the_writing(void **state UNUSED)
{
    struct kernel_layouts kernel;

    make_kernel(&kernel);
    assert_failure(write_kernel(&kernel, DEFINITION_KINDS_ALL, false, refuse_text, NULL),
                   ERROR_SYSTEM, "no space left");
    kernel_layouts_deinit(&kernel);
}

static void structs_come_in_any_order_and_are_sorted(void **state UNUSED)
{
    struct kernel_layouts kernel;

    assert_success(
        read_text(STRUCT("b", MEMBER(INT)) "\n" STRUCT("c", "") STRUCT("a", ""), &kernel));
    assert_int_equal(kernel.definition_count, 3);
    assert_string_equal(kernel.definitions[0].name, "a");
    assert_string_equal(kernel.definitions[2].name, "c");
    assert_string_equal(kernel.definitions[1].definition.declaration_file, "");
    assert_string_equal(kernel.identity.release, "");
    kernel_layouts_deinit(&kernel);
}

static void compressed_files_are_read(void **state UNUSED)
{
    struct kernel_layouts kernel;

    need_program("zstd");
    write_file(path, STRUCT("a", MEMBER(INT)), strlen(STRUCT("a", MEMBER(INT))));
    run_in(directory, "zstd -q k.jsonl -o k.zst && mv k.zst k.jsonl");
    assert_success(read_file(&kernel));
    assert_int_equal(kernel.definition_count, 1);
    kernel_layouts_deinit(&kernel);
}

/* Each is wrong in its own way; in line 3 of a file. */
static void malformed_lines_are_told_by_their_number(void **state UNUSED)
{
    const struct {
        const char *line;
        const char *why;
    } cases[] = {
        {"{", "is not JSON"},
        {"{} {}", "is not JSON"},
        {"\"\xff\"", "is not JSON"},
        {"{\"kind\":\"STRUCT\",\"kind\":\"STRUCT\"}", "is not JSON"},
        {"null", "is not JSON"},
        {"[]", "name is missing"},
        {"{}", "name is missing"},
        {"{\"kind\":7}", "name is missing"},
        {"{\"kind\":\"FLOAT\",\"name\":\"u\"}", "kind is not STRUCT, UNION"},
        {"{\"kind\":\"ENUM\",\"name\":\"e\",\"size\":4}", "\"values\" is no list"},
        {"{\"kind\":\"ENUM\",\"name\":\"e\",\"size\":8,\"values\":[{\"name\":\"A\",\"val\":\"7\"}]"
         "}",
         "no number of 64 bits"},
        {"{\"kind\":\"ENUM\",\"name\":\"e\",\"size\":4,\"values\":[{\"name\":\"\",\"val\":7}]}",
         "enumerator's name is empty"},
        {"{\"kind\":\"TYPEDEF\",\"name\":\"t\"}", "name is missing"},
        {"{\"kind\":\"STRUCT\",\"name\":\"\"}", "name is empty"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\"}", "size or offset is no number"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":-1}", "size or offset is no number"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":1.5}", "size or offset is no number"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":99999999999999999999}", "is not JSON"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":1}", "\"members\" is no list"},
        {"{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":0,\"members\":[{\"name\":\"a\","
         "\"bits_offset\":8,\"type\":{\"kind\":\"INT\",\"name\":\"char\"}}]}",
         "its size is 0, which says that places are not known, but a member has one"},
        {STRUCT("s", "7"), "name is missing"},
        {STRUCT("s", "{\"name\":\"x\"}"), "size or offset is no number"},
        {STRUCT("s", "{\"name\":\"\"}"), "member's name is empty"},
        {STRUCT("s", "{\"name\":\"x\",\"bits_offset\":0,\"bitfield_size\":4294967296}"),
         "too wide"},
        {STRUCT("s", "{\"name\":\"x\",\"bits_offset\":0}"), "name is missing"},
        {STRUCT("s", MEMBER("{\"kind\":\"FLOAT\"}")), "unknown kind"},
        {STRUCT("s", MEMBER("{\"kind\":\"INT\"}")), "name is missing"},
        {STRUCT("s", MEMBER("{\"kind\":\"PTR\"}")), "name is missing"},
        {STRUCT("s", MEMBER("{\"kind\":\"ARRAY\",\"type\":" INT "}")), "no number"},
        {STRUCT("s", MEMBER("{\"kind\":\"FUNC_PROTO\",\"ret_type\":" INT "}")), "are no list"},
        {STRUCT("s", MEMBER("{\"kind\":\"FUNC_PROTO\",\"params\":[]}")), "name is missing"},
        {STRUCT("s", MEMBER("{\"kind\":\"FWD\",\"name\":\"f\",\"fwd_kind\":\"enum\"}")),
         "neither struct nor union"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct kernel_layouts kernel;
        struct buffer text;
        buffer_init(&text, 10000);
        buffer_append_format(&text, "%s\n%s\n", STRUCT("a", ""), cases[i].line);
        struct error *error = read_text(buffer_text(&text), &kernel);
        if (!error)
            fail_msg("accepted: %s", cases[i].line);
        if (!strstr(error->why, "line 3 "))
            fail_msg("%s: %s", cases[i].line, error->why);
        assert_failure(error, ERROR_CORRUPT, cases[i].why);
        buffer_deinit(&text);
    }
}

static void a_struct_given_twice_is_refused(void **state UNUSED)
{
    struct kernel_layouts kernel;

    assert_failure(read_text(STRUCT("a", "") STRUCT("b", "") STRUCT("a", ""), &kernel),
                   ERROR_CORRUPT, "has struct a twice");
}

/* A kernel may have nothing of a kind. */
static void a_text_without_definitions_is_one(void **state UNUSED)
{
    static const char *const texts[] = {"", "\n\n"};

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct kernel_layouts kernel;
        assert_success(read_text(texts[i], &kernel));
        assert_int_equal(kernel.definition_count, 0);
        kernel_layouts_deinit(&kernel);
    }
}

/* A member that is a pointer to a pointer to … an int. */
static struct error *read_nested(unsigned levels, struct kernel_layouts *kernel)
{
    struct buffer text;

    buffer_init(&text, 1 << 24);
    buffer_append_text(&text, "{\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":8,\"members\":[{"
                              "\"name\":\"x\",\"bits_offset\":0,\"type\":");
    for (unsigned i = 1; i < levels; i++)
        buffer_append_text(&text, "{\"kind\":\"PTR\",\"type\":");
    buffer_append_text(&text, INT);
    for (unsigned i = 1; i < levels; i++)
        buffer_append_char(&text, '}');
    buffer_append_text(&text, "}]}\n");
    struct error *error = read_text(buffer_text(&text), kernel);
    buffer_deinit(&text);
    return error;
}

static void types_nest_to_a_limit(void **state UNUSED)
{
    struct kernel_layouts kernel;

    assert_success(read_nested(TYPE_DEPTH_MAXIMUM, &kernel));
    assert_int_equal(kernel.definitions[0].definition.layout->members[0].type->depth,
                     TYPE_DEPTH_MAXIMUM);
    kernel_layouts_deinit(&kernel);
    for (unsigned levels = TYPE_DEPTH_MAXIMUM + 1; levels < 100000; levels *= 4) {
        struct error *error = read_nested(levels, &kernel);
        assert_non_null(error);
        if (!error->where || !strstr(error->why, "line 1"))
            fail_msg("%u levels: the error does not say where: %s", levels, error->why);
        error_destroy(error);
    }
}

/* JSON is UTF-8, names may be anything. */
static void different_names_are_written_differently(void **state UNUSED)
{
    static const struct {
        const char *name;
        const char *written;
    } cases[] = {
        {"caf\xc3\xa9", "\"caf\\u00E9\""}, {"a\xff", "\"a\\\\xff\""},
        {"a\xfe", "\"a\\\\xfe\""},         {"a\xc3", "\"a\\\\xc3\""},
        {"a\\xff", "\"a\\\\\\\\xff\""},    {"a?", "\"a?\""},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct layout layout = {.name = cases[i].name};
        struct kernel_definitions entry = {.name = layout.name, .definition = {.layout = &layout}};
        struct kernel_layouts kernel;
        char expected[64];
        kernel_layouts_init(&kernel);
        kernel.definitions = &entry;
        kernel.definition_count = 1;
        char *text = write_lines(&kernel);
        snprintf(expected, sizeof(expected), "\"name\": %s,", cases[i].written);
        assert_non_null(strstr(text, expected));
        free(text);
        kernel_layouts_deinit(&kernel);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fields_are_written_as_published),
        TEST(what_was_written_is_read_and_written_again),
        cmocka_unit_test(what_a_complete_kernel_lacks_is_forward),
        TEST(the_sinks_error_ends_the_writing),
        TEST(structs_come_in_any_order_and_are_sorted),
        TEST(compressed_files_are_read),
        TEST(malformed_lines_are_told_by_their_number),
        TEST(a_struct_given_twice_is_refused),
        TEST(a_text_without_definitions_is_one),
        TEST(types_nest_to_a_limit),
        TEST(different_names_are_written_differently),
    };
#undef TEST
    return cmocka_run_group_tests_name("JSON lines", tests, NULL, NULL);
}
