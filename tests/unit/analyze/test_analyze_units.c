/* SPDX-License-Identifier: MIT */
/* Several units that do not agree, and files that cannot be analyzed. */
#include <elf.h>

#include "tests/unit/samples/analyze_samples.h"
#include "tests/unit/samples/own_directory.h"

/* Makes NAME of `int function(void)` after CODE, compiled to an object with FLAGS. */
static void compile_unit(const char *name, const char *flags, const char *code)
{
    char *file = NULL;
    char *text = NULL;

    assert_true(asprintf(&file, "%s.c", name) >= 0);
    assert_true(asprintf(&text, "%s\nstruct s %s_v;\nvoid *%s(void) { return &%s_v; }\n", code,
                         name, name, name) >= 0);
    write_source(directory, file, text);
    run_in(directory, "%s %s -ffreestanding -c -o %s.o %s", sample_compiler(), flags, name, file);
    free(file);
    free(text);
}

static void link_units(const char *names)
{
    run_in(directory, "ld -e 0 -o vmlinux %s", names);
}

static void different_structs_of_one_name_are_all_kept(void **state UNUSED)
{
    need_program(sample_compiler());
    compile_unit("a", "-gdwarf-5", "struct s { int x; };");
    compile_unit("b", "-gdwarf-5", "struct s { int x; };");
    compile_unit("c", "-gdwarf-5", "struct s { long y; };");
    compile_unit("d", "-gdwarf-5", "struct s { long y; };\nstruct t { struct s *p; };");
    compile_unit("e", "-gdwarf-5", "\n\nstruct s { long z; };");
    link_units("a.o b.o c.o d.o e.o");
    for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
        struct kernel_layouts layouts;
        assert_success(try_analyze(directory, "vmlinux", jobs, &layouts));
        const struct kernel_definitions *entry = struct_of(&layouts, "s");
        assert_string_equal(entry->definition.layout->members[0].name, "x");
        assert_int_equal(entry->definition.user_count, 0);
        assert_int_equal(entry->further_count, 2);
        assert_string_equal(entry->further[0].layout->members[0].name, "y");
        assert_string_equal(entry->further[0].declaration_file, "c.c");
        assert_int_equal(entry->further[0].user_count, 2);
        assert_string_equal(entry->further[0].users[0], "c.c");
        assert_string_equal(entry->further[0].users[1], "d.c");
        assert_int_equal(entry->further[1].declaration_line, 3);
        assert_int_equal(entry->further[1].user_count, 1);
        assert_string_equal(entry->further[1].users[0], "e.c");
        kernel_layouts_deinit(&layouts);
    }
}

/* DWARF 2 and 4 say differently where a member is; the layout is the same. */
static void users_are_in_unit_order_whatever_their_dwarf(void **state UNUSED)
{
    struct kernel_layouts layouts;

    need_program(sample_compiler());
    compile_unit("a", "-gdwarf-4", "struct s { int x; };");
    compile_unit("b", "-gdwarf-4", "struct s { long y; };");
    compile_unit("c", "-gdwarf-2 -gstrict-dwarf", "struct s { long y; };");
    compile_unit("d", "-gdwarf-4", "struct s { long y; };");
    link_units("a.o b.o c.o d.o");
    assert_success(try_analyze(directory, "vmlinux", 2, &layouts));
    assert_string_equal(layouts.identity.dwarf_versions, "2, 4");
    const struct kernel_definitions *entry = struct_of(&layouts, "s");
    assert_int_equal(entry->further_count, 1);
    assert_int_equal(entry->further[0].user_count, 3);
    assert_string_equal(entry->further[0].users[0], "b.c");
    assert_string_equal(entry->further[0].users[1], "c.c");
    assert_string_equal(entry->further[0].users[2], "d.c");
    kernel_layouts_deinit(&layouts);
}

static void one_layout_in_two_forms_is_one_definition(void **state UNUSED)
{
    struct kernel_layouts layouts;

    need_program(sample_compiler());
    compile_unit("a", "-gdwarf-4", "struct s { int x; };");
    compile_unit("b", "-gdwarf-2 -gstrict-dwarf", "struct s { int x; };");
    link_units("a.o b.o");
    assert_success(try_analyze(directory, "vmlinux", 1, &layouts));
    assert_int_equal(struct_of(&layouts, "s")->further_count, 0);
    kernel_layouts_deinit(&layouts);
}

