/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/system/file.h"
#include "cli/cli.h"
#include "cli/words/offset_requests.h"
#include "cli/words/running_word.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_kernels.h"
#include "report/offsets/offset_writer.h"

static const char usage[] =
    "usage: kstruct offsets [[KIND] NAME[.FIELD]…] [--format text|json|csv] [-o FILE]\n"
    "                       [-k KERNEL,…] [--image IMAGE]\n"
    "\n"
    "Prints where fields are in every kernel of the data set, how large structs are,\n"
    "and which values enumerators have. Without a word, and as JSON or CSV: all of\n"
    "them. KIND is struct, union, enum or typedef.\n"
    "\n"
    "  task_struct            the struct's size in bytes\n"
    "  task_struct.pid        where the field is\n"
    "  task_struct.se.load    also inside of structs that are embedded, by adding up\n"
    "                         offsets; what a pointer points to is not inside\n"
    "  mm_struct.rss_stat[2]  an element of an array\n"
    "  inode.i_uid.val        through what a typedef stands for\n"
    "  enum pid_type.PIDTYPE_TGID\n"
    "                         an enumerator's value\n"
    "\n"
    "Offsets are in bytes from the start of the first struct named; a bit-field has\n"
    "the bit of its byte after a colon. Sizes are in bytes. `?` is what is not\n"
    "recorded of imported kernels. Kernels come by architecture, flavor and version;\n"
    "those that agree are told as one range. What is said about a field in a kernel\n"
    "that does not have it, with a question mark, is a guess.\n"
    "\n"
    "      --format FORMAT      text, json or csv (default: text)\n"
    "  -o, --output FILE        where to; - is standard output, the default\n"
    "  -k, --kernel KERNEL,…    only these kernels of the data set (default: all);\n"
    "                           running is that of this machine, by its BTF\n"
    "      --image IMAGE        vmlinux; or a module: what names mean there; or all\n"
    "                           (default): vmlinux, and what modules have besides\n"
    "\n"
    "Exit status: 0 all was found in some kernel, 1 something was not, 2 usage.\n";

enum {
    PENDING_MAXIMUM = 1 << 30,
    PENDING_ENOUGH = 1 << 18,
    /* Of the data set's cache, in bytes. */
    LITTLE_MEMORY = 2 << 20,
    MUCH_MEMORY = 64 << 20,
};

/* Where the text goes, a large piece at a time. */
struct output {
    struct file_replacement *file; /* NULL: standard output */
    struct buffer pending;
};

/* What all parts of the command work with. */
struct job {
    struct cli *cli;
    struct dataset *dataset;
    const char *image; /* NULL: all */
    struct offset_input input;
    struct offset_writer writer;
    struct output output;
    struct arena scratch; /* for one struct */
    bool has_missed;      /* something that was asked for is nowhere */
};

static void job_deinit(struct job *job)
{
    buffer_deinit(&job->output.pending);
    arena_deinit(&job->scratch);
}

static struct error *flush(struct output *output, size_t enough)
{
    if (output->pending.length < enough || output->pending.length == 0)
        return NULL;
    if (output->file)
        TRY(file_write_all(output->file->file_descriptor, output->pending.data,
                           output->pending.length, output->file->path));
    else
        TRY(cli_print(output->pending.data, output->pending.length));
    buffer_clear(&output->pending);
    return NULL;
}

static struct error *put(struct job *job, const struct offset_table *table, bool with_size)
{
    TRY(offset_writer_append(&job->writer, table, with_size, &job->output.pending));
    return flush(&job->output, PENDING_ENOUGH);
}

/* Says so if ROW is found in no kernel that was asked for. */
static struct error *check_row(struct job *job, const struct offset_table *table,
                               const struct offset_row *row)
{
    struct error *error =
        offset_request_explain(job->dataset, job->image, &job->input, table, row, &job->scratch);

    if (!error)
        return NULL;
    if (error->code != ERROR_NOT_FOUND)
        return error;
    log_error(&job->cli->workspace.log, error);
    error_destroy(error);
    job->has_missed = true;
    return NULL;
}

/* Answers what was asked about one struct, but for what no kernel has. */
static struct error *answer(struct job *job, const struct offset_request *request)
{
    struct offset_table table;
    bool with_size = request->with_size;

