/* SPDX-License-Identifier: MIT */
/* Sums and products of what foreign data claims, which may be anything: too large is the largest.
 */
#ifndef KSTRUCT_BASE_CAPPED_H
#define KSTRUCT_BASE_CAPPED_H

#include <stdint.h>

static inline uint64_t add_capped(uint64_t a, uint64_t b)
{
    uint64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline uint64_t multiply_capped(uint64_t a, uint64_t b)
{
    uint64_t product;

    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

#endif