/* A type says a name; whether that is defined is no part of it. */
static void declared_and_defined_are_one_type(void **state UNUSED)
{
    struct kernel_layouts layouts;

    need_program(sample_compiler());
    compile_unit("a", "-g",
                 "struct t; union u; struct never; struct s { struct t *t; union u *u; "
                 "struct never *n; };");
    compile_unit("b", "-g",
                 "struct t { int x; }; union u { int y; }; struct s { struct t t; union "
                 "u u; };");
    link_units("a.o b.o");
    assert_success(try_analyze(directory, "vmlinux", 1, &layouts));
    const struct layout_member *members = struct_of(&layouts, "s")->definition.layout->members;
    assert_int_equal(members[0].type->target->kind, TYPE_STRUCT);
    assert_int_equal(members[1].type->target->kind, TYPE_UNION);
    assert_int_equal(members[2].type->target->kind, TYPE_STRUCT);
    kernel_layouts_deinit(&layouts);
}

static void assert_refused(const char *name, enum error_code code, const char *why)
{
    struct kernel_layouts layouts;

    assert_failure(try_analyze(directory, name, 2, &layouts), code, why);
}

static void what_is_no_elf_file_is_refused(void **state UNUSED)
{
    write_source(directory, "text", "This is no ELF file.\n");
    write_source(directory, "empty", "");
    write_source(directory, "archive", "!<arch>\n");
    write_source(directory, "magic", "\177ELF");
    assert_refused("text", ERROR_NOT_ELF, "text: is neither an ELF file");
    assert_refused("empty", ERROR_NOT_ELF, "empty");
    assert_refused("archive", ERROR_NOT_ELF, "archive");
    assert_refused("magic", ERROR_NOT_ELF, "magic");
}

static void without_debug_information_is_refused(void **state UNUSED)
{
    need_program(sample_compiler());
    compile_unit("a", "-g0", "struct s { int x; };");
    link_units("a.o");
    assert_refused("vmlinux", ERROR_NO_DWARF, "has no .debug_info section");
    compile_unit("a", "-g1", "struct s { int x; };");
    link_units("a.o");
    assert_refused("vmlinux", ERROR_NO_DWARF, "defines no struct in any C unit");
    compile_unit("a", "-g", "struct s { int x; };");
    link_units("a.o");
    run_in(directory, "objcopy -R .debug_abbrev vmlinux");
    assert_refused("vmlinux", ERROR_NO_DWARF, "no .debug_abbrev");
}

static void split_debug_information_is_refused(void **state UNUSED)
{
    need_program(sample_compiler());
    compile_unit("a", "-gdwarf-5 -gsplit-dwarf", "struct s { int x; };");
    link_units("a.o");
    assert_refused("vmlinux", ERROR_NO_DWARF, "split off into .dwo files");
    compile_unit("a", "-gdwarf-4 -gsplit-dwarf", "struct s { int x; };");
    link_units("a.o");
    assert_refused("vmlinux", ERROR_NO_DWARF, "split off into .dwo files");
}

static void split_units_among_others_are_passed_over(void **state UNUSED)
{
    need_program(sample_compiler());
    for (int version = 4; version <= 5; version++) {
        char flags[64];
        struct kernel_layouts layouts;
        snprintf(flags, sizeof(flags), "-gdwarf-%d -gsplit-dwarf", version);
        compile_unit("a", version == 4 ? "-gdwarf-4" : "-gdwarf-5", "struct s { int x; };");
        compile_unit("b", flags, "struct t { int x; }; struct s { struct t *t; };");
        link_units("a.o b.o");
        assert_success(try_analyze(directory, "vmlinux", 2, &layouts));
        assert_int_equal(kernel_layouts_count(&layouts, DEFINITION_STRUCT), 1);
        assert_int_equal(layouts.passed_over_count, 1);
        assert_string_equal(layouts.passed_over[0].name, "unit b.dwo");
        assert_non_null(strstr(layouts.passed_over[0].reason, "split off into .dwo files"));
        kernel_layouts_deinit(&layouts);
    }
}

static bool is_fitting(enum error_code code)
{
    return code == ERROR_NOT_ELF || code == ERROR_CORRUPT || code == ERROR_NO_DWARF ||
           code == ERROR_BAD_DWARF;
}