    TRY(offset_table_make(&job->input, request->kinds, request->definition_name, request->paths,
                          request->path_count, &job->scratch, &table));
    if (table.size.found_count == 0)
        return check_row(job, &table, &table.size);
    if (with_size)
        TRY(check_row(job, &table, &table.size));
    size_t count = table.row_count;
    table.row_count = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(check_row(job, &table, &table.rows[i]));
        if (table.rows[i].found_count > 0)
            table.rows[table.row_count++] = table.rows[i];
    }
    return with_size || table.row_count > 0 ? put(job, &table, with_size) : NULL;
}

/* Most typedefs only stand for something else, and base types have nothing inside. */
static bool has_places(const struct history *history, const struct history_definition *entry)
{
    if (entry->kind != DEFINITION_TYPEDEF)
        return entry->kind != DEFINITION_INT;
    for (size_t i = 0; i < history->kernel_count; i++) {
        const struct layout *layout = entry->layouts[i];
        if (layout && layout->member_count + layout->enumerator_count > 0)
            return true;
    }
    return false;
}

static struct error *write_everything(struct job *job)
{
    const struct history *history = job->input.history;
    struct offset_table table;

    for (size_t i = 0; i < history->definition_count; i++) {
        if (!has_places(history, &history->definitions[i]))
            continue;
        arena_clear(&job->scratch);
        TRY(offset_table_make_whole(&job->input, &history->definitions[i], &job->scratch, &table));
        if (table.size.shown_found_count > 0)
            TRY(put(job, &table, true));
    }
    return NULL;
}

static struct error *write_all(struct job *job, const struct offset_format *format,
                               const struct offset_requests *requests)
{
    TRY(offset_writer_begin(&job->writer, &job->input, format, &job->output.pending));
    if (requests->count == 0)
        TRY(write_everything(job));
    for (size_t i = 0; i < requests->count; i++) {
        arena_clear(&job->scratch);
        TRY(answer(job, &requests->requests[i]));
    }
    TRY(offset_writer_end(&job->writer, &job->output.pending));
    return flush(&job->output, 0);
}

static struct error *write_output(struct job *job, const struct offset_format *format,
                                  const struct offset_requests *requests, const char *path)
{
    CLEANUP(file_replacement_end) struct file_replacement file = {.file_descriptor = -1};

    if (!path)
        return write_all(job, format, requests);
    TRY(file_replacement_begin(path, &file));
    job->output.file = &file;
    TRY(write_all(job, format, requests));
    return file_replacement_commit(&file);
}

/* What the command line asks for. */
struct order {
    const struct offset_format *format;
    const char *output;
    const char *kernels;
    const char *image; /* NULL: all */
    struct offset_requests requests;
};

/* Names inside a module's definition may mean the module's own, which are further ones: only for
 * these are details loaded, which take half as long again. */
static bool need_details(const struct dataset_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++) {
        if (kernels->kernels[i].module_count > 0)
            return true;
    }
    return false;
}

/* Loads what is asked about, or everything. Only what the paths lead through, or also what is
 * beside it, by which can be guessed what somebody else means. */
static struct error *load_history(struct dataset *dataset, const struct order *order,
                                  const struct wanted_kernels *kernels, bool only_paths,
                                  struct arena *arena, struct history *history_ret)
{
    const struct offset_requests *requests = &order->requests;
    const char **names = arena_allocate(arena, requests->count, sizeof(*names));
    const char **members;
    size_t member_count;

    if (!names)
        return error_out_of_memory();
    for (size_t i = 0; i < requests->count; i++)
        names[i] = requests->requests[i].definition_name;
    TRY(offset_requests_list_members(requests, arena, &members, &member_count));
    const struct dataset_selection selection = {
        .kernel_count = kernels->count,
        .kernel_names = kernels->texts,
        .kinds = DEFINITION_KINDS_ALL,
        .name_count = requests->count,
        .names = requests->count > 0 ? names : NULL,
        .embedded_depth = EMBEDDED_AT_ANY_DEPTH,
        .followed_count = member_count,
        .followed = only_paths ? members : NULL,
        .image = order->image,
        .has_details = need_details(&kernels->list),
    };
    return dataset_load_history(dataset, &selection, history_ret);
}

