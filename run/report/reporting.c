/* SPDX-License-Identifier: MIT */
#include "run/report/reporting.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "base/text/counted.h"
#include "base/text/hexadecimal.h"
#include "report/news/changes.h"
#include "report/output/output_folder.h"
#include "report/output/report_state.h"
#include "run/fetching/pattern_resolution.h"
#include "run/report/report_coverage.h"
#include "run/report/report_selection.h"
#include "run/watch.h"

/* What the report was made from and its files as they were then, each as a hash. The mark of the
 * directory has room for it; an empty one tells of a report that is not complete. */
#define STAMP_NAME OUTPUT_DIRECTORY_MARK

enum { STAMP_BYTES_MAXIMUM = 256, INPUTS_BYTES_MAXIMUM = 64 * 1024 * 1024 };

static void append_groups(struct buffer *inputs, const struct kernel_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        buffer_append_format(inputs, "group %s\n", group->name);
        for (size_t j = 0; j < group->kernel_count; j++)
            buffer_append_format(inputs, "kernel %zu\n", group->kernels[j]);
        for (size_t j = 0; j < group->pair_count; j++)
            buffer_append_format(inputs, "pair %zu %zu\n", group->pairs[j].before,
                                 group->pairs[j].after);
    }
}

static void append_coverage(struct buffer *inputs, const struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        const char *const texts[] = {
            kernel->name,        kernel->reason,         kernel->package,  kernel->package_version,
            kernel->url,         kernel->sha256,         kernel->build_id, kernel->release,
            kernel->compiler,    kernel->dwarf_versions, kernel->read_on,  kernel->digest,
            kernel->passed_over,
        };
        buffer_append_format(inputs, "kernel %d %d %d %" PRIu64 "\n", kernel->state,
                             kernel->is_baseline, kernel->are_modules_known, kernel->module_count);
        for (size_t j = 0; j < ARRAY_LENGTH(texts); j++)
            buffer_append_format(inputs, "%s\n", texts[j]);
    }
}

/* Which reading of each kernel it is: places and further definitions, which pages show too, may
 * differ where layouts do not. */
static void append_readings(struct buffer *inputs, const struct report_selection *selection,
                            const struct dataset_kernels *kernels)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct kernel_record *kernel = dataset_kernels_find(kernels, selection->texts[i]);
        if (kernel)
            buffer_append_format(inputs, "read %s %s %" PRIu64 "\n", kernel->read_at,
                                 kernel->reader, kernel->reader_revision);
    }
}

/* What a report is made from, and where to. */
struct report_job {
    struct workspace *workspace;
    struct dataset *dataset;
    const struct reporting_options *options;
    struct report_selection selection;
    struct report_coverage coverage;
    const struct dataset_kernels *kernels;
    unsigned formats;
};

static void report_job_deinit(struct report_job *job)
{
    report_selection_deinit(&job->selection);
    report_coverage_deinit(&job->coverage);
}

/* Where it will be; "" if that is not known. */
static const char *url_of(const struct report_job *job)
{
    const char *url = job->workspace->settings.report_url;

    return url ? url : "";
}

/* The stamp of a report that is made from what JOB has and whose files are in STATE. */
static struct error *compute_stamp(const struct report_job *job, const struct report_state *state,
                                   struct buffer *stamp)
{
    CLEANUP(buffer_deinit) struct buffer inputs;
    uint8_t digest[SHA256_BYTES];

    buffer_init(&inputs, INPUTS_BYTES_MAXIMUM);
    /* Another program may write other bytes, and nobody has to remember to say so. */
    buffer_append_format(&inputs, "report %s %u %s\n", KSTRUCT_VERSION, job->formats, url_of(job));
    append_coverage(&inputs, &job->coverage.coverage);
    append_readings(&inputs, &job->selection, job->kernels);
    append_groups(&inputs, &job->selection.kernel_groups);
    TRY(buffer_check(&inputs, "the report's inputs"));
    TRY(sha256_digest(inputs.data, inputs.length, digest));
    hexadecimal_append(stamp, digest, sizeof(digest));
    buffer_append_char(stamp, ' ');
    hexadecimal_append(stamp, state->fingerprint, sizeof(state->fingerprint));
    buffer_append_char(stamp, '\n');
    return buffer_check(stamp, "the report's stamp");
}

static struct error *write_files(const struct report_job *job, struct report_result *result_ret)
{
    struct history history;
    const struct interruption *interruption = job->options->interruption;
    const struct report_options options = {.directory = job->options->directory,
                                           .adopts = job->options->adopts,
                                           .formats = job->formats,
                                           .url = job->workspace->settings.report_url,
                                           .jobs = job->workspace->jobs,
                                           .observer = job->options->observer,
                                           .log = &job->workspace->log,
                                           .is_cancelled =
                                               interruption ? &interruption->is_over : NULL};

    const struct dataset_selection selection = {.kernel_count = job->selection.count,
                                                .kernel_names = job->selection.texts,
                                                .kinds = DEFINITION_KINDS_ALL,
                                                .has_details = job->formats != REPORT_MARKDOWN};
    TRY(dataset_load_history(job->dataset, &selection, &history));
    const struct report_input input = {&history, &job->selection.kernel_groups,
                                       &job->coverage.coverage};
    struct error *error = report_write(&input, &options, result_ret);
    history_deinit(&history);
    return error;
}

