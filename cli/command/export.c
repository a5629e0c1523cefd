/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "export/json_lines.h"

static const char usage[] = "usage: kstruct export -k KERNEL [-o FILE]\n"
                            "\n"
                            "Writes a kernel's structs as JSON Lines in the published schema.\n"
                            "\n"
                            "  -k, --kernel KERNEL  a kernel of the data set\n"
                            "  -o, --output FILE    where to (default: standard output)\n";

/* Larger than any kernel's structs by two orders of magnitude. */
#define EXPORT_BYTES_MAXIMUM ((size_t)4 << 30)

static struct error *append(void *context, const char *text, size_t length)
{
    struct buffer *buffer = context;

    buffer_append(buffer, text, length);
    return buffer_check(buffer, "the export");
}

static struct error *print(void *context UNUSED, const char *text, size_t length)
{
    return cli_print(text, length);
}

static struct error *write_file(const struct kernel_layouts *layouts, const char *path)
{
    struct buffer buffer;

    buffer_init(&buffer, EXPORT_BYTES_MAXIMUM);
    struct error *error = json_lines_write(layouts, append, &buffer);
    if (!error)
        error = file_replace(path, buffer_text(&buffer), buffer.length);
    buffer_deinit(&buffer);
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *kernel = NULL;
    const char *output = NULL;
    const struct option_value own[] = {
        {'k', "kernel", &kernel, NULL}, {'o', "output", &output, NULL}, {0}};
    struct kernel_layouts layouts;
    struct dataset *dataset = NULL;
    int next;

    TRY(cli_begin(cli, &command_export, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (!kernel || next != argc)
        return cli_usage_error("export", "-k KERNEL is wanted, and no other word");
    TRY(workspace_open_dataset(&cli->workspace, DATASET_READ, &dataset));
    struct error *error = dataset_load(dataset, kernel, NULL, &layouts);
    dataset_close(dataset);
    TRY(error);
    error = output ? write_file(&layouts, output) : json_lines_write(&layouts, print, NULL);
    kernel_layouts_deinit(&layouts);
    return error;
}

const struct command command_export = {
    .name = "export",
    .summary = "a kernel's structs as JSON Lines in the published schema",
    .usage = usage,
    .run = run,
};
