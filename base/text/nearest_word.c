/* SPDX-License-Identifier: MIT */
#include "base/text/nearest_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Longer words are nobody's typing mistake. */
enum { WORD_LENGTH_MAXIMUM = 64 };

static size_t minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The number of edits between A and B, neither longer than WORD_LENGTH_MAXIMUM. Three rows of the
 * usual table are enough: a swap looks back two. */
static size_t count_edits(const char *a, const char *b)
{
    size_t rows[3][WORD_LENGTH_MAXIMUM + 1] = {{0}};
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = above[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
            row[j] = minimum(replaced, minimum(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                row[j] = minimum(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

/* How many edits between words of these lengths still look like a mistake. */
static size_t edits_allowed(size_t a_length, size_t b_length)
{
    size_t longer = a_length > b_length ? a_length : b_length;

    return longer < 3 ? 1 : (longer + 1) / 3;
}

const char *nearest_word(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t fewest_edits = WORD_LENGTH_MAXIMUM;
    size_t length = strnlen(word, WORD_LENGTH_MAXIMUM + 1);

    if (length == 0 || length > WORD_LENGTH_MAXIMUM)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_length = strnlen(candidates[i], WORD_LENGTH_MAXIMUM + 1);
        if (candidate_length == 0 || candidate_length > WORD_LENGTH_MAXIMUM)
            continue;
        size_t edits = count_edits(word, candidates[i]);
        if (edits < fewest_edits && edits <= edits_allowed(length, candidate_length)) {
            fewest_edits = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}
