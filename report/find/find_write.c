/* SPDX-License-Identifier: MIT */
#include "report/find/find_write.h"

#include <string.h>

const struct find_format *find_format_find(const char *word)
{
    static const struct find_format *const formats[] = {&find_format_text, &find_format_json,
                                                        &find_format_csv};

    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        if (strcmp(formats[i]->word, word) == 0)
            return formats[i];
    }
    return NULL;
}
