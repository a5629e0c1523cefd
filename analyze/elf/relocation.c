/* SPDX-License-Identifier: MIT */
#include "analyze/elf/relocation.h"

#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <inttypes.h>

#include "analyze/dwarf/dwarf_cursor.h"
#include "base/compiler.h"

/* What is done with a place: it is given a value, or one is added or subtracted. */
enum operation { NOTHING, SET, ADD, SUBTRACT };

struct kind {
    uint16_t machine;
    uint16_t type; /* R_… */
    uint8_t operation;
    uint8_t bit_size;
};

/* Those that compilers and assemblers put into debug sections. RISC-V's come in pairs that make a
 * difference of two symbols. */
static const struct kind kinds[] = {
    {EM_X86_64, R_X86_64_NONE, NOTHING, 0},
    {EM_X86_64, R_X86_64_64, SET, 64},
    {EM_X86_64, R_X86_64_32, SET, 32},
    {EM_X86_64, R_X86_64_32S, SET, 32},
    {EM_386, R_386_NONE, NOTHING, 0},
    {EM_386, R_386_32, SET, 32},
    {EM_AARCH64, R_AARCH64_NONE, NOTHING, 0},
    {EM_AARCH64, R_AARCH64_ABS64, SET, 64},
    {EM_AARCH64, R_AARCH64_ABS32, SET, 32},
    {EM_ARM, R_ARM_NONE, NOTHING, 0},
    {EM_ARM, R_ARM_ABS32, SET, 32},
    {EM_PPC64, R_PPC64_NONE, NOTHING, 0},
    {EM_PPC64, R_PPC64_ADDR64, SET, 64},
    {EM_PPC64, R_PPC64_ADDR32, SET, 32},
    {EM_S390, R_390_NONE, NOTHING, 0},
    {EM_S390, R_390_64, SET, 64},
    {EM_S390, R_390_32, SET, 32},
    {EM_RISCV, R_RISCV_NONE, NOTHING, 0},
    {EM_RISCV, R_RISCV_RELAX, NOTHING, 0},
    {EM_RISCV, R_RISCV_64, SET, 64},
    {EM_RISCV, R_RISCV_32, SET, 32},
    {EM_RISCV, R_RISCV_SET32, SET, 32},
    {EM_RISCV, R_RISCV_SET16, SET, 16},
    {EM_RISCV, R_RISCV_SET8, SET, 8},
    {EM_RISCV, R_RISCV_SET6, SET, 6},
    {EM_RISCV, R_RISCV_ADD64, ADD, 64},
    {EM_RISCV, R_RISCV_ADD32, ADD, 32},
    {EM_RISCV, R_RISCV_ADD16, ADD, 16},
    {EM_RISCV, R_RISCV_ADD8, ADD, 8},
    {EM_RISCV, R_RISCV_SUB64, SUBTRACT, 64},
    {EM_RISCV, R_RISCV_SUB32, SUBTRACT, 32},
    {EM_RISCV, R_RISCV_SUB16, SUBTRACT, 16},
    {EM_RISCV, R_RISCV_SUB8, SUBTRACT, 8},
    {EM_RISCV, R_RISCV_SUB6, SUBTRACT, 6},
};

/* One section's relocations on their way. */
struct run {
    const struct relocation_target *target;
    Elf_Data *entries;
    Elf_Data *symbols;
    bool has_addends;        /* else what is added is at the place itself */
    const struct kind *last; /* neighbours are mostly of one kind */
};

static struct error *corrupt(const struct relocation_target *target, const char *what,
                             uint64_t byte_offset)
{
    return error_create_at(ERROR_CORRUPT, target->path, byte_offset, "a relocation of %s %s",
                           target->section_name, what);
}

static struct error *find_kind(struct run *run, uint64_t type)
{
    const struct relocation_target *target = run->target;

    if (run->last && run->last->type == type)
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (kinds[i].machine == target->machine && kinds[i].type == type) {
            run->last = &kinds[i];
            return NULL;
        }
    }
    return error_create(ERROR_UNSUPPORTED, target->path,
                        "%s has a relocation of kind %" PRIu64
                        ", which is not known for machine %u of ELF",
                        target->section_name, type, target->machine);
}

