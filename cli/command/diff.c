/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/running_word.h"
#include "cli/words/suggestion.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_names.h"
#include "report/diff/diff_json.h"
#include "report/diff/diff_markdown.h"
#include "report/diff/diff_text.h"

static const char usage[] =
    "usage: kstruct diff KERNEL KERNEL [[KIND] NAME…]\n"
    "       kstruct diff running\n"
    "\n"
    "Tells what differs between two kernels of the data set: which structs, unions,\n"
    "enums and typedefs came and went, and which of their members and values were\n"
    "added, removed, moved or changed. With NAME, of these only; KIND is struct,\n"
    "union, enum or typedef. `running` is the kernel of this machine, by its BTF;\n"
    "alone, it is compared with what the data set has of it.\n"
    "\n"
    "      --format FORMAT  text (the default), md or json\n"
    "      --stat           a line a definition, without its members\n"
    "      --color WHEN     auto (the default: on a terminal), always or never\n"
    "      --image IMAGE    vmlinux; or a module: what names mean there; or all\n"
    "                       (default): vmlinux, and what modules have besides\n"
    "  -o, --output FILE    where to; - is standard output, the default\n"
    "\n"
    "In the text, a line begins with + for what was added, - removed, > only moved, ~\n"
    "changed otherwise, = told above, where the kernel declares members twice.\n"
    "Members have their offsets and sizes in bytes; a bit-field's offset is the byte\n"
    "and, after a colon, the bit. What ends in a question mark is a guess: such a\n"
    "member looks like another one. Members of imported kernels have no known sizes.\n"
    "Of several definitions of one name the first is compared.\n"
    "\n"
    "Exit status: 0 nothing differs, 1 something differs, 2 trouble.\n";

/* Larger than the differences of any two kernels by two orders of magnitude. */
#define OUTPUT_BYTES_MAXIMUM ((size_t)1 << 30)

enum { KERNEL_COUNT = 2 };

enum output_format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };
enum color_wish { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* By value of the enums. */
static const char *const format_words[] = {"text", "md", "json"};
static const char *const color_words[] = {"auto", "always", "never"};

struct diff_job {
    const char *kernels[KERNEL_COUNT];
    struct arena arena;
    struct wanted_names names; /* none: all is compared */
    struct dataset *dataset;
    const char *output; /* NULL: standard output */
    const char *image;  /* NULL: all */
    int format;
    int color;
    bool wants_stat;
};

/* The number of a word that an option may have; the first without the option. */
static struct error *read_word(const char *option, const char *value, const char *const *words,
                               size_t count, int *number_ret)
{
    for (size_t i = 0; value && i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *number_ret = (int)i;
            return NULL;
        }
    }
    if (!value)
        return NULL;
    return cli_usage_error("diff", "--%s is %s, %s or %s, not `%s`", option, words[0], words[1],
                           words[2], value);
}

static struct error *read_arguments(struct cli *cli, int argc, char **argv, struct diff_job *job,
                                    int *next_ret)
{
    const char *format = NULL;
    const char *color = NULL;
    const struct option_value own[] = {
        {0, "format", &format, NULL},        {0, "image", &job->image, NULL},
        {0, "stat", NULL, &job->wants_stat}, {0, "color", &color, NULL},
        {'o', "output", &job->output, NULL}, {0}};
    int next;

    TRY(cli_begin(cli, &command_diff, argc, argv, own, &next));
    job->output = cli_output_path(job->output);
    *next_ret = next;
    if (next == 0)
        return NULL;
    TRY(read_word("format", format, format_words, ARRAY_LENGTH(format_words), &job->format));
    TRY(read_word("color", color, color_words, ARRAY_LENGTH(color_words), &job->color));
    job->image = image_of_word(job->image);
    /* The kernel that runs here alone is compared with what the data set has of it. */
    int count = argc - next == 1 && strcmp(argv[next], "running") == 0 ? 1 : KERNEL_COUNT;
    if (argc - next < count)
        return cli_usage_error("diff", "two kernels are wanted");
    for (int i = 0; i < count; i++)
        job->kernels[KERNEL_COUNT - count + i] = argv[next + i];
    return wanted_names_parse(argv + next + count, (size_t)(argc - next - count), &job->arena,
                              &job->names);
}

