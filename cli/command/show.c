/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/command/suggestion.h"
#include "model/kernel_name.h"
#include "report/write/c_text.h"
#include "report/write/escape.h"

static const char usage[] =
    "usage: kstruct show STRUCT [-k KERNEL]\n"
    "\n"
    "Prints a struct of one kernel as C, with offsets, sizes and holes.\n"
    "\n"
    "  -k, --kernel KERNEL  a kernel of the data set (default: the newest that has\n"
    "                       the struct)\n";

enum { DEFINITION_MAXIMUM = 64 * 1024 * 1024 };

static struct error *append_definition(const char *kernel,
                                       const struct struct_definition *definition,
                                       struct buffer *text)
{
    const struct definition_source source = {
        .kernel_name = kernel,
        .declaration_file = definition->declaration_file,
        .declaration_line = definition->declaration_line,
    };

    return definition_render(definition->layout, &source, text);
}

/* The other structs of that name, each with the source files that use it. */
static struct error *append_further(const char *kernel, const struct kernel_struct *entry,
                                    struct buffer *text)
{
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct struct_definition *definition = &entry->further[i];
        buffer_append_text(text, "\n/* Another struct of this name is used by\n");
        for (size_t j = 0; j < definition->user_count; j++) {
            buffer_append_text(text, " *   ");
            escape_append(text, ESCAPE_NOTHING_MORE, definition->users[j]);
            buffer_append_char(text, '\n');
        }
        buffer_append_text(text, " */\n");
        TRY(append_definition(kernel, definition, text));
    }
    return NULL;
}

static struct error *print(const char *kernel, const struct kernel_struct *entry)
{
    struct buffer text;

    buffer_init(&text, DEFINITION_MAXIMUM);
    struct error *error = append_definition(kernel, &entry->definition, &text);
    if (!error)
        error = append_further(kernel, entry, &text);
    if (!error)
        error = buffer_check(&text, entry->name);
    if (!error)
        error = cli_print(buffer_text(&text), text.length);
    buffer_deinit(&text);
    return error;
}

/* Prints the struct if KERNEL has it. */
static struct error *show_in_kernel(struct dataset *dataset, const char *kernel, const char *name,
                                    bool *is_found_ret)
{
    struct kernel_layouts layouts;

    TRY(dataset_load(dataset, kernel, name, &layouts));
    const struct kernel_struct *entry = kernel_layouts_find(&layouts, name);
    *is_found_ret = entry != NULL;
    struct error *error = entry ? print(kernel, entry) : NULL;
    kernel_layouts_deinit(&layouts);
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
static struct error *show_in_newest(struct dataset *dataset, const char *name, bool *is_found_ret)
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
        error = show_in_kernel(dataset, kernel.name, name, is_found_ret);
    }
    dataset_kernels_deinit(&kernels);
    return error;
}

static struct error *no_struct(struct dataset *dataset, const char *kernel, const char *name)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};
    CLEANUP(free_pointer) char *why = NULL;

    TRY(dataset_list_structs(dataset, kernel, &names));
    if (asprintf(&why, "no struct of that name in %s",
                 kernel ? kernel : "any kernel of the data set") < 0) {
        why = NULL;
        return error_out_of_memory();
    }
    return suggestion_error(name, why, (const char *const *)names.names, names.count);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *kernel = NULL;
    const struct option_value own[] = {{'k', "kernel", &kernel, NULL}, {0}};
    struct dataset *dataset = NULL;
    bool is_found = false;
    int next;

    TRY(cli_begin(cli, &command_show, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    /* `show struct NAME` is what people type. */
    if (argc - next == 2 && strcmp(argv[next], "struct") == 0)
        next++;
    if (argc - next != 1)
        return cli_usage_error("show", "one struct is wanted");
    TRY(workspace_open_dataset(&cli->workspace, DATASET_READ, &dataset));
    struct error *error = kernel ? show_in_kernel(dataset, kernel, argv[next], &is_found)
                                 : show_in_newest(dataset, argv[next], &is_found);
    if (!error && !is_found)
        error = no_struct(dataset, kernel, argv[next]);
    dataset_close(dataset);
    return error;
}

const struct command command_show = {
    .name = "show",
    .summary = "a struct as C, with offsets, sizes and holes",
    .usage = usage,
    .run = run,
};
