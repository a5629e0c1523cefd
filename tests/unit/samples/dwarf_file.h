/* SPDX-License-Identifier: MIT */
/* ELF files around DWARF that was written byte by byte. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DWARF_FILE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DWARF_FILE_H

#include <elf.h>
#include <endian.h>

#include "tests/unit/samples/analyze_samples.h"
#include "tests/unit/samples/dwarf_bytes.h"

/* Of the byte order that files from write_dwarf_file() have: this machine's. */
static inline struct dwarf_sample *native_sample_create(void)
{
    return sample_create(__BYTE_ORDER == __BIG_ENDIAN);
}

static inline Elf64_Shdr dwarf_file_section(struct buffer *file, struct buffer *names,
                                            const char *name, const struct section_bytes *bytes)
{
    const Elf64_Shdr header = {
        .sh_name = (Elf64_Word)names->length,
        .sh_type = SHT_PROGBITS,
        .sh_offset = file->length,
        .sh_size = bytes->byte_size,
        .sh_addralign = 1,
    };

    buffer_append(names, name, strlen(name) + 1);
    buffer_append(file, bytes->bytes, bytes->byte_size);
    return header;
}

/* Writes a program of 64 bits that has SAMPLE's sections and nothing else. */
static inline void write_dwarf_file(struct dwarf_sample *sample, const char *path)
{
    const struct dwarf_sections *sections = sample_sections(sample);
    Elf64_Shdr headers[DWARF_SECTION_COUNT + 2] = {{.sh_type = SHT_NULL}};
    Elf64_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
                    sample->is_big_endian ? ELFDATA2MSB : ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_X86_64,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof(header),
        .e_shentsize = sizeof(headers[0]),
        .e_shnum = 1,
    };
    struct buffer file;
    struct buffer names;

    buffer_init(&file, DWARF_BYTES_MAXIMUM);
    buffer_init(&names, 4096);
    buffer_append_char(&names, '\0');
    buffer_append(&file, &header, sizeof(header));
    for (size_t i = 0; i < DWARF_SECTION_COUNT; i++) {
        if (sections->ranges[i].byte_size > 0)
            headers[header.e_shnum++] =
                dwarf_file_section(&file, &names, dwarf_section_names[i], &sections->ranges[i]);
    }
    headers[header.e_shnum] = (Elf64_Shdr){.sh_name = (Elf64_Word)names.length,
                                           .sh_type = SHT_STRTAB,
                                           .sh_offset = file.length,
                                           .sh_addralign = 1};
    buffer_append(&names, ".shstrtab", sizeof(".shstrtab"));
    headers[header.e_shnum].sh_size = names.length;
    buffer_append(&file, names.data, names.length);
    header.e_shstrndx = header.e_shnum++;
    while (file.length % sizeof(uint64_t) != 0)
        buffer_append_char(&file, '\0');
    header.e_shoff = file.length;
    buffer_append(&file, headers, header.e_shnum * sizeof(headers[0]));
    assert_null(buffer_check(&file, path));
    memcpy(file.data, &header, sizeof(header));
    write_file(path, file.data, file.length);
    buffer_deinit(&file);
    buffer_deinit(&names);
}

#endif
