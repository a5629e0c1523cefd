/* SPDX-License-Identifier: MIT */
#include "analyze/elf/symbol_table.h"

#include <elf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BANNER_SYMBOL "linux_banner"

enum { BANNER_MAXIMUM = 4096 };

struct symbol_reader {
    Elf *elf;
    const char *path;
    struct kernel_layouts *layouts;
    size_t capacity;
};

static void symbol_reader_deinit(struct symbol_reader *reader)
{
    elf_end(reader->elf);
}

static bool is_wanted(const GElf_Sym *symbol)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);

    return symbol->st_shndx != SHN_UNDEF &&
           (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE);
}

static struct error *add_symbol(struct symbol_reader *reader, uint64_t address, const char *name)
{
    struct kernel_symbols *symbols = &reader->layouts->symbols;

    if (symbols->count == KERNEL_SYMBOLS_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->path, "it has more than %d symbols",
                            KERNEL_SYMBOLS_MAXIMUM);
    struct kernel_symbol *list = arena_append(&reader->layouts->arena, symbols->symbols,
                                              symbols->count, sizeof(*symbols->symbols));
    const char *copy = arena_copy_text(&reader->layouts->arena, name, strlen(name));
    if (!list || !copy)
        return error_out_of_memory();
    list[symbols->count++] = (struct kernel_symbol){address, copy};
    symbols->symbols = list;
    return NULL;
}

/* The bytes of a section at ADDRESS up to their NUL: what the banner is. */
static struct error *read_banner(struct symbol_reader *reader, uint64_t address)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(reader->elf, section))) {
        if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS ||
            !(header.sh_flags & SHF_ALLOC) || address < header.sh_addr ||
            address - header.sh_addr >= header.sh_size)
            continue;
        const Elf_Data *data = elf_rawdata(section, NULL);
        uint64_t position = address - header.sh_addr;
        if (!data || !data->d_buf || position >= data->d_size)
            return NULL;
        size_t left = data->d_size - position;
        const char *text = (const char *)data->d_buf + position;
        size_t length = strnlen(text, left < BANNER_MAXIMUM ? left : BANNER_MAXIMUM);
        reader->layouts->symbols.banner = arena_copy_text(&reader->layouts->arena, text, length);
        return reader->layouts->symbols.banner ? NULL : error_out_of_memory();
    }
    return NULL;
}

static struct error *read_table(struct symbol_reader *reader, Elf_Scn *section, size_t names)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym symbol;

    for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
        const char *name = elf_strptr(reader->elf, names, symbol.st_name);
        if (!name || !name[0] || !is_wanted(&symbol))
            continue;
        TRY(add_symbol(reader, symbol.st_value, name));
        if (strcmp(name, BANNER_SYMBOL) == 0)
            TRY(read_banner(reader, symbol.st_value));
    }
    return NULL;
}

static int compare_symbols(const void *left, const void *right)
{
    const struct kernel_symbol *a = left;
    const struct kernel_symbol *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void sort_symbols(struct kernel_symbols *symbols)
{
    size_t kept = 0;

    if (symbols->count == 0)
        return;
    qsort(symbols->symbols, symbols->count, sizeof(*symbols->symbols), compare_symbols);
    for (size_t i = 0; i < symbols->count; i++) {
        if (i == 0 || compare_symbols(&symbols->symbols[kept - 1], &symbols->symbols[i]) != 0)
            symbols->symbols[kept++] = symbols->symbols[i];
    }
    symbols->count = kept;
}

static struct error *read_all(struct symbol_reader *reader)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(reader->elf, section))) {
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
            TRY(read_table(reader, section, header.sh_link));
    }
    if (reader->layouts->symbols.count == 0)
        return error_create(ERROR_UNSUPPORTED, reader->path, "it has no symbol table");
    sort_symbols(&reader->layouts->symbols);
    return NULL;
}

struct error *analyze_symbols(int file_descriptor, const char *path,
                              struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    CLEANUP(symbol_reader_deinit)
    struct symbol_reader reader = {.path = path, .layouts = &layouts};

    elf_version(EV_CURRENT);
    reader.elf = elf_begin(file_descriptor, ELF_C_READ_MMAP, NULL);
    if (!reader.elf || elf_kind(reader.elf) != ELF_K_ELF)
        return error_create(ERROR_NOT_ELF, path, "it is no ELF file");
    kernel_layouts_init(&layouts);
    struct error *error = read_all(&reader);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