static struct error *check_kernels(struct dataset *dataset, const struct diff_job *job)
{
    struct dataset_kernels list;
    struct error *error = NULL;
    size_t count = 0;

    TRY(dataset_list(dataset, &list));
    const char **names = calloc(list.count + 1, sizeof(*names));
    if (!names)
        error = error_out_of_memory();
    /* Who names two kernels means two. */
    for (size_t i = 0; names && i < list.count; i++) {
        if (strcmp(list.kernels[i].name, job->kernels[0]) != 0 &&
            strcmp(list.kernels[i].name, job->kernels[1]) != 0)
            names[count++] = list.kernels[i].name;
    }
    for (size_t i = 0; i < KERNEL_COUNT && !error; i++) {
        if (!dataset_kernels_find(&list, job->kernels[i]))
            error =
                suggestion_error(job->kernels[i], "no such kernel in the data set", names, count);
    }
    free(names);
    dataset_kernels_deinit(&list);
    return error;
}

/* Marks what the history has of that name. *IS_COMPARED_RET: can any of it be compared? */
static bool mark(const struct history *history, const struct wanted_name *wanted, bool *is_wanted,
                 bool *is_compared_ret)
{
    bool is_found = false;

    *is_compared_ret = false;
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const struct history_definition *entry = wanted->kinds & DEFINITION_KIND_BIT(kind)
                                                     ? history_find(history, kind, wanted->name)
                                                     : NULL;
        if (!entry)
            continue;
        is_wanted[entry - history->definitions] = true;
        is_found = true;
        *is_compared_ret |= !history_is_half_known(history, entry, 0, 1);
    }
    return is_found;
}

static struct error *not_compared(const struct history *history, const struct wanted_name *wanted)
{
    size_t unread = history_lacks_modules(history, 0) ? 0 : 1;

    return error_create(ERROR_UNSUPPORTED, wanted->name,
                        "is only in modules of %s, and the modules of %s were not read: it cannot "
                        "be compared",
                        history->kernel_names[1 - unread], history->kernel_names[unread]);
}

/* A word for each definition of the history; NULL if none was named. Free with free(). */
static struct error *select_definitions(const struct history *history, const struct diff_job *job,
                                        bool **is_wanted_ret)
{
    bool *is_wanted = NULL;

    if (job->names.count > 0) {
        is_wanted = calloc(history->definition_count + 1, sizeof(*is_wanted));
        if (!is_wanted)
            return error_out_of_memory();
    }
    for (size_t i = 0; i < job->names.count; i++) {
        bool is_compared;
        bool is_found = mark(history, &job->names.names[i], is_wanted, &is_compared);
        if (is_found && is_compared)
            continue;
        free(is_wanted);
        if (is_found)
            return not_compared(history, &job->names.names[i]);
        return wanted_name_missing(job->dataset, NULL, &job->names.names[i], job->image,
                                   "either kernel");
    }
    *is_wanted_ret = is_wanted;
    return NULL;
}

static bool wants_colors(const struct diff_job *job)
{
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (job->color != COLOR_AUTO)
        return job->color == COLOR_ALWAYS;
    return !job->output && isatty(STDOUT_FILENO) && !(no_color && no_color[0] != '\0') &&
           terminal && strcmp(terminal, "dumb") != 0;
}

static struct error *render(const struct diff_job *job, const struct kernel_difference *difference,
                            struct buffer *out)
{
    enum difference_detail detail = job->wants_stat ? DIFFERENCE_LINES : DIFFERENCE_MEMBERS;

