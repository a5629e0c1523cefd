/* SPDX-License-Identifier: MIT */
#include "cli/reporting.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "cli/report_coverage.h"
#include "cli/report_selection.h"

/* In the report's directory: a hash of what the report was made from, and how many pages it has. */
#define STAMP_NAME ".kstruct-report"

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
            kernel->name,     kernel->reason,         kernel->package,  kernel->package_version,
            kernel->url,      kernel->sha256,         kernel->build_id, kernel->release,
            kernel->compiler, kernel->dwarf_versions, kernel->read_on,  kernel->digest,
        };
        buffer_append_format(inputs, "kernel %d %d\n", kernel->state, kernel->is_baseline);
        for (size_t j = 0; j < ARRAY_LENGTH(texts); j++)
            buffer_append_format(inputs, "%s\n", texts[j]);
    }
}

/* What a report is made from, and where to. */
struct report_job {
    struct cli *cli;
    struct dataset *dataset;
    const struct reporting_options *options;
    struct report_selection selection;
    struct report_coverage coverage;
    unsigned formats;
};

static void report_job_deinit(struct report_job *job)
{
    report_selection_deinit(&job->selection);
    report_coverage_deinit(&job->coverage);
}

/* The hash, in hexadecimal and with a space behind it, of all that the report follows from. */
static struct error *compute_stamp(const struct report_job *job, struct buffer *stamp)
{
    CLEANUP(buffer_deinit) struct buffer inputs;
    uint8_t digest[LAYOUT_DIGEST_BYTES];

    buffer_init(&inputs, INPUTS_BYTES_MAXIMUM);
    buffer_append_format(&inputs, "report %d %u\n", REPORT_REVISION, job->formats);
    append_coverage(&inputs, &job->coverage.coverage);
    append_groups(&inputs, &job->selection.kernel_groups);
    TRY(buffer_check(&inputs, "the report's inputs"));
    if (EVP_Digest(inputs.data, inputs.length, digest, NULL, EVP_sha256(), NULL) != 1)
        return error_create(ERROR_INTERNAL, NULL, "SHA-256 is not available");
    for (size_t i = 0; i < sizeof(digest); i++)
        buffer_append_format(stamp, "%02x", digest[i]);
    buffer_append_char(stamp, ' ');
    return buffer_check(stamp, "the report's stamp");
}

/* Does the file at PATH hold this stamp, and does the report have as many files as it says? */
static bool is_current(const char *path, const struct buffer *stamp, size_t file_count)
{
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;
    struct error *error = file_read(path, STAMP_BYTES_MAXIMUM, &bytes, &length);

    if (error) {
        /* The report will be written, and say what is wrong if something is. */
        error_destroy(error);
        return false;
    }
    return length > stamp->length && memcmp(bytes, stamp->data, stamp->length) == 0 &&
           strtoull(bytes + stamp->length, NULL, 10) == file_count;
}

static struct error *write_files(const struct report_job *job, struct report_result *result_ret)
{
    struct history history;
    const struct report_options options = {
        .directory = job->options->directory, .formats = job->formats, .jobs = job->cli->jobs};

    TRY(dataset_load_history(job->dataset, job->selection.texts, job->selection.count,
                             job->formats == REPORT_MARKDOWN ? HISTORY_LAYOUTS : HISTORY_DETAILS,
                             &history));
    const struct report_input input = {&history, &job->selection.kernel_groups,
                                       &job->coverage.coverage};
    struct error *error = report_write(&input, &options, result_ret);
    history_deinit(&history);
    return error;
}

static struct error *write_report(struct report_job *job, bool *is_current_ret,
                                  struct report_result *result_ret)
{
    const struct reporting_options *options = job->options;
    CLEANUP(free_pointer) char *stamp_path = path_join(options->directory, STAMP_NAME);
    CLEANUP(buffer_deinit) struct buffer stamp;
    unsigned formats_there;
    size_t file_count;

    buffer_init(&stamp, STAMP_BYTES_MAXIMUM);
    if (!stamp_path)
        return error_out_of_memory();
    TRY(report_look(options->directory, &formats_there, &file_count));
    /* A format that is there already would grow old if it were left alone. */
    job->formats = options->formats | formats_there;
    TRY(compute_stamp(job, &stamp));
    *result_ret = (struct report_result){0};
    *is_current_ret = options->only_if_needed && is_current(stamp_path, &stamp, file_count);
    if (*is_current_ret)
        return NULL;
    /* Until the report is complete again, nothing may say that it is. */
    unlink(stamp_path);
    TRY(write_files(job, result_ret));
    buffer_append_format(&stamp, "%zu\n", result_ret->page_count);
    TRY(buffer_check(&stamp, "the report's stamp"));
    return file_replace(stamp_path, stamp.data, stamp.length);
}

struct error *reporting_run(struct cli *cli, struct dataset *dataset,
                            const struct reporting_options *options, bool *is_current_ret,
                            struct report_result *result_ret)
{
    CLEANUP(report_job_deinit)
    struct report_job job = {.cli = cli, .dataset = dataset, .options = options};
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};

    TRY(dataset_list(dataset, &kernels));
    TRY(report_select(cli, options->list, &kernels, &job.selection));
    TRY(report_coverage_make(dataset, options->list, &kernels, &job.selection, &job.coverage));
    return write_report(&job, is_current_ret, result_ret);
}

void reporting_log(struct cli *cli, const char *directory, const struct report_result *result)
{
    log_write(&cli->log, LOG_NOTICE, "%s: %zu pages: %zu written, %zu unchanged, %zu removed",
              directory, result->page_count, result->written_count, result->unchanged_count,
              result->removed_count);
    log_write(&cli->log, LOG_NOTICE, "%s: %zu tables: %zu written", directory, result->table_count,
              result->table_written_count);
}

struct error *reporting_refresh(struct cli *cli, struct dataset *dataset,
                                const struct kernel_list *list, bool *is_current_ret)
{
    const char *directory = cli->settings.report_dir;
    CLEANUP(free_pointer) char *default_directory = NULL;
    struct report_result result;

    TRY(cli_data_path(cli, "report", &default_directory));
    struct reporting_options options = {
        .directory = directory ? directory : default_directory,
        .list = list,
        .only_if_needed = true,
    };
    TRY(report_parse_formats(cli->settings.report_format, &options.formats));
    TRY(reporting_run(cli, dataset, &options, is_current_ret, &result));
    if (!*is_current_ret)
        reporting_log(cli, options.directory, &result);
    return NULL;
}