static void a_truncated_file_is_refused(void **state UNUSED)
{
    char *path = path_join(directory, "vmlinux");
    size_t length;

    need_program(sample_compiler());
    compile_unit("a", "-g", "struct s { int x; };");
    link_units("a.o");
    unsigned char *bytes = read_whole(path, &length);
    /* The section headers are at the end. */
    for (size_t kept = 0; kept < length; kept += 97) {
        struct kernel_layouts layouts;
        write_file(path, bytes, kept);
        struct error *error = try_analyze(directory, "vmlinux", 1, &layouts);
        assert_non_null(error);
        assert_true(is_fitting(error->code));
        assert_string_equal(error->where, "vmlinux");
        error_destroy(error);
    }
    write_file(path, bytes, length / 2);
    assert_refused("vmlinux", ERROR_CORRUPT, "is cut short");
    free(bytes);
    free(path);
}

/* Section NAME's header in an ELF file of this machine's kind. */
static Elf64_Shdr *section_header(unsigned char *bytes, const char *name)
{
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
    Elf64_Shdr *sections = (Elf64_Shdr *)(void *)(bytes + header->e_shoff);
    const char *names = (const char *)bytes + sections[header->e_shstrndx].sh_offset;

    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (strcmp(names + sections[i].sh_name, name) == 0)
            return &sections[i];
    }
    fail_msg("there is no section %s", name);
    return NULL;
}

/* Changes the type or size of a section's header and expects an error. */
static void assert_header_refused(const char *flags, const char *section, Elf64_Word type,
                                  Elf64_Xword added_size)
{
    char *path = path_join(directory, "vmlinux");
    size_t length;

    compile_unit("a", flags, "struct s { int x; };");
    link_units("a.o");
    unsigned char *bytes = read_whole(path, &length);
    Elf64_Shdr *header = section_header(bytes, section);
    header->sh_type = type;
    header->sh_size += added_size;
    write_file(path, bytes, length);
    struct kernel_layouts layouts;
    struct error *error = try_analyze(directory, "vmlinux", 1, &layouts);
    assert_non_null(error);
    assert_true(is_fitting(error->code));
    error_destroy(error);
    free(bytes);
    free(path);
}

static void lying_section_headers_are_refused(void **state UNUSED)
{
    need_program(sample_compiler());
    if (sizeof(void *) != 8)
        skip();
    assert_header_refused("-g", ".debug_info", SHT_NOBITS, 0);
    assert_header_refused("-g", ".debug_abbrev", SHT_NOBITS, 0);
    assert_header_refused("-g", ".debug_info", SHT_PROGBITS, UINT64_C(1) << 40);
    assert_header_refused("-g", ".debug_str", SHT_PROGBITS, UINT64_MAX - 10);
}

/* A compressed section of the older kind that has no bytes. */
static void an_empty_compressed_section_is_refused(void **state UNUSED)
{
    need_program(sample_compiler());
    if (sizeof(void *) != 8)
        skip();
    compile_unit("a", "-gdwarf-4 -Wa,--compress-debug-sections=none", "struct s { int x; };");
    run_in(directory, "objcopy --rename-section .debug_info=.zdebug_info a.o");
    run_in(directory, "ld -e 0 -r -o vmlinux a.o");
    char *path = path_join(directory, "vmlinux");
    size_t length;
    unsigned char *bytes = read_whole(path, &length);
    section_header(bytes, ".zdebug_info")->sh_type = SHT_NOBITS;
    write_file(path, bytes, length);
    assert_refused("vmlinux", ERROR_CORRUPT, "section .zdebug_info has no ZLIB header");
    free(bytes);
    free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(different_structs_of_one_name_are_all_kept),
        TEST(users_are_in_unit_order_whatever_their_dwarf),
        TEST(one_layout_in_two_forms_is_one_definition),
        TEST(declared_and_defined_are_one_type),
        TEST(what_is_no_elf_file_is_refused),
        TEST(without_debug_information_is_refused),
        TEST(split_debug_information_is_refused),
        TEST(split_units_among_others_are_passed_over),
        TEST(a_truncated_file_is_refused),
        TEST(lying_section_headers_are_refused),
        TEST(an_empty_compressed_section_is_refused),
    };
#undef TEST
    return cmocka_run_group_tests_name("analyze units", tests, NULL, NULL);
}
