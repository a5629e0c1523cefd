/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_table.h"
#include "report/offsets/offset_writer.h"
#include "tests/unit/samples/offset_samples.h"

enum { TEXT_MAXIMUM = 1024 * 1024, AMD64_5_4 = 0, AMD64_5_8, AMD64_5_15, ARM64_5_4 };

static struct sample sample;
static struct arena arena;

static const struct type *unsigned_64(void)
{
    return named(&sample.history.types, TYPE_TYPEDEF, "u64");
}

static const struct type *structure(const char *name)
{
    return named(&sample.history.types, TYPE_STRUCT, name);
}

/*
 * struct task
 *   5.4 amd64  pid, real_start, watchers, time (an embedded struct with run and idle)
 *   5.8 amd64  pid, start, watchers, time
 *   5.15 amd64 pid, start, links (an embedded struct with watchers), time (with run and asleep)
 *   5.4 arm64  as on amd64, but all after pid is one word later
 */
static int set_up(void **state UNUSED)
{
    arena_init(&arena);
    sample_init(&sample);
    const struct layout_member old[] = {
        at_byte(0, "pid", int_type(&sample.history.types), 4),
        at_byte(8, "real_start", unsigned_64(), 8),
        at_byte(16, "watchers", unsigned_64(), 8),
        at_byte(24, "time", structure("times"), 16),
    };
    struct layout_member new[] = {old[0], old[1], old[2], old[3]};
    struct layout_member newest[] = {old[0], old[1], old[2], old[3]};
    struct layout_member other[] = {old[0], old[1], old[2], old[3]};
    new[1].name = newest[1].name = "start";
    newest[2].name = "links";
    newest[2].type = structure("links");
    for (size_t i = 1; i < ARRAY_LENGTH(other); i++)
        other[i].bit_offset += 64;

    const struct layout_member links[] = {at_byte(0, "watchers", unsigned_64(), 8)};
    const struct layout_member awake[] = {at_byte(0, "run", unsigned_64(), 8),
                                          at_byte(8, "idle", unsigned_64(), 8)};
    const struct layout_member asleep[] = {awake[0], at_byte(8, "asleep", unsigned_64(), 8)};
    SAMPLE_ADD(&sample, AMD64_5_15, AMD64_5_15, "links", 8, links);
    SAMPLE_ADD(&sample, AMD64_5_4, AMD64_5_4, "task", 40, old);
    SAMPLE_ADD(&sample, AMD64_5_8, AMD64_5_8, "task", 40, new);
    SAMPLE_ADD(&sample, AMD64_5_15, AMD64_5_15, "task", 40, newest);
    SAMPLE_ADD(&sample, ARM64_5_4, ARM64_5_4, "task", 48, other);
    SAMPLE_ADD(&sample, AMD64_5_4, AMD64_5_8, "times", 16, awake);
    SAMPLE_ADD(&sample, ARM64_5_4, ARM64_5_4, "times", 16, awake);
    SAMPLE_ADD(&sample, AMD64_5_15, AMD64_5_15, "times", 16, asleep);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    sample_deinit(&sample);
    arena_deinit(&arena);
    return 0;
}

static struct offset_row row_of_path(const char *path)
{
    struct offset_table table;

    assert_success(
        offset_table_make(&sample.input, DEFINITION_KINDS_ALL, "task", &path, 1, &arena, &table));
    assert_int_equal(table.row_count, 1);
    return table.rows[0];
}

static void assert_at(const struct offset_row *row, size_t kernel, uint64_t byte_offset)
{
    assert_int_equal(row->answers[kernel].place.status, OFFSET_FOUND);
    assert_int_equal(row->answers[kernel].place.bit_offset, byte_offset * 8);
}

static void assert_hint(const struct offset_row *row, size_t kernel, enum change_hint kind,
                        const char *path, uint64_t byte_offset)
{
    const struct offset_answer *answer = &row->answers[kernel];

    assert_int_equal(answer->place.status, OFFSET_NO_FIELD);
    assert_int_equal(answer->hint.kind, kind);
    assert_string_equal(answer->hint.path, path);
    assert_int_equal(answer->hint.bit_offset, byte_offset * 8);
}

static void every_kernel_has_an_answer(void **state UNUSED)
{
    struct offset_row row = row_of_path("time.run");

    assert_at(&row, AMD64_5_4, 24);
    assert_at(&row, AMD64_5_15, 24);
    assert_at(&row, ARM64_5_4, 32);
    assert_int_equal(row.found_count, 4);
    assert_int_equal(offset_row_run_end(&row, 0, SAMPLE_KERNELS), 3);
    assert_int_equal(offset_row_run_end(&row, 3, SAMPLE_KERNELS), 4);
}

