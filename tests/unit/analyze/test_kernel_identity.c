/* SPDX-License-Identifier: MIT */
#include <elf.h>

#include "analyze/elf/kernel_identity.h"
#include "base/buffer.h"
#include "tests/unit/unit.h"

static char image_path[] = "vmlinux";

/* A section of NAME that holds a text with its NULs. */
#define SECTION(title, text)                                                                       \
    {                                                                                              \
        .name = (title), .bytes = (const uint8_t *)(text), .byte_size = sizeof(text) - 1           \
    }

struct identified {
    struct arena arena;
    struct kernel_record identity;
};

static struct identified identify(const struct elf_section *sections, size_t count)
{
    struct elf_section *copy = calloc(count + 1, sizeof(*copy));
    struct elf_image image = {.path = image_path,
                              .elf_class = 64,
                              .machine = EM_X86_64,
                              .section_count = count,
                              .sections = copy};
    struct identified result;

    if (count > 0)
        memcpy(copy, sections, count * sizeof(*copy));
    arena_init(&result.arena);
    assert_success(kernel_identity_read(&image, &result.arena, &result.identity));
    free(copy);
    return result;
}

static void assert_release(const char *name, const char *text, size_t length, const char *expected)
{
    const struct elf_section section = {
        .name = name, .bytes = (const uint8_t *)text, .byte_size = length};
    struct identified result = identify(&section, 1);

    assert_string_equal(result.identity.release, expected);
    arena_deinit(&result.arena);
}

#define RELEASE(section, text, expected) assert_release(section, text, sizeof(text) - 1, expected)

static void a_file_that_says_nothing_is_unknown(void **state UNUSED)
{
    struct identified result = identify(NULL, 0);

    assert_string_equal(result.identity.release, "");
    assert_string_equal(result.identity.build_id, "");
    assert_string_equal(result.identity.compiler, "");
    assert_string_equal(result.identity.dwarf_versions, "");
    assert_string_equal(result.identity.architecture, "amd64");
    assert_int_equal(result.identity.elf_class, 64);
    assert_false(result.identity.is_big_endian);
    arena_deinit(&result.arena);
}

static void the_banner_tells_the_release(void **state UNUSED)
{
    RELEASE(".rodata", "x\0Linux version 6.1.0-56-cloud-amd64 (debian-kernel@…",
            "6.1.0-56-cloud-amd64");
    RELEASE(".init.data", "Linux version 6.12.107+deb13-cloud-arm64 (x",
            "6.12.107+deb13-cloud-arm64");
    RELEASE(".data", "Linux version 4.15.0-20.21~generic_x (x", "4.15.0-20.21~generic_x");
    RELEASE(".init.rodata", "Linux version 7.2.0-rc1 ", "7.2.0-rc1");
    RELEASE(".text", "Linux version 6.1.0 (x", "");
}

static void other_texts_are_no_banner(void **state UNUSED)
{
    RELEASE(".rodata", "Linux version %s (%s)\0Linux version 5.4.0 (x", "5.4.0");
    RELEASE(".rodata", "Linux version ", "");
    RELEASE(".rodata", "Linux version 6.1.0", "");
    RELEASE(".rodata", "Linux version 6.1.0\0", "");
    RELEASE(".rodata", "Linux version generic (x", "");
    RELEASE(".rodata", "Linux versio", "");
    RELEASE(".rodata", "Linux version Linux version 6.1.0 ", "6.1.0");
}

static void an_overlong_release_is_none(void **state UNUSED)
{
    char text[400];

    memset(text, '6', sizeof(text));
    memcpy(text, "Linux version ", 14);
    text[sizeof(text) - 1] = ' ';
    assert_release(".rodata", text, sizeof(text), "");
}

static void sections_are_searched_in_order(void **state UNUSED)
{
    const struct elf_section sections[] = {
        SECTION(".data", "Linux version 1.0.0 x"),
        SECTION(".rodata", "Linux version %s"),
        SECTION(".init.data", "Linux version 2.0.0 x"),
    };
    struct identified result = identify(sections, 3);

    assert_string_equal(result.identity.release, "2.0.0");
    arena_deinit(&result.arena);
}

/* A note as ELF has it, in either byte order. */
static void append_note(struct buffer *notes, bool is_big_endian, const char *name, uint32_t type,
                        const char *bytes, uint32_t byte_size)
{
    uint32_t fields[] = {(uint32_t)strlen(name) + 1, byte_size, type};

    for (size_t i = 0; i < 3; i++) {
        for (unsigned j = 0; j < 4; j++)
            buffer_append_char(notes, (char)(fields[i] >> 8 * (is_big_endian ? 3 - j : j)));
    }
    buffer_append(notes, name, fields[0]);
    while (notes->length % 4)
        buffer_append_char(notes, '\0');
    buffer_append(notes, bytes, byte_size);
    while (notes->length % 4)
        buffer_append_char(notes, '\0');
}

static void assert_build_id(const struct buffer *notes, bool is_big_endian, const char *expected)
{
    uint8_t *copy = malloc(notes->length);
    struct elf_section section = {
        .name = ".notes", .bytes = copy, .byte_size = notes->length, .is_note = true};
    struct elf_image image = {.path = image_path,
                              .elf_class = 64,
                              .is_big_endian = is_big_endian,
                              .section_count = 1,
                              .sections = &section};
    struct kernel_record identity;
    struct arena arena;

    memcpy(copy, notes->data, notes->length);
    arena_init(&arena);
    assert_success(kernel_identity_read(&image, &arena, &identity));
    assert_string_equal(identity.build_id, expected);
    arena_deinit(&arena);
    free(copy);
}

