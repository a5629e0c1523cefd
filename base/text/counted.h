/* SPDX-License-Identifier: MIT */
/* A count and its noun. */
#ifndef KSTRUCT_BASE_TEXT_COUNTED_H
#define KSTRUCT_BASE_TEXT_COUNTED_H

/* What a format's "%zu %s" stands for: COUNTED(count, "kernel") is "1 kernel" or "2 kernels". NOUN
 * is a literal; COUNT, of which the format says the type, is evaluated twice. */
#define COUNTED(count, noun) (count), (count) == 1 ? noun : noun "s"

#endif
