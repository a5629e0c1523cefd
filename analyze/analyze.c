/* SPDX-License-Identifier: MIT */
#include "analyze/analyze.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/definition_scan.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_imports.h"
#include "analyze/dwarf/unit_list.h"
#include "analyze/elf/elf_image.h"
#include "analyze/elf/elf_parts.h"
#include "analyze/elf/kernel_identity.h"
#include "analyze/known_definitions.h"
#include "analyze/layout_assembly.h"
#include "base/system/parallel.h"

/* One file on its way. */
struct analysis {
    struct elf_image image;
    struct dwarf_sections sections;
    struct unit_list units;
    struct definition_scanner *scanners; /* one a worker */
    unsigned jobs;
    const struct known_definitions *known; /* not read again; NULL: nothing is known */
    struct definition_index index;         /* of all workers */
    unsigned versions_seen;
    enum unit_outcome *outcomes; /* by unit */
    uint32_t *imported;          /* numbers of units that one in C imports */
    size_t imported_count;
};

static struct error *scan_one_unit(void *context, unsigned worker, size_t item)
{
    struct analysis *analysis = context;

    return definition_scan_unit(&analysis->scanners[worker], &analysis->units.units[item],
                                (uint32_t)item, &analysis->outcomes[item]);
}

static struct error *scan_imported_unit(void *context, unsigned worker, size_t item)
{
    struct analysis *analysis = context;
    uint32_t number = analysis->imported[item];

    return definition_scan_imported_unit(&analysis->scanners[worker],
                                         &analysis->units.units[number], number);
}

static struct error *merge_scanners(struct analysis *analysis)
{
    for (unsigned i = 0; i < analysis->jobs; i++) {
        struct definition_scanner *scanner = &analysis->scanners[i];
        TRY(definition_index_merge(&analysis->index, &scanner->index));
        analysis->versions_seen |= scanner->versions_seen;
    }
    return definition_index_finish(&analysis->index);
}

/* What several units share may lie in others, whose language is known only when all were seen. */
static struct error *scan_all_units(struct analysis *analysis)
{
    TRY(parallel_for(analysis->jobs, analysis->units.count, scan_one_unit, analysis));
    TRY(unit_imports_of_c(&analysis->sections, &analysis->units, analysis->outcomes,
                          &analysis->imported, &analysis->imported_count));
    TRY(parallel_for(analysis->jobs, analysis->imported_count, scan_imported_unit, analysis));
    return merge_scanners(analysis);
}

static struct error *scan_units(struct analysis *analysis)
{
    if (analysis->units.count > UINT32_MAX)
        return error_create(ERROR_LIMIT, analysis->image.path, "has too many units");
    analysis->scanners = calloc(analysis->jobs, sizeof(*analysis->scanners));
    analysis->outcomes = calloc(analysis->units.count + 1, sizeof(*analysis->outcomes));
    if (!analysis->scanners || !analysis->outcomes)
        return error_out_of_memory();
    for (unsigned i = 0; i < analysis->jobs; i++) {
        definition_scanner_init(&analysis->scanners[i], &analysis->sections);
        analysis->scanners[i].known = analysis->known;
    }
    struct error *error = scan_all_units(analysis);
    for (unsigned i = 0; i < analysis->jobs; i++)
        definition_scanner_deinit(&analysis->scanners[i]);
    return error;
}

#define SPLIT_OFF_REASON                                                                           \
    "its debug information is split off into .dwo files, which are not in a debug-symbol "         \
    "package; build without -gsplit-dwarf"

static struct error *pass_over_unit(struct die_reader *reader, const struct unit *unit,
                                    struct kernel_layouts *layouts)
{
    struct dwarf_name name = {.text = ""};

    TRY(die_reader_enter(reader, unit));
    struct die unit_die = die_read(reader);
    if (unit_die.abbreviation)
        die_text(reader, &unit_die, SLOT_DWO_NAME, &name);
    TRY(die_reader_check(reader));
    return kernel_layouts_pass_over(layouts, "unit", name.text, SPLIT_OFF_REASON);
}

static struct error *tell_split_off(struct analysis *analysis, struct kernel_layouts *layouts)
{
    struct die_reader reader;
    struct error *error = NULL;

    die_reader_init(&reader, &analysis->sections);
    for (size_t i = 0; i < analysis->units.count && !error; i++) {
        if (analysis->outcomes[i] == UNIT_SPLIT_OFF)
            error = pass_over_unit(&reader, &analysis->units.units[i], layouts);
    }
    die_reader_deinit(&reader);
    return error;
}

static bool has_struct(const struct definition_index *index)
{
    for (uint32_t i = 0; i < index->name_count; i++) {
        if (definition_kind_texts[index->names[i].kind].parts == PART_MEMBERS)
            return true;
    }
    return false;
}

/* No kernel has only enums and base types. */
static struct error *check_something_was_found(const struct analysis *analysis,
                                               const struct kernel_layouts *layouts)
{
    if (has_struct(&analysis->index))
        return NULL;
    if (layouts->passed_over_count > 0)
        return error_create(ERROR_NO_DWARF, analysis->image.path, SPLIT_OFF_REASON);
    return error_create(ERROR_NO_DWARF, analysis->image.path,
                        "its debug information defines no struct in any C unit");
}

