/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "model/kernel_name.h"
#include "run/child/kernel_child.h"
#include "run/data_lock.h"

static const char usage[] =
    "usage: kstruct import DIR\n"
    "\n"
    "Reads kernels in the published schema into the data set: every\n"
    "DIR/types_struct/KERNEL.jsonl or KERNEL.jsonl.zst. Kernels of the same names are\n"
    "replaced.\n";

/* "KERNEL.jsonl" or "KERNEL.jsonl.zst": the kernel's name, to be freed; NULL for other files. */
static struct error *kernel_of_file(const char *file_name, char **kernel_ret)
{
    static const char *const suffixes[] = {".jsonl", ".jsonl.zst"};

    *kernel_ret = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++) {
        if (!text_has_suffix(file_name, suffixes[i]))
            continue;
        *kernel_ret = strndup(file_name, strlen(file_name) - strlen(suffixes[i]));
        return *kernel_ret ? NULL : error_out_of_memory();
    }
    return NULL;
}

static struct error *import_file(struct cli *cli, struct dataset *dataset, const char *path,
                                 const char *kernel)
{
    struct kernel_name name;
    struct kernel_layouts layouts;

    TRY(error_locate(kernel_name_parse(kernel, &name), path));
    kernel_name_deinit(&name);
    TRY(kernel_child_read_path(&cli->workspace, KERNEL_FORM_JSON_LINES, path, &layouts));
    struct kernel_record record = layouts.identity;
    record.name = kernel;
    record.package = path_base_name(path);
    record.reader = KSTRUCT_VERSION;
    struct error *error = dataset_store(dataset, &record, &layouts);
    if (!error)
        log_write(&cli->workspace.log, LOG_NOTICE, "%s: %zu %s", kernel,
                  COUNTED(layouts.struct_count, "struct"));
    kernel_layouts_deinit(&layouts);
    return error;
}

static struct error *import_entry(struct cli *cli, struct dataset *dataset, const char *directory,
                                  const char *file_name, bool *is_kernel_ret)
{
    CLEANUP(free_pointer) char *kernel = NULL;

    TRY(kernel_of_file(file_name, &kernel));
    *is_kernel_ret = kernel != NULL;
    if (!kernel)
        return NULL;
    CLEANUP(free_pointer) char *path = path_join(directory, file_name);
    if (!path)
        return error_out_of_memory();
    return import_file(cli, dataset, path, kernel);
}

/* A bad file is logged and the others are read all the same. */
static struct error *import_files(struct cli *cli, struct dataset *dataset, const char *directory,
                                  struct dirent **entries, int count, enum exit_status *status)
{
    size_t done = 0;
    size_t failed = 0;

    for (int i = 0; i < count; i++) {
        bool is_kernel = false;
        struct error *error = import_entry(cli, dataset, directory, entries[i]->d_name, &is_kernel);
        if (error) {
            log_error(&cli->workspace.log, error);
            error_destroy(error);
            failed++;
        } else if (is_kernel) {
            done++;
        }
    }
    if (done == 0 && failed == 0)
        return error_create(ERROR_NOT_FOUND, directory,
                            "has no KERNEL.jsonl or KERNEL.jsonl.zst in it");
    if (failed > 0)
        *status = done > 0 ? STATUS_PARTLY : STATUS_FAILED;
    return done > 0 ? dataset_gather_statistics(dataset) : NULL;
}

static struct error *import(struct cli *cli, const char *top, enum exit_status *status)
{
    CLEANUP(free_pointer) char *directory = path_join(top, "types_struct");
    CLEANUP(close_pointer) int lock = -1;
    struct dirent **entries = NULL;
    struct dataset *dataset = NULL;

    if (!directory)
        return error_out_of_memory();
    int count = scandir(directory, &entries, NULL, alphasort);
    if (count < 0)
        return error_create_errno(errno, directory, "cannot read the directory");
    struct error *error = data_lock(&cli->workspace, &lock);
    if (!error)
        error = workspace_open_dataset(&cli->workspace, DATASET_WRITE, &dataset);
    if (!error)
        error = dataset_check(dataset);
    if (!error)
        error = import_files(cli, dataset, directory, entries, count, status);
    dataset_close(dataset);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const struct option_value own[] = {{0}};
    int next;

    TRY(cli_begin(cli, &command_import, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (argc - next != 1)
        return cli_usage_error("import", "one directory is wanted");
    return import(cli, argv[next], status);
}

const struct command command_import = {
    .name = "import",
    .summary = "kernels in the published schema into the data set",
    .usage = usage,
    .run = run,
};
