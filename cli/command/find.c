/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/running_word.h"
#include "cli/words/suggestion.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_kernels.h"
#include "cli/words/wanted_names.h"
#include "report/find/find_write.h"

static const char usage[] =
    "usage: kstruct find [--field NAME] [--type TYPE] [--enumerator NAME]\n"
    "                    [--embeds X] [--points-to X] [--deep] [--size A-B]\n"
    "                    [--kind KIND,…] [-k KERNEL,…] [--image IMAGE]\n"
    "                    [--format text|json|csv] [-o FILE]\n"
    "\n"
    "Prints which definitions of the data set have all that is asked for.\n"
    "\n"
    "      --field NAME         a member of that name\n"
    "      --type TYPE          a member of that type, as pages print it; and with\n"
    "                           --field: one that has both\n"
    "      --enumerator NAME    an enumerator of that name\n"
    "      --embeds X           a member that is an X, or an array of X: a struct,\n"
    "                           union, enum or typedef, also with its kind:\n"
    "                           \"struct list_head\"\n"
    "      --points-to X        a pointer to X\n"
    "      --deep               embeds or points to it at any depth, through others\n"
    "      --size A-B           a size from A to B bytes; or just A\n"
    "      --kind KIND,…        only struct, union, enum or typedef\n"
    "  -k, --kernel KERNEL,…    only in these kernels (default: all of the data set)\n"
    "      --image IMAGE        vmlinux, a module, or all (default)\n"
    "      --format FORMAT      text, json or csv (default: text)\n"
    "  -o, --output FILE        where to; - is standard output, the default\n"
    "\n"
    "All is true of the same definition, and may be of different members but for\n"
    "--type with --field. Names and types may have * for any characters, ? for one,\n"
    "[abc] for one of these; but char[16] is an array. X is a whole name.\n"
    "\n"
    "Exit status: 0 something was found, 1 nothing was, 2 trouble.\n";

enum {
    OUTPUT_MAXIMUM = 1 << 30,
    NAMES_MAXIMUM = 2000, /* of more, all is loaded */
    TYPE_MAXIMUM = 64 * 1024,
};

#define DIGITS "0123456789"

/* What the command line asks for. */
struct order {
    struct find_query query;
    const struct find_format *format;
    const char *kernels;
    const char *image; /* NULL: all */
    const char *output;
    const char *embeds;
    const char *points_to;
    const char *size;
    const char *kinds;
};

static struct error *write_result(const struct order *order, const struct find_result *result)
{
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, OUTPUT_MAXIMUM);
    TRY(order->format->write(result, &out));
    return cli_write_output(order->output, &out);
}

/* Of many kernels all definitions are a lot; those that may be what is looked for are few. What
 * leads somewhere through others, or to two others at once, may be any. */
static struct error *narrow(struct dataset *dataset, const struct find_query *query,
                            struct dataset_selection *selection, struct dataset_names *names)
{
    static const char *const none[] = {NULL};
    const struct definition_traits traits = {.member_name = query->field,
                                             .member_type = query->type,
                                             .leads_to = query->embeds.name ? query->embeds.name
                                                                            : query->points_to.name,
                                             .enumerator = query->enumerator,
                                             .has_size = query->has_size,
                                             .byte_size_minimum = query->byte_size_minimum,
                                             .byte_size_maximum = query->byte_size_maximum};

    if (query->is_deep || (query->embeds.name && query->points_to.name))
        return NULL;
    TRY(dataset_list_names_with(dataset, &traits, names));
    if (names->count > NAMES_MAXIMUM)
        return NULL;
    selection->names = names->count > 0 ? (const char *const *)names->names : none;
    selection->name_count = names->count;
    return NULL;
}

/* The kernels that are searched, and no others: each may be a lot. */
static struct error *load_history(struct dataset *dataset, const struct order *order,
                                  const struct wanted_kernels *kernels, struct arena *arena,
                                  struct history *history_ret)
{
    CLEANUP(dataset_names_deinit) struct dataset_names wanted = {0};
    const char **names = arena_allocate(arena, kernels->shown_count, sizeof(*names));

    if (!names)
        return error_out_of_memory();
    for (size_t i = 0; i < kernels->shown_count; i++)
        names[i] = kernels->texts[kernels->shown[i]];
    struct dataset_selection selection = {.kernel_count = kernels->shown_count,
                                          .kernel_names = names,
                                          .kinds = DEFINITION_KINDS_ALL,
                                          .image = order->image,
                                          .has_details = true};
    TRY(image_check(dataset, order->image, kernels->shown_count, names));
    TRY(narrow(dataset, &order->query, &selection, &wanted));
    return dataset_load_history(dataset, &selection, history_ret);
}

static struct error *search(const struct order *order, const struct history *history,
                            struct arena *arena, enum exit_status *status)
{
    size_t *kernels = arena_allocate(arena, history->kernel_count, sizeof(*kernels));
    struct find_result result;

    if (!kernels)
        return error_out_of_memory();
    for (size_t i = 0; i < history->kernel_count; i++)
        kernels[i] = i;
    TRY(find_run(history, kernels, history->kernel_count, &order->query, arena, &result));
    *status = result.match_count > 0 ? STATUS_DONE : STATUS_FAILED;
    return write_result(order, &result);
}

/* A name that no kernel defines may be declared somewhere; mostly it is misspelt. */
static struct error *doubt(struct cli *cli, struct dataset *dataset,
                           const struct find_target *target)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};

    if (!target->name)
        return NULL;
    TRY(dataset_list_names(dataset, NULL, target->kinds, &names));
    if (dataset_names_have(&names, target->name))
        return NULL;
    struct error *doubt = suggestion_error(target->name, "no kernel of the data set defines it",
                                           (const char *const *)names.names, names.count);
    log_error(&cli->workspace.log, doubt);
    error_destroy(doubt);
    return NULL;
}

