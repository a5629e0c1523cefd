/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fetching.h"

static const char usage[] =
    "usage: kstruct fetch [KERNEL…]\n"
    "\n"
    "Finds, downloads and verifies the packages of the list's kernels, or of those named, and\n"
    "prints their paths.\n";

static struct error *print_path(const struct fetched_package *package)
{
    TRY(cli_print(package->path, strlen(package->path)));
    return cli_print("\n", 1);
}

static struct error *fetch_one(struct cli *cli, const struct kernel_entry *entry)
{
    struct fetched_package package = {0};

    TRY(fetching_run(cli, entry, &package));
    struct error *error = print_path(&package);
    fetched_package_deinit(&package);
    return error;
}

static struct error *fetch_selected(struct cli *cli, const struct kernel_list *list,
                                    char *const *words, int count, enum exit_status *status)
{
    size_t *indexes = NULL;
    size_t index_count = 0;
    size_t failed = 0;

    TRY(fetching_select(list, words, count, &indexes, &index_count));
    for (size_t i = 0; i < index_count; i++) {
        const struct kernel_entry *entry = &list->entries[indexes[i]];
        struct error *error = error_locate(fetch_one(cli, entry), entry->name.text);
        if (!error)
            continue;
        log_error(&cli->log, error);
        error_destroy(error);
        failed++;
    }
    free(indexes);
    if (failed > 0)
        *status = failed < index_count ? STATUS_PARTLY : STATUS_FAILED;
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const struct option_value own[] = {{0}};
    struct kernel_list list;
    int next;

    TRY(cli_begin(cli, &command_fetch, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    TRY(cli_read_list(cli, &list));
    fetching_begin();
    struct error *error = fetch_selected(cli, &list, argv + next, argc - next, status);
    fetching_end();
    kernel_list_deinit(&list);
    return error;
}

const struct command command_fetch = {
    .name = "fetch",
    .summary = "find, download and verify packages",
    .usage = usage,
    .run = run,
};