/* "4, 5": the versions whose bits are set. */
static struct error *write_versions(unsigned versions_seen, struct arena *arena,
                                    const char **text_ret)
{
    char text[16] = "";
    size_t length = 0;

    for (unsigned version = 2; version <= 5; version++) {
        if (!(versions_seen & 1u << version))
            continue;
        if (length > 0) {
            text[length++] = ',';
            text[length++] = ' ';
        }
        text[length++] = (char)('0' + version);
    }
    *text_ret = arena_copy_text(arena, text, length);
    return *text_ret ? NULL : error_out_of_memory();
}

/* All that is read of the file. */
#define X(section, name) name,
static const char *const wanted_sections[] = {DWARF_SECTIONS(X) KERNEL_IDENTITY_SECTIONS, NULL};
static const char *const wanted_without_identity[] = {DWARF_SECTIONS(X) NULL};
static const char *const wanted_of_module[] = {DWARF_SECTIONS(X) MODULE_INFORMATION_SECTION, NULL};
#undef X

struct error *analyze_list_bytes(int file_descriptor, const char *path, unsigned step,
                                 bool wants_identity, struct byte_spans *spans)
{
    return elf_parts_list(file_descriptor, path, (enum elf_part)step,
                          wants_identity ? wanted_sections : wanted_without_identity, spans);
}

/* Finds all that the file defines, and says of what it says itself to be. */
static struct error *scan(struct analysis *analysis, struct kernel_layouts *layouts)
{
    TRY(unit_list_read(&analysis->sections, &analysis->units));
    TRY(scan_units(analysis));
    TRY(tell_split_off(analysis, layouts));
    TRY(kernel_identity_read(&analysis->image, &layouts->arena, &layouts->identity));
    return write_versions(analysis->versions_seen, &layouts->arena,
                          &layouts->identity.dwarf_versions);
}

static struct error *decode(struct analysis *analysis, bool needs_digests,
                            struct kernel_layouts *layouts)
{
    const struct layout_assembly_input input = {
        .sections = &analysis->sections,
        .units = &analysis->units,
        .index = &analysis->index,
        .jobs = analysis->jobs,
        .needs_digests = needs_digests,
    };

    return layout_assembly_run(&input, layouts);
}

static struct error *read_vmlinux(struct analysis *analysis, int file_descriptor, const char *path,
                                  struct known_definitions *known, struct kernel_layouts *layouts)
{
    TRY(elf_image_open(file_descriptor, path, wanted_sections, &analysis->image));
    TRY(dwarf_sections_find(&analysis->image, &analysis->sections));
    TRY(scan(analysis, layouts));
    TRY(check_something_was_found(analysis, layouts));
    if (known)
        TRY(known_definitions_add_all(known, &analysis->sections, &analysis->units,
                                      &analysis->index));
    return decode(analysis, known != NULL, layouts);
}

static struct error *finish(struct analysis *analysis, const char *path, struct error *error,
                            struct kernel_layouts *layouts, struct kernel_layouts *layouts_ret)
{
    definition_index_deinit(&analysis->index);
    free(analysis->scanners);
    free(analysis->outcomes);
    free(analysis->imported);
    unit_list_deinit(&analysis->units);
    elf_image_close(&analysis->image);
    if (error) {
        kernel_layouts_deinit(layouts);
        return error_locate(error, path);
    }
    *layouts_ret = *layouts;
    return NULL;
}

struct error *analyze_vmlinux(int file_descriptor, const char *path, unsigned jobs,
                              struct known_definitions *known, struct kernel_layouts *layouts_ret)
{
    struct analysis analysis = {.jobs = jobs > 0 ? jobs : 1};
    struct kernel_layouts layouts;

    definition_index_init(&analysis.index);
    kernel_layouts_init(&layouts);
    struct error *error = read_vmlinux(&analysis, file_descriptor, path, known, &layouts);
    return finish(&analysis, path, error, &layouts, layouts_ret);
}

/* All that was read is the module's. */
static struct error *make_module(struct analysis *analysis, struct kernel_layouts *layouts)
{
    struct kernel_image *module = arena_allocate(&layouts->arena, 1, sizeof(*module));

    if (!module)
        return error_out_of_memory();
    module->name = "";
    module->build_id = layouts->identity.build_id;
    TRY(module_source_version_read(&analysis->image, &layouts->arena, &module->source_version));
    module->definition_count = layouts->definition_count;
    module->definitions = layouts->definitions;
    layouts->modules = module;
    layouts->module_count = 1;
    layouts->definitions = NULL;
    layouts->definition_count = 0;
    return NULL;
}

static struct error *read_module(struct analysis *analysis, const struct module_file *file,
                                 struct kernel_layouts *layouts)
{
    TRY(elf_image_open_module(file->bytes, file->byte_size, file->path, wanted_of_module,
                              &analysis->image));
    TRY(dwarf_sections_find(&analysis->image, &analysis->sections));
    analysis->sections.are_names_portable = true;
    analysis->sections.file_number = file->number;
    TRY(scan(analysis, layouts));
    TRY(decode(analysis, true, layouts));
    return make_module(analysis, layouts);
}

struct error *analyze_module(const struct module_file *file, const struct known_definitions *known,
                             struct kernel_layouts *layouts_ret)
{
    struct analysis analysis = {.jobs = 1, .known = known};
    struct kernel_layouts layouts;

    definition_index_init(&analysis.index);
    kernel_layouts_init(&layouts);
    struct error *error = read_module(&analysis, file, &layouts);
    return finish(&analysis, file->path, error, &layouts, layouts_ret);
}
