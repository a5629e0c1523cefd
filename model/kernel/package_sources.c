/* SPDX-License-Identifier: MIT */
#include "model/kernel/package_sources.h"

#include <stddef.h>

const char *const fetch_source_words[FETCH_SOURCE_COUNT + 1] = {
#define X(source, word) [source] = (word),
    FETCH_SOURCES(X)
#undef X
        NULL,
};
