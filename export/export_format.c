/* SPDX-License-Identifier: MIT */
#include "export/export_format.h"

#include <string.h>

static const struct export_format *const formats[] = {
    &export_format_json_lines,
    &export_format_btf,
    &export_format_header,
    &export_format_isf,
};

struct error *export_format_find(const char *word, const struct export_format **format_ret)
{
    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        *format_ret = formats[i];
        if (strcmp(formats[i]->word, word) == 0)
            return NULL;
    }
    return error_create(ERROR_USAGE, NULL,
                        "there is no format `%s`; there are jsonl, btf, header and isf", word);
}
