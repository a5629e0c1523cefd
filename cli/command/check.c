/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "base/system/sandbox.h"
#include "base/text/counted.h"
#include "cli/checking/check_fields.h"
#include "cli/checking/check_hints.h"
#include "cli/cli.h"
#include "cli/words/running_word.h"
#include "cli/words/wanted_image.h"
#include "cli/words/wanted_kernels.h"
#include "model/kernel/image.h"
#include "run/checking/object_checking.h"

static const char usage[] =
    "usage: kstruct check [-k KERNEL,…] [--format text|json] [--all] [-o FILE]\n"
    "                     [--image IMAGE] FILE…\n"
    "\n"
    "Says in which kernels of the data set a program runs. FILE is\n"
    "- a BPF object, as clang -g -target bpf writes it: each of its CO-RE relocations\n"
    "  is resolved in each kernel as libbpf does it there;\n"
    "- or a list of what a program expects, one field a line:\n"
    "    task_struct.pid\n"
    "    task_struct.comm offset=0xb90 size=16 type=char[16]\n"
    "    task_struct.__state?             optional\n"
    "    enum pid_type.PIDTYPE_PID value=0\n"
    "- or a table of what was right so far, as `kstruct offsets --format csv` writes\n"
    "  it.\n"
    "\n"
    "What a BPF program misses only does harm where it is reached: not after a check\n"
    "such as bpf_core_field_exists() that comes out as no. That is called guarded. Of\n"
    "kernels that were imported, something may not be known.\n"
    "\n"
    "  -k, --kernel KERNEL,…    only these kernels of the data set (default: all)\n"
    "      --format FORMAT      text or json (default: text)\n"
    "      --image IMAGE        all (default): types of modules count where vmlinux\n"
    "                           has none of that name; or vmlinux\n"
    "      --all                tell also of what is guarded, or not known (text)\n"
    "  -o, --output FILE        where to; - is standard output, the default\n"
    "\n"
    "Exit status: 0 all fit all kernels, 1 something does not, 2 trouble.\n";

enum {
    FILE_MAXIMUM = 256 * 1024 * 1024,
    OUTPUT_MAXIMUM = 1 << 30,
    REMARK_MAXIMUM = 64,
    NAMES_MAXIMUM = 2000, /* of more, all is loaded */
};

/* What the command line asks for. */
struct order {
    bool is_json;
    bool has_all;
    const char *kernels;
    const char *image; /* NULL: all */
    const char *output;
    size_t file_count;
    char *const *files;
};

/* A file that is to be checked. */
struct program_file {
    const char *path;
    char *bytes; /* owned; NULL: it could not be read */
    size_t length;
    bool is_object;
};

/* What all parts of the command work with. */
struct job {
    struct cli *cli;
    const struct order *order;
    struct arena arena;
    struct program_file *files; /* as many as the order has */
    size_t object_count;
    struct bpf_object *objects;
    struct object_check *object_checks;
    size_t list_count;
    struct field_list *lists;
    struct field_check *field_checks;
    struct offset_input input;
    size_t name_count; /* of the definitions that the lists' fields are in */
    const char **names;
    const char **kernels; /* names of those that are checked against */
    bool has_trouble;     /* a file could not be read */
    bool has_failed;      /* something does not fit */
};

static void job_deinit(struct job *job)
{
    for (size_t i = 0; job->files && i < job->order->file_count; i++)
        free(job->files[i].bytes);
    for (size_t i = 0; i < job->object_count; i++)
        bpf_object_deinit(&job->objects[i]);
    for (size_t i = 0; i < job->list_count; i++)
        field_list_deinit(&job->lists[i]);
    arena_deinit(&job->arena);
}

/* A file that is of no use is named, and the others are checked. */
static struct error *note_trouble(struct job *job, struct error *error)
{
    if (!error || error->code == ERROR_OUT_OF_MEMORY)
        return error;
    log_error(&job->cli->workspace.log, error);
    error_destroy(error);
    job->has_trouble = true;
    return NULL;
}

static struct error *read_file(struct program_file *file)
{
    TRY(file_read(file->path, FILE_MAXIMUM, &file->bytes, &file->length));
    file->is_object = file->length >= SELFMAG && memcmp(file->bytes, ELFMAG, SELFMAG) == 0;
    return NULL;
}

static struct error *read_files(struct job *job)
{
    size_t count = job->order->file_count;

    job->files = arena_allocate(&job->arena, count, sizeof(*job->files));
    if (!job->files)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        job->files[i].path = job->order->files[i];
        TRY(note_trouble(job, read_file(&job->files[i])));
    }
    return NULL;
}

static bool has_objects(const struct job *job)
{
    for (size_t i = 0; i < job->order->file_count; i++) {
        if (job->files[i].is_object)
            return true;
    }
    return false;
}