static void the_struct_has_a_size(void **state UNUSED)
{
    struct offset_table table;

    assert_success(
        offset_table_make(&sample.input, DEFINITION_KINDS_ALL, "task", NULL, 0, &arena, &table));
    assert_int_equal(table.row_count, 0);
    assert_int_equal(table.size.answers[AMD64_5_8].place.byte_size, 40);
    assert_int_equal(table.size.answers[ARM64_5_4].place.byte_size, 48);
    assert_success(
        offset_table_make(&sample.input, DEFINITION_KINDS_ALL, "links", NULL, 0, &arena, &table));
    assert_int_equal(table.size.found_count, 1);
    assert_int_equal(table.size.answers[AMD64_5_8].place.status, OFFSET_NO_DEFINITION);
    assert_success(
        offset_table_make(&sample.input, DEFINITION_KINDS_ALL, "none", NULL, 0, &arena, &table));
    assert_int_equal(table.size.found_count, 0);
}

/* From the next kernel to earlier ones, and to another line that has the old name as well. */
static void renamed_later(void **state UNUSED)
{
    struct offset_row row = row_of_path("start");

    assert_hint(&row, AMD64_5_4, HINT_RENAMED, "real_start", 8);
    assert_at(&row, AMD64_5_8, 8);
    assert_hint(&row, ARM64_5_4, HINT_RENAMED, "real_start", 16);
}

/* From the last kernel that has it on, through all that have the new name. */
static void renamed_before(void **state UNUSED)
{
    struct offset_row row = row_of_path("real_start");

    assert_at(&row, AMD64_5_4, 8);
    assert_hint(&row, AMD64_5_8, HINT_RENAMED, "start", 8);
    assert_hint(&row, AMD64_5_15, HINT_RENAMED, "start", 8);
    assert_at(&row, ARM64_5_4, 16);
}

static void moved_into_an_embedded_struct(void **state UNUSED)
{
    struct offset_row row = row_of_path("watchers");

    assert_at(&row, AMD64_5_8, 16);
    assert_hint(&row, AMD64_5_15, HINT_EMBEDDED, "links.watchers", 16);
    assert_string_equal(row.answers[AMD64_5_15].hint.definition_name, "links");
    assert_int_equal(row.found_count, 3);
}

static void renamed_inside_an_embedded_struct(void **state UNUSED)
{
    struct offset_row row = row_of_path("time.idle");

    assert_at(&row, AMD64_5_8, 32);
    assert_hint(&row, AMD64_5_15, HINT_RENAMED, "time.asleep", 32);
    row = row_of_path("time.asleep");
    assert_hint(&row, AMD64_5_4, HINT_RENAMED, "time.idle", 32);
    assert_hint(&row, AMD64_5_8, HINT_RENAMED, "time.idle", 32);
    assert_hint(&row, ARM64_5_4, HINT_RENAMED, "time.idle", 40);
}

/* Along its own line a guess goes on, whatever became of the type. */
static void guesses_follow_their_line(void **state UNUSED)
{
    struct layout_member members[] = {at_byte(0, "pid", int_type(&sample.history.types), 4),
                                      at_byte(4, "real_start", unsigned_64(), 8)};

    SAMPLE_ADD(&sample, AMD64_5_8, AMD64_5_8, "task", 12, members);
    members[1].type = int_type(&sample.history.types);
    SAMPLE_ADD(&sample, AMD64_5_4, AMD64_5_4, "task", 8, members);
    SAMPLE_ADD(&sample, ARM64_5_4, ARM64_5_4, "task", 8, members);
    members[1] = at_byte(4, "start", unsigned_64(), 8);
    SAMPLE_ADD(&sample, AMD64_5_15, AMD64_5_15, "task", 12, members);
    struct offset_row row = row_of_path("start");
    assert_hint(&row, AMD64_5_8, HINT_RENAMED, "real_start", 4);
    assert_hint(&row, AMD64_5_4, HINT_RENAMED, "real_start", 4);
    assert_int_equal(row.answers[ARM64_5_4].hint.kind, HINT_NONE);
}

/* A guess from one line is of no use to another one where the type is another. */
static void guesses_want_the_same_type(void **state UNUSED)
{
    const struct layout_member members[] = {
        at_byte(0, "real_start", int_type(&sample.history.types), 4)};

    SAMPLE_ADD(&sample, ARM64_5_4, ARM64_5_4, "task", 4, members);
    struct offset_row row = row_of_path("start");
    assert_int_equal(row.answers[AMD64_5_4].hint.kind, HINT_RENAMED);
    assert_int_equal(row.answers[ARM64_5_4].hint.kind, HINT_NONE);
}