/* Has every kernel that has the definition also all that is asked about it? Then there is nothing
 * to guess. */
static struct error *find_all(struct job *job, const struct offset_requests *requests,
                              bool *are_found_ret)
{
    struct offset_table table;

    *are_found_ret = true;
    for (size_t i = 0; i < requests->count && *are_found_ret; i++) {
        const struct offset_request *request = &requests->requests[i];
        arena_clear(&job->scratch);
        TRY(offset_table_make(&job->input, request->kinds, request->definition_name, request->paths,
                              request->path_count, &job->scratch, &table));
        for (size_t j = 0; j < table.row_count; j++)
            *are_found_ret = *are_found_ret && table.rows[j].found_count == table.size.found_count;
    }
    return NULL;
}

/* What paths lead through is read once: to keep it takes as long as to read it. All that is beside
 * it leads back to the same pages. */
static struct error *limit_memory(struct job *job, const struct offset_requests *requests,
                                  bool only_paths)
{
    bool is_little = only_paths && requests->count > 0;

    return dataset_limit_memory(job->dataset, is_little ? LITTLE_MEMORY : MUCH_MEMORY);
}

/* Most questions need a hundredth of what the others do. */
static struct error *load_needed(struct job *job, const struct order *order,
                                 const struct wanted_kernels *kernels, struct history *history)
{
    CLEANUP(arena_deinit) struct arena arena;
    bool are_found = false;

    arena_init(&arena);
    TRY(image_check(job->dataset, order->image, kernels->count, kernels->texts));
    TRY(limit_memory(job, &order->requests, true));
    TRY(load_history(job->dataset, order, kernels, true, &arena, history));
    job->input =
        (struct offset_input){history, kernels->kernels, kernels->shown_count, kernels->shown};
    struct error *error = find_all(job, &order->requests, &are_found);
    if (!error && are_found)
        return NULL;
    history_deinit(history);
    TRY(error);
    TRY(limit_memory(job, &order->requests, false));
    return load_history(job->dataset, order, kernels, false, &arena, history);
}

static struct error *carry_out(struct cli *cli, struct dataset *dataset, const struct order *order,
                               enum exit_status *status)
{
    CLEANUP(wanted_kernels_deinit) struct wanted_kernels kernels = {0};
    CLEANUP(job_deinit) struct job job = {.cli = cli, .dataset = dataset, .image = order->image};
    struct history history;

    arena_init(&job.scratch);
    buffer_init(&job.output.pending, PENDING_MAXIMUM);
    TRY(wanted_kernels_list(dataset, order->kernels, &kernels));
    TRY(load_needed(&job, order, &kernels, &history));
    struct error *error = write_output(&job, order->format, &order->requests, order->output);
    history_deinit(&history);
    if (job.has_missed)
        *status = STATUS_FAILED;
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const char *format = "text";
    struct order order = {0};
    const struct option_value own[] = {{0, "format", &format, NULL},
                                       {'o', "output", &order.output, NULL},
                                       {'k', "kernel", &order.kernels, NULL},
                                       {0, "image", &order.image, NULL},
                                       {0}};
    CLEANUP(arena_deinit) struct arena arena;
    const char **const words[] = {&order.kernels};
    struct dataset *dataset = NULL;
    int next;

    arena_init(&arena);
    TRY(cli_begin(cli, &command_offsets, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    order.output = cli_output_path(order.output);
    order.format = offset_format_find(format);
    if (!order.format)
        return cli_usage_error("offsets", "there is no format `%s`", format);
    order.image = image_of_word(order.image);
    TRY(offset_requests_parse(argv + next, (size_t)(argc - next), &arena, &order.requests));
    if (order.requests.count == 0 && order.format == &offset_format_text)
        return cli_usage_error("offsets", "all structs and fields are told with --format json or "
                                          "csv; name a struct or a field for text");
    TRY(running_word_open(cli, words, ARRAY_LENGTH(words), &arena, NULL, &dataset));
    struct error *error = carry_out(cli, dataset, &order, status);
    dataset_close(dataset);
    return error;
}

const struct command command_offsets = {
    .name = "offsets",
    .summary = "where fields are in every kernel",
    .usage = usage,
    .run = run,
};
