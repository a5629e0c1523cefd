/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/source_files.h"
#include "tests/unit/samples/dwarf_bytes.h"
#include "tests/unit/unit.h"

#define UBUNTU "/build/linux-Iv5W/linux-5.4.0"

/* A directory or file of a line table. */
struct table_entry {
    const char *path;
    unsigned directory;
};

/* A unit with a line table; directories and files end with a path of NULL. */
struct table {
    unsigned version;
    unsigned offset_byte_size;
    bool is_big_endian;
    const char *unit_name;
    const char *compilation_directory;
    const char *const *directories;
    const struct table_entry *files;
};

static void put_old_lists(struct dwarf_sample *sample, const struct table *table)
{
    for (size_t i = 0; table->directories[i]; i++)
        put_text(sample, DWARF_LINE, table->directories[i]);
    put_text(sample, DWARF_LINE, "");
    for (size_t i = 0; table->files[i].path; i++) {
        put_text(sample, DWARF_LINE, table->files[i].path);
        put_uleb128(sample, DWARF_LINE, table->files[i].directory);
        put_uleb128(sample, DWARF_LINE, 1000000);
        put_uleb128(sample, DWARF_LINE, 12345);
    }
    put_text(sample, DWARF_LINE, "");
}

static void put_line_string(struct dwarf_sample *sample, const char *text, unsigned byte_size)
{
    put_number(sample, DWARF_LINE, put_text(sample, DWARF_LINE_STR, text), byte_size);
}

/* As gcc writes it: paths in .debug_line_str; files with an MD5 as clang does. */
static void put_new_lists(struct dwarf_sample *sample, const struct table *table)
{
    size_t count = 0;

    while (table->directories[count])
        count++;
    put_number(sample, DWARF_LINE, 1, 1);
    put_uleb128(sample, DWARF_LINE, DW_LNCT_path);
    put_uleb128(sample, DWARF_LINE, DW_FORM_line_strp);
    put_uleb128(sample, DWARF_LINE, count);
    for (size_t i = 0; i < count; i++)
        put_line_string(sample, table->directories[i], table->offset_byte_size);
    for (count = 0; table->files[count].path;)
        count++;
    put_number(sample, DWARF_LINE, 3, 1);
    put_uleb128(sample, DWARF_LINE, DW_LNCT_MD5);
    put_uleb128(sample, DWARF_LINE, DW_FORM_data16);
    put_uleb128(sample, DWARF_LINE, DW_LNCT_path);
    put_uleb128(sample, DWARF_LINE, DW_FORM_line_strp);
    put_uleb128(sample, DWARF_LINE, DW_LNCT_directory_index);
    put_uleb128(sample, DWARF_LINE, DW_FORM_udata);
    put_uleb128(sample, DWARF_LINE, count);
    for (size_t i = 0; i < count; i++) {
        put_number(sample, DWARF_LINE, 1, 8);
        put_number(sample, DWARF_LINE, 2, 8);
        put_line_string(sample, table->files[i].path, table->offset_byte_size);
        put_uleb128(sample, DWARF_LINE, table->files[i].directory);
    }
}

static void put_line_table(struct dwarf_sample *sample, const struct table *table)
{
    unsigned offset_byte_size = table->offset_byte_size;

    if (offset_byte_size == 8)
        put_number(sample, DWARF_LINE, 0xffffffff, 4);
    size_t length_offset = sample_length(sample, DWARF_LINE);
    put_number(sample, DWARF_LINE, 0, offset_byte_size);
    put_number(sample, DWARF_LINE, table->version, 2);
    if (table->version >= 5)
        put_number(sample, DWARF_LINE, 0x0008, 2);
    put_number(sample, DWARF_LINE, 0, offset_byte_size);
    put_number(sample, DWARF_LINE, 1, 1);
    if (table->version >= 4)
        put_number(sample, DWARF_LINE, 1, 1);
    put_number(sample, DWARF_LINE, 0, 3);
    put_number(sample, DWARF_LINE, 4, 1);
    put_number(sample, DWARF_LINE, 0, 3);
    if (table->version >= 5)
        put_new_lists(sample, table);
    else
        put_old_lists(sample, table);
    size_t end = sample_length(sample, DWARF_LINE);
    patch_number(sample, DWARF_LINE, length_offset, end - length_offset - offset_byte_size,
                 offset_byte_size);
}

static struct dwarf_sample *make_sample(const struct table *table)
{
    struct dwarf_sample *sample = sample_create(table->is_big_endian);
    struct unit_header header = {table->version, table->offset_byte_size, 8, 0, 0, 0, 0};
    unsigned form = table->version >= 4 ? DW_FORM_sec_offset : DW_FORM_data4;

