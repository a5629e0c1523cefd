/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "cli/cli.h"
#include "cli/command/wanted_names.h"
#include "model/kernel/kernel_name.h"
#include "report/write/c_text.h"
#include "report/write/escape.h"

static const char usage[] =
    "usage: kstruct show [KIND] NAME [-k KERNEL]\n"
    "\n"
    "Prints what one kernel defines as C: a struct or union with offsets, sizes and\n"
    "holes, an enum with its values, a typedef with what it stands for.\n"
    "\n"
    "KIND is struct, union, enum or typedef. Without it: whatever has that name.\n"
    "\n"
    "  -k, --kernel KERNEL  a kernel of the data set (default: the newest that has\n"
    "                       it)\n";

enum { DEFINITION_MAXIMUM = 64 * 1024 * 1024 };

static struct error *append_definition(const char *kernel, const struct layout *layout,
                                       const struct history_place *place, struct buffer *text)
{
    const struct definition_source source = {
        .kernel_name = kernel,
        .declaration_file = place->file,
        .declaration_line = place->line,
    };

    return definition_render(layout, &source, text);
}

/* The other definitions of that name, each with the source files that use it. */
static struct error *append_further(const char *kernel, const struct history_definition *entry,
                                    struct buffer *text)
{
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct history_further *further = &entry->further[i];
        buffer_append_format(text, "\n/* Another %s of this name is used by\n",
                             definition_kind_texts[entry->kind].singular);
        for (size_t j = 0; j < further->user_count; j++) {
            buffer_append_text(text, " *   ");
            escape_append(text, ESCAPE_NOTHING_MORE, further->users[j]);
            buffer_append_char(text, '\n');
        }
        buffer_append_text(text, " */\n");
        TRY(append_definition(kernel, further->layout, &further->place, text));
    }
    return NULL;
}

/* All that the kernel has of that name, by kind. */
static struct error *append_all(const struct history *history, struct buffer *text)
{
    const char *kernel = history->kernel_names[0];

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        if (i > 0)
            buffer_append_char(text, '\n');
        TRY(append_definition(kernel, entry->layouts[0], &entry->places[0], text));
        TRY(append_further(kernel, entry, text));
    }
    return NULL;
}

static struct error *print(const struct history *history, const char *name)
{
    struct buffer text;

    buffer_init(&text, DEFINITION_MAXIMUM);
    struct error *error = append_all(history, &text);
    if (!error)
        error = buffer_check(&text, name);
    if (!error)
        error = cli_print(buffer_text(&text), text.length);
    buffer_deinit(&text);
    return error;
}

/* Prints what KERNEL has of it. */
static struct error *show_in_kernel(struct dataset *dataset, const char *kernel,
                                    const struct wanted_name *wanted, bool *is_found_ret)
{
    const struct dataset_selection selection = {
        .kernel_count = 1,
        .kernel_names = &kernel,
        .kinds = wanted->kinds,
        .name = wanted->name,
        .has_details = true,
    };
    struct history history;

    TRY(dataset_load_history(dataset, &selection, &history));
    *is_found_ret = history.definition_count > 0;
    struct error *error = *is_found_ret ? print(&history, wanted->name) : NULL;
    history_deinit(&history);
    return error;
}

/* Is kernel A newer than B, as far as their names tell? */
static bool is_newer(const char *a, const char *b)
{
    struct kernel_name left;
    struct kernel_name right;
    struct error *error = kernel_name_parse(a, &left);

    if (error) {
        error_destroy(error);
        return false;
    }
    error = kernel_name_parse(b, &right);
    if (error) {
        error_destroy(error);
        kernel_name_deinit(&left);
        return true;
    }
    bool result = kernel_name_compare(&left, &right) > 0;
    kernel_name_deinit(&left);
    kernel_name_deinit(&right);
    return result;
}

/* Tries the kernels from the newest on. */
static struct error *show_in_newest(struct dataset *dataset, const struct wanted_name *wanted,
                                    bool *is_found_ret)
{
    struct dataset_kernels kernels;

    TRY(dataset_list(dataset, &kernels));
    struct error *error = NULL;
    for (size_t left = kernels.count; left > 0 && !*is_found_ret && !error; left--) {
        size_t newest = 0;
        for (size_t i = 1; i < left; i++) {
            if (is_newer(kernels.kernels[i].name, kernels.kernels[newest].name))
                newest = i;
        }
        struct kernel_record kernel = kernels.kernels[newest];
        kernels.kernels[newest] = kernels.kernels[left - 1];
        kernels.kernels[left - 1] = kernel;
        error = show_in_kernel(dataset, kernel.name, wanted, is_found_ret);
    }
    dataset_kernels_deinit(&kernels);
    return error;
}

static struct error *show(struct dataset *dataset, const char *kernel,
                          const struct wanted_name *wanted)
{
    bool is_found = false;
    struct error *error = kernel ? show_in_kernel(dataset, kernel, wanted, &is_found)
                                 : show_in_newest(dataset, wanted, &is_found);

    if (error || is_found)
        return error;
    return wanted_name_missing(dataset, kernel, wanted,
                               kernel ? kernel : "any kernel of the data set");
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *kernel = NULL;
    const struct option_value own[] = {{'k', "kernel", &kernel, NULL}, {0}};
    CLEANUP(arena_deinit) struct arena arena;
    struct wanted_names names;
    struct dataset *dataset = NULL;
    int next;

    arena_init(&arena);
    TRY(cli_begin(cli, &command_show, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    TRY(wanted_names_parse(argv + next, (size_t)(argc - next), &arena, &names));
    if (names.count != 1)
        return cli_usage_error("show", "one name is wanted");
    TRY(workspace_open_dataset(&cli->workspace, DATASET_READ, &dataset));
    struct error *error = show(dataset, kernel, &names.names[0]);
    dataset_close(dataset);
    return error;
}

const struct command command_show = {
    .name = "show",
    .summary = "a definition as C, with offsets, sizes and holes",
    .usage = usage,
    .run = run,
};
