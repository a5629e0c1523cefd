/* SPDX-License-Identifier: MIT */
#include "cli/reporting.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "config/grouping.h"

/* In the report's directory: a hash of what the report was made from, and how many pages it has. */
#define STAMP_NAME ".kstruct-report"

enum { STAMP_BYTES_MAXIMUM = 256, INPUTS_BYTES_MAXIMUM = 64 * 1024 * 1024 };

/* The kernels of a report. */
struct selection {
    size_t count;
    struct kernel_name *names;
    const char **texts;  /* the names' own */
    const char **groups; /* group= of the list; NULL where there is none */
    size_t baseline;
    struct kernel_groups kernel_groups;
};

static void selection_deinit(struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++)
        kernel_name_deinit(&selection->names[i]);
    free(selection->names);
    free(selection->texts);
    free(selection->groups);
    kernel_groups_deinit(&selection->kernel_groups);
}

static struct error *add_kernel(struct selection *selection, const char *name, const char *group,
                                bool is_baseline)
{
    size_t index = selection->count;

    TRY(kernel_name_parse(name, &selection->names[index]));
    selection->texts[index] = selection->names[index].text;
    selection->groups[index] = group;
    if (is_baseline)
        selection->baseline = index;
    selection->count++;
    return NULL;
}

static struct error *allocate(struct selection *selection, size_t count)
{
    selection->names = calloc(count + 1, sizeof(*selection->names));
    selection->texts = calloc(count + 1, sizeof(*selection->texts));
    selection->groups = calloc(count + 1, sizeof(*selection->groups));
    selection->baseline = GROUPING_NO_BASELINE;
    if (!selection->names || !selection->texts || !selection->groups)
        return error_out_of_memory();
    return NULL;
}

static struct error *select_listed(struct cli *cli, const struct kernel_list *list,
                                   const struct dataset_kernels *kernels,
                                   struct selection *selection)
{
    TRY(allocate(selection, list->count));
    for (size_t i = 0; i < list->count; i++) {
        const struct kernel_entry *entry = &list->entries[i];
        bool is_there = dataset_kernels_find(kernels, entry->name.text) != NULL;
        if (!is_there && entry->is_baseline)
            log_write(&cli->log, LOG_WARNING,
                      "%s: the baseline is not in the data set; the report takes another one",
                      entry->name.text);
        if (is_there && !entry->skip_reason)
            TRY(add_kernel(selection, entry->name.text, entry->group, entry->is_baseline));
    }
    if (selection->count == 0)
        return error_create(ERROR_NOT_FOUND, list->path,
                            "the data set has none of its kernels; `kstruct run` gets them, "
                            "`kstruct report --all` takes what is there");
    return NULL;
}

static struct error *select_all(const struct dataset_kernels *kernels, struct selection *selection)
{
    TRY(allocate(selection, kernels->count));
    for (size_t i = 0; i < kernels->count; i++)
        TRY(add_kernel(selection, kernels->kernels[i].name, NULL, false));
    if (selection->count == 0)
        return error_create(ERROR_NOT_FOUND, NULL,
                            "the data set has no kernels yet; `kstruct run` gets them");
    return NULL;
}

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

/* The hash, in hexadecimal and with a space behind it, of all that the pages follow from. */
static struct error *compute_stamp(const struct selection *selection,
                                   const struct dataset_kernels *kernels, struct buffer *stamp)
{
    struct buffer inputs;
    uint8_t digest[LAYOUT_DIGEST_BYTES];

    buffer_init(&inputs, INPUTS_BYTES_MAXIMUM);
    buffer_append_format(&inputs, "md %d\n", REPORT_PAGE_FORMAT);
    for (size_t i = 0; i < selection->count; i++) {
        const struct dataset_kernel *kernel = dataset_kernels_find(kernels, selection->texts[i]);
        buffer_append_format(&inputs, "%s\n", selection->texts[i]);
        buffer_append(&inputs, kernel->digest, sizeof(kernel->digest));
    }
    append_groups(&inputs, &selection->kernel_groups);
    struct error *error = buffer_check(&inputs, "the report's inputs");
    if (!error && EVP_Digest(inputs.data, inputs.length, digest, NULL, EVP_sha256(), NULL) != 1)
        error = error_create(ERROR_INTERNAL, NULL, "SHA-256 is not available");
    buffer_deinit(&inputs);
    TRY(error);
    for (size_t i = 0; i < sizeof(digest); i++)
        buffer_append_format(stamp, "%02x", digest[i]);
    buffer_append_char(stamp, ' ');
    return buffer_check(stamp, "the report's stamp");
}

/* Does the file at PATH hold this stamp, and does DIRECTORY have as many pages as it says? */
static bool is_current(const char *directory, const char *path, const struct buffer *stamp)
{
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;
    size_t page_count = 0;
    struct error *error = file_read(path, STAMP_BYTES_MAXIMUM, &bytes, &length);

    if (!error)
        error = report_count_pages(directory, &page_count);
    if (error) {
        /* The report will be written, and say what is wrong if something is. */
        error_destroy(error);
        return false;
    }
    return length > stamp->length && memcmp(bytes, stamp->data, stamp->length) == 0 &&
           strtoull(bytes + stamp->length, NULL, 10) == page_count;
}

static struct error *write_pages(struct cli *cli, struct dataset *dataset,
                                 const struct selection *selection, const char *directory,
                                 struct report_result *result_ret)
{
    const struct report_options options = {.directory = directory, .jobs = cli->jobs};
    struct history history;

    TRY(dataset_load_history(dataset, selection->texts, selection->count, &history));
    struct error *error =
        report_write_pages(&history, &selection->kernel_groups, &options, result_ret);
    history_deinit(&history);
    return error;
}

static struct error *write_report(struct cli *cli, struct dataset *dataset,
                                  const struct reporting_options *options,
                                  const struct dataset_kernels *kernels,
                                  struct selection *selection, bool *is_current_ret,
                                  struct report_result *result_ret)
{
    CLEANUP(free_pointer) char *stamp_path = path_join(options->directory, STAMP_NAME);
    CLEANUP(buffer_deinit) struct buffer stamp;

    buffer_init(&stamp, STAMP_BYTES_MAXIMUM);
    if (!stamp_path)
        return error_out_of_memory();
    TRY(grouping_build(selection->names, selection->groups, selection->count, selection->baseline,
                       &selection->kernel_groups));
    TRY(compute_stamp(selection, kernels, &stamp));
    *result_ret = (struct report_result){0};
    *is_current_ret = options->only_if_needed && is_current(options->directory, stamp_path, &stamp);
    if (*is_current_ret)
        return NULL;
    /* Until the report is complete again, nothing may say that it is. */
    unlink(stamp_path);
    TRY(write_pages(cli, dataset, selection, options->directory, result_ret));
    buffer_append_format(&stamp, "%zu\n", result_ret->page_count);
    TRY(buffer_check(&stamp, "the report's stamp"));
    return file_replace(stamp_path, stamp.data, stamp.length);
}

struct error *reporting_run(struct cli *cli, struct dataset *dataset,
                            const struct reporting_options *options, bool *is_current_ret,
                            struct report_result *result_ret)
{
    struct dataset_kernels kernels;
    struct selection selection = {0};

    TRY(dataset_list(dataset, &kernels));
    struct error *error = options->list ? select_listed(cli, options->list, &kernels, &selection)
                                        : select_all(&kernels, &selection);
    if (!error)
        error =
            write_report(cli, dataset, options, &kernels, &selection, is_current_ret, result_ret);
    selection_deinit(&selection);
    dataset_kernels_deinit(&kernels);
    return error;
}
