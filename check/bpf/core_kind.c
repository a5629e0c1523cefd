/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_kind.h"

#include <stddef.h>

#include "base/compiler.h"

static const struct core_kind kinds[] = {
#define X(number, word, subject, is_existence) [number] = {number, word, subject, is_existence},
    CORE_KINDS(X)
#undef X
};

const struct core_kind *core_kind_find(uint32_t number)
{
    return number < ARRAY_LENGTH(kinds) && kinds[number].word ? &kinds[number] : NULL;
}
