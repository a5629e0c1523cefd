/* SPDX-License-Identifier: MIT */
#include "check/bpf/bpf_object.h"

#include <elf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "check/bpf/bpf_extension.h"

/* Far more than any program has. */
enum { RELOCATIONS_MAXIMUM = 100 * 1000, SECTIONS_MAXIMUM = 4096, FUNCTIONS_MAXIMUM = 4096 };

/* The relocation as the object has it, of which later kernels may have more (struct
 * bpf_core_relo). */
struct raw_relocation {
    uint32_t byte_offset; /* of the instruction, in the section */
    uint32_t type_id;
    uint32_t access; /* in the BTF's strings */
    uint32_t kind;
};

/* struct bpf_line_info: the line is in the upper bits of the last field. */
struct raw_line {
    uint32_t byte_offset;
    uint32_t file;
    uint32_t text;
    uint32_t line_and_column;
};
enum { COLUMN_BITS = 10 };

struct object_reader {
    struct bpf_object *object;
    Elf *elf;
    size_t names; /* the section with the sections' names */
    struct bpf_extension extension;
    size_t instruction_bytes_left;        /* that its sections may still have in all */
    size_t elf_indexes[SECTIONS_MAXIMUM]; /* by section of the object: its number in the file */
    uint32_t function_count;
};

static void object_reader_deinit(struct object_reader *reader)
{
    elf_end(reader->elf);
}

static struct error *corrupt(const struct object_reader *reader, const char *what)
{
    return error_create(ERROR_CORRUPT, reader->object->path, "%s", what);
}

static const char *section_name(const struct object_reader *reader, const GElf_Shdr *header)
{
    const char *name = elf_strptr(reader->elf, reader->names, header->sh_name);

    return name ? name : "";
}

/* The section of that name and its header, or NULL. */
static Elf_Scn *find_section(const struct object_reader *reader, const char *name,
                             GElf_Shdr *header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(reader->elf, section))) {
        if (gelf_getshdr(section, header) && strcmp(section_name(reader, header), name) == 0)
            return section;
    }
    return NULL;
}

/* The bytes of a section; NULL where it has none, or they lie outside of the file. */
static const Elf_Data *bytes_of(Elf_Scn *section)
{
    const Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;

    return data && data->d_buf ? data : NULL;
}

static struct error *open_elf(struct object_reader *reader, const void *bytes, size_t length)
{
    struct bpf_object *object = reader->object;
    char *copy = arena_allocate(&object->arena, length + 1, 1);
    GElf_Ehdr header;

    if (!copy)
        return error_out_of_memory();
    memcpy(copy, bytes, length);
    elf_version(EV_CURRENT);
    reader->elf = elf_memory(copy, length);
    if (!reader->elf || !gelf_getehdr(reader->elf, &header) || elf_kind(reader->elf) != ELF_K_ELF)
        return error_create(ERROR_NOT_ELF, object->path, "it is no ELF file");
    if (header.e_machine != EM_BPF)
        return error_create(ERROR_UNSUPPORTED, object->path,
                            "it is no BPF object: its machine is %u; a program that has one "
                            "embedded is none itself",
                            header.e_machine);
    if (header.e_ident[EI_CLASS] != ELFCLASS64)
        return corrupt(reader, "a BPF object has 64 bits, and this has not");
    if (header.e_ident[EI_DATA] !=
        (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB))
        return error_create(ERROR_UNSUPPORTED, object->path,
                            "it is for machines of the other byte order");
    if (elf_getshdrstrndx(reader->elf, &reader->names) != 0)
        return corrupt(reader, "its sections have no names");
    return NULL;
}

static struct error *read_types(struct object_reader *reader)
{
    struct bpf_object *object = reader->object;
    GElf_Shdr header;
    const Elf_Data *types = bytes_of(find_section(reader, ".BTF", &header));
    const Elf_Data *extension = bytes_of(find_section(reader, ".BTF.ext", &header));

    if (!types)
        return error_create(ERROR_NOT_FOUND, object->path,
                            "it has no section .BTF; compile it with `clang -g`");
    reader->extension = (struct bpf_extension){
        .where = object->path,
        .bytes = extension ? extension->d_buf : NULL,
        .length = extension ? extension->d_size : 0,
    };
    return btf_file_make(object->path, types->d_buf, types->d_size, NULL, &object->btf);
}

static struct error *add_function(struct object_reader *reader, struct bpf_section *section,
                                  const GElf_Sym *symbol, const char *name)
{
    uint64_t first = symbol->st_value / sizeof(struct bpf_insn);
    uint64_t count = symbol->st_size / sizeof(struct bpf_insn);
    struct bpf_function *functions = arena_append(&reader->object->arena, section->functions,
                                                  section->function_count, sizeof(*functions));

    if (!functions)
        return error_out_of_memory();
    section->functions = functions;
    if (first >= section->instruction_count)
        return NULL;
    if (++reader->function_count > FUNCTIONS_MAXIMUM)
        return error_create(ERROR_LIMIT, reader->object->path, "it has more than %d functions",
                            FUNCTIONS_MAXIMUM);
    uint64_t left = section->instruction_count - first;
    functions[section->function_count++] = (struct bpf_function){
        .name = name ? name : "",
        .first = (uint32_t)first,
        .end = (uint32_t)(first + (count < left ? count : left)),
    };
    return NULL;
}

