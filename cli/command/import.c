/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "cli/cli.h"
#include "model/kernel/kernel_name.h"
#include "model/kernel_merge.h"
#include "run/child/kernel_child.h"
#include "run/child/kernel_input.h"
#include "run/data_lock.h"

static const char usage[] =
    "usage: kstruct import DIR\n"
    "\n"
    "Reads kernels in the published schema into the data set: every\n"
    "DIR/types_struct/KERNEL.jsonl or KERNEL.jsonl.zst, with what types_union,\n"
    "types_enum, types_typedef and types_int have of the same kernel. Kernels of the\n"
    "same names are replaced.\n";

static const char *const suffixes[] = {".jsonl", ".jsonl.zst"};

/* The kernels that there are files of. */
struct kernel_names {
    size_t count;
    char **names; /* sorted, each once */
};

static void kernel_names_deinit(struct kernel_names *kernels)
{
    for (size_t i = 0; i < kernels->count; i++)
        free(kernels->names[i]);
    free(kernels->names);
}

static struct error *folder_of(const char *top, enum definition_kind kind, char **folder_ret)
{
    if (asprintf(folder_ret, "%s/types_%s", top, definition_kind_texts[kind].word) >= 0)
        return NULL;
    *folder_ret = NULL;
    return error_out_of_memory();
}

/* Adds the kernel that "KERNEL.jsonl" or "KERNEL.jsonl.zst" names; other files are none's. */
static struct error *add_name(struct kernel_names *kernels, const char *file_name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++) {
        if (!text_has_suffix(file_name, suffixes[i]))
            continue;
        char **names = reallocarray(kernels->names, kernels->count + 1, sizeof(*names));
        if (!names)
            return error_out_of_memory();
        kernels->names = names;
        names[kernels->count] = strndup(file_name, strlen(file_name) - strlen(suffixes[i]));
        return names[kernels->count++] ? NULL : error_out_of_memory();
    }
    return NULL;
}

static struct error *list_folder(const char *folder, struct kernel_names *kernels)
{
    DIR *directory = opendir(folder);
    struct error *error = NULL;
    struct dirent *entry;

    if (!directory)
        return error_create_errno(errno, folder, "cannot read the directory");
    while (!error && (entry = readdir(directory)))
        error = add_name(kernels, entry->d_name);
    closedir(directory);
    return error;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void sort_names(struct kernel_names *kernels)
{
    size_t kept = 0;

    if (kernels->count > 0)
        qsort(kernels->names, kernels->count, sizeof(*kernels->names), compare_names);
    for (size_t i = 0; i < kernels->count; i++) {
        if (kept > 0 && strcmp(kernels->names[kept - 1], kernels->names[i]) == 0)
            free(kernels->names[i]);
        else
            kernels->names[kept++] = kernels->names[i];
    }
    kernels->count = kept;
}

/* One folder at least must be there. */
static struct error *list_kernels(const char *top, struct kernel_names *kernels)
{
    struct error *first = NULL;
    bool has_folder = false;

    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        CLEANUP(free_pointer) char *folder = NULL;
        TRY(folder_of(top, kind, &folder));
        struct error *error = list_folder(folder, kernels);
        bool is_absent = error && access(folder, F_OK) != 0;
        has_folder |= !error;
        if (error && !is_absent) {
            error_destroy(first);
            return error;
        }
        if (first)
            error_destroy(error);
        else
            first = error;
    }
    if (!has_folder)
        return first;
    error_destroy(first);
    sort_names(kernels);
    return NULL;
}

/* Reads the kernel's file of one kind into LAYOUTS, which may have others already. */
static struct error *add_file(struct cli *cli, const char *path, bool is_first,
                              struct kernel_layouts *layouts)
{
    struct kernel_layouts added;

    if (is_first)
        return kernel_child_read_path(&cli->workspace, KERNEL_FORM_JSON_LINES, path, NULL, layouts);
    TRY(kernel_child_read_path(&cli->workspace, KERNEL_FORM_JSON_LINES, path, NULL, &added));
    struct error *error = kernel_merge(layouts, &added);
    kernel_layouts_deinit(&added);
    return error;
}

