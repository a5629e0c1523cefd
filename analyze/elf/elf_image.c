/* SPDX-License-Identifier: MIT */
#include "analyze/elf/elf_image.h"

#include <errno.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#include "analyze/elf/relocation.h"
#include "base/capped.h"

/* ELF gABI; elf.h has it only since glibc 2.36. */
#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

#define GNU_PREFIX ".zdebug_"
#define DEBUG_PREFIX ".debug_"

/* libelf's code for the lack of memory is not public; what it calls then leaves it in errno. */
static struct error *libelf_error(const struct elf_image *image, const char *what)
{
    if (errno == ENOMEM)
        return error_out_of_memory();
    return error_create(ERROR_CORRUPT, image->path, "%s: %s", what, elf_errmsg(-1));
}

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool elf_section_is_wanted(const char *name, uint32_t type, const char *const *wanted)
{
    /* ".zdebug_info" is ".debug_info" in the older compressed form. */
    bool is_gnu = has_prefix(name, GNU_PREFIX);

    if (type == SHT_NOTE)
        return true;
    for (; *wanted; wanted++) {
        bool is_debug = has_prefix(*wanted, DEBUG_PREFIX);
        if (is_gnu
                ? is_debug && strcmp(*wanted + strlen(DEBUG_PREFIX), name + strlen(GNU_PREFIX)) == 0
                : strcmp(*wanted, name) == 0)
            return true;
    }
    return false;
}

static struct error *keep_expanded(struct elf_image *image, void *bytes)
{
    void **expanded =
        reallocarray(image->expanded, image->expanded_count + 1, sizeof(*image->expanded));

    if (!expanded) {
        free(bytes);
        return error_out_of_memory();
    }
    image->expanded = expanded;
    image->expanded[image->expanded_count++] = bytes;
    return NULL;
}

/* libelf 0.188 knows zlib only; later ones know zstd where they were built with it. */
static struct error *expand_zstd(struct elf_image *image, Elf_Scn *scn, const GElf_Chdr *header,
                                 struct elf_section *section)
{
    Elf_Data *raw = elf_rawdata(scn, NULL);
    size_t header_size = image->elf_class == 64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);

    if (!raw || !raw->d_buf || raw->d_size < header_size)
        return error_create(ERROR_CORRUPT, image->path, "section %s is cut short", section->name);
    void *bytes = malloc(header->ch_size ? header->ch_size : 1);
    if (!bytes)
        return error_out_of_memory();
    TRY(keep_expanded(image, bytes));
    size_t size = ZSTD_decompress(bytes, header->ch_size, (const char *)raw->d_buf + header_size,
                                  raw->d_size - header_size);
    if (ZSTD_isError(size) || size != header->ch_size)
        return error_create(ERROR_CORRUPT, image->path, "section %s cannot be expanded: %s",
                            section->name,
                            ZSTD_isError(size) ? ZSTD_getErrorName(size) : "it is cut short");
    section->bytes = section->writable = bytes;
    section->byte_size = size;
    return NULL;
}

static struct error *expand(struct elf_image *image, Elf_Scn *scn, struct elf_section *section,
                            bool *is_done_ret)
{
    GElf_Chdr header;

    *is_done_ret = false;
    if (!gelf_getchdr(scn, &header))
        return libelf_error(image, "bad compression header");
    if (header.ch_size > ELF_SECTION_BYTES_MAXIMUM)
        return error_create(ERROR_LIMIT, image->path, "section %s claims to expand to %llu bytes",
                            section->name, (unsigned long long)header.ch_size);
    if (header.ch_type == ELFCOMPRESS_ZSTD) {
        *is_done_ret = true;
        return expand_zstd(image, scn, &header, section);
    }
    if (header.ch_type != ELFCOMPRESS_ZLIB)
        return error_create(ERROR_UNSUPPORTED, image->path,
                            "section %s is compressed in an unknown way (type %u)", section->name,
                            (unsigned)header.ch_type);
    if (elf_compress(scn, 0, 0) < 0)
        return libelf_error(image, "cannot expand a section");
    return NULL;
}

/* The older form: "ZLIB", the size as 8 big-endian bytes, a zlib stream. */
static struct error *expand_gnu(struct elf_image *image, Elf_Scn *scn, const char *name)
{
    Elf_Data *raw = elf_rawdata(scn, NULL);
    uint64_t byte_size = 0;