    put_abbreviation(sample, 1, DW_TAG_compile_unit, false,
                     FORMS({DW_AT_name, DW_FORM_string, 0}, {DW_AT_comp_dir, DW_FORM_string, 0},
                           {DW_AT_stmt_list, form, 0}));
    end_abbreviations(sample);
    put_number(sample, DWARF_LINE, 0, 7); /* another unit's table */
    size_t start = begin_unit(sample, DWARF_INFO, &header);
    put_uleb128(sample, DWARF_INFO, 1);
    put_text(sample, DWARF_INFO, table->unit_name);
    put_text(sample, DWARF_INFO, table->compilation_directory);
    put_number(sample, DWARF_INFO, sample_length(sample, DWARF_LINE), table->offset_byte_size);
    end_unit(sample, DWARF_INFO, &header, start);
    put_line_table(sample, table);
    return sample;
}

enum { UNIT_NAME = -1 };

/* File number INDEX of the table, or the unit's own name. */
static struct error *look_up(struct dwarf_sample *sample, int index, struct buffer *path)
{
    const struct dwarf_sections *sections = sample_sections(sample);
    struct unit_list units;
    struct die_reader reader;

    TRY(unit_list_read(sections, &units));
    die_reader_init(&reader, sections);
    struct error *error =
        index == UNIT_NAME ? source_file_of_unit(&reader, &units.units[0], path)
                           : source_file_by_index(&reader, &units.units[0], (uint64_t)index, path);
    die_reader_deinit(&reader);
    unit_list_deinit(&units);
    return error;
}

static void assert_path(const struct table *table, int index, const char *expected)
{
    struct dwarf_sample *sample = make_sample(table);
    struct buffer path;

    buffer_init(&path, SOURCE_PATH_MAXIMUM);
    buffer_append_text(&path, "left from before");
    assert_success(look_up(sample, index, &path));
    assert_string_equal(buffer_text(&path), expected);
    buffer_deinit(&path);
    sample_destroy(sample);
}

static const char *const old_directories[] = {UBUNTU "/include/linux", "./arch/x86", "../up", NULL};
static const struct table_entry old_files[] = {
    {"fs.h", 1},
    {"own.c", 0},
    {"asm.h", 2},
    {"x.h", 3},
    {UBUNTU "/kernel/a.c", 1},
    {"/usr/include/stdio.h", 1},
    {"beyond.h", 9},
    {NULL, 0},
};

static void old_tables_count_from_one(void **state UNUSED)
{
    for (unsigned version = 2; version <= 4; version++) {
        for (unsigned i = 0; i < 4; i++) {
            const struct table table = {version, i & 1 ? 8 : 4,   i & 2,    "kernel/own.c",
                                        UBUNTU,  old_directories, old_files};
            if (version < 4 && i & 1)
                continue;
            assert_path(&table, 0, "");
            assert_path(&table, 1, "include/linux/fs.h");
            assert_path(&table, 2, "own.c");
            assert_path(&table, 3, "arch/x86/asm.h");
            assert_path(&table, 4, "../up/x.h");
            assert_path(&table, 5, "kernel/a.c");
            assert_path(&table, 6, "/usr/include/stdio.h");
            assert_path(&table, 7, "beyond.h");
            assert_path(&table, 8, "");
        }
    }
}

static const char *const new_directories[] = {UBUNTU "/debian/build/build-generic",
                                              UBUNTU "/include/linux", "arch/x86", NULL};
static const struct table_entry new_files[] = {
    {"own.c", 0},       {"own.c", 0}, {"fs.h", 1}, {"asm.h", 2}, {"/usr/include/stdio.h", 1},
    {"beyond.h", 1000}, {NULL, 0},
};

static void new_tables_count_from_zero(void **state UNUSED)
{
    for (unsigned i = 0; i < 4; i++) {
        const struct table table = {5,
                                    i & 1 ? 8 : 4,
                                    i & 2,
                                    UBUNTU "/kernel/own.c",
                                    UBUNTU "/debian/build/build-generic",
                                    new_directories,
                                    new_files};
        assert_path(&table, 0, "debian/build/build-generic/own.c");
        assert_path(&table, 2, "include/linux/fs.h");
        assert_path(&table, 3, "arch/x86/asm.h");
        assert_path(&table, 4, "/usr/include/stdio.h");
        assert_path(&table, 5, "beyond.h");
        assert_path(&table, 6, "");
        assert_path(&table, 100000, "");
        assert_path(&table, UNIT_NAME, "kernel/own.c");
    }
}

static const char *const no_directories[] = {NULL};

/* What comes out for a unit of that name. */
static void assert_unit_path(const char *name, const char *compilation_directory,
                             const char *expected)
{
    const struct table table = {4,
                                4,
                                false,
                                name,
                                compilation_directory,
                                no_directories,
                                (const struct table_entry[]){{NULL, 0}}};

    assert_path(&table, UNIT_NAME, expected);
}

