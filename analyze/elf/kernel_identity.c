/* SPDX-License-Identifier: MIT */
#include "analyze/elf/kernel_identity.h"

#include <elf.h>
#include <string.h>

#include "analyze/dwarf/dwarf_cursor.h"
#include "base/buffer.h"
#include "base/text/hexadecimal.h"

#define BANNER "Linux version "

enum {
    RELEASE_MAXIMUM = 256,
    COMPILER_MAXIMUM = 4096,
    BUILD_ID_MAXIMUM = 64,
    SOURCE_VERSION_MAXIMUM = 64
};

static const struct {
    unsigned machine;
    unsigned elf_class;
    bool is_big_endian;
    const char *architecture;
} architectures[] = {
    {EM_X86_64, 64, false, "amd64"},    {EM_386, 32, false, "i386"},
    {EM_AARCH64, 64, false, "arm64"},   {EM_ARM, 32, false, "armhf"},
    {EM_PPC64, 64, false, "ppc64el"},   {EM_PPC64, 64, true, "ppc64"},
    {EM_PPC, 32, true, "powerpc"},      {EM_RISCV, 64, false, "riscv64"},
    {EM_S390, 64, true, "s390x"},       {EM_MIPS, 64, false, "mips64el"},
    {EM_MIPS, 32, false, "mipsel"},     {EM_MIPS, 64, true, "mips64"},
    {EM_MIPS, 32, true, "mips"},        {EM_ALPHA, 64, false, "alpha"},
    {EM_ARC_COMPACT, 32, false, "arc"}, {EM_ARCV2, 32, false, "arc"},
    {EM_PARISC, 32, true, "hppa"},      {EM_PARISC, 64, true, "hppa"},
    {EM_IA_64, 64, false, "ia64"},      {EM_68K, 32, true, "m68k"},
    {EM_S390, 32, true, "s390"},        {EM_SH, 32, false, "sh4"},
    {EM_SPARC, 32, true, "sparc"},      {EM_SPARC32PLUS, 32, true, "sparc"},
    {EM_SPARCV9, 64, true, "sparc64"},  {258 /* EM_LOONGARCH */, 64, false, "loong64"},
};

static const char *find_architecture(const struct elf_image *image)
{
    for (size_t i = 0; i < ARRAY_LENGTH(architectures); i++) {
        if (architectures[i].machine == image->machine &&
            architectures[i].elf_class == image->elf_class &&
            architectures[i].is_big_endian == image->is_big_endian)
            return architectures[i].architecture;
    }
    return "";
}

static struct error *keep_text(struct arena *arena, const char *text, size_t length,
                               const char **text_ret)
{
    *text_ret = arena_copy_text(arena, text, length);
    return *text_ret ? NULL : error_out_of_memory();
}

static bool is_release_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           strchr(".+~_-", c) != NULL;
}

/* Of "Linux version 6.1.0-56-cloud-amd64 (…": the word after it, if it looks like a release. */
static size_t release_length(const char *release, size_t left)
{
    size_t length = 0;

    while (length < left && length < RELEASE_MAXIMUM && release[length] != '\0' &&
           is_release_char(release[length]))
        length++;
    if (length == 0 || length == left || release[length] != ' ' || release[0] < '0' ||
        release[0] > '9')
        return 0;
    return length;
}

/* The banner that `/proc/version` shows is in read-only or initialization data. */
static struct error *find_release(const struct elf_image *image, struct arena *arena,
                                  const char **release_ret)
{
    static const char *const sections[] = {".rodata", ".init.data", ".init.rodata", ".data"};

    for (size_t i = 0; i < ARRAY_LENGTH(sections); i++) {
        const struct elf_section *section = elf_image_find(image, sections[i]);
        if (!section)
            continue;
        const char *position = (const char *)section->bytes;
        const char *end = position + section->byte_size;
        while ((position = memmem(position, (size_t)(end - position), BANNER, strlen(BANNER)))) {
            position += strlen(BANNER);
            size_t length = release_length(position, (size_t)(end - position));
            if (length > 0)
                return keep_text(arena, position, length, release_ret);
        }
    }
    return NULL;
}

struct note {
    const uint8_t *bytes;
    size_t byte_size;
};

/* Walks the notes of one section (ELF gABI, "Note Section") for NT_GNU_BUILD_ID. */
static bool find_build_id(const struct elf_section *section, bool is_big_endian,
                          struct note *note_ret)
{
    struct dwarf_cursor cursor = {
        .position = section->bytes,
        .end = section->bytes + section->byte_size,
        .is_big_endian = is_big_endian,
    };

