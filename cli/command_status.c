/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/buffer.h"
#include "cli/cli.h"
#include "cli/kernel_update.h"
#include "cli/pattern_resolution.h"

static const char usage[] =
    "usage: kstruct status\n"
    "\n"
    "Prints a line for each kernel of the list, then for each other one of the data set: what is\n"
    "there, what is missing, and why.\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

static void append_stored(struct buffer *text, const struct dataset_kernel *kernel)
{
    buffer_append_format(text, "%" PRIu64 " structs, read %s from %s", kernel->struct_count,
                         kernel->read_at, kernel->package);
}

static struct error *append_entry(struct buffer *text, struct dataset *dataset,
                                  const struct kernel_entry *entry,
                                  const struct dataset_kernel *kernel)
{
    CLEANUP(dataset_failure_deinit) struct dataset_failure failure = {0};

    if (dataset)
        TRY(dataset_last_failure(dataset, entry->name.text, &failure));
    buffer_append_format(text, "%-40s ", entry->name.text);
    if (entry->skip_reason)
        buffer_append_format(text, "skipped: %s", entry->skip_reason);
    else if (failure.reason)
        buffer_append_format(text, "failed %s: %s: %s", failure.failed_at, failure.kind,
                             failure.reason);
    else if (entry->is_pattern)
        buffer_append_text(text, "not resolved yet; run and fetch do it");
    else if (!kernel)
        buffer_append_text(text, "missing");
    else if (!kernel_update_is_done(entry, kernel)) {
        append_stored(text, kernel);
        buffer_append_text(text, "; what the list asks for differs now, and run will read it");
    } else
        append_stored(text, kernel);
    buffer_append_char(text, '\n');
    return NULL;
}

static struct error *append_all(struct buffer *text, struct dataset *dataset,
                                const struct kernel_list *list,
                                const struct dataset_kernels *kernels)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(append_entry(text, dataset, &list->entries[i],
                         dataset_kernels_find(kernels, list->entries[i].name.text)));
    for (size_t i = 0; i < kernels->count; i++) {
        if (kernel_list_find(list, kernels->kernels[i].name))
            continue;
        buffer_append_format(text, "%-40s not in the list: ", kernels->kernels[i].name);
        append_stored(text, &kernels->kernels[i]);
        buffer_append_char(text, '\n');
    }
    return NULL;
}

static struct error *print_status(struct cli *cli, const struct kernel_list *list,
                                  struct buffer *text)
{
    struct dataset_kernels kernels = {0};
    struct dataset *dataset = NULL;

    struct error *error = cli_open_dataset(cli, DATASET_READ, &dataset);
    if (!error) {
        error = dataset_list(dataset, &kernels);
    } else if (error->code == ERROR_NOT_FOUND) {
        error_destroy(error); /* before the first run every kernel is missing */
        error = NULL;
    }
    if (!error)
        error = append_all(text, dataset, list, &kernels);
    dataset_kernels_deinit(&kernels);
    dataset_close(dataset);
    TRY(error);
    TRY(buffer_check(text, "the status"));
    return cli_print(buffer_text(text), text->length);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const struct option_value own[] = {{0}};
    CLEANUP(buffer_deinit) struct buffer text;
    struct kernel_list list;
    int next;

    buffer_init(&text, OUTPUT_MAXIMUM);
    TRY(cli_begin(cli, &command_status, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("status", "no word is wanted");
    TRY(cli_read_list(cli, &list));
    struct error *error = pattern_resolution_recall(cli, &list);
    if (!error)
        error = print_status(cli, &list, &text);
    kernel_list_deinit(&list);
    return error;
}

const struct command command_status = {
    .name = "status",
    .summary = "what is there, missing, failed and why",
    .usage = usage,
    .run = run,
};
