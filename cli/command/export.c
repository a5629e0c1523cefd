/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/running_word.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_names.h"
#include "dataset/dataset.h"
#include "export/export_format.h"
#include "run/child/kernel_child.h"

static const char usage[] =
    "usage: kstruct export -k KERNEL [--image IMAGE] [--format FORMAT]\n"
    "                      [--kind KIND,…] [--vmlinux FILE] [-o FILE]\n"
    "\n"
    "Writes what a kernel defines in a form that other tools take.\n"
    "\n"
    "  jsonl   JSON Lines in the published schema\n"
    "  btf     BTF; of a module: split BTF, on top of vmlinux's\n"
    "  header  a vmlinux.h: all types in C, for BPF programs\n"
    "  isf     a symbol file of Volatility 3\n"
    "\n"
    "  -k, --kernel KERNEL  a kernel of the data set\n"
    "      --image IMAGE    vmlinux (the default), a module (what it has besides), or\n"
    "                       all, as jsonl or isf\n"
    "      --format FORMAT  jsonl (the default), btf, header or isf\n"
    "      --vmlinux FILE   of isf: the vmlinux or package that has its symbols\n"
    "      --kind KIND,…    of jsonl: struct, union, enum, typedef, int (default:\n"
    "                       struct)\n"
    "  -o, --output FILE    where to; - is standard output, the default\n";

/* Larger than any kernel's definitions by two orders of magnitude. */
#define EXPORT_BYTES_MAXIMUM SIZE_AT_MOST(UINT64_C(4) << 30)

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

/* What the command line asks for. */
struct order {
    const struct export_format *format;
    const char *kernel;
    const char *image; /* NULL: all */
    unsigned kinds;
    const char *vmlinux; /* where symbols are; NULL: they are left out */
    const char *output;  /* NULL: standard output */
};

static struct error *write_file(const struct export_format *format,
                                const struct export_order *order, const char *path)
{
    struct buffer buffer;

    buffer_init(&buffer, EXPORT_BYTES_MAXIMUM);
    struct error *error = export_write(format, order, append, &buffer);
    if (!error)
        error = file_replace(path, buffer_text(&buffer), buffer.length);
    buffer_deinit(&buffer);
    return error;
}

static struct error *write_kernel(struct dataset *dataset, struct history *history,
                                  const struct order *order, const struct kernel_symbols *symbols)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};

    TRY(dataset_list(dataset, &kernels));
    const struct export_order export_order = {
        .history = history,
        .record = dataset_kernels_find(&kernels, order->kernel),
        .image = order->image,
        .kinds = order->kinds,
        .symbols = symbols,
    };
    if (!export_order.record)
        return error_create(ERROR_NOT_FOUND, order->kernel, "the data set has lost it meanwhile");
    return order->output ? write_file(order->format, &export_order, order->output)
                         : export_write(order->format, &export_order, print, NULL);
}

static struct error *export(struct dataset *dataset, const struct order *order,
                            const struct kernel_symbols *symbols)
{
    const struct dataset_selection selection = {
        .kernel_count = 1,
        .kernel_names = &order->kernel,
        .kinds = DEFINITION_KINDS_ALL,
        .image = order->format->needs_details ? NULL : order->image,
        .has_details = order->format->needs_details,
    };
    struct history history;

    TRY(dataset_load_history(dataset, &selection, &history));
    struct error *error = image_check(dataset, order->image, 1, &order->kernel);
    if (!error)
        error = write_kernel(dataset, &history, order, symbols);
    history_deinit(&history);
    return error;
}

/* The symbols are read anew each time: the data set does not have them. */
static struct error *export_with_symbols(struct cli *cli, struct dataset *dataset,
                                         const struct order *order)
{
    struct kernel_layouts layouts;

    TRY(kernel_child_read_path(&cli->workspace, KERNEL_FORM_SYMBOLS, order->vmlinux, NULL,
                               &layouts));
    struct error *error = export(dataset, order, &layouts.symbols);
    kernel_layouts_deinit(&layouts);
    return error;
}

static struct error *check_order(const struct order *order, const char *kind_words)
{
    const char *format = order->format->word;

    if (kind_words && !order->format->has_kinds)
        return cli_usage_error("export", "--kind is for jsonl; %s has all kinds", format);
    if (order->vmlinux && !order->format->has_symbols)
        return cli_usage_error("export", "--vmlinux is for isf; %s has no symbols", format);
    if (!order->image && !order->format->has_all_images)
        return cli_usage_error("export", "%s is of one image: vmlinux or a module", format);
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    struct order order = {.image = VMLINUX_IMAGE};
    const char *kind_words = NULL;
    const char *format = "jsonl";
    const struct option_value own[] = {{'k', "kernel", &order.kernel, NULL},
                                       {0, "image", &order.image, NULL},
                                       {0, "format", &format, NULL},
                                       {0, "kind", &kind_words, NULL},
                                       {0, "vmlinux", &order.vmlinux, NULL},
                                       {'o', "output", &order.output, NULL},
                                       {0}};
    CLEANUP(arena_deinit) struct arena arena;
    const char **const words[] = {&order.kernel};
    struct dataset *dataset = NULL;
    int next;

    arena_init(&arena);
    TRY(cli_begin(cli, &command_export, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    order.output = cli_output_path(order.output);
    if (!order.kernel || next != argc)
        return cli_usage_error("export", "-k KERNEL is wanted, and no other word");
    TRY(export_format_find(format, &order.format));
    order.image = image_of_word(order.image);
    TRY(check_order(&order, kind_words));
    TRY(wanted_kinds_parse("export", kind_words ? kind_words : "struct", &order.kinds));
    TRY(running_word_open(cli, words, ARRAY_LENGTH(words), &arena, NULL, &dataset));
    struct error *error =
        order.vmlinux ? export_with_symbols(cli, dataset, &order) : export(dataset, &order, NULL);
    dataset_close(dataset);
    return error;
}

const struct command command_export = {
    .name = "export",
    .summary = "what a kernel defines, for other tools",
    .usage = usage,
    .run = run,
};