    while (cursor_left(&cursor) > 0) {
        uint64_t name_byte_size = cursor_unsigned(&cursor, 4);
        uint64_t byte_size = cursor_unsigned(&cursor, 4);
        uint64_t type = cursor_unsigned(&cursor, 4);
        const uint8_t *name = cursor.position;
        cursor_skip(&cursor, (name_byte_size + 3) & ~UINT64_C(3));
        const uint8_t *bytes = cursor.position;
        cursor_skip(&cursor, (byte_size + 3) & ~UINT64_C(3));
        if (cursor.is_overrun)
            return false;
        if (type == NT_GNU_BUILD_ID && name_byte_size == 4 && memcmp(name, "GNU", 4) == 0 &&
            byte_size <= BUILD_ID_MAXIMUM) {
            *note_ret = (struct note){bytes, byte_size};
            return true;
        }
    }
    return false;
}

static struct error *read_build_id(const struct elf_image *image, struct arena *arena,
                                   const char **build_id_ret)
{
    for (size_t i = 0; i < image->section_count; i++) {
        const struct elf_section *section = &image->sections[i];
        struct note note;
        struct buffer text;
        if (!section->is_note || !section->bytes ||
            !find_build_id(section, image->is_big_endian, &note))
            continue;
        buffer_init(&text, 2 * BUILD_ID_MAXIMUM);
        hexadecimal_append(&text, note.bytes, note.byte_size);
        struct error *error = buffer_check(&text, "a build-id");
        if (!error)
            error = keep_text(arena, buffer_text(&text), text.length, build_id_ret);
        buffer_deinit(&text);
        return error;
    }
    return NULL;
}

/* Does the section have the text that starts at COMMENT before that place too? */
static bool was_seen(const struct elf_section *section, const char *comment)
{
    struct dwarf_cursor cursor = {
        .position = section->bytes,
        .end = (const uint8_t *)comment,
    };

    while (cursor_left(&cursor) > 0) {
        if (strcmp(cursor_text(&cursor), comment) == 0)
            return true;
    }
    return false;
}

/* .comment is a run of texts, one a compiler; each is kept once, as long as there is room. */
static struct error *read_compiler(const struct elf_image *image, struct arena *arena,
                                   const char **compiler_ret)
{
    const struct elf_section *section = elf_image_find(image, ".comment");
    struct buffer text;

    if (!section)
        return NULL;
    buffer_init(&text, COMPILER_MAXIMUM);
    struct dwarf_cursor cursor = {
        .position = section->bytes,
        .end = section->bytes + section->byte_size,
    };
    while (cursor_left(&cursor) > 0) {
        const char *comment = cursor_text(&cursor);
        if (comment[0] == '\0' || was_seen(section, comment))
            continue;
        if (text.length + strlen(comment) + 2 > COMPILER_MAXIMUM)
            break;
        if (text.length > 0)
            buffer_append_text(&text, "; ");
        buffer_append_text(&text, comment);
    }
    struct error *error = buffer_check(&text, "the .comment section");
    if (!error)
        error = keep_text(arena, buffer_text(&text), text.length, compiler_ret);
    buffer_deinit(&text);
    return error;
}

struct error *kernel_identity_read(const struct elf_image *image, struct arena *arena,
                                   struct kernel_record *identity_ret)
{
    struct kernel_record identity = kernel_record_unknown();

    identity.architecture = find_architecture(image);
    identity.elf_class = image->elf_class;
    identity.is_big_endian = image->is_big_endian;
    TRY(find_release(image, arena, &identity.release));
    TRY(read_build_id(image, arena, &identity.build_id));
    TRY(read_compiler(image, arena, &identity.compiler));
    *identity_ret = identity;
    return NULL;
}

#define SOURCE_VERSION "srcversion="

struct error *module_source_version_read(const struct elf_image *image, struct arena *arena,
                                         const char **source_version_ret)
{
    const struct elf_section *section = elf_image_find(image, MODULE_INFORMATION_SECTION);
    struct dwarf_cursor cursor = {0};

    *source_version_ret = "";
    if (section)
        cursor = (struct dwarf_cursor){.position = section->bytes,
                                       .end = section->bytes + section->byte_size};
    while (cursor_left(&cursor) > 0) {
        const char *text = cursor_text(&cursor);
        size_t length = strlen(text);
        if (strncmp(text, SOURCE_VERSION, strlen(SOURCE_VERSION)) != 0 ||
            length > strlen(SOURCE_VERSION) + SOURCE_VERSION_MAXIMUM)
            continue;
        return keep_text(arena, text + strlen(SOURCE_VERSION), length - strlen(SOURCE_VERSION),
                         source_version_ret);
    }
    return NULL;
}
