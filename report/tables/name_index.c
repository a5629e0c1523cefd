/* SPDX-License-Identifier: MIT */
#include "report/tables/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "report/pages/page_plan.h"
#include "report/write/page_path.h"

/* Not tolower(): the order does not depend on the locale. */
static int to_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : (unsigned char)character;
}

size_t name_index_common_length(const char *a, const char *b)
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
    size_t common = name_index_common_length(a, b);
    int order = to_lower(a[strspn(a, "_") + common]) - to_lower(b[strspn(b, "_") + common]);

    return order != 0 ? order : strcmp(a, b);
}

static int compare_entries(const void *a, const void *b, void *context)
{
    const struct history_definition *entries = context;

    const struct history_definition *one = &entries[*(const size_t *)a];
    const struct history_definition *other = &entries[*(const size_t *)b];
    int order = compare_names(one->name, other->name);

    return order != 0 ? order : (int)one->kind - (int)other->kind;
}

/* Appends the entries of LETTER to those of INDEX, which has room for all. */
static void add_letter(const struct history *history, const struct page_plan *plan, char letter,
                       struct name_index *index)
{
    size_t *entries = &index->entries[index->entry_count];
    size_t count = 0;

    for (size_t i = 0; i < history->definition_count; i++) {
        if (page_path_letter(history->definitions[i].name) == letter &&
            (!plan || page_is_wanted(&history->definitions[i], plan)))
            entries[count++] = i;
    }
    if (count == 0)
        return;
    qsort_r(entries, count, sizeof(*entries), compare_entries, history->definitions);
    index->entry_count += count;
    index->letters[index->letter_count++] = (struct name_letter){letter, count, entries};
}

struct error *name_index_make(const struct history *history, const struct page_plan *plan,
                              struct name_index *index_ret)
{
    struct name_index index = {
        .entries = calloc(history->definition_count + 1, sizeof(*index.entries)),
        .letters = calloc(strlen(PAGE_LETTERS), sizeof(*index.letters)),
    };

    if (!index.entries || !index.letters) {
        name_index_deinit(&index);
        return error_out_of_memory();
    }
    for (const char *letter = PAGE_LETTERS; *letter; letter++)
        add_letter(history, plan, *letter, &index);
    *index_ret = index;
    return NULL;
}

void name_index_deinit(struct name_index *index)
{
    free(index->entries);
    free(index->letters);
    *index = (struct name_index){0};
}
