/* SPDX-License-Identifier: MIT */
#include "run/report/report_coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/hexadecimal.h"

static struct error *copy(struct report_coverage *coverage, const char *text, const char **copy_ret)
{
    *copy_ret = arena_copy_text(&coverage->arena, text, strlen(text));
    return *copy_ret ? NULL : error_out_of_memory();
}

static struct error *fill_name(struct report_coverage *coverage, const struct kernel_name *name,
                               struct coverage_kernel *kernel)
{
    TRY(copy(coverage, name->text, &kernel->name));
    TRY(copy(coverage, name->version, &kernel->version));
    TRY(copy(coverage, name->abi, &kernel->abi));
    TRY(copy(coverage, name->flavor, &kernel->flavor));
    return copy(coverage, name->architecture, &kernel->architecture);
}

static struct error *fill_digest(struct report_coverage *coverage,
                                 const uint8_t digest[LAYOUT_DIGEST_BYTES],
                                 struct coverage_kernel *kernel)
{
    char text[2 * LAYOUT_DIGEST_BYTES + 1];

    hexadecimal(digest, LAYOUT_DIGEST_BYTES, text);
    return copy(coverage, text, &kernel->digest);
}

static struct error *fill_stored(struct report_coverage *coverage,
                                 const struct kernel_record *stored, struct coverage_kernel *kernel)
{
    kernel->state = COVERAGE_ANALYZED;
    kernel->struct_count = stored->counts[DEFINITION_STRUCT];
    kernel->are_modules_known = stored->modules == MODULES_READ;
    kernel->module_count = stored->module_count;
    TRY(copy(coverage, stored->package, &kernel->package));
    TRY(copy(coverage, stored->package_version, &kernel->package_version));
    TRY(copy(coverage, stored->url, &kernel->url));
    TRY(copy(coverage, stored->sha256, &kernel->sha256));
    TRY(copy(coverage, stored->build_id, &kernel->build_id));
    TRY(copy(coverage, stored->release, &kernel->release));
    TRY(copy(coverage, stored->compiler, &kernel->compiler));
    TRY(copy(coverage, stored->dwarf_versions, &kernel->dwarf_versions));
    TRY(copy(coverage, stored->passed_over, &kernel->passed_over));
    /* The day will do; reports of the same packages should not differ by seconds. */
    kernel->read_on = arena_copy_text(&coverage->arena, stored->read_at,
                                      strnlen(stored->read_at, strlen("2000-01-01")));
    if (!kernel->read_on)
        return error_out_of_memory();
    return fill_digest(coverage, stored->digest, kernel);
}

/* When it failed is not told: a kernel that fails every night does not change the report. */
static struct error *fill_failure(const struct dataset_failures *failures,
                                  struct report_coverage *coverage, struct coverage_kernel *kernel)
{
    const struct dataset_failure *failure = dataset_failures_find(failures, kernel->name);
    CLEANUP(free_pointer) char *reason = NULL;

    if (!failure)
        return NULL;
    if (kernel->state == COVERAGE_NOT_YET)
        kernel->state = COVERAGE_FAILED;
    if (asprintf(&reason, "%s: %s", failure->kind, failure->reason) < 0)
        return error_out_of_memory();
    return copy(coverage, reason, &kernel->reason);
}

static struct coverage_kernel *add_kernel(struct report_coverage *coverage)
{
    struct coverage_kernel *kernel = &coverage->coverage.kernels[coverage->coverage.count++];

    *kernel = (struct coverage_kernel){
        .state = COVERAGE_NOT_YET,
        .report_index = COVERAGE_NOT_IN_REPORT,
        .reason = "",
        .package = "",
        .package_version = "",
        .url = "",
        .sha256 = "",
        .build_id = "",
        .release = "",
        .compiler = "",
        .dwarf_versions = "",
        .read_on = "",
        .digest = "",
        .passed_over = "",
    };
    return kernel;
}

static size_t selected_index(const struct report_selection *selection, const char *name)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (strcmp(selection->texts[i], name) == 0)
            return i;
    }
    return COVERAGE_NOT_IN_REPORT;
}

static struct error *add_named(const struct dataset_failures *failures,
                               const struct kernel_name *name, const char *skip_reason,
                               const struct dataset_kernels *kernels,
                               const struct report_selection *selection,
                               struct report_coverage *coverage)
{
    const struct kernel_record *stored = dataset_kernels_find(kernels, name->text);
    struct coverage_kernel *kernel = add_kernel(coverage);

    TRY(fill_name(coverage, name, kernel));
    if (skip_reason) {
        kernel->state = COVERAGE_SKIPPED;
        return copy(coverage, skip_reason, &kernel->reason);
    }
    kernel->report_index = selected_index(selection, name->text);
    kernel->is_baseline = kernel->report_index != COVERAGE_NOT_IN_REPORT &&
                          kernel->report_index == selection->baseline;
    if (stored)
        TRY(fill_stored(coverage, stored, kernel));
    return fill_failure(failures, coverage, kernel);
}

struct error *report_coverage_make(struct dataset *dataset, const struct kernel_list *list,
                                   const struct dataset_kernels *kernels,
                                   const struct report_selection *selection,
                                   struct report_coverage *coverage)
{
    CLEANUP(dataset_failures_deinit) struct dataset_failures failures = {0};
    size_t count = list ? list->count : selection->count;

    *coverage = (struct report_coverage){0};
    coverage->coverage.kernels =
        arena_allocate(&coverage->arena, count + 1, sizeof(*coverage->coverage.kernels));
    if (!coverage->coverage.kernels)
        return error_out_of_memory();
    TRY(dataset_list_failures(dataset, &failures));
    for (size_t i = 0; i < count; i++)
        TRY(add_named(&failures, list ? &list->entries[i].name : &selection->names[i],
                      list ? list->entries[i].skip_reason : NULL, kernels, selection, coverage));
    return NULL;
}

void report_coverage_deinit(struct report_coverage *coverage)
{
    arena_deinit(&coverage->arena);
    coverage->coverage = (struct coverage){0};
}