static void store_unsigned(uint8_t *bytes, unsigned byte_size, bool is_big_endian, uint64_t value)
{
    for (unsigned i = 0; i < byte_size; i++) {
        bytes[is_big_endian ? byte_size - 1 - i : i] = (uint8_t)value;
        value >>= 8;
    }
}

/* Changes the low BIT_SIZE bits of what is at PLACE. */
static void change(const struct run *run, uint8_t *place, uint64_t value)
{
    const struct kind *kind = run->last;
    unsigned byte_size = (kind->bit_size + 7u) / 8;
    bool is_big_endian = run->target->is_big_endian;
    uint64_t old = load_unsigned(place, byte_size, is_big_endian);
    uint64_t mask = kind->bit_size == 64 ? UINT64_MAX : (UINT64_C(1) << kind->bit_size) - 1;

    if (kind->operation == ADD)
        value = old + value;
    else if (kind->operation == SUBTRACT)
        value = old - value;
    else if (!run->has_addends)
        value += old;
    store_unsigned(place, byte_size, is_big_endian, (old & ~mask) | (value & mask));
}

static struct error *apply_one(struct run *run, const GElf_Rela *entry)
{
    const struct relocation_target *target = run->target;
    GElf_Sym symbol;

    TRY(find_kind(run, GELF_R_TYPE(entry->r_info)));
    if (run->last->operation == NOTHING)
        return NULL;
    uint64_t byte_size = (run->last->bit_size + 7u) / 8;
    if (entry->r_offset > target->byte_size || byte_size > target->byte_size - entry->r_offset)
        return corrupt(target, "is of a place outside of it", entry->r_offset);
    uint64_t number = GELF_R_SYM(entry->r_info);
    if (number > INT32_MAX || !gelf_getsym(run->symbols, (int)number, &symbol))
        return corrupt(target, "names no symbol", entry->r_offset);
    change(run, target->bytes + entry->r_offset, symbol.st_value + (uint64_t)entry->r_addend);
    return NULL;
}

static bool get_entry(const struct run *run, size_t index, GElf_Rela *entry_ret)
{
    GElf_Rel entry;

    if (run->has_addends)
        return gelf_getrela(run->entries, (int)index, entry_ret) != NULL;
    if (!gelf_getrel(run->entries, (int)index, &entry))
        return false;
    *entry_ret = (GElf_Rela){.r_offset = entry.r_offset, .r_info = entry.r_info};
    return true;
}

static struct error *apply_all(struct run *run, const GElf_Shdr *header)
{
    uint64_t count = header->sh_entsize > 0 ? header->sh_size / header->sh_entsize : 0;

    if (count > INT32_MAX)
        return corrupt(run->target, "is one of more than fit into a file", ERROR_NO_OFFSET);
    for (size_t i = 0; i < count; i++) {
        GElf_Rela entry;
        if (!get_entry(run, i, &entry))
            return corrupt(run->target, "is cut short", ERROR_NO_OFFSET);
        TRY(apply_one(run, &entry));
    }
    return NULL;
}

struct error *relocation_apply(Elf *elf, Elf_Scn *relocations,
                               const struct relocation_target *target)
{
    struct run run = {.target = target};
    GElf_Shdr header;

    if (!gelf_getshdr(relocations, &header))
        return corrupt(target, "has no section header", ERROR_NO_OFFSET);
    if (header.sh_flags & SHF_COMPRESSED)
        return error_create(ERROR_UNSUPPORTED, target->path, "the relocations of %s are compressed",
                            target->section_name);
    run.has_addends = header.sh_type == SHT_RELA;
    errno = 0;
    run.entries = elf_getdata(relocations, NULL);
    run.symbols = elf_getdata(elf_getscn(elf, header.sh_link), NULL);
    if (errno == ENOMEM)
        return error_out_of_memory();
    if (!run.entries || !run.symbols)
        return corrupt(target, "cannot be read", ERROR_NO_OFFSET);
    return apply_all(&run, &header);
}
