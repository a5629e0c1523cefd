/* SPDX-License-Identifier: MIT */
#include "cli/words/suggestion.h"

#include "base/text/nearest_word.h"

struct error *suggestion_error(const char *name, const char *why, const char *const *candidates,
                               size_t count)
{
    const char *nearest = nearest_word(name, candidates, count);

    if (nearest)
        return error_create(ERROR_NOT_FOUND, name, "%s; did you mean %s?", why, nearest);
    return error_create(ERROR_NOT_FOUND, name, "%s", why);
}