static struct error *take_object(struct job *job, const struct program_file *file)
{
    struct bpf_object *object = &job->objects[job->object_count];
    struct error *error = bpf_object_read(file->path, file->bytes, file->length, object);

    if (error)
        bpf_object_deinit(object);
    else
        job->object_count++;
    return error;
}

static struct error *take_list(struct job *job, const struct program_file *file)
{
    struct field_list *list = &job->lists[job->list_count];
    struct error *error = field_list_read(file->path, file->bytes, file->length, list);

    if (error)
        field_list_deinit(list);
    else
        job->list_count++;
    return error;
}

static struct error *take_lists(struct job *job)
{
    size_t count = job->order->file_count;

    job->lists = arena_allocate(&job->arena, count, sizeof(*job->lists));
    if (!job->lists)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        if (job->files[i].bytes && !job->files[i].is_object)
            TRY(note_trouble(job, take_list(job, &job->files[i])));
    }
    for (size_t i = 0; i < job->list_count; i++)
        TRY(check_fields_add_names(&job->lists[i], &job->arena, &job->names, &job->name_count));
    return NULL;
}

/* Libraries look into foreign files from here on. A file of results has to be created afterwards,
 * which nobody in the sandbox can do. */
static struct error *take_objects(struct job *job)
{
    size_t count = job->order->file_count;

    if (!has_objects(job))
        return NULL;
    if (!job->order->output && !HAS_SANITIZER)
        TRY(sandbox_enter());
    job->objects = arena_allocate(&job->arena, count, sizeof(*job->objects));
    if (!job->objects)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        if (job->files[i].is_object)
            TRY(note_trouble(job, take_object(job, &job->files[i])));
    }
    return NULL;
}

static struct error *list_kernels(struct job *job)
{
    const struct offset_input *input = &job->input;

    job->kernels = arena_allocate(&job->arena, input->shown_count + 1, sizeof(*job->kernels));
    if (!job->kernels)
        return error_out_of_memory();
    for (size_t i = 0; i < input->shown_count; i++)
        job->kernels[i] = input->history->kernel_names[input->shown[i]];
    return NULL;
}

static struct error *check_objects(struct job *job, const struct dataset_kernels *records)
{
    struct core_result ***results = NULL;
    const struct object_checking checking = {
        .history = job->input.history,
        .records = records,
        .kernel_count = job->input.shown_count,
        .kernels = job->input.shown,
        .object_count = job->object_count,
        .objects = job->objects,
        .jobs = job->cli->workspace.jobs,
    };

    job->object_checks =
        arena_allocate(&job->arena, job->object_count + 1, sizeof(*job->object_checks));
    if (!job->object_checks)
        return error_out_of_memory();
    if (job->object_count == 0)
        return NULL;
    TRY(object_checking_run(&checking, &job->arena, &results));
    for (size_t i = 0; i < job->object_count; i++) {
        job->object_checks[i] = (struct object_check){
            .object = &job->objects[i],
            .kernel_count = checking.kernel_count,
            .kernels = job->kernels,
            .results = results[i],
        };
        TRY(check_hints_find(&job->input, &job->object_checks[i], &job->arena));
    }
    return NULL;
}

static struct error *check_lists(struct job *job)
{
    job->field_checks =
        arena_allocate(&job->arena, job->list_count + 1, sizeof(*job->field_checks));
    if (!job->field_checks)
        return error_out_of_memory();
    for (size_t i = 0; i < job->list_count; i++) {
        job->field_checks[i] = (struct field_check){
            .list = &job->lists[i],
            .kernel_count = job->input.shown_count,
            .kernels = job->kernels,
        };
        TRY(check_fields_find(&job->input, &job->field_checks[i], &job->arena));
    }
    return NULL;
}

/* Notes whether all fits, and writes it for people if they are to read it. */
static void take_verdicts(struct job *job, struct buffer *out, const char *name, size_t count,
                          const char *word, const struct verdict *verdicts)
{
    char remark[REMARK_MAXIMUM];
    size_t kernel_count = job->input.shown_count;

    snprintf(remark, sizeof(remark), "%zu %s%s", count, word, count == 1 ? "" : "s");
    if (!job->order->is_json)
        verdicts_append_text(out, name, remark, verdicts, kernel_count, job->order->has_all);
    for (size_t i = 0; i < kernel_count; i++)
        job->has_failed |= !verdict_is_fit(&verdicts[i]);
}

static struct error *judge(struct job *job, struct buffer *out)
{
    struct verdict *verdicts;

