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
        .symbols.banner = "",
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
    snprintf(prefix, sizeof(prefix), "%s%s", word, word[0] ? " " : "");
    entry->name = copy_shortened(&layouts->arena, prefix, name);
    entry->reason = copy_shortened(&layouts->arena, "", reason);
    return entry->name && entry->reason ? NULL : error_out_of_memory();
}

int kernel_definitions_compare(const void *left, const void *right)
{
    const struct kernel_definitions *a = left;
    const struct kernel_definitions *b = right;

    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

size_t kernel_layouts_count(const struct kernel_layouts *layouts, enum definition_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < layouts->definition_count; i++)
        count += layouts->definitions[i].kind == kind;
    return count;
}

struct error *kernel_layouts_describe_counts(const struct kernel_layouts *layouts, char **text_ret)
{
    struct buffer text;

    buffer_init(&text, PASSED_OVER_TEXT_MAXIMUM);
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const struct definition_kind_text *words = &definition_kind_texts[kind];
        size_t count = kernel_layouts_count(layouts, kind);
        /* That there is no struct at all is worth to be said. */
        if (count > 0 || kind == DEFINITION_STRUCT)
            buffer_append_format(&text, "%s%zu %s", text.length > 0 ? ", " : "", count,
                                 count == 1 ? words->singular : words->plural);
    }
    if (layouts->identity.modules == MODULES_READ)
        buffer_append_format(&text, "; %zu %s", layouts->module_count,
                             layouts->module_count == 1 ? "module" : "modules");
    return buffer_take_text(&text, "counts", text_ret);
}

const struct kernel_definitions *kernel_layouts_find(const struct kernel_layouts *layouts,
                                                     enum definition_kind kind, const char *name)
{
    const struct kernel_definitions wanted = {.kind = kind, .name = name};

    if (layouts->definition_count == 0)
        return NULL;
    return bsearch(&wanted, layouts->definitions, layouts->definition_count,
                   sizeof(*layouts->definitions), kernel_definitions_compare);
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
    return buffer_take_text(&text, "what was left out", text_ret);
}
