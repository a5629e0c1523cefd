/* SPDX-License-Identifier: MIT */
#include "cli/words/wanted_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/suggestion.h"
#include "model/definition_kind.h"

unsigned wanted_kinds_take(const char **text)
{
    *text += strspn(*text, " \t");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const char *word = definition_kind_texts[kind].word;
        size_t length = strlen(word);
        /* `int` and `long int` are names of base types. */
        if (kind == DEFINITION_INT || strncmp(*text, word, length) != 0 ||
            ((*text)[length] != '\0' && !isblank((unsigned char)(*text)[length])))
            continue;
        *text += length;
        *text += strspn(*text, " \t");
        return DEFINITION_KIND_BIT(kind);
    }
    return DEFINITION_KINDS_ALL;
}

static struct error *check_is_read(const char *kind_word, const char *where)
{
    const struct definition_kind_text *kind = definition_kind_to_come(kind_word);

    if (!kind)
        return NULL;
    return error_create(ERROR_UNSUPPORTED, where, "%s are not read of kernels yet", kind->plural);
}

/* `function vfs_read`, or `vfs_read()`; something else may be called `function`. */
static struct error *check_no_function(const char *word, bool is_last)
{
    size_t length = strlen(word);

    if (length > 2 && strcmp(word + length - 2, "()") == 0)
        return check_is_read("function", word);
    return is_last ? NULL : check_is_read(word, word);
}

struct error *wanted_names_parse(char *const *words, size_t word_count, struct arena *arena,
                                 struct wanted_names *names_ret)
{
    struct wanted_names names = {.names =
                                     arena_allocate(arena, word_count + 1, sizeof(*names.names))};
    unsigned kinds_before = 0;

    if (!names.names)
        return error_out_of_memory();
    for (size_t i = 0; i < word_count; i++) {
        const char *name = words[i];
        TRY(check_no_function(name, i + 1 == word_count));
        unsigned kinds = wanted_kinds_take(&name);
        if (name[0] == '\0' && i + 1 < word_count) {
            kinds_before = kinds;
            continue;
        }
        if (name[0] == '\0')
            return error_create(ERROR_USAGE, words[i], "the name after it is missing");
        if (kinds_before && !(kinds_before & kinds))
            return error_create(ERROR_USAGE, words[i],
                                "is of another kind than the word before it");
        names.names[names.count++] =
            (struct wanted_name){kinds_before ? kinds_before & kinds : kinds, name};
        kinds_before = 0;
    }
    *names_ret = names;
    return NULL;
}

static const char *word_of_kinds(unsigned kinds)
{
    for (size_t kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (kinds == DEFINITION_KIND_BIT(kind))
            return definition_kind_texts[kind].singular;
    }
    return "definition";
}

struct error *wanted_name_missing(struct dataset *dataset, const char *kernel,
                                  const struct wanted_name *wanted, const char *image,
                                  const char *place)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};
    CLEANUP(free_pointer) char *why = NULL;

    TRY(dataset_list_names(dataset, kernel, wanted->kinds, &names));
    if (asprintf(&why, "no %s of that name in %s%s%s", word_of_kinds(wanted->kinds),
                 image ? image : "", image ? " of " : "", place) < 0) {
        why = NULL;
        return error_out_of_memory();
    }
    if (dataset_names_have(&names, wanted->name))
        return error_create(ERROR_NOT_FOUND, wanted->name, "%s; %s", why,
                            image ? "without --image, there is one"
                                  : "other kernels of the data set have one");
    return suggestion_error(wanted->name, why, (const char *const *)names.names, names.count);
}

struct error *wanted_kinds_parse(const char *command, const char *text, unsigned *kinds_ret)
{
    unsigned kinds = 0;

    for (;;) {
        size_t length = strcspn(text, ",");
        CLEANUP(free_pointer) char *word = strndup(text, length);
        enum definition_kind kind;
        if (!word)
            return error_out_of_memory();
        if (definition_kind_to_come(word))
            return cli_usage_error(command, "%s are not read of kernels yet",
                                   definition_kind_to_come(word)->plural);
        if (!definition_kind_from_word(word, false, &kind))
            return cli_usage_error(command, "there is no kind `%s`", word);
        kinds |= DEFINITION_KIND_BIT(kind);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    *kinds_ret = kinds;
    return NULL;
}