    if (!raw || !raw->d_buf || raw->d_size < 12 || memcmp(raw->d_buf, "ZLIB", 4) != 0)
        return error_create(ERROR_CORRUPT, image->path, "section %s has no ZLIB header", name);
    for (size_t i = 4; i < 12; i++)
        byte_size = byte_size << 8 | ((const uint8_t *)raw->d_buf)[i];
    if (byte_size > ELF_SECTION_BYTES_MAXIMUM)
        return error_create(ERROR_LIMIT, image->path, "section %s claims to expand to %llu bytes",
                            name, (unsigned long long)byte_size);
    if (elf_compress_gnu(scn, 0, 0) < 0)
        return libelf_error(image, "cannot expand a section");
    return NULL;
}

/* ".zdebug_info" is known as ".debug_info". */
static struct error *set_name(struct elf_image *image, struct elf_section *section,
                              const char *name)
{
    section->name = name;
    if (!has_prefix(name, GNU_PREFIX))
        return NULL;
    char *plain = strdup(name + 1);
    if (!plain)
        return error_out_of_memory();
    plain[0] = '.';
    TRY(keep_expanded(image, plain));
    section->name = plain;
    return NULL;
}

static struct error *read_section(struct elf_image *image, Elf_Scn *scn, const GElf_Shdr *header,
                                  const char *name, struct elf_section *section)
{
    bool is_done = false;

    TRY(set_name(image, section, name));
    section->is_note = header->sh_type == SHT_NOTE;
    section->number = elf_ndxscn(scn);
    if (has_prefix(name, GNU_PREFIX))
        TRY(expand_gnu(image, scn, name));
    else if (header->sh_flags & SHF_COMPRESSED)
        TRY(expand(image, scn, section, &is_done));
    if (is_done || header->sh_type == SHT_NOBITS)
        return NULL;
    Elf_Data *data = elf_rawdata(scn, NULL);
    if (!data)
        return libelf_error(image, "cannot read a section");
    section->bytes = section->writable = data->d_buf;
    section->byte_size = data->d_buf ? data->d_size : 0;
    return NULL;
}

static struct error *read_sections(struct elf_image *image, const char *const *wanted)
{
    Elf_Scn *scn = NULL;
    size_t count;
    size_t names_index;

    if (elf_getshdrnum(image->elf, &count) != 0 || elf_getshdrstrndx(image->elf, &names_index) != 0)
        return libelf_error(image, "bad section headers");
    image->sections = calloc(count + 1, sizeof(*image->sections));
    if (!image->sections)
        return error_out_of_memory();
    while ((scn = elf_nextscn(image->elf, scn))) {
        GElf_Shdr header;
        if (!gelf_getshdr(scn, &header))
            return libelf_error(image, "bad section header");
        const char *name = elf_strptr(image->elf, names_index, header.sh_name);
        if (!name)
            return libelf_error(image, "bad section name");
        if (image->section_count == count || !elf_section_is_wanted(name, header.sh_type, wanted))
            continue;
        TRY(read_section(image, scn, &header, name, &image->sections[image->section_count]));
        image->section_count++;
    }
    return NULL;
}

/* The debug section that the relocations of HEADER are for, or NULL. */
static const struct elf_section *find_relocated(const struct elf_image *image,
                                                const GElf_Shdr *header)
{
    if (header->sh_type != SHT_RELA && header->sh_type != SHT_REL)
        return NULL;
    for (size_t i = 0; i < image->section_count; i++) {
        const struct elf_section *section = &image->sections[i];
        if (section->number == header->sh_info && section->writable &&
            has_prefix(section->name, DEBUG_PREFIX))
            return section;
    }
    return NULL;
}

static struct error *relocate(struct elf_image *image)
{
    Elf_Scn *scn = NULL;

    while ((scn = elf_nextscn(image->elf, scn))) {
        GElf_Shdr header;
        if (!gelf_getshdr(scn, &header))
            return libelf_error(image, "bad section header");
        const struct elf_section *section = find_relocated(image, &header);
        if (!section)
            continue;
        const struct relocation_target target = {
            .path = image->path,
            .section_name = section->name,
            .bytes = section->writable,
            .byte_size = section->byte_size,
            .machine = image->machine,
            .is_big_endian = image->is_big_endian,
        };
        TRY(relocation_apply(image->elf, scn, &target));
    }
    return NULL;
}