/* The others count for hints, and for nothing else. */
static void only_some_kernels(void **state UNUSED)
{
    static const size_t shown[] = {AMD64_5_4, ARM64_5_4};

    sample.input.shown = shown;
    sample.input.shown_count = ARRAY_LENGTH(shown);
    struct offset_row row = row_of_path("start");
    assert_int_equal(row.found_count, 2);
    assert_int_equal(row.shown_found_count, 0);
    assert_hint(&row, 0, HINT_RENAMED, "real_start", 8);
    assert_hint(&row, 1, HINT_RENAMED, "real_start", 16);
}

static void a_whole_struct(void **state UNUSED)
{
    static const char *const paths[] = {"pid", "real_start", "watchers", "time", "start", "links"};
    struct offset_table table;

    assert_success(offset_table_make_whole(
        &sample.input, history_find(&sample.history, DEFINITION_STRUCT, "task"), &arena, &table));
    assert_int_equal(table.row_count, ARRAY_LENGTH(paths));
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
        struct offset_row alone = row_of_path(paths[i]);
        assert_string_equal(table.rows[i].path, paths[i]);
        for (size_t kernel = 0; kernel < SAMPLE_KERNELS; kernel++)
            assert_true(
                offset_answers_are_equal(&table.rows[i].answers[kernel], &alone.answers[kernel]));
    }
}

/* What is in a struct without a name in one kernel may be in one with a name in the other. */
static void a_whole_struct_with_nesting(void **state UNUSED)
{
    const struct type *row = row_of(&sample.history.types, structure(TYPE_ANONYMOUS), 2);
    const struct layout_member members[] = {
        at_byte(0, "time", structure(TYPE_ANONYMOUS), 16),
        inside(1, at_byte(0, "run", unsigned_64(), 8)),
        at_byte(16, "slots", row, 16),
        inside(1, at_byte(16, "key", unsigned_64(), 8)),
        at_byte(32, "", structure(TYPE_ANONYMOUS), 16),
        inside(1, at_byte(32, "open", unsigned_64(), 8)),
    };
    static const char *const paths[] = {"time", "time.run", "slots", "open", "pid"};
    struct offset_table table;

    SAMPLE_ADD(&sample, AMD64_5_4, AMD64_5_4, "task", 48, members);
    assert_success(offset_table_make_whole(
        &sample.input, history_find(&sample.history, DEFINITION_STRUCT, "task"), &arena, &table));
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        assert_string_equal(table.rows[i].path, paths[i]);
    assert_at(&table.rows[1], AMD64_5_4, 0);
    assert_at(&table.rows[1], AMD64_5_8, 24);
}