/* The file of that kernel and kind; NULL if there is none. */
static struct error *find_file(const char *top, enum definition_kind kind, const char *kernel,
                               char **path_ret)
{
    CLEANUP(free_pointer) char *folder = NULL;

    *path_ret = NULL;
    TRY(folder_of(top, kind, &folder));
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes) && !*path_ret; i++) {
        if (asprintf(path_ret, "%s/%s%s", folder, kernel, suffixes[i]) < 0) {
            *path_ret = NULL;
            return error_out_of_memory();
        }
        if (access(*path_ret, F_OK) != 0) {
            free(*path_ret);
            *path_ret = NULL;
        }
    }
    return NULL;
}

static struct error *check_name(const char *kernel, const char *path)
{
    struct kernel_name name;

    TRY(error_locate(kernel_name_parse(kernel, &name), path));
    kernel_name_deinit(&name);
    return NULL;
}

/* Reads all files of the kernel; the first one's name is put into FILE_RET, to be freed. One that
 * was listed may be gone, or a link that leads nowhere. */
static struct error *read_kernel(struct cli *cli, const char *top, const char *kernel,
                                 struct kernel_layouts *layouts, char **file_ret)
{
    struct error *error = NULL;

    *file_ret = NULL;
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT && !error; kind++) {
        CLEANUP(free_pointer) char *path = NULL;
        error = find_file(top, kind, kernel, &path);
        if (!error && path)
            error = check_name(kernel, path);
        if (!error && path)
            error = add_file(cli, path, !*file_ret, layouts);
        if (!error && path && !*file_ret) {
            *file_ret = path;
            path = NULL;
        }
        /* A kernel may have no unions, but every one has structs. */
        if (!error && *file_ret && kind == DEFINITION_STRUCT && layouts->definition_count == 0)
            error = error_create(ERROR_CORRUPT, *file_ret, "has no definitions");
    }
    if (!error && *file_ret && layouts->definition_count == 0)
        error = error_create(ERROR_CORRUPT, *file_ret, "has no definitions");
    if (error && *file_ret)
        kernel_layouts_deinit(layouts);
    if (!error && !*file_ret)
        return error_create(ERROR_NOT_FOUND, top, "the files of %s cannot be opened", kernel);
    return error;
}

static struct error *import_kernel(struct cli *cli, struct dataset *dataset, const char *top,
                                   const char *kernel)
{
    CLEANUP(free_pointer) char *path = NULL;
    struct kernel_layouts layouts;

    TRY(read_kernel(cli, top, kernel, &layouts, &path));
    struct kernel_record record = layouts.identity;
    record.name = kernel;
    record.package = path_base_name(path);
    record.reader = KSTRUCT_VERSION;
    struct error *error = error_locate(dataset_store(dataset, &record, &layouts), path);
    if (!error)
        error = kernel_input_tell(&cli->workspace.log, kernel, &layouts);
    kernel_layouts_deinit(&layouts);
    return error;
}

/* A bad file is logged and the others are read all the same. */
static struct error *import_kernels(struct cli *cli, struct dataset *dataset, const char *top,
                                    const struct kernel_names *kernels, enum exit_status *status)
{
    size_t failed = 0;

    for (size_t i = 0; i < kernels->count; i++) {
        struct error *error = import_kernel(cli, dataset, top, kernels->names[i]);
        if (!error)
            continue;
        /* It is not the file then that is at fault. */
        if (error->code == ERROR_DATASET)
            return error;
        log_error(&cli->workspace.log, error);
        error_destroy(error);
        failed++;
    }
    if (failed > 0)
        *status = failed < kernels->count ? STATUS_PARTLY : STATUS_FAILED;
    return failed < kernels->count ? dataset_gather_statistics(dataset) : NULL;
}

static struct error *import(struct cli *cli, const char *top, enum exit_status *status)
{
    CLEANUP(kernel_names_deinit) struct kernel_names kernels = {0};
    CLEANUP(close_pointer) int lock = -1;
    struct dataset *dataset = NULL;

    TRY(list_kernels(top, &kernels));
    TRY(data_lock(&cli->workspace, &lock));
    if (kernels.count == 0)
        return error_create(ERROR_NOT_FOUND, top,
                            "has no types_struct/KERNEL.jsonl or KERNEL.jsonl.zst in it");
    struct error *error = workspace_open_dataset(&cli->workspace, DATASET_WRITE, &dataset);
    if (!error)
        error = dataset_check(dataset);
    if (!error)
        error = import_kernels(cli, dataset, top, &kernels, status);
    dataset_close(dataset);
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
