/* SPDX-License-Identifier: MIT */
/* What is read from programs that a C compiler made, in every form of debug information. */
#include <ctype.h>

#include "tests/unit/samples/analyze_samples.h"

static const char source[] =
    "typedef unsigned int u32;\n"
    "enum color { RED, GREEN };\n"
    "struct declared;\n"
    "struct elsewhere;\n"
    "struct bits { u32 a : 3; u32 b : 7; u32 : 0; u32 c : 32; long d : 40; _Bool e : 1; };\n"
    "struct packed { char c; u32 a : 5, b : 20; short s; } __attribute__((packed));\n"
    "struct anonymous {\n"
    "    int before;\n"
    "    union { int i; struct { char low; char high; }; };\n"
    "    const struct { int constant; };\n"
    "    struct { int x; } named, table[2][3], *pointer;\n"
    "};\n"
    "struct arrays { u32 grid[2][3][4]; char *names[5]; enum color colors[2]; u32 open[]; };\n"
    "struct functions {\n"
    "    int (*call)(struct declared *, const char *, ...);\n"
    "    void (*nothing)(void);\n"
    "    struct elsewhere *(*give)(union never *, u32 [3]);\n"
    "};\n"
    "struct forward { struct declared *never; struct elsewhere *defined; volatile void *any; };\n"
    "struct zero { };\n"
    "struct bits b; struct packed p; struct anonymous a; struct arrays r; struct functions f;\n"
    "struct forward w; struct zero z;\n"
    "const char banner[] = \"Linux version 6.1.0-test (x)\";\n"
    "void _start(void) { struct local { short only; } here; here.only = 1; b.a = (u32)here.only; "
    "}\n";

static const char other_source[] = "struct elsewhere { int x; };\n"
                                   "struct elsewhere there;\n"
                                   "void other(void) { there.x = 1; }\n";

static char *directory;

static int set_up(void **state UNUSED)
{
    directory = make_directory();
    write_source(directory, "a.c", source);
    write_source(directory, "b.c", other_source);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    remove_directory(directory);
    return 0;
}

static void check_members(const struct kernel_layouts *layouts)
{
    assert_layout(layouts, "bits",
                  "bits 16\n0:3 u32 a 4\n3:7 u32 b 4\n32:32 u32 c 4\n64:40 long int d 8\n"
                  "104:1 _Bool e 1\n");
    assert_layout(layouts, "packed",
                  "packed 7\n0 char c 1\n8:5 u32 a 4\n13:20 u32 b 4\n40 short int s 2\n");
    assert_layout(layouts, "anonymous",
                  "anonymous 48\n0 int before 4\n32 union (anon) - 4\n  32 int i 4\n"
                  "  32 struct (anon) - 2\n    32 char low 1\n    40 char high 1\n"
                  "64 const struct (anon) (anon) 4\n  64 int constant 4\n"
                  "96 struct (anon) named 4\n  96 int x 4\n"
                  "128 struct (anon)[6] table 24\n  128 int x 4\n"
                  "320 struct (anon) * pointer 8\n  0 int x 4\n");
    assert_layout(layouts, "arrays",
                  "arrays 144\n0 u32[24] grid 96\n768 char *[5] names 40\n"
                  "1088 enum color[2] colors 8\n1152 u32[0] open 0\n");
    assert_layout(layouts, "functions",
                  "functions 24\n0 int (*)(struct declared *, const char *, void) call 8\n"
                  "64 void (*)() nothing 8\n"
                  "128 struct elsewhere * (*)(union never *, u32 *) give 8\n");
    assert_layout(layouts, "zero", "zero 0\n");
    assert_layout(layouts, "local", "local 2\n0 short int only 2\n");
}

static void check_types(const struct kernel_layouts *layouts)
{
    const struct layout_member *members = struct_of(layouts, "forward")->definition.layout->members;
    const struct layout_member *arrays = struct_of(layouts, "arrays")->definition.layout->members;

    assert_int_equal(members[0].type->target->kind, TYPE_STRUCT);
    assert_int_equal(members[1].type->target->kind, TYPE_STRUCT);
    assert_string_equal(type_text(members[2].type), "volatile void *");
    assert_int_equal(arrays[0].type->count, 3);
    assert_int_equal(arrays[0].type->dimensions[0], 2);
    assert_int_equal(arrays[0].type->dimensions[2], 4);
}

static void check_places(const struct kernel_layouts *layouts)
{
    const struct kernel_definition *bits = &struct_of(layouts, "bits")->definition;

    assert_string_equal(bits->declaration_file, "a.c");
    assert_int_equal(bits->declaration_line, 5);
    assert_string_equal(struct_of(layouts, "elsewhere")->definition.declaration_file, "b.c");
    assert_int_equal(struct_of(layouts, "local")->definition.declaration_line, 24);
    assert_string_equal(layouts->identity.release, "6.1.0-test");
    assert_int_equal(kernel_layouts_count(layouts, DEFINITION_STRUCT), 9);
}

/* True if the sample could be made: not every compiler can do everything. */
static bool build(const char *compiler, const char *flags)
{
    char command[1024];

    snprintf(command, sizeof(command), "cd '%s' && %s %s " LINKED " -o vmlinux a.c b.c 2>/dev/null",
             directory, compiler, flags);
    if (system(command) == 0)
        return true;
    print_message("skipped: %s cannot compile with %s\n", compiler, flags);
    return false;
}

