/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/unit_imports.h"

#include <dwarf.h>
#include <stdlib.h>

struct search {
    const struct unit_list *units;
    const enum unit_outcome *outcomes;
    struct die_reader reader;
    bool *is_found;    /* by unit */
    uint32_t *numbers; /* of those found; there is room for all */
    size_t count;
};

static void note_import(struct search *search, uint64_t section_offset)
{
    const struct unit *unit = unit_list_find(search->units, DWARF_INFO, section_offset);
    size_t number = unit ? (size_t)(unit - search->units->units) : 0;

    if (!unit || search->outcomes[number] != UNIT_IMPORTED || search->is_found[number])
        return;
    search->is_found[number] = true;
    search->numbers[search->count++] = (uint32_t)number;
}

/* Notes what the children of UNIT's DIE import. */
static struct error *follow_imports(struct search *search, const struct unit *unit)
{
    struct die_reader *reader = &search->reader;
    struct die_reference reference;

    if (unit->first_die_offset == unit->end_offset)
        return NULL;
    TRY(die_reader_enter(reader, unit));
    struct die die = die_read(reader);
    if (!die.abbreviation || !die.abbreviation->has_children)
        return die_reader_check(reader);
    for (die = die_read(reader); die.abbreviation; die = die_read(reader)) {
        if (die.abbreviation->tag == DW_TAG_imported_unit &&
            die_reference(reader, &die, SLOT_IMPORT, &reference) &&
            (reference.kind == REFERENCE_IN_SECTION || reference.kind == REFERENCE_IN_UNIT))
            note_import(search, reference.value);
        die_skip_children(reader, &die);
    }
    return die_reader_check(reader);
}

static struct error *run(struct search *search)
{
    for (size_t i = 0; i < search->units->count; i++) {
        if (search->outcomes[i] == UNIT_READ)
            TRY(follow_imports(search, &search->units->units[i]));
    }
    for (size_t i = 0; i < search->count; i++)
        TRY(follow_imports(search, &search->units->units[search->numbers[i]]));
    return NULL;
}

struct error *unit_imports_of_c(const struct dwarf_sections *sections,
                                const struct unit_list *units, const enum unit_outcome *outcomes,
                                uint32_t **numbers_ret, size_t *count_ret)
{
    struct search search = {.units = units, .outcomes = outcomes};
    size_t partial_count = 0;

    *numbers_ret = NULL;
    *count_ret = 0;
    for (size_t i = 0; i < units->count; i++)
        partial_count += outcomes[i] == UNIT_IMPORTED;
    if (partial_count == 0)
        return NULL;
    search.is_found = calloc(units->count, sizeof(*search.is_found));
    search.numbers = calloc(partial_count, sizeof(*search.numbers));
    die_reader_init(&search.reader, sections);
    struct error *error = search.is_found && search.numbers ? run(&search) : error_out_of_memory();
    die_reader_deinit(&search.reader);
    free(search.is_found);
    if (error) {
        free(search.numbers);
        return error;
    }
    *numbers_ret = search.numbers;
    *count_ret = search.count;
    return NULL;
}