static struct error *carry_out(struct cli *cli, struct dataset *dataset, const struct order *order,
                               enum exit_status *status)
{
    CLEANUP(wanted_kernels_deinit) struct wanted_kernels kernels = {0};
    CLEANUP(arena_deinit) struct arena arena;
    struct history history;

    arena_init(&arena);
    TRY(wanted_kernels_list(dataset, order->kernels, &kernels));
    TRY(load_history(dataset, order, &kernels, &arena, &history));
    struct error *error = search(order, &history, &arena, status);
    history_deinit(&history);
    if (!error && *status == STATUS_FAILED)
        error = doubt(cli, dataset, &order->query.embeds);
    if (!error && *status == STATUS_FAILED)
        error = doubt(cli, dataset, &order->query.points_to);
    return error;
}

static struct find_target target_of(const char *text)
{
    struct find_target target = {0};

    if (text) {
        target.kinds = wanted_kinds_take(&text);
        target.name = text;
    }
    return target;
}

/* In a type, a number in brackets is an array's length, and none of its digits alone: "char[16]"
 * becomes "char[[]16]". */
static struct error *make_type_pattern(const char *type, struct arena *arena,
                                       const char **pattern_ret)
{
    CLEANUP(buffer_deinit) struct buffer pattern;

    buffer_init(&pattern, TYPE_MAXIMUM);
    for (const char *rest = type; *rest != '\0'; rest++) {
        bool is_length = *rest == '[' && rest[1 + strspn(rest + 1, DIGITS)] == ']';
        buffer_append_text(&pattern, is_length ? "[[]" : (const char[]){*rest, '\0'});
    }
    return buffer_keep_text(&pattern, "--type", arena, pattern_ret);
}

static bool take_size(const char **text, uint64_t *number_ret)
{
    char *end;

    errno = 0;
    *number_ret = strtoull(*text, &end, 0);
    bool is_number = **text >= '0' && **text <= '9' && errno == 0;
    *text = end;
    return is_number;
}

/* "64", "64-128" */
static struct error *parse_size(const char *text, struct find_query *query)
{
    query->has_size = true;
    bool is_right = take_size(&text, &query->byte_size_minimum);
    query->byte_size_maximum = query->byte_size_minimum;
    if (is_right && *text == '-') {
        text++;
        is_right = take_size(&text, &query->byte_size_maximum);
    }
    return is_right && *text == '\0' && query->byte_size_minimum <= query->byte_size_maximum
               ? NULL
               : cli_usage_error("find",
                                 "--size is a number of bytes, or two, the less first: 64-128");
}

static struct error *check_query(const struct find_query *query)
{
    if (query->is_deep && !query->embeds.name && !query->points_to.name)
        return cli_usage_error("find", "--deep goes with --embeds or --points-to");
    if (!query->field && !query->type && !query->enumerator && !query->embeds.name &&
        !query->points_to.name && !query->has_size)
        return cli_usage_error("find", "say what to look for");
    return NULL;
}

static bool is_pattern(const char *word)
{
    return word && strpbrk(word, "*?[");
}

static struct error *parse(struct order *order, const char *format, struct arena *arena)
{
    struct find_query *query = &order->query;

    order->format = find_format_find(format);
    if (!order->format)
        return cli_usage_error("find", "--format is text, json or csv, not `%s`", format);
    order->image = image_of_word(order->image);
    query->embeds = target_of(order->embeds);
    query->points_to = target_of(order->points_to);
    if (query->type)
        TRY(make_type_pattern(query->type, arena, &query->type));
    if (order->size)
        TRY(parse_size(order->size, query));
    query->kinds = DEFINITION_KINDS_ALL;
    if (order->kinds)
        TRY(wanted_kinds_parse("find", order->kinds, &query->kinds));
    if (is_pattern(order->embeds) || is_pattern(order->points_to))
        return cli_usage_error("find", "what is embedded or pointed to is one definition, by its "
                                       "whole name");
    return check_query(query);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const char *format = "text";
    struct order order = {0};
    const struct option_value own[] = {{0, "field", &order.query.field, NULL},
                                       {0, "type", &order.query.type, NULL},
                                       {0, "enumerator", &order.query.enumerator, NULL},
                                       {0, "embeds", &order.embeds, NULL},
                                       {0, "points-to", &order.points_to, NULL},
                                       {0, "deep", NULL, &order.query.is_deep},
                                       {0, "size", &order.size, NULL},
                                       {0, "kind", &order.kinds, NULL},
                                       {'k', "kernel", &order.kernels, NULL},
                                       {0, "image", &order.image, NULL},
                                       {0, "format", &format, NULL},
                                       {'o', "output", &order.output, NULL},
                                       {0}};
    CLEANUP(arena_deinit) struct arena arena;
    const char **const words[] = {&order.kernels};
    struct dataset *dataset = NULL;
    int next;

    arena_init(&arena);
    TRY(cli_begin(cli, &command_find, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    order.output = cli_output_path(order.output);
    if (next != argc)
        return cli_usage_error("find", "what is looked for is said with options");
    TRY(parse(&order, format, &arena));
    TRY(running_word_open(cli, words, ARRAY_LENGTH(words), &arena, NULL, &dataset));
    struct error *error = carry_out(cli, dataset, &order, status);
    dataset_close(dataset);
    return error;
}

const struct command command_find = {
    .name = "find",
    .summary = "which definitions have a field, embed or point to something",
    .usage = usage,
    .failure_status = STATUS_USAGE,
    .run = run,
};
