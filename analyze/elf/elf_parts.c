/* SPDX-License-Identifier: MIT */
#include "analyze/elf/elf_parts.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/stat.h>

#include "analyze/elf/elf_image.h"

static void close_elf(Elf **elf)
{
    if (*elf)
        elf_end(*elf);
}

static struct error *list_section_headers(const GElf_Ehdr *header, uint64_t end,
                                          struct byte_spans *spans)
{
    /* Where there are more than the header can count, the first section header says how many. */
    uint64_t count = header->e_shnum > 0 ? header->e_shnum : SHN_LORESERVE;

    return byte_spans_add(spans, header->e_shoff, count * header->e_shentsize, end);
}

static struct error *list_sections(Elf *elf, const char *const *wanted, bool only_names,
                                   uint64_t end, struct byte_spans *spans)
{
    Elf_Scn *scn = NULL;
    size_t names_index;

    if (elf_getshdrstrndx(elf, &names_index) != 0)
        return NULL;
    while ((scn = elf_nextscn(elf, scn))) {
        GElf_Shdr header;
        if (!gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS)
            continue;
        const char *name = only_names ? NULL : elf_strptr(elf, names_index, header.sh_name);
        bool is_listed = only_names ? elf_ndxscn(scn) == names_index
                                    : name && elf_section_is_wanted(name, header.sh_type, wanted);
        if (is_listed)
            TRY(byte_spans_add(spans, header.sh_offset, header.sh_size, end));
    }
    byte_spans_merge(spans);
    return NULL;
}

struct error *elf_parts_list(int file_descriptor, const char *path, enum elf_part part,
                             const char *const *wanted, struct byte_spans *spans)
{
    CLEANUP(close_elf) Elf *elf = NULL;
    GElf_Ehdr header;
    struct stat status;

    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    uint64_t end = (uint64_t)status.st_size;
    if (part == ELF_PART_FILE_HEADER)
        return byte_spans_add(spans, 0, sizeof(Elf64_Ehdr), end);
    if (elf_version(EV_CURRENT) == EV_NONE)
        return NULL;
    elf = elf_begin(file_descriptor, ELF_C_READ, NULL);
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
        return NULL;
    if (part == ELF_PART_SECTION_HEADERS)
        return list_section_headers(&header, end, spans);
    return list_sections(elf, wanted, part == ELF_PART_SECTION_NAMES, end, spans);
}