static void check_all(const char *what)
{
    for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
        struct kernel_layouts layouts;
        print_message("%s, %u jobs\n", what, jobs);
        assert_success(try_analyze(directory, "vmlinux", jobs, &layouts));
        check_members(&layouts);
        check_types(&layouts);
        check_places(&layouts);
        kernel_layouts_deinit(&layouts);
    }
}

/* With each of those flags that the compiler knows. */
static void check_each(const char *const *flags, size_t count)
{
    need_program(sample_compiler());
    for (size_t i = 0; i < count; i++) {
        if (build(sample_compiler(), flags[i]))
            check_all(flags[i]);
    }
}

static void every_dwarf_version_is_read(void **state UNUSED)
{
    const char *const flags[] = {
        "-gdwarf-2",
        "-gdwarf-3",
        "-gdwarf-4",
        "-gdwarf-5",
        "-gdwarf-2 -gstrict-dwarf",
        "-gdwarf-3 -gstrict-dwarf",
        "-gdwarf-5 -gdwarf64",
        "-gdwarf-4 -gdwarf64",
    };

    check_each(flags, ARRAY_LENGTH(flags));
}

static void type_units_are_read(void **state UNUSED)
{
    const char *const flags[] = {
        "-gdwarf-4 -fdebug-types-section",
        "-gdwarf-5 -fdebug-types-section",
        "-gdwarf-4 -gdwarf64 -fdebug-types-section",
        "-gdwarf-5 -gdwarf64 -fdebug-types-section",
    };

    check_each(flags, ARRAY_LENGTH(flags));
}

static void compressed_sections_are_read(void **state UNUSED)
{
    const char *const flags[] = {"-gdwarf-5 -gz=zlib", "-gdwarf-4 -gz=zlib-gnu",
                                 "-gdwarf-5 -gz=zstd"};

    check_each(flags, ARRAY_LENGTH(flags));
}

static void assert_release_of(const char *flags, const char *versions)
{
    struct kernel_layouts layouts;

    if (!build(sample_compiler(), flags))
        return;
    assert_success(try_analyze(directory, "vmlinux", 2, &layouts));
    assert_string_equal(layouts.identity.dwarf_versions, versions);
    assert_true(layouts.identity.build_id[0] != '\0');
    assert_true(isxdigit((unsigned char)layouts.identity.build_id[0]));
    assert_non_null(strstr(layouts.identity.compiler, "GCC"));
    kernel_layouts_deinit(&layouts);
}

static void the_identity_comes_along(void **state UNUSED)
{
    need_program("gcc");
    assert_release_of("-gdwarf-4 -Wl,--build-id", "4");
    assert_release_of("-gdwarf-5 -Wl,--build-id=sha1", "5");
}

static void assert_member_names(const struct kernel_layouts *layouts)
{
    const struct layout *bits = struct_of(layouts, "bits")->definition.layout;

    assert_int_equal(bits->members[1].bit_offset, 3);
    assert_int_equal(bits->members[3].bit_offset, 64);
    assert_string_equal(struct_of(layouts, "arrays")->definition.layout->members[1].name, "names");
    assert_int_equal(
        struct_of(layouts, "forward")->definition.layout->members[1].type->target->kind,
        TYPE_STRUCT);
}

/* Base types have other names there ("long"), the rest is the same. */
static void clangs_forms_are_read(void **state UNUSED)
{
    const char *const flags[] = {"-gdwarf-4", "-gdwarf-5", "-gdwarf-5 -gdwarf64",
                                 "-gdwarf-4 -fno-eliminate-unused-debug-types"};

    need_program("clang");
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
        struct kernel_layouts layouts;
        if (!build("clang", flags[i]))
            continue;
        assert_success(try_analyze(directory, "vmlinux", 2, &layouts));
        assert_member_names(&layouts);
        assert_string_equal(struct_of(&layouts, "bits")->definition.declaration_file, "a.c");
        kernel_layouts_deinit(&layouts);
    }
}

/* Units refer to their type units by way of declarations without a name. */
static void clangs_type_units_are_read(void **state UNUSED)
{
    const char *const flags[] = {"-gdwarf-4 -fdebug-types-section",
                                 "-gdwarf-5 -fdebug-types-section"};

    need_program("clang");
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
        struct kernel_layouts layouts;
        if (!build("clang", flags[i]))
            continue;
        assert_success(try_analyze(directory, "vmlinux", 2, &layouts));
        assert_member_names(&layouts);
        assert_string_equal(
            type_text(struct_of(&layouts, "forward")->definition.layout->members[1].type),
            "struct elsewhere *");
        kernel_layouts_deinit(&layouts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dwarf_version_is_read),
        cmocka_unit_test(type_units_are_read),
        cmocka_unit_test(compressed_sections_are_read),
        cmocka_unit_test(the_identity_comes_along),
        cmocka_unit_test(clangs_forms_are_read),
        cmocka_unit_test(clangs_type_units_are_read),
    };
    return cmocka_run_group_tests_name("analyze", tests, set_up, tear_down);
}
