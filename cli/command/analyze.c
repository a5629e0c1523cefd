/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "model/kernel/kernel_name.h"
#include "run/child/kernel_child.h"
#include "run/child/kernel_input.h"
#include "run/data_lock.h"

static const char usage[] =
    "usage: kstruct analyze [-k KERNEL] [--base FILE] FILE\n"
    "\n"
    "Reads a vmlinux, a .deb or a .ddeb into the data set; or BTF: a file such as\n"
    "/sys/kernel/btf/vmlinux, BTFHub's .btf.tar.xz, or a vmlinux without DWARF.\n"
    "\n"
    "  -k, --kernel KERNEL  the name to put it under, as in 5.4.0-26-generic-amd64\n"
    "                       (default: by what the kernel says of itself)\n"
    "      --base FILE      the kernel's BTF, of which FILE is a module's split BTF\n";

static struct error *check_name(const char *name)
{
    struct kernel_name parsed;

    TRY(kernel_name_parse(name, &parsed));
    kernel_name_deinit(&parsed);
    return NULL;
}

/* What is said on the command line counts, but not in silence. */
static struct error *warn_of_other_name(struct cli *cli, const char *path, const char *given,
                                        const char *own, const struct kernel_layouts *layouts)
{
    struct kernel_name parsed;

    TRY(kernel_name_parse(given, &parsed));
    if (own && strcmp(own, given) != 0)
        log_write(&cli->workspace.log, LOG_WARNING, "%s: says that it is %s; goes in as %s", path,
                  own, given);
    else if (!kernel_input_is_for(layouts, parsed.architecture))
        log_write(&cli->workspace.log, LOG_WARNING, "%s: is for %s; goes in as %s", path,
                  layouts->identity.architecture, given);
    kernel_name_deinit(&parsed);
    return NULL;
}

/* The name given, or the kernel's own. */
static struct error *choose_name(struct cli *cli, const char *path, const char *given,
                                 const struct kernel_layouts *layouts, char **name_ret)
{
    CLEANUP(free_pointer) char *own = NULL;

    TRY(kernel_input_name(layouts, &own));
    if (given) {
        TRY(warn_of_other_name(cli, path, given, own, layouts));
        *name_ret = strdup(given);
        return *name_ret ? NULL : error_out_of_memory();
    }
    if (!own)
        return error_create(ERROR_USAGE, path, "does not say which kernel it is; name it with -k");
    *name_ret = own;
    own = NULL;
    return NULL;
}

static bool has_module(const struct kernel_layouts *layouts, const char *name)
{
    for (size_t i = 0; i < layouts->module_count; i++) {
        if (strcmp(layouts->modules[i].name, name) == 0)
            return true;
    }
    return false;
}

/* A module's BTF replaces the kernel of that name as a whole: other modules of it would be lost. */
static struct error *check_modules_stay(struct dataset *dataset, const char *path, const char *name,
                                        const struct kernel_layouts *layouts)
{
    CLEANUP(dataset_names_deinit) struct dataset_names modules = {0};

    TRY(dataset_list_modules(dataset, name, &modules));
    for (size_t i = 0; i < modules.count; i++) {
        if (!has_module(layouts, modules.names[i]))
            return error_create(ERROR_USAGE, path,
                                "%s has the module %s already, and would lose it: put this one "
                                "under another name with -k",
                                name, modules.names[i]);
    }
    return NULL;
}

static struct error *store(struct cli *cli, const char *path, const char *given, const char *base,
                           const struct kernel_layouts *layouts)
{
    CLEANUP(free_pointer) char *name = NULL;
    CLEANUP(close_pointer) int lock = -1;
    struct dataset *dataset = NULL;

    TRY(choose_name(cli, path, given, layouts, &name));
    TRY(check_name(name));
    /* A rebuild puts another file in this one's place. */
    TRY(data_lock(&cli->workspace, &lock));
    TRY(workspace_open_dataset(&cli->workspace, DATASET_WRITE, &dataset));
    struct kernel_record record = layouts->identity;
    record.name = name;
    record.package = path_base_name(path);
    record.reader = KSTRUCT_VERSION;
    record.reader_revision = ANALYZE_REVISION;
    struct error *error = dataset_check(dataset);
    if (!error && base)
        error = check_modules_stay(dataset, path, name, layouts);
    if (!error)
        error = dataset_store(dataset, &record, layouts);
    if (!error)
        error = dataset_gather_statistics(dataset);
    dataset_close(dataset);
    if (!error)
        error = kernel_input_tell(&cli->workspace.log, name, layouts);
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *kernel = NULL;
    const char *base = NULL;
    const struct option_value own[] = {
        {'k', "kernel", &kernel, NULL}, {0, "base", &base, NULL}, {0}};
    struct kernel_layouts layouts;
    int next;

    TRY(cli_begin(cli, &command_analyze, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (argc - next != 1)
        return cli_usage_error("analyze", "one file is wanted");
    if (kernel)
        TRY(check_name(kernel));
    TRY(kernel_child_read_path(&cli->workspace, kernel_form_of_settings(&cli->workspace.settings),
                               argv[next], base, &layouts));
    struct error *error = store(cli, argv[next], kernel, base, &layouts);
    kernel_layouts_deinit(&layouts);
    return error;
}

const struct command command_analyze = {
    .name = "analyze",
    .summary = "read a vmlinux, .deb, .ddeb or BTF into the data set",
    .usage = usage,
    .run = run,
};
