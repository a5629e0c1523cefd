/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/buffer.h"
#include "cli/cli.h"
#include "cli/words/running_word.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_names.h"
#include "model/kernel/kernel_name.h"
#include "model/text/escape.h"
#include "report/write/c/c_text.h"
#include "report/write/module_names.h"

static const char usage[] =
    "usage: kstruct show [KIND] NAME [-k KERNEL] [--image IMAGE]\n"
    "\n"
    "Prints what one kernel defines as C: a struct or union with offsets, sizes and\n"
    "holes, an enum with its values, a typedef with what it stands for.\n"
    "\n"
    "KIND is struct, union, enum or typedef. Without it: whatever has that name.\n"
    "\n"
    "  -k, --kernel KERNEL  a kernel of the data set (default: the newest that has\n"
    "                       it), or running: that of this machine, by its BTF\n"
    "      --image IMAGE    vmlinux; or a module: what the name means there; or all\n"
    "                       (default): vmlinux's, and what modules have otherwise\n";

enum { DEFINITION_MAXIMUM = 64 * 1024 * 1024 };

/* What the command line asks for. */
struct order {
    const char *kernel; /* NULL: the newest */
    const char *image;  /* NULL: all */
    struct wanted_name wanted;
};

static struct error *append_definition(const char *kernel, const struct layout *layout,
                                       const struct history_modules *modules,
                                       const struct history_place *place, struct buffer *text)
{
    const struct definition_source source = {
        .kernel_name = kernel,
        .modules = *modules,
        .declaration_file = place->file,
        .declaration_line = place->line,
    };

    return definition_render(layout, &source, 0, text);
}

/* Says who has another definition of the name: modules, or source files of vmlinux. */
static void append_who(const struct history_definition *entry,
                       const struct history_further *further, struct buffer *text)
{
    const char *kind = definition_kind_texts[entry->kind].singular;

    if (further->modules.count > 0) {
        buffer_append_format(text, "\n/* Another %s of this name is that of ", kind);
        module_names_append(text, ESCAPE_NOTHING_MORE, &further->modules);
        buffer_append_text(text, " */\n");
        return;
    }
    buffer_append_format(text, "\n/* Another %s of this name is used by\n", kind);
    for (size_t i = 0; i < further->user_count; i++) {
        buffer_append_text(text, " *   ");
        escape_append(text, ESCAPE_NOTHING_MORE, further->users[i]);
        buffer_append_char(text, '\n');
    }
    buffer_append_text(text, " */\n");
}

/* The other definitions of that name. */
static struct error *append_further(const char *kernel, const struct history_definition *entry,
                                    struct buffer *text)
{
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct history_further *further = &entry->further[i];
        append_who(entry, further, text);
        TRY(append_definition(kernel, further->layout, &further->modules, &further->place, text));
    }
    return NULL;
}

/* All that the kernel has of that name, by kind. */
static struct error *append_all(const struct history *history, struct buffer *text)
{
    const char *kernel = history->kernel_names[0];

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        const struct history_modules modules = history_modules_of(entry, 0);
        if (i > 0)
            buffer_append_char(text, '\n');
        TRY(append_definition(kernel, entry->layouts[0], &modules, &entry->places[0], text));
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
                                    const struct order *order, bool *is_found_ret)
{
    const struct wanted_name *wanted = &order->wanted;
    const struct dataset_selection selection = {
        .kernel_count = 1,
        .kernel_names = &kernel,
        .kinds = wanted->kinds,
        .name_count = 1,
        .names = &wanted->name,
        .image = order->image,
        .has_details = true,
    };
    struct history history;
    bool has_image;

    TRY(image_is_in(dataset, order->image, kernel, &has_image));
    if (!has_image)
        return NULL;
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
static struct error *show_in_newest(struct dataset *dataset, const struct order *order,
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
        error = show_in_kernel(dataset, kernel.name, order, is_found_ret);
    }
    dataset_kernels_deinit(&kernels);
    return error;
}

static void free_names(const char ***names)
{
    free(*names);
}

/* Does any kernel have it? */
static struct error *check_image_of_any(struct dataset *dataset, const char *image)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};

    TRY(dataset_list(dataset, &kernels));
    CLEANUP(free_names) const char **names = calloc(kernels.count + 1, sizeof(*names));
    if (!names)
        return error_out_of_memory();
    for (size_t i = 0; i < kernels.count; i++)
        names[i] = kernels.kernels[i].name;
    return image_check(dataset, image, kernels.count, names);
}

static struct error *show(struct dataset *dataset, const struct order *order)
{
    const char *kernel = order->kernel;
    bool is_found = false;
    struct error *error = kernel ? show_in_kernel(dataset, kernel, order, &is_found)
                                 : show_in_newest(dataset, order, &is_found);

    if (error || is_found)
        return error;
    TRY(kernel ? image_check(dataset, order->image, 1, &kernel)
               : check_image_of_any(dataset, order->image));
    return wanted_name_missing(dataset, kernel, &order->wanted, order->image,
                               kernel ? kernel : "any kernel of the data set");
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    struct order order = {0};
    const struct option_value own[] = {
        {'k', "kernel", &order.kernel, NULL}, {0, "image", &order.image, NULL}, {0}};
    CLEANUP(arena_deinit) struct arena arena;
    struct wanted_names names;
    const char **const words[] = {&order.kernel};
    struct dataset *dataset = NULL;
    int next;

    arena_init(&arena);
    TRY(cli_begin(cli, &command_show, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    TRY(wanted_names_parse(argv + next, (size_t)(argc - next), &arena, &names));
    if (names.count != 1)
        return cli_usage_error("show", "one name is wanted");
    order.image = image_of_word(order.image);
    order.wanted = names.names[0];
    TRY(running_word_open(cli, words, ARRAY_LENGTH(words), &arena, NULL, &dataset));
    struct error *error = show(dataset, &order);
    dataset_close(dataset);
    return error;
}

const struct command command_show = {
    .name = "show",
    .summary = "a definition as C, with offsets, sizes and holes",
    .usage = usage,
    .run = run,
};
