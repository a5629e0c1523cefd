/* SPDX-License-Identifier: MIT */
#include "report/tables/struct_index.h"

#include <stdlib.h>
#include <string.h>

#include "report/pages/struct_page.h"
#include "report/write/page_path.h"

/* Not tolower(): the order does not depend on the locale. */
static int to_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : (unsigned char)character;
}

size_t struct_index_common_length(const char *a, const char *b)
{
    size_t length = 0;

    a += strspn(a, "_");
    b += strspn(b, "_");
    while (a[length] && to_lower(a[length]) == to_lower(b[length]))
        length++;
    return length;
}

static int compare_names(const char *a, const char *b)
{
    size_t common = struct_index_common_length(a, b);
    int order = to_lower(a[strspn(a, "_") + common]) - to_lower(b[strspn(b, "_") + common]);

    return order != 0 ? order : strcmp(a, b);
}

static int compare_structs(const void *a, const void *b, void *context)
{
    const struct history_definition *structs = context;

    const struct history_definition *one = &structs[*(const size_t *)a];
    const struct history_definition *other = &structs[*(const size_t *)b];
    int order = compare_names(one->name, other->name);

    return order != 0 ? order : (int)one->kind - (int)other->kind;
}

/* Appends the structs of LETTER to those of INDEX, which has room for all. */
static void add_letter(const struct report_context *context, char letter,
                       struct struct_index *index)
{
    const struct history *history = context->input.history;
    size_t *structs = &index->structs[index->struct_count];
    size_t count = 0;

    for (size_t i = 0; i < history->definition_count; i++) {
        if (page_path_letter(history->definitions[i].name) == letter &&
            struct_page_is_wanted(&history->definitions[i], &context->plan))
            structs[count++] = i;
    }
    if (count == 0)
        return;
    qsort_r(structs, count, sizeof(*structs), compare_structs, history->definitions);
    index->struct_count += count;
    index->letters[index->letter_count++] = (struct struct_letter){letter, count, structs};
}

struct error *struct_index_make(const struct report_context *context,
                                struct struct_index *index_ret)
{
    struct struct_index index = {
        .structs = calloc(context->input.history->definition_count + 1, sizeof(*index.structs)),
        .letters = calloc(strlen(PAGE_LETTERS), sizeof(*index.letters)),
    };

    if (!index.structs || !index.letters) {
        struct_index_deinit(&index);
        return error_out_of_memory();
    }
    for (const char *letter = PAGE_LETTERS; *letter; letter++)
        add_letter(context, *letter, &index);
    *index_ret = index;
    return NULL;
}

void struct_index_deinit(struct struct_index *index)
{
    free(index->structs);
    free(index->letters);
    *index = (struct struct_index){0};
}
