/* SPDX-License-Identifier: MIT */
/*
 * A BPF object file: an ELF file of machine EM_BPF, as clang writes it, with .BTF and .BTF.ext
 * (kernel, Documentation/bpf/btf.rst, "BTF.ext"). What it needs of the kernel that it is loaded
 * into is its CO-RE relocations.
 */
#ifndef KSTRUCT_CHECK_BPF_BPF_OBJECT_H
#define KSTRUCT_CHECK_BPF_BPF_OBJECT_H

#include <linux/bpf.h>

#include "base/arena.h"
#include "check/bpf/core_path.h"

/* Instructions FIRST to END, by number, of a section. */
struct bpf_function {
    const char *name;
    uint32_t first;
    uint32_t end;
};

struct core_relocation {
    uint32_t section;     /* number in the object */
    uint32_t index;       /* number within the section */
    uint32_t instruction; /* number within the section */
    struct core_path path;
    const char *access;   /* the path as clang wrote it */
    const char *function; /* "" if none is known there, as both below */
    const char *file;
    uint32_t line; /* from 1; 0 if not known */
};

struct bpf_section {
    const char *name;
    uint32_t instruction_count;
    const struct bpf_insn *instructions;
    uint32_t function_count;
    struct bpf_function *functions;
    uint32_t first_relocation; /* of the object's */
    uint32_t relocation_count;
    uint32_t *relocations_at; /* by instruction: number in the object, or BPF_NO_RELOCATION */
};

#define BPF_NO_RELOCATION UINT32_MAX

struct bpf_object {
    struct arena arena;
    const char *path; /* the file's */
    struct btf *btf;
    uint32_t section_count; /* those that have relocations */
    struct bpf_section *sections;
    uint32_t relocation_count;
    struct core_relocation *relocations; /* by section, in each in their order */
};

/* Reads LENGTH bytes, which are copied; PATH names them. ERROR_NOT_ELF, ERROR_CORRUPT,
 * ERROR_UNSUPPORTED; ERROR_NOT_FOUND if there is no BTF. An object without relocations is none to
 * complain of. Free with bpf_object_deinit(), also after a failure. */
struct error *bpf_object_read(const char *path, const void *bytes, size_t length,
                              struct bpf_object *object) MUST_CHECK;
void bpf_object_deinit(struct bpf_object *object);

#endif
