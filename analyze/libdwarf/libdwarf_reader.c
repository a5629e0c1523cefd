/* SPDX-License-Identifier: MIT */
#include "analyze/libdwarf/libdwarf_reader.h"

void libdwarf_reader_set_up(void)
{
    dwarf_set_de_alloc_flag(0);
}

void libdwarf_reader_init(struct libdwarf_reader *reader, const struct dwarf_sections *sections,
                          const struct unit_list *units)
{
    *reader = (struct libdwarf_reader){.sections = sections, .units = units};
    die_reader_init(&reader->own_reader, sections);
}

void libdwarf_reader_deinit(struct libdwarf_reader *reader)
{
    libdwarf_reader_forget_others(reader, NULL);
    die_reader_deinit(&reader->own_reader);
}

void libdwarf_reader_forget_others(struct libdwarf_reader *reader, const struct unit *unit)
{
    struct libdwarf_unit *kept = NULL;

    while (reader->open_units) {
        struct libdwarf_unit *open = reader->open_units;
        reader->open_units = open->next;
        if (open->unit == unit) {
            open->next = NULL;
            kept = open;
        } else {
            libdwarf_unit_destroy(open);
        }
    }
    reader->open_units = kept;
}

struct error *libdwarf_reader_find_unit(struct libdwarf_reader *reader, struct die_place place,
                                        struct libdwarf_unit **unit_ret)
{
    const struct unit *unit = unit_list_find(reader->units, place.section, place.section_offset);

    if (!unit)
        return error_create_at(ERROR_BAD_DWARF, reader->sections->path, place.section_offset,
                               "a reference leads out of %s", dwarf_section_names[place.section]);
    /* Few are open at a time. */
    for (struct libdwarf_unit *open = reader->open_units; open; open = open->next) {
        if (open->unit == unit) {
            *unit_ret = open;
            return NULL;
        }
    }
    TRY(libdwarf_unit_create(reader->sections, unit, unit_ret));
    (*unit_ret)->reader = reader;
    (*unit_ret)->next = reader->open_units;
    reader->open_units = *unit_ret;
    return NULL;
}

struct error *libdwarf_reader_read_own(struct libdwarf_reader *reader, const struct unit *unit,
                                       uint64_t section_offset, struct die *die_ret)
{
    struct die_reader *own = &reader->own_reader;

    if (own->unit != unit || own->fault)
        TRY(die_reader_enter(own, unit));
    die_seek(own, section_offset);
    *die_ret = die_read(own);
    return die_reader_check(own);
}