/* Writes what is missing or different, and the stamp when all is right. */
static struct error *bring_up_to_date(struct report_job *job, const char *stamp_path,
                                      const struct buffer *old_stamp,
                                      struct report_result *result_ret)
{
    CLEANUP(buffer_deinit) struct buffer stamp;

    buffer_init(&stamp, STAMP_BYTES_MAXIMUM);
    TRY(report_claim(job->options->directory, job->options->adopts));
    /* Until the report is complete again, nothing may say that it is. */
    if (!file_holds(stamp_path, old_stamp->data, old_stamp->length))
        TRY(file_update(stamp_path, "", 0));
    TRY(write_files(job, result_ret));
    TRY(compute_stamp(job, &result_ret->state, &stamp));
    return file_update(stamp_path, stamp.data, stamp.length);
}

static struct error *write_report(struct report_job *job, bool *is_current_ret,
                                  struct report_result *result_ret)
{
    const struct reporting_options *options = job->options;
    CLEANUP(free_pointer) char *stamp_path = path_join(options->directory, STAMP_NAME);
    CLEANUP(buffer_deinit) struct buffer stamp;
    struct report_state state;

    buffer_init(&stamp, STAMP_BYTES_MAXIMUM);
    if (!stamp_path)
        return error_out_of_memory();
    TRY(report_look(options->directory, &state));
    /* A format that is there already would grow old if it were left alone. */
    job->formats = options->formats | state.formats;
    TRY(compute_stamp(job, &state, &stamp));
    *result_ret = (struct report_result){0};
    *is_current_ret = !options->is_forced && file_holds(stamp_path, stamp.data, stamp.length);
    return *is_current_ret ? NULL : bring_up_to_date(job, stamp_path, &stamp, result_ret);
}

struct error *reporting_open(struct workspace *workspace, bool takes_all,
                             struct kernel_list *list_ret, struct dataset **dataset_ret)
{
    struct kernel_list list = {0};
    struct dataset *dataset = NULL;

    if (!takes_all)
        TRY(workspace_read_list(workspace, &list));
    struct error *error = pattern_resolution_recall(workspace, &list);
    if (!error)
        error = workspace_open_dataset(workspace, DATASET_READ, &dataset);
    if (!error)
        error = pattern_resolution_add_stand_ins(dataset, &list);
    if (error) {
        dataset_close(dataset);
        kernel_list_deinit(&list);
        return error;
    }
    *list_ret = list;
    *dataset_ret = dataset;
    return NULL;
}

struct error *reporting_run(struct workspace *workspace, struct dataset *dataset,
                            const struct reporting_options *options, bool *is_current_ret,
                            struct report_result *result_ret)
{
    CLEANUP(report_job_deinit)
    struct report_job job = {.workspace = workspace, .dataset = dataset, .options = options};
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};

    TRY(dataset_list(dataset, &kernels));
    job.kernels = &kernels;
    TRY(report_select(workspace, options->list, &kernels, &job.selection));
    TRY(report_coverage_make(dataset, options->list, &kernels, &job.selection, &job.coverage));
    return write_report(&job, is_current_ret, result_ret);
}

void reporting_log(struct workspace *workspace, const char *directory, bool is_current,
                   const struct report_result *result)
{
    if (is_current) {
        log_write(&workspace->log, LOG_NOTICE, "%s: up to date", directory);
        return;
    }
    log_write(&workspace->log, LOG_NOTICE, "%s: %zu %s: %zu written, %zu unchanged, %zu removed",
              directory, COUNTED(result->page_count, "page"), result->written_count,
              result->unchanged_count, result->removed_count);
    log_write(&workspace->log, LOG_NOTICE, "%s: %zu %s: %zu written", directory,
              COUNTED(result->table_count, "table"), result->table_written_count);
}

/* The report's directory as the settings say; free with free(). */
static struct error *find_directory(const struct workspace *workspace, char **path_ret)
{
    if (!workspace->settings.report_dir)
        return workspace_path(workspace, "report", path_ret);
    *path_ret = strdup(workspace->settings.report_dir);
    return *path_ret ? NULL : error_out_of_memory();
}

struct error *reporting_claim(const struct workspace *workspace)
{
    CLEANUP(free_pointer) char *directory = NULL;

    TRY(find_directory(workspace, &directory));
    return report_claim(directory, false);
}

struct error *reporting_recall(const struct workspace *workspace, struct change_log *log)
{
    CLEANUP(free_pointer) char *directory = NULL;

    *log = (struct change_log){0};
    TRY(find_directory(workspace, &directory));
    return changes_recall(directory, log, NULL);
}

struct error *reporting_refresh(struct workspace *workspace, struct dataset *dataset,
                                const struct kernel_list *list,
                                const struct interruption *interruption, bool *is_current_ret)
{
    CLEANUP(free_pointer) char *directory = NULL;
    struct report_result result;

    TRY(find_directory(workspace, &directory));
    struct reporting_options options = {
        .directory = directory, .list = list, .interruption = interruption};
    TRY(report_parse_formats(workspace->settings.report_format, &options.formats));
    struct watch *watch = workspace_watch(workspace);
    options.observer = watch_report(watch);
    struct error *error = reporting_run(workspace, dataset, &options, is_current_ret, &result);
    watch_end(watch);
    if (error && error->code == ERROR_INTERRUPTED) {
        error_destroy(error);
        error = interruption_check(interruption);
    }
    TRY(error);
    if (!*is_current_ret)
        reporting_log(workspace, options.directory, false, &result);
    return NULL;
}
