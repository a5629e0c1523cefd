/* SPDX-License-Identifier: MIT */
/* "Did you mean …?": which of the words that are allowed somebody may have meant. */
#ifndef KSTRUCT_BASE_TEXT_NEAREST_WORD_H
#define KSTRUCT_BASE_TEXT_NEAREST_WORD_H

#include <stddef.h>

/* The candidate with the fewest letters inserted, left out, replaced or swapped with their
 * neighbour, upper and lower case being one; of several the first. NULL if none is near: at most a
 * third of the letters may differ. Points into CANDIDATES. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
