/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/wanted_image.h"
#include "dataset/dataset.h"
#include "export/json_lines.h"

static const char usage[] =
    "usage: kstruct export -k KERNEL [--image IMAGE] [--kind KIND,…] [-o FILE]\n"
    "\n"
    "Writes what a kernel defines as JSON Lines in the published schema.\n"
    "\n"
    "  -k, --kernel KERNEL  a kernel of the data set\n"
    "      --image IMAGE    vmlinux (the default), a module (what it has besides), or\n"
    "                       all\n"
    "      --kind KIND,…    struct, union, enum, typedef, int (default: struct)\n"
    "  -o, --output FILE    where to (default: standard output)\n";

/* Larger than any kernel's definitions by two orders of magnitude. */
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

static struct error *write_file(const struct json_lines_kernel *kernel, const char *path)
{
    struct buffer buffer;

    buffer_init(&buffer, EXPORT_BYTES_MAXIMUM);
    struct error *error = json_lines_write(kernel, append, &buffer);
    if (!error)
        error = file_replace(path, buffer_text(&buffer), buffer.length);
    buffer_deinit(&buffer);
    return error;
}

/* What the command line asks for. */
struct order {
    const char *kernel;
    const char *image; /* NULL: all */
    unsigned kinds;
    const char *output; /* NULL: standard output */
};

/* What a module sees is there with what it has itself, so that it is known what its types are. */
static struct error *write_kernel(struct history *history, const struct order *order,
                                  bool is_complete)
{
    size_t count = history->definition_count;
    const struct layout **layouts = arena_allocate(&history->arena, count, sizeof(*layouts));
    bool *are_context = arena_allocate(&history->arena, count, sizeof(*are_context));

    if (!layouts || !are_context)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        layouts[i] = history->definitions[i].layouts[0];
        are_context[i] = image_is_module(order->image) &&
                         history_modules_of(&history->definitions[i], 0).count == 0;
    }
    const struct json_lines_kernel kernel = {
        .count = count,
        .layouts = layouts,
        .are_context = are_context,
        .types = &history->types,
        .kinds = order->kinds,
        .is_complete = is_complete,
    };
    return order->output ? write_file(&kernel, order->output)
                         : json_lines_write(&kernel, print, NULL);
}

/* Was it read from its own debug information, of all kinds? An import may have only some. */
static struct error *check_complete(struct dataset *dataset, const char *kernel,
                                    bool *is_complete_ret)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};

    TRY(dataset_list(dataset, &kernels));
    const struct kernel_record *record = dataset_kernels_find(&kernels, kernel);
    *is_complete_ret =
        record && record->counts[DEFINITION_TYPEDEF] > 0 && record->reader_revision > 0;
    return NULL;
}

static struct error *export(struct dataset *dataset, const struct order *order)
{
    const struct dataset_selection selection = {
        .kernel_count = 1,
        .kernel_names = &order->kernel,
        .kinds = DEFINITION_KINDS_ALL,
        .image = order->image,
    };
    struct history history;
    bool is_complete;

    TRY(check_complete(dataset, order->kernel, &is_complete));
    TRY(dataset_load_history(dataset, &selection, &history));
    struct error *error = image_check(dataset, order->image, 1, &order->kernel);
    if (!error)
        error = write_kernel(&history, order, is_complete);
    history_deinit(&history);
    return error;
}

/* "struct,enum" */
static struct error *parse_kinds(const char *text, unsigned *kinds_ret)
{
    unsigned kinds = 0;

    for (;;) {
        size_t length = strcspn(text, ",");
        CLEANUP(free_pointer) char *word = strndup(text, length);
        enum definition_kind kind;
        if (!word)
            return error_out_of_memory();
        if (!definition_kind_from_word(word, false, &kind))
            return cli_usage_error("export", "there is no kind `%s`", word);
        kinds |= DEFINITION_KIND_BIT(kind);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    *kinds_ret = kinds;
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    struct order order = {.image = VMLINUX_IMAGE};
    const char *kind_words = "struct";
    const struct option_value own[] = {{'k', "kernel", &order.kernel, NULL},
                                       {0, "image", &order.image, NULL},
                                       {0, "kind", &kind_words, NULL},
                                       {'o', "output", &order.output, NULL},
                                       {0}};
    struct dataset *dataset = NULL;
    int next;

    TRY(cli_begin(cli, &command_export, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (!order.kernel || next != argc)
        return cli_usage_error("export", "-k KERNEL is wanted, and no other word");
    TRY(parse_kinds(kind_words, &order.kinds));
    order.image = image_of_word(order.image);
    TRY(workspace_open_dataset(&cli->workspace, DATASET_READ, &dataset));
    struct error *error = export(dataset, &order);
    dataset_close(dataset);
    return error;
}

const struct command command_export = {
    .name = "export",
    .summary = "what a kernel defines as JSON Lines in the published schema",
    .usage = usage,
    .run = run,
};