    for (size_t i = 0; i < job->object_count; i++) {
        const struct bpf_object *object = &job->objects[i];
        TRY(object_check_judge(&job->object_checks[i], &job->arena, &verdicts));
        take_verdicts(job, out, object->path, object->relocation_count, "relocation", verdicts);
    }
    for (size_t i = 0; i < job->list_count; i++) {
        const struct field_list *list = &job->lists[i];
        TRY(field_check_judge(&job->field_checks[i], &job->arena, &verdicts));
        take_verdicts(job, out, list->path, list->word_count, "field", verdicts);
    }
    return NULL;
}

static struct error *append_json(const struct job *job, struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, "kstruct-check", 1);
    json_t *objects = json_value_set_array(&document, document.root, "objects");
    for (size_t i = 0; i < job->object_count; i++)
        TRY(object_check_set_json(&job->object_checks[i], &document,
                                  json_value_add_object(&document, objects)));
    json_t *lists = json_value_set_array(&document, document.root, "lists");
    for (size_t i = 0; i < job->list_count; i++)
        TRY(field_check_set_json(&job->field_checks[i], &document,
                                 json_value_add_object(&document, lists)));
    return json_document_append(&document, 1, out);
}

static struct error *write_output(struct job *job)
{
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, OUTPUT_MAXIMUM);
    TRY(judge(job, &out));
    if (job->order->is_json)
        TRY(append_json(job, &out));
    TRY(buffer_check(&out, "the results"));
    return cli_write_output(job->order->output, &out);
}

static struct error *check_all(struct job *job, const struct dataset_kernels *records)
{
    TRY(take_objects(job));
    if (job->object_count + job->list_count == 0)
        return NULL;
    TRY(list_kernels(job));
    TRY(check_objects(job, records));
    TRY(check_lists(job));
    return write_output(job);
}

/* A program may need any type; of lists it is known what they are about. Closes DATASET, too: in
 * the sandbox that could not be done. */
static struct error *load(struct job *job, struct dataset *dataset, struct wanted_kernels *kernels,
                          struct history *history_ret)
{
    struct error *error = wanted_kernels_list(dataset, job->order->kernels, kernels);
    bool is_narrow = !has_objects(job) && job->name_count <= NAMES_MAXIMUM;
    const struct dataset_selection selection = {
        .kernel_count = kernels->count,
        .kernel_names = kernels->texts,
        .kinds = DEFINITION_KINDS_ALL,
        .name_count = is_narrow ? job->name_count : 0,
        .names = is_narrow ? job->names : NULL,
        .embedded_depth = EMBEDDED_AT_ANY_DEPTH,
        .image = job->order->image,
        .has_details = true,
    };

    if (!error)
        error = dataset_load_history(dataset, &selection, history_ret);
    dataset_close(dataset);
    return error;
}

/* KERNELS_WORD is the order's. */
static struct error *carry_out(struct job *job, const char **kernels_word)
{
    CLEANUP(wanted_kernels_deinit) struct wanted_kernels kernels = {0};
    const char **const words[] = {kernels_word};
    struct dataset *dataset = NULL;
    struct history history;

    TRY(read_files(job));
    TRY(take_lists(job));
    if (job->list_count == 0 && !has_objects(job))
        return NULL;
    TRY(running_word_open(job->cli, words, ARRAY_LENGTH(words), &job->arena, NULL, &dataset));
    TRY(load(job, dataset, &kernels, &history));
    job->input =
        (struct offset_input){&history, kernels.kernels, kernels.shown_count, kernels.shown};
    struct error *error = check_all(job, &kernels.list);
    history_deinit(&history);
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const char *format = "text";
    struct order order = {0};
    const struct option_value own[] = {
        {'k', "kernel", &order.kernels, NULL}, {0, "format", &format, NULL},
        {0, "image", &order.image, NULL},      {0, "all", NULL, &order.has_all},
        {'o', "output", &order.output, NULL},  {0}};
    CLEANUP(job_deinit) struct job job = {.cli = cli, .order = &order};
    int next;

    arena_init(&job.arena);
    TRY(cli_begin(cli, &command_check, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    order.output = cli_output_path(order.output);
    order.is_json = strcmp(format, "json") == 0;
    if (!order.is_json && strcmp(format, "text") != 0)
        return cli_usage_error("check", "--format is text or json, not `%s`", format);
    order.image = image_of_word(order.image);
    if (image_is_module(order.image))
        return cli_usage_error("check", "--image is all or vmlinux");
    order.files = argv + next;
    order.file_count = (size_t)(argc - next);
    if (order.file_count == 0)
        return cli_usage_error("check", "name the program's files");
    struct error *error = carry_out(&job, &order.kernels);
    *status = job.has_trouble ? STATUS_USAGE : job.has_failed ? STATUS_FAILED : STATUS_DONE;
    return error;
}

const struct command command_check = {
    .name = "check",
    .summary = "in which kernels a program runs",
    .usage = usage,
    .failure_status = STATUS_USAGE,
    .run = run,
};
