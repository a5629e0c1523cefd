/* SPDX-License-Identifier: MIT */
/*
 * What a CO-RE relocation wants to know of the running kernel (kernel, include/uapi/linux/bpf.h,
 * enum bpf_core_relo_kind; "compile once, run everywhere").
 */
#ifndef KSTRUCT_CHECK_BPF_CORE_KIND_H
#define KSTRUCT_CHECK_BPF_CORE_KIND_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

/* What it is about. */
enum core_subject { CORE_FIELD, CORE_TYPE, CORE_ENUMERATOR };

/* Each with libbpf's word, what it is about, and whether it asks for no more than whether that is
 * there. */
#define CORE_KINDS(X)                                                                              \
    X(BPF_CORE_FIELD_BYTE_OFFSET, "byte_off", CORE_FIELD, false)                                   \
    X(BPF_CORE_FIELD_BYTE_SIZE, "byte_sz", CORE_FIELD, false)                                      \
    X(BPF_CORE_FIELD_EXISTS, "field_exists", CORE_FIELD, true)                                     \
    X(BPF_CORE_FIELD_SIGNED, "signed", CORE_FIELD, false)                                          \
    X(BPF_CORE_FIELD_LSHIFT_U64, "lshift_u64", CORE_FIELD, false)                                  \
    X(BPF_CORE_FIELD_RSHIFT_U64, "rshift_u64", CORE_FIELD, false)                                  \
    X(BPF_CORE_TYPE_ID_LOCAL, "local_type_id", CORE_TYPE, false)                                   \
    X(BPF_CORE_TYPE_ID_TARGET, "target_type_id", CORE_TYPE, false)                                 \
    X(BPF_CORE_TYPE_EXISTS, "type_exists", CORE_TYPE, true)                                        \
    X(BPF_CORE_TYPE_SIZE, "type_size", CORE_TYPE, false)                                           \
    X(BPF_CORE_ENUMVAL_EXISTS, "enumval_exists", CORE_ENUMERATOR, true)                            \
    X(BPF_CORE_ENUMVAL_VALUE, "enumval_value", CORE_ENUMERATOR, false)                             \
    X(BPF_CORE_TYPE_MATCHES, "type_matches", CORE_TYPE, true)

struct core_kind {
    uint32_t number; /* enum bpf_core_relo_kind */
    const char *word;
    enum core_subject subject;
    bool is_existence;
};

/* NULL if there is no such kind. */
const struct core_kind *core_kind_find(uint32_t number);

#endif