/* The object's section that is the file's section INDEX, or NULL. */
static struct bpf_section *section_at(const struct object_reader *reader, size_t index)
{
    for (uint32_t i = 0; i < reader->object->section_count; i++) {
        if (reader->elf_indexes[i] == index)
            return &reader->object->sections[i];
    }
    return NULL;
}

static struct error *read_functions(struct object_reader *reader)
{
    Elf_Scn *table = NULL;
    GElf_Shdr header;
    GElf_Sym symbol;

    while ((table = elf_nextscn(reader->elf, table))) {
        if (!gelf_getshdr(table, &header) || header.sh_type != SHT_SYMTAB)
            continue;
        Elf_Data *data = elf_getdata(table, NULL);
        for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
            if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
                continue;
            struct bpf_section *section = section_at(reader, symbol.st_shndx);
            if (section)
                TRY(add_function(reader, section, &symbol,
                                 elf_strptr(reader->elf, header.sh_link, symbol.st_name)));
        }
    }
    return NULL;
}

static struct error *add_section(struct object_reader *reader, uint32_t name_offset)
{
    struct bpf_object *object = reader->object;
    const char *name = btf__str_by_offset(object->btf, name_offset);
    GElf_Shdr header;
    Elf_Scn *found = name ? find_section(reader, name, &header) : NULL;
    const Elf_Data *data = bytes_of(found);
    struct bpf_section *sections =
        arena_append(&object->arena, object->sections, object->section_count, sizeof(*sections));

    if (!sections)
        return error_out_of_memory();
    object->sections = sections;
    if (!data)
        return corrupt(reader, "its relocations are of a section that it lacks");
    if (object->section_count == SECTIONS_MAXIMUM)
        return error_create(ERROR_LIMIT, object->path, "it has more than %d sections",
                            SECTIONS_MAXIMUM);
    /* One section may be named again and again, and many may share their bytes. */
    if (data->d_size > reader->instruction_bytes_left)
        return corrupt(reader, "its sections have more instructions than the file");
    reader->instruction_bytes_left -= data->d_size;
    reader->elf_indexes[object->section_count] = elf_ndxscn(found);
    struct bpf_section *section = &sections[object->section_count++];
    size_t count = data->d_size / sizeof(struct bpf_insn);
    struct bpf_insn *instructions = arena_allocate(&object->arena, count, sizeof(*instructions));
    uint32_t *relocations_at = arena_allocate(&object->arena, count, sizeof(*relocations_at));
    if (!instructions || !relocations_at)
        return error_out_of_memory();
    memset(relocations_at, 0xff, count * sizeof(*relocations_at));
    memcpy(instructions, data->d_buf, count * sizeof(*instructions));
    *section = (struct bpf_section){
        .name = name,
        .instruction_count = (uint32_t)count,
        .instructions = instructions,
        .first_relocation = object->relocation_count,
        .relocations_at = relocations_at,
    };
    return NULL;
}

static const char *function_at(const struct bpf_section *section, uint32_t instruction)
{
    for (uint32_t i = 0; i < section->function_count; i++) {
        const struct bpf_function *function = &section->functions[i];
        if (instruction >= function->first && instruction < function->end)
            return function->name;
    }
    return "";
}

static struct error *add_relocation(struct object_reader *reader, const struct raw_relocation *raw)
{
    struct bpf_object *object = reader->object;
    struct bpf_section *section = &object->sections[object->section_count - 1];
    const struct core_kind *kind = core_kind_find(raw->kind);
    const char *access = btf__str_by_offset(object->btf, raw->access);
    const char *why = kind ? "its path is missing" : "its kind is unknown";
    uint64_t instruction = raw->byte_offset / sizeof(struct bpf_insn);
    struct core_relocation *relocation = &object->relocations[object->relocation_count];

    *relocation = (struct core_relocation){
        .section = object->section_count - 1,
        .index = section->relocation_count,
        .instruction = (uint32_t)instruction,
        .access = access,
        .function = "",
        .file = "",
    };
    if (kind && access)
        core_path_parse(object->btf, kind, raw->type_id, access, &relocation->path, &why);
    if (!why && instruction >= section->instruction_count)
        why = "it is of an instruction that is not there";
    if (why)
        return error_create(ERROR_CORRUPT, object->path,
                            "relocation %u of its section %s cannot be used: %s", relocation->index,
                            section->name, why);
    section->relocations_at[instruction] = object->relocation_count++;
    section->relocation_count++;
    return NULL;
}

