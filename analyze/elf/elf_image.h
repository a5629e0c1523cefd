/* SPDX-License-Identifier: MIT */
/*
 * An ELF file, mapped by libelf or in memory, and its sections' bytes; compressed sections are
 * expanded. After elf_image_open() it may be read by several threads.
 */
#ifndef KSTRUCT_ANALYZE_ELF_ELF_IMAGE_H
#define KSTRUCT_ANALYZE_ELF_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct elf_section {
    const char *name;     /* ".debug_info", also where the file has it as ".zdebug_info" */
    const uint8_t *bytes; /* NULL if it has none in the file */
    uint64_t byte_size;
    bool is_note;
    size_t number;     /* in the file */
    uint8_t *writable; /* BYTES, of an image in memory */
};

struct elf_image {
    char *path;         /* for errors */
    void *elf;          /* libelf's handle */
    unsigned elf_class; /* 32 or 64 */
    bool is_big_endian;
    unsigned machine; /* EM_… */
    uint8_t *memory;  /* the file's bytes, which are the caller's; NULL: it is mapped */
    size_t section_count;
    struct elf_section *sections; /* those that were asked for, and notes */
    size_t expanded_count;
    void **expanded; /* memory of sections that were compressed */
};

/* No section may expand to more bytes than this. */
#define ELF_SECTION_BYTES_MAXIMUM (UINT64_C(16) << 30)

/*
 * Maps the file of FILE_DESCRIPTOR, which may be closed afterwards. Of its sections only those
 * named in WANTED (ends with NULL), and notes, are made ready: no time goes into expanding others,
 * and the file need not have their bytes. Understands SHF_COMPRESSED with zlib and zstd (ELF gABI,
 * "Section Compression") and the older ".zdebug_" names. Fails with ERROR_NOT_ELF, ERROR_CORRUPT,
 * ERROR_UNSUPPORTED (an unknown compression, an
 * object file that needs relocation), ERROR_LIMIT.
 */
struct error *elf_image_open(int file_descriptor, const char *path, const char *const *wanted,
                             struct elf_image *image_ret) MUST_CHECK;

/*
 * The same for a module, whose BYTE_SIZE bytes are at BYTES, stay the caller's and must outlive the
 * image: its debug sections are relocated where they are. Fails with ERROR_UNSUPPORTED also for a
 * relocation of an unknown kind.
 */
struct error *elf_image_open_module(uint8_t *bytes, size_t byte_size, const char *path,
                                    const char *const *wanted,
                                    struct elf_image *image_ret) MUST_CHECK;

/* Is a section of that name and type (SHT_…) made ready? */
bool elf_section_is_wanted(const char *name, uint32_t type, const char *const *wanted);

/* Unmaps it: all section bytes end to be valid. */
void elf_image_close(struct elf_image *image);

/* The first section of that name with bytes in the file, or NULL. */
const struct elf_section *elf_image_find(const struct elf_image *image, const char *name);

#endif