static void assert_text(const struct offset_format *format, const char *path, bool with_size,
                        const char *expected)
{
    struct offset_table table;
    struct offset_writer writer;
    struct buffer out;

    buffer_init(&out, TEXT_MAXIMUM);
    assert_success(offset_table_make(&sample.input, DEFINITION_KINDS_ALL, "task", &path,
                                     path ? 1 : 0, &arena, &table));
    assert_success(offset_writer_begin(&writer, &sample.input, format, &out));
    assert_success(offset_writer_append(&writer, &table, with_size, &out));
    assert_success(offset_writer_end(&writer, &out));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

/* Ranges end where a line of development does. */
static void text(void **state UNUSED)
{
    assert_text(
        &offset_format_text, "start", true,
        "task\n"
        "  kernels                                         size\n"
        "  5.4-1-generic-amd64 … 5.15-1-generic-amd64 (3)    40\n"
        "  5.4-1-generic-arm64                               48\n"
        "\n"
        "task.start\n"
        "  kernels                                         offset  hex  size  type\n"
        "  5.4-1-generic-amd64                             absent (renamed? real_start at 8)\n"
        "  5.8-1-generic-amd64 … 5.15-1-generic-amd64 (2)       8  0x8     8  u64\n"
        "  5.4-1-generic-arm64                             absent (renamed? real_start at 16)\n");
    assert_text(&offset_format_text, "pid", false,
                "task.pid\n"
                "  kernels        offset  hex  size  type\n"
                "  all 4 kernels       0  0x0     4  int\n");
}

/* Nothing that a name may contain reaches a terminal. */
static void text_is_escaped(void **state UNUSED)
{
    struct layout_member member = at_byte(0, "pid", unsigned_64(), 8);

    member.type = named(&sample.history.types, TYPE_TYPEDEF, "a\033[31mb\n");
    member.bit_offset = 13;
    member.bitfield_size = 1;
    sample_add(&sample, 0, SAMPLE_KERNELS - 1, "task", 4, &member, 1);
    assert_text(&offset_format_text, "pid", false,
                "task.pid\n"
                "  kernels        offset    hex   size  type\n"
                "  all 4 kernels     1:5  0x1:5  1 bit  a\xef\xbf\xbd[31mb\xef\xbf\xbd\n");
}

static void csv(void **state UNUSED)
{
    static const size_t shown[] = {AMD64_5_4, AMD64_5_8};

    sample.input.shown = shown;
    sample.input.shown_count = ARRAY_LENGTH(shown);
    assert_text(
        &offset_format_csv, "start", true,
        "kernel,struct,field,struct_byte_size,bit_offset,byte_offset,bitfield_size,byte_size,"
        "type,absent,hint,hint_path,hint_bit_offset,value,kind,image\n"
        "5.4-1-generic-amd64,task,\"\",40,\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
        "struct,vmlinux\n"
        "5.8-1-generic-amd64,task,\"\",40,\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
        "struct,vmlinux\n"
        "5.4-1-generic-amd64,task,start,40,\"\",\"\",\"\",\"\",\"\",no such field,renamed,"
        "real_start,64,\"\",struct,vmlinux\n"
        "5.8-1-generic-amd64,task,start,40,64,8,\"\",8,u64,\"\",\"\",\"\",\"\",\"\",struct,"
        "vmlinux\n");
}

/* Equal answers that are not neighbours are one, with two ranges. */
static void json(void **state UNUSED)
{
    static const size_t shown[] = {AMD64_5_4, AMD64_5_8, ARM64_5_4};
    const struct layout_member member = at_byte(0, "pid", unsigned_64(), 8);

    sample_add(&sample, AMD64_5_4, AMD64_5_4, "task", 8, &member, 1);
    sample_add(&sample, ARM64_5_4, ARM64_5_4, "task", 8, &member, 1);
    sample.input.shown = shown;
    sample.input.shown_count = ARRAY_LENGTH(shown);
    assert_text(
        &offset_format_json, "pid", false,
        "{\"format\": \"kstruct-offsets\", \"version\": 2,\n"
        "\"kernels\": [\n"
        "{\"name\": \"5.4-1-generic-amd64\", \"version\": \"5.4\", \"abi\": \"1\", \"flavor\": "
        "\"generic\", \"architecture\": \"amd64\", \"release\": null, \"build_id\": null},\n"
        "{\"name\": \"5.8-1-generic-amd64\", \"version\": \"5.8\", \"abi\": \"1\", \"flavor\": "
        "\"generic\", \"architecture\": \"amd64\", \"release\": null, \"build_id\": null},\n"
        "{\"name\": \"5.4-1-generic-arm64\", \"version\": \"5.4\", \"abi\": \"1\", \"flavor\": "
        "\"generic\", \"architecture\": \"arm64\", \"release\": null, \"build_id\": null}\n"
        "],\n"
        "\"structs\": {\n"
        "\"task\": {\"kind\": \"struct\", \"answers\": [{\"ranges\": [[0, 0], [2, 2]], "
        "\"byte_size\": 8}, {\"ranges\": "
        "[[1, 1]], \"byte_size\": 40}], \"fields\": {\"pid\": [{\"ranges\": [[0, 0], [2, 2]], "
        "\"bit_offset\": 0, \"byte_offset\": 0, \"byte_size\": 8, \"bitfield_size\": null, "
        "\"type\": \"u64\"}, "
        "{\"ranges\": [[1, 1]], \"bit_offset\": 0, \"byte_offset\": 0, \"byte_size\": 4, "
        "\"bitfield_size\": null, \"type\": \"int\"}]}}\n"
        "}}\n");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_kernel_has_an_answer),
        TEST(the_struct_has_a_size),
        TEST(renamed_later),
        TEST(renamed_before),
        TEST(moved_into_an_embedded_struct),
        TEST(renamed_inside_an_embedded_struct),
        TEST(guesses_follow_their_line),
        TEST(guesses_want_the_same_type),
        TEST(only_some_kernels),
        TEST(a_whole_struct),
        TEST(a_whole_struct_with_nesting),
        TEST(text),
        TEST(text_is_escaped),
        TEST(csv),
        TEST(json),
    };
#undef TEST
    return cmocka_run_group_tests_name("offset table", tests, NULL, NULL);
}