static void the_build_id_is_found_among_notes(void **state UNUSED)
{
    for (int is_big_endian = 0; is_big_endian <= 1; is_big_endian++) {
        struct buffer notes;
        buffer_init(&notes, 1000);
        append_note(&notes, is_big_endian, "Xen", 6, "abcde", 5);
        append_note(&notes, is_big_endian, "Linux", NT_GNU_BUILD_ID, "\1\2\3\4", 4);
        append_note(&notes, is_big_endian, "GNU", NT_GNU_ABI_TAG, "\1\2\3\4", 4);
        assert_build_id(&notes, is_big_endian, "");
        append_note(&notes, is_big_endian, "GNU", NT_GNU_BUILD_ID, "\xde\xad\x00\x0f\x7f", 5);
        assert_build_id(&notes, is_big_endian, "dead000f7f");
        buffer_deinit(&notes);
    }
}

static void damaged_notes_are_passed_over(void **state UNUSED)
{
    struct buffer notes;

    buffer_init(&notes, 1000);
    append_note(&notes, false, "Xen", 6, "abcd", 4);
    append_note(&notes, false, "GNU", NT_GNU_BUILD_ID, "12345678", 8);
    for (size_t length = notes.length; length > 0; length--) {
        notes.length = length;
        assert_build_id(&notes, false, length == 44 ? "3132333435363738" : "");
    }
    buffer_clear(&notes);
    buffer_append(&notes, "\xff\xff\xff\xff\xff\xff\xff\xff\3\0\0\0GNU\0aaaa", 20);
    assert_build_id(&notes, false, "");
    buffer_deinit(&notes);
}

static void assert_compiler(const char *comment, size_t length, const char *expected)
{
    const struct elf_section section = {
        .name = ".comment", .bytes = (const uint8_t *)comment, .byte_size = length};
    struct identified result = identify(&section, 1);

    assert_string_equal(result.identity.compiler, expected);
    arena_deinit(&result.arena);
}

#define COMPILER(text, expected) assert_compiler(text, sizeof(text) - 1, expected)

static void each_compiler_is_named_once(void **state UNUSED)
{
    COMPILER("GCC: (Debian 12.2.0-14) 12.2.0\0", "GCC: (Debian 12.2.0-14) 12.2.0");
    COMPILER("\0GCC: 1\0GCC: 1\0\0rustc 1\0GCC: 1\0", "GCC: 1; rustc 1");
    COMPILER("GCC: 1\0clang", "GCC: 1");
    COMPILER("", "");
}

/* The second is a part of the first, but another one. */
static void a_name_inside_another_counts(void **state UNUSED)
{
    COMPILER("Debian clang version 14.0.6\0clang version 14.0.6\0",
             "Debian clang version 14.0.6; clang version 14.0.6");
}

static void assert_architecture(unsigned machine, unsigned elf_class, bool is_big_endian,
                                const char *expected)
{
    struct elf_image image = {.path = image_path,
                              .elf_class = elf_class,
                              .is_big_endian = is_big_endian,
                              .machine = machine};
    struct kernel_record identity;
    struct arena arena;

    arena_init(&arena);
    assert_success(kernel_identity_read(&image, &arena, &identity));
    assert_string_equal(identity.architecture, expected);
    assert_int_equal(identity.elf_class, elf_class);
    assert_int_equal(identity.is_big_endian, is_big_endian);
    arena_deinit(&arena);
}

static void architectures_have_debians_names(void **state UNUSED)
{
    assert_architecture(EM_X86_64, 64, false, "amd64");
    assert_architecture(EM_X86_64, 32, false, "");
    assert_architecture(EM_AARCH64, 64, false, "arm64");
    assert_architecture(EM_AARCH64, 64, true, "");
    assert_architecture(EM_ARM, 32, false, "armhf");
    assert_architecture(EM_PPC64, 64, false, "ppc64el");
    assert_architecture(EM_PPC64, 64, true, "ppc64");
    assert_architecture(EM_S390, 64, true, "s390x");
    assert_architecture(EM_RISCV, 64, false, "riscv64");
    assert_architecture(EM_MIPS, 32, true, "mips");
    assert_architecture(EM_MIPS, 64, false, "mips64el");
    assert_architecture(EM_ALPHA, 64, false, "alpha");
    assert_architecture(EM_PARISC, 64, true, "hppa");
    assert_architecture(EM_68K, 32, true, "m68k");
    assert_architecture(EM_SH, 32, false, "sh4");
    assert_architecture(EM_ARCV2, 32, false, "arc");
    assert_architecture(EM_AVR, 32, false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_says_nothing_is_unknown),
        cmocka_unit_test(the_banner_tells_the_release),
        cmocka_unit_test(other_texts_are_no_banner),
        cmocka_unit_test(an_overlong_release_is_none),
        cmocka_unit_test(sections_are_searched_in_order),
        cmocka_unit_test(the_build_id_is_found_among_notes),
        cmocka_unit_test(damaged_notes_are_passed_over),
        cmocka_unit_test(each_compiler_is_named_once),
        cmocka_unit_test(a_name_inside_another_counts),
        cmocka_unit_test(architectures_have_debians_names),
    };
    return cmocka_run_group_tests_name("kernel identity", tests, NULL, NULL);
}