/* The section headers are mostly at a file's end: without them it would seem to have no sections.
 */
static struct error *check_is_whole(const struct elf_image *image, uint64_t byte_size,
                                    const GElf_Ehdr *header)
{
    uint64_t count = header->e_shnum > 0 ? header->e_shnum : 1;
    uint64_t end = add_capped(header->e_shoff, count * header->e_shentsize);
    if (header->e_shoff == 0 || end <= byte_size)
        return NULL;
    return error_create(ERROR_CORRUPT, image->path,
                        "is cut short: it has %" PRIu64 " bytes, and its section headers end at "
                        "%" PRIu64 "; copy or build it again",
                        byte_size, end);
}

/* Has libelf take the file, or the image's memory. */
static struct error *begin(struct elf_image *image, int file_descriptor, uint64_t byte_size)
{
    if (elf_version(EV_CURRENT) == EV_NONE)
        return error_create(ERROR_INTERNAL, image->path, "libelf is too old");
    errno = 0;
    image->elf = image->memory ? elf_memory((char *)image->memory, byte_size)
                               : elf_begin(file_descriptor, ELF_C_READ_MMAP, NULL);
    if (!image->elf && errno == ENOMEM)
        return error_out_of_memory();
    if (!image->elf)
        return error_create(ERROR_NOT_ELF, image->path, "cannot be read: %s", elf_errmsg(-1));
    return NULL;
}

static struct error *read_elf(struct elf_image *image, uint64_t byte_size,
                              const char *const *wanted)
{
    GElf_Ehdr header;

    if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header))
        return error_create(ERROR_NOT_ELF, image->path, "%s",
                            image->memory ? "is no ELF file"
                                          : "is neither an ELF file nor a Debian package; give a "
                                            "vmlinux, a .deb or a .ddeb");
    image->elf_class = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
    image->is_big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
    image->machine = header.e_machine;
    TRY(check_is_whole(image, byte_size, &header));
    TRY(read_sections(image, wanted));
    if (image->memory)
        return header.e_type == ET_REL ? relocate(image) : NULL;
    if (header.e_type == ET_REL)
        return error_create(ERROR_UNSUPPORTED, image->path,
                            "is an object file or module, whose debug information is not final; "
                            "give a linked vmlinux");
    /* Everything is mapped or expanded by now. */
    elf_cntl(image->elf, ELF_C_FDDONE);
    return NULL;
}

/* BYTES are a module's, or NULL: the file is mapped. */
static struct error *open_elf(int file_descriptor, uint8_t *bytes, uint64_t byte_size,
                              const char *path, const char *const *wanted,
                              struct elf_image *image_ret)
{
    struct elf_image image = {.path = strdup(path), .memory = bytes};

    if (!image.path)
        return error_out_of_memory();
    struct error *error = begin(&image, file_descriptor, byte_size);
    if (!error)
        error = read_elf(&image, byte_size, wanted);
    if (error) {
        elf_image_close(&image);
        return error;
    }
    *image_ret = image;
    return NULL;
}

struct error *elf_image_open(int file_descriptor, const char *path, const char *const *wanted,
                             struct elf_image *image_ret)
{
    struct stat status;

    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    return open_elf(file_descriptor, NULL, (uint64_t)status.st_size, path, wanted, image_ret);
}

struct error *elf_image_open_module(uint8_t *bytes, size_t byte_size, const char *path,
                                    const char *const *wanted, struct elf_image *image_ret)
{
    return open_elf(-1, bytes, byte_size, path, wanted, image_ret);
}

void elf_image_close(struct elf_image *image)
{
    if (image->elf)
        elf_end(image->elf);
    for (size_t i = 0; i < image->expanded_count; i++)
        free(image->expanded[i]);
    free(image->expanded);
    free(image->sections);
    free(image->path);
    *image = (struct elf_image){0};
}

const struct elf_section *elf_image_find(const struct elf_image *image, const char *name)
{
    for (size_t i = 0; i < image->section_count; i++) {
        const struct elf_section *section = &image->sections[i];
        if (section->bytes && strcmp(section->name, name) == 0)
            return section;
    }
    return NULL;
}