static void paths_are_freed_of_dots(void **state UNUSED)
{
    assert_unit_path("kernel/sched/core.c", "/src", "kernel/sched/core.c");
    assert_unit_path("./kernel//a.c", "/src", "kernel/a.c");
    assert_unit_path("kernel/../mm/slab.c", "/src", "mm/slab.c");
    assert_unit_path("a/b/../../c.c", "/src", "c.c");
    assert_unit_path("a/../../c.c", "/src", "../c.c");
    assert_unit_path("../../c.c", "/src", "../../c.c");
    assert_unit_path("/a/../b.c", "/src", "/b.c");
    assert_unit_path("/a/./b/../c.c", "/src", "/a/c.c");
    assert_unit_path("...", "/src", "...");
    assert_unit_path("", "/src", "");
}

static void the_source_tree_is_taken_off(void **state UNUSED)
{
    assert_unit_path("/src/kernel/a.c", "/src", "kernel/a.c");
    assert_unit_path("/src/kernel/a.c", "/src/", "kernel/a.c");
    assert_unit_path("/src2/kernel/a.c", "/src", "/src2/kernel/a.c");
    assert_unit_path("/src/kernel/a.c", "/", "/src/kernel/a.c");
    assert_unit_path("/src/kernel/a.c", "", "/src/kernel/a.c");
    assert_unit_path(UBUNTU "/mm/a.c", UBUNTU "/debian/build/build-generic", "mm/a.c");
    assert_unit_path(UBUNTU "/debian/build/source_rt/mm/a.c", UBUNTU "/debian/build/build_amd64_rt",
                     "mm/a.c");
    assert_unit_path(UBUNTU "/debian/build/source_rt", UBUNTU "/debian/build/build_amd64_rt",
                     "debian/build/source_rt");
    assert_unit_path(UBUNTU "/debian/build/build-generic/../../../mm/a.c",
                     UBUNTU "/debian/build/build-generic", "mm/a.c");
}

static void a_unit_without_a_table_has_no_files(void **state UNUSED)
{
    const struct table table = {4, 4, false, "a.c", "/src", old_directories, old_files};
    struct dwarf_sample *sample = make_sample(&table);
    struct buffer path;

    buffer_init(&path, SOURCE_PATH_MAXIMUM);
    buffer_clear(&sample->parts[DWARF_LINE]);
    assert_success(look_up(sample, 1, &path));
    assert_string_equal(buffer_text(&path), "");
    buffer_deinit(&path);
    sample_destroy(sample);
}

static void tables_cut_short_anywhere_are_refused(void **state UNUSED)
{
    for (unsigned version = 4; version <= 5; version++) {
        const struct table table = {version, 4, false, "a.c", "/src", new_directories, new_files};
        struct dwarf_sample *sample = make_sample(&table);
        size_t whole = sample_length(sample, DWARF_LINE);
        struct buffer path;
        buffer_init(&path, SOURCE_PATH_MAXIMUM);
        for (size_t length = 8; length < whole; length++) {
            sample->parts[DWARF_LINE].length = length;
            assert_failure(look_up(sample, 1, &path), ERROR_BAD_DWARF, "in .debug_line");
            if (length < 11)
                continue;
            /* The same with an honest length. */
            patch_number(sample, DWARF_LINE, 7, length - 11, 4);
            assert_failure(look_up(sample, 1, &path), ERROR_BAD_DWARF, "in .debug_line");
        }
        buffer_deinit(&path);
        sample_destroy(sample);
    }
}

static void overlong_paths_are_refused(void **state UNUSED)
{
    static char name[SOURCE_PATH_MAXIMUM + 2];
    struct buffer path;

    memset(name, 'a', sizeof(name) - 1);
    const struct table table = {
        4, 4, false, name, "/src", no_directories, (const struct table_entry[]){{NULL, 0}}};
    struct dwarf_sample *sample = make_sample(&table);
    buffer_init(&path, SOURCE_PATH_MAXIMUM);
    assert_failure(look_up(sample, UNIT_NAME, &path), ERROR_LIMIT, "path");
    buffer_deinit(&path);
    sample_destroy(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_tables_count_from_one),
        cmocka_unit_test(new_tables_count_from_zero),
        cmocka_unit_test(paths_are_freed_of_dots),
        cmocka_unit_test(the_source_tree_is_taken_off),
        cmocka_unit_test(a_unit_without_a_table_has_no_files),
        cmocka_unit_test(tables_cut_short_anywhere_are_refused),
        cmocka_unit_test(overlong_paths_are_refused),
    };
    return cmocka_run_group_tests_name("source files", tests, NULL, NULL);
}
