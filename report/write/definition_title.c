/* SPDX-License-Identifier: MIT */
#include "report/write/definition_title.h"

#include <string.h>

void definition_title_append_kind(struct buffer *out, enum definition_kind kind)
{
    if (kind != DEFINITION_STRUCT)
        buffer_append_format(out, "%s ", definition_kind_texts[kind].singular);
}

void definition_title_append(struct buffer *out, enum definition_kind kind, const char *name)
{
    definition_title_append_kind(out, kind);
    buffer_append_text(out, name);
}

void definition_title_parse(const char *title, enum definition_kind *kind_ret,
                            const char **name_ret)
{
    *kind_ret = DEFINITION_STRUCT;
    *name_ret = title;
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const char *word = definition_kind_texts[kind].singular;
        size_t length = strlen(word);
        if (kind == DEFINITION_STRUCT || strncmp(title, word, length) != 0 || title[length] != ' ')
            continue;
        *kind_ret = kind;
        *name_ret = title + length + 1;
    }
}
