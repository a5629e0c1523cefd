/* SPDX-License-Identifier: MIT */
#include "model/definition_kind.h"

#include <string.h>

#include "base/compiler.h"

const struct definition_kind_text definition_kind_texts[DEFINITION_KIND_COUNT] = {
#define X(kind, word, singular, plural, prefix, schema_word, parts)                                \
    [kind] = {word, singular, plural, word "s", prefix, schema_word, "no such " singular, parts},
    DEFINITION_KINDS(X)
#undef X
};

static const struct definition_kind_text texts_to_come[] = {
#define X(kind, word, singular, plural, prefix, schema_word, parts)                                \
    {word, singular, plural, word "s", prefix, schema_word, "no such " singular, parts},
    DEFINITION_KINDS_TO_COME(X)
#undef X
};

bool definition_kind_from_word(const char *word, bool is_schema, enum definition_kind *kind_ret)
{
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const struct definition_kind_text *text = &definition_kind_texts[kind];
        if (strcmp(word, is_schema ? text->schema_word : text->word) != 0)
            continue;
        *kind_ret = kind;
        return true;
    }
    return false;
}

const struct definition_kind_text *definition_kind_to_come(const char *word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(texts_to_come); i++) {
        if (strcmp(word, texts_to_come[i].word) == 0)
            return &texts_to_come[i];
    }
    return NULL;
}
