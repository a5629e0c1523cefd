/* SPDX-License-Identifier: MIT */
#include "analyze/analyze.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/definition_scan.h"
#include "analyze/dwarf_sections.h"
#include "analyze/elf_image.h"
#include "analyze/kernel_identity.h"
#include "analyze/layout_assembly.h"
#include "analyze/unit_list.h"
#include "base/parallel.h"

/* One vmlinux on its way. */
struct analysis {
    struct elf_image image;
    struct dwarf_sections sections;
    struct unit_list units;
    struct definition_scanner *scanners; /* one a worker */
    unsigned jobs;
    struct definition_index index; /* of all workers */
    unsigned versions_seen;
    uint64_t skeleton_unit_count;
};

static struct error *scan_one_unit(void *context, unsigned worker, size_t item)
{
    struct analysis *analysis = context;

    return definition_scan_unit(&analysis->scanners[worker], &analysis->units.units[item],
                                (uint32_t)item);
}

static struct error *merge_scanners(struct analysis *analysis)
{
    for (unsigned i = 0; i < analysis->jobs; i++) {
        struct definition_scanner *scanner = &analysis->scanners[i];
        TRY(definition_index_merge(&analysis->index, &scanner->index));
        analysis->versions_seen |= scanner->versions_seen;
        analysis->skeleton_unit_count += scanner->skeleton_unit_count;
    }
    definition_index_finish(&analysis->index);
    return NULL;
}

static struct error *scan_units(struct analysis *analysis)
{
    if (analysis->units.count > UINT32_MAX)
        return error_create(ERROR_LIMIT, analysis->image.path, "has too many units");
    analysis->scanners = calloc(analysis->jobs, sizeof(*analysis->scanners));
    if (!analysis->scanners)
        return error_out_of_memory();
    for (unsigned i = 0; i < analysis->jobs; i++)
        definition_scanner_init(&analysis->scanners[i], &analysis->sections);
    struct error *error =
        parallel_for(analysis->jobs, analysis->units.count, scan_one_unit, analysis);
    if (!error)
        error = merge_scanners(analysis);
    for (unsigned i = 0; i < analysis->jobs; i++)
        definition_scanner_deinit(&analysis->scanners[i]);
    free(analysis->scanners);
    return error;
}

static struct error *check_something_was_found(const struct analysis *analysis)
{
    if (analysis->index.name_count > 0)
        return NULL;
    if (analysis->skeleton_unit_count > 0)
        return error_create(ERROR_NO_DWARF, analysis->image.path,
                            "its debug information is split off into .dwo files, which are not in "
                            "a debug-symbol package; build without -gsplit-dwarf");
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

static struct error *run(struct analysis *analysis, int file_descriptor, const char *path,
                         struct kernel_layouts *layouts)
{
    TRY(elf_image_open(file_descriptor, path, dwarf_section_names, &analysis->image));
    TRY(dwarf_sections_find(&analysis->image, &analysis->sections));
    TRY(unit_list_read(&analysis->sections, &analysis->units));
    TRY(scan_units(analysis));
    TRY(check_something_was_found(analysis));
    TRY(kernel_identity_read(&analysis->image, &layouts->arena, &layouts->identity));
    TRY(write_versions(analysis->versions_seen, &layouts->arena,
                       &layouts->identity.dwarf_versions));
    return layout_assembly_run(&analysis->sections, &analysis->units, &analysis->index,
                               analysis->jobs, layouts);
}

struct error *analyze_vmlinux(int file_descriptor, const char *path, unsigned jobs,
                              struct kernel_layouts *layouts_ret)
{
    struct analysis analysis = {.jobs = jobs > 0 ? jobs : 1};
    struct kernel_layouts layouts;

    definition_index_init(&analysis.index);
    kernel_layouts_init(&layouts);
    struct error *error = run(&analysis, file_descriptor, path, &layouts);
    definition_index_deinit(&analysis.index);
    unit_list_deinit(&analysis.units);
    elf_image_close(&analysis.image);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error_locate(error, path);
    }
    *layouts_ret = layouts;
    return NULL;
}