static void name_functions(const struct bpf_object *object)
{
    for (uint32_t i = 0; i < object->relocation_count; i++) {
        struct core_relocation *relocation = &object->relocations[i];
        relocation->function =
            function_at(&object->sections[relocation->section], relocation->instruction);
    }
}

static struct error *count_relocations(const struct object_reader *reader, size_t *count_ret)
{
    struct bpf_records records;
    bool has_section;

    *count_ret = 0;
    TRY(bpf_records_begin(&reader->extension, EXTENSION_RELOCATIONS, sizeof(struct raw_relocation),
                          &records));
    for (;;) {
        TRY(bpf_records_next(&records, &has_section));
        if (!has_section)
            return NULL;
        *count_ret += records.count;
        if (*count_ret > RELOCATIONS_MAXIMUM)
            return error_create(ERROR_LIMIT, reader->object->path,
                                "it has more than %d relocations", RELOCATIONS_MAXIMUM);
    }
}

static struct error *read_relocations(struct object_reader *reader)
{
    struct bpf_object *object = reader->object;
    struct bpf_records records;
    bool has_section;
    size_t count;

    TRY(count_relocations(reader, &count));
    object->relocations = arena_allocate(&object->arena, count, sizeof(*object->relocations));
    if (!object->relocations)
        return error_out_of_memory();
    TRY(bpf_records_begin(&reader->extension, EXTENSION_RELOCATIONS, sizeof(struct raw_relocation),
                          &records));
    for (;;) {
        TRY(bpf_records_next(&records, &has_section));
        if (!has_section)
            return NULL;
        TRY(add_section(reader, records.name_offset));
        for (uint32_t i = 0; i < records.count; i++) {
            struct raw_relocation raw;
            bpf_records_copy(&records, i, &raw, sizeof(raw));
            TRY(add_relocation(reader, &raw));
        }
    }
}

/* The last of the records, which ascend, that is not after the instruction; false if none is. */
static bool find_line(const struct bpf_records *records, uint32_t instruction,
                      struct raw_line *line_ret)
{
    uint32_t first = 0;
    uint32_t end = records->count;

    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        bpf_records_copy(records, middle, line_ret, sizeof(*line_ret));
        if (line_ret->byte_offset / sizeof(struct bpf_insn) <= instruction)
            first = middle + 1;
        else
            end = middle;
    }
    if (first > 0)
        bpf_records_copy(records, first - 1, line_ret, sizeof(*line_ret));
    return first > 0;
}

static void take_lines(const struct bpf_object *object, const struct bpf_section *section,
                       const struct bpf_records *records)
{
    for (uint32_t i = 0; i < section->relocation_count; i++) {
        struct core_relocation *relocation = &object->relocations[section->first_relocation + i];
        struct raw_line line;
        if (!find_line(records, relocation->instruction, &line))
            continue;
        const char *file = btf__str_by_offset(object->btf, line.file);
        relocation->file = file ? file : "";
        relocation->line = line.line_and_column >> COLUMN_BITS;
    }
}

static const struct bpf_section *section_of(const struct bpf_object *object, const char *name)
{
    for (uint32_t i = 0; i < object->section_count; i++) {
        if (name && strcmp(object->sections[i].name, name) == 0)
            return &object->sections[i];
    }
    return NULL;
}

static struct error *read_lines(const struct object_reader *reader)
{
    const struct bpf_object *object = reader->object;
    bool are_taken[SECTIONS_MAXIMUM] = {false};
    struct bpf_records records;
    bool has_section;

    TRY(bpf_records_begin(&reader->extension, EXTENSION_LINES, sizeof(struct raw_line), &records));
    for (;;) {
        TRY(bpf_records_next(&records, &has_section));
        if (!has_section)
            return NULL;
        if (records.count == 0)
            continue;
        const struct bpf_section *section =
            section_of(object, btf__str_by_offset(object->btf, records.name_offset));
        if (!section || are_taken[section - object->sections])
            continue;
        are_taken[section - object->sections] = true;
        take_lines(object, section, &records);
    }
}

static struct error *read(struct object_reader *reader, const void *bytes, size_t length)
{
    TRY(open_elf(reader, bytes, length));
    TRY(read_types(reader));
    TRY(read_relocations(reader));
    TRY(read_functions(reader));
    name_functions(reader->object);
    return read_lines(reader);
}

struct error *bpf_object_read(const char *path, const void *bytes, size_t length,
                              struct bpf_object *object)
{
    CLEANUP(object_reader_deinit)
    struct object_reader reader = {.object = object, .instruction_bytes_left = length};

    *object = (struct bpf_object){.path = path};
    arena_init(&object->arena);
    object->path = arena_copy_text(&object->arena, path, strlen(path));
    if (!object->path)
        return error_out_of_memory();
    return read(&reader, bytes, length);
}

void bpf_object_deinit(struct bpf_object *object)
{
    btf__free(object->btf);
    arena_deinit(&object->arena);
    *object = (struct bpf_object){0};
}
