/* SPDX-License-Identifier: MIT */
#include "export/btf/base_encoding.h"

#include <string.h>

#include "base/compiler.h"

static bool has_word(const char *name, const char *word)
{
    return strstr(name, word) != NULL;
}

static struct base_encoding guess(const char *name)
{
    bool is_float = has_word(name, "float") || has_word(name, "double");
    bool is_boolean = has_word(name, "ool");

    return (struct base_encoding){
        .is_signed = !is_float && !is_boolean && !has_word(name, "unsigned") && name[0] != 'u',
        .is_boolean = is_boolean,
        .is_character = has_word(name, "char"),
        .is_float = is_float,
    };
}

/* DWARF's names, without "DW_ATE_" as with it. */
static bool is_encoding(const char *encoding, const char *word)
{
    size_t length = strlen(encoding);
    size_t word_length = strlen(word);

    return length >= word_length && strcmp(encoding + length - word_length, word) == 0 &&
           (length == word_length || encoding[length - word_length - 1] == '_');
}

struct base_encoding base_encoding_of(const struct layout *layout)
{
    const char *encoding = layout->encoding;

    if (!encoding || !encoding[0])
        return guess(layout->name);
    return (struct base_encoding){
        .is_signed = is_encoding(encoding, "signed") || is_encoding(encoding, "signed_char"),
        .is_boolean = is_encoding(encoding, "boolean"),
        .is_character =
            is_encoding(encoding, "signed_char") || is_encoding(encoding, "unsigned_char"),
        .is_float = is_encoding(encoding, "float"),
    };
}
