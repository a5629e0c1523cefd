/* SPDX-License-Identifier: MIT */
#include "cli/checking/check_fields.h"

#include <string.h>

#include "cli/checking/check_hints.h"
#include "cli/words/wanted_names.h"
#include "report/offsets/offset_word.h"

enum { TEXT_MAXIMUM = 1024 * 1024 };

struct fact_finder {
    const struct offset_input *input;
    struct arena *arena;
    struct arena scratch; /* for one word */
    struct buffer text;
};

static void fact_finder_deinit(struct fact_finder *finder)
{
    arena_deinit(&finder->scratch);
    buffer_deinit(&finder->text);
}

static const char *type_of(const struct offset_place *place)
{
    const struct type *type = place->type ? place->type : place->stands_for;

    return type ? type_text(type) : NULL;
}

static struct error *describe(struct fact_finder *finder, const struct offset_answer *answer,
                              struct field_fact *fact)
{
    const struct offset_place *place = &answer->place;

    *fact = (struct field_fact){
        .is_found = place->status == OFFSET_FOUND,
        .is_unknown = place->status == OFFSET_UNKNOWN,
        .is_member = place->type != NULL,
        .is_bitfield = place->bitfield_size > 0,
        .has_bit_offset = place->has_bit_offset,
        .has_byte_size = place->has_byte_size,
        .bit_offset = place->bit_offset,
        .byte_size = place->byte_size,
        .type = type_of(place),
        .hint = "",
    };
    if (fact->is_found && place->enumerator) {
        enumerator_append_value(&finder->text, place->enumerator);
        return buffer_keep_text(&finder->text, "a field", finder->arena, &fact->value);
    }
    if (fact->is_found)
        return NULL;
    buffer_append_text(&finder->text, place->reason);
    TRY(buffer_keep_text(&finder->text, "a field", finder->arena, &fact->why));
    check_hint_append(&finder->text, &answer->hint);
    return buffer_keep_text(&finder->text, "a field", finder->arena, &fact->hint);
}

/* Only the definition itself has no path. */
static struct error *find(struct fact_finder *finder, const char *text, struct field_fact *facts)
{
    const char *rest = text;
    unsigned kinds = wanted_kinds_take(&rest);
    struct offset_word word;
    struct offset_table table;

    TRY(offset_word_parse(rest, &finder->scratch, &word));
    TRY(offset_table_make(finder->input, kinds, word.definition_name, &word.path,
                          word.path[0] ? 1 : 0, &finder->scratch, &table));
    const struct offset_row *row = word.path[0] ? &table.rows[0] : &table.size;
    for (size_t i = 0; i < finder->input->shown_count; i++)
        TRY(describe(finder, &row->answers[i], &facts[i]));
    return NULL;
}

static struct error *name_line(const struct field_list *list, size_t word, struct error *error)
{
    if (!error || error->code != ERROR_USAGE)
        return error;
    struct error *named = error_create(ERROR_USAGE, list->path, "line %u: %s: %s",
                                       list->fields[list->words[word].first].line,
                                       list->words[word].text, error->why);
    error_destroy(error);
    return named;
}

static struct error *find_all(struct fact_finder *finder, struct field_check *check)
{
    const struct field_list *list = check->list;

    check->facts = arena_allocate(finder->arena, list->word_count + 1, sizeof(*check->facts));
    if (!check->facts)
        return error_out_of_memory();
    for (size_t i = 0; i < list->word_count; i++) {
        arena_clear(&finder->scratch);
        check->facts[i] =
            arena_allocate(finder->arena, check->kernel_count, sizeof(**check->facts));
        if (!check->facts[i])
            return error_out_of_memory();
        TRY(name_line(list, i, find(finder, list->words[i].text, check->facts[i])));
    }
    return NULL;
}

struct error *check_fields_find(const struct offset_input *input, struct field_check *check,
                                struct arena *arena)
{
    CLEANUP(fact_finder_deinit) struct fact_finder finder = {.input = input, .arena = arena};

    arena_init(&finder.scratch);
    buffer_init(&finder.text, TEXT_MAXIMUM);
    return find_all(&finder, check);
}

struct error *check_fields_add_names(const struct field_list *list, struct arena *arena,
                                     const char ***names, size_t *count)
{
    struct offset_word word;

    for (size_t i = 0; i < list->word_count; i++) {
        const char *rest = list->words[i].text;
        wanted_kinds_take(&rest);
        struct error *error = offset_word_parse(rest, arena, &word);
        if (error && error->code == ERROR_USAGE) {
            error_destroy(error);
            continue;
        }
        TRY(error);
        *names = arena_append(arena, *names, *count, sizeof(**names));
        if (!*names)
            return error_out_of_memory();
        (*names)[(*count)++] = word.definition_name;
    }
    return NULL;
}
