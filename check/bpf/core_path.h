/* SPDX-License-Identifier: MIT */
/*
 * What a CO-RE relocation is about, step by step: the struct that a program was compiled with, and
 * the members and array elements on the way into it; or what that is in a kernel. Of a type there
 * are no steps, of an enumerator there is one, which is itself.
 */
#ifndef KSTRUCT_CHECK_BPF_CORE_PATH_H
#define KSTRUCT_CHECK_BPF_CORE_PATH_H

#include "base/btf/btf_file.h"
#include "base/buffer.h"
#include "check/bpf/core_kind.h"

/* As libbpf has it; unnamed structs on the way count. */
enum { CORE_STEPS_MAXIMUM = 64 };

struct core_step {
    uint32_t
        type_id;    /* of the struct, union or enum that it is a part of; of the array's element */
    uint32_t index; /* the part's, or the element's */
    const char *name; /* NULL: an element */
};

struct core_path {
    const struct btf *btf;
    const struct core_kind *kind;
    uint32_t root_id;
    uint64_t bit_offset; /* from the root's start; of fields only */
    bool lacks_type;     /* the kernel does not say what the last member's typedef stands for */
    uint32_t raw_count;  /* steps, with those through unnamed structs */
    uint32_t step_count; /* of a field at least one: the element of what is pointed to */
    struct core_step steps[CORE_STEPS_MAXIMUM];
};

/* What matching comes to. It fails where libbpf refuses to go on. It is unknown where a path leads
 * through a typedef of which an imported kernel does not say what it stands for: in BTF it is one
 * of void, which no member has. */
enum core_answer { CORE_FAILS, CORE_NO, CORE_YES, CORE_UNKNOWN };

/* How many bytes of a name count: what is after `___` only tells versions of a struct from each
 * other. */
size_t core_name_length(const char *name);

/* Have both the same name, as far as it counts? */
bool core_names_are_equal(const char *one, const char *other);

/* The path that ACCESS says, as clang writes it: "0:1:2", the number of each member or element.
 * *WHY_RET says what is wrong with it, if anything is, and is NULL else. */
void core_path_parse(const struct btf *btf, const struct core_kind *kind, uint32_t type_id,
                     const char *access, struct core_path *path_ret, const char **why_ret);

/* Is the array that the path has led to a flexible one, the last member of its struct? */
bool core_path_is_flexible(const struct core_path *path, const struct btf_array *array);

/* "se.run_node", "PIDTYPE_PID": as C says it after the root's name; nothing for a type. */
void core_path_append(struct buffer *out, const struct core_path *path);

#endif
