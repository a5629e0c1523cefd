/* SPDX-License-Identifier: MIT */
#include "model/kernel_layouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void kernel_layouts_init(struct kernel_layouts *layouts)
{
    *layouts = (struct kernel_layouts){
        .identity = kernel_record_unknown(),
    };
    arena_init(&layouts->arena);
    type_table_init(&layouts->types);
}

void kernel_layouts_deinit(struct kernel_layouts *layouts)
{
    type_table_deinit(&layouts->types);
    arena_deinit(&layouts->arena);
}

/* A copy of WORD and TEXT, cut between two characters where it is too long. */
static const char *copy_shortened(struct arena *arena, const char *word, const char *text)
{
    static const char ellipsis[] = "…";
    char copy[PASSED_OVER_TEXT_MAXIMUM + 1];
    int length = snprintf(copy, sizeof(copy), "%s%s", word, text);

    if (length > PASSED_OVER_TEXT_MAXIMUM) {
        size_t kept = PASSED_OVER_TEXT_MAXIMUM - strlen(ellipsis);
        while (kept > 0 && ((unsigned char)copy[kept] & 0xc0) == 0x80)
            kept--;
        memcpy(copy + kept, ellipsis, sizeof(ellipsis));
    }
    return arena_copy_text(arena, copy, strlen(copy));
}

struct error *kernel_layouts_pass_over(struct kernel_layouts *layouts, const char *word,
                                       const char *name, const char *reason)
{
    char prefix[16];

    if (layouts->passed_over_count++ >= PASSED_OVER_LISTED_MAXIMUM)
        return NULL;
    if (!layouts->passed_over)
        layouts->passed_over = arena_allocate(&layouts->arena, PASSED_OVER_LISTED_MAXIMUM,
                                              sizeof(*layouts->passed_over));
    if (!layouts->passed_over)
        return error_out_of_memory();
    struct passed_over *entry = &layouts->passed_over[layouts->passed_over_count - 1];
    snprintf(prefix, sizeof(prefix), "%s ", word);
    entry->name = copy_shortened(&layouts->arena, prefix, name);
    entry->reason = copy_shortened(&layouts->arena, "", reason);
    return entry->name && entry->reason ? NULL : error_out_of_memory();
}

static int compare_name(const void *name, const void *element)
{
    const struct kernel_struct *candidate = element;

    return strcmp(name, candidate->name);
}

const struct kernel_struct *kernel_layouts_find(const struct kernel_layouts *layouts,
                                                const char *name)
{
    if (layouts->struct_count == 0)
        return NULL;
    return bsearch(name, layouts->structs, layouts->struct_count, sizeof(*layouts->structs),
                   compare_name);
}

struct error *kernel_layouts_describe_passed_over(const struct kernel_layouts *layouts,
                                                  char **text_ret)
{
    enum { TEXT_MAXIMUM = 2 * PASSED_OVER_LISTED_MAXIMUM * (PASSED_OVER_TEXT_MAXIMUM + 8) };
    size_t count = layouts->passed_over_count;
    struct buffer text;

    buffer_init(&text, TEXT_MAXIMUM);
    if (count > 0)
        buffer_append_format(&text, "%zu left out", count);
    for (size_t i = 0; i < count && i < PASSED_OVER_LISTED_MAXIMUM; i++)
        buffer_append_format(&text, "%s%s: %s", i == 0 ? ": " : "; ", layouts->passed_over[i].name,
                             layouts->passed_over[i].reason);
    if (count > PASSED_OVER_LISTED_MAXIMUM)
        buffer_append_text(&text, "; …");
    struct error *error = buffer_check(&text, "what was left out");
    if (!error) {
        *text_ret = strdup(buffer_text(&text));
        error = *text_ret ? NULL : error_out_of_memory();
    }
    buffer_deinit(&text);
    return error;
}