    switch ((enum output_format)job->format) {
    case FORMAT_TEXT: break;
    case FORMAT_MARKDOWN: return difference_markdown_render(difference, detail, out);
    case FORMAT_JSON: return difference_json_render(difference, detail, out);
    }
    return difference_text_render(difference, detail, wants_colors(job), out);
}

static struct error *tell(const struct diff_job *job, const struct kernel_difference *difference)
{
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, OUTPUT_BYTES_MAXIMUM);
    TRY(render(job, difference, &out));
    return cli_write_output(job->output, &out);
}

static struct error *compare(const struct diff_job *job, const struct history *history,
                             bool *differs_ret)
{
    struct kernel_difference difference;
    bool *is_wanted = NULL;

    TRY(select_definitions(history, job, &is_wanted));
    struct error *error =
        kernel_difference_make(history, 0, history->kernel_count - 1, is_wanted, &difference);
    free(is_wanted);
    TRY(error);
    error = tell(job, &difference);
    *differs_ret = difference.change_count > 0;
    kernel_difference_deinit(&difference);
    return error;
}

/* The names that are asked about, from ARENA; NULL: all are. */
static struct error *list_names(const struct diff_job *job, struct arena *arena,
                                const char ***names_ret)
{
    if (job->names.count == 0)
        return NULL;
    *names_ret = arena_allocate(arena, job->names.count, sizeof(**names_ret));
    if (!*names_ret)
        return error_out_of_memory();
    for (size_t i = 0; i < job->names.count; i++)
        (*names_ret)[i] = job->names.names[i].name;
    return NULL;
}

/* A kernel is compared with itself like any other, but a history has it once. */
static struct error *load_history(const struct diff_job *job, struct history *history)
{
    CLEANUP(arena_deinit) struct arena arena;
    const char **names = NULL;

    arena_init(&arena);
    TRY(list_names(job, &arena, &names));
    bool are_equal = strcmp(job->kernels[0], job->kernels[1]) == 0;
    const struct dataset_selection selection = {
        .kernel_count = are_equal ? 1 : KERNEL_COUNT,
        .kernel_names = job->kernels,
        .kinds = DEFINITION_KINDS_ALL,
        .name_count = job->names.count,
        .names = names,
        .embedded_depth = 1,
        .image = job->image,
        .has_details = true,
    };

    TRY(check_kernels(job->dataset, job));
    TRY(image_check(job->dataset, job->image, KERNEL_COUNT, job->kernels));
    return dataset_load_history(job->dataset, &selection, history);
}

static struct error *diff(const struct diff_job *job, bool *differs_ret)
{
    struct history history;

    TRY(load_history(job, &history));
    struct error *error = compare(job, &history, differs_ret);
    history_deinit(&history);
    return error;
}

static struct error *run_job(struct cli *cli, int argc, char **argv, struct diff_job *job,
                             enum exit_status *status_ret)
{
    const char **const words[] = {&job->kernels[0], &job->kernels[1]};
    const char *twin = NULL;
    bool differs = false;
    int next;

    TRY(read_arguments(cli, argc, argv, job, &next));
    if (next == 0)
        return NULL;
    TRY(running_word_open(cli, words, ARRAY_LENGTH(words), &job->arena, &twin, &job->dataset));
    if (!job->kernels[0])
        job->kernels[0] = twin;
    if (!job->kernels[0])
        return error_create(
            ERROR_NOT_FOUND, job->kernels[1],
            "the data set has no kernel of its build-id or name to compare it with");
    TRY(diff(job, &differs));
    *status_ret = differs ? STATUS_DIFFERENT : STATUS_DONE;
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status_ret)
{
    struct diff_job job = {.dataset = NULL};

    arena_init(&job.arena);
    struct error *error = run_job(cli, argc, argv, &job, status_ret);
    dataset_close(job.dataset);
    arena_deinit(&job.arena);
    return error;
}

const struct command command_diff = {
    .name = "diff",
    .summary = "what differs between two kernels",
    .usage = usage,
    .failure_status = STATUS_USAGE,
    .run = run,
};
