/* SPDX-License-Identifier: MIT */
#include "run/serving/api/program_answers.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/subprocess.h"
#include "run/serving/api/program_line.h"

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024, SECONDS = 30 };

/* The first line of what the program said; what it says of FILE, it says of the contents. */
static struct error *explain(const struct question *question, const struct program *program,
                             const struct subprocess_result *result, const char *file)
{
    const char *message = buffer_text(&result->messages);
    static const char name[] = "kstruct: ";

    if (strncmp(message, name, strlen(name)) == 0)
        message += strlen(name);
    if (file && strncmp(message, file, strlen(file)) == 0)
        message += strlen(file) + strspn(message + strlen(file), ": ");
    int length = (int)strcspn(message, "\n");
    if (result->exit_status > 2 || length == 0 ||
        strstr(message, question->service->workspace->settings.data_dir))
        return error_create(ERROR_INTERNAL, NULL, "`kstruct %s` failed", program->command);
    enum error_code code = result->exit_status == 2 ? ERROR_USAGE : ERROR_NOT_FOUND;
    return error_create(code, NULL, "%.*s", length, message);
}

/* Status 1 of `offsets` tells that something is nowhere; the rest is there. */
static bool has_anything(const struct buffer *output)
{
    json_t *root = json_loadb(buffer_text(output), output->length, 0, NULL);
    bool has_any = json_object_size(json_object_get(root, "structs")) > 0;

    json_decref(root);
    return has_any;
}

static bool is_answer(const struct program *program, const struct subprocess_result *result)
{
    if (result->exit_status == 0)
        return true;
    return result->exit_status == 1 && result->output.length > 0 &&
           (program->is_told_by_status || has_anything(&result->output));
}

/* FILE is "/dev/fd/N", or NULL; DESCRIPTOR is N. */
static struct error *run(const struct question *question, const struct program *program,
                         const char *file, const int *descriptor, struct http_answer *answer)
{
    CLEANUP(program_line_deinit) struct program_line line = {0};
    const struct subprocess_limits limits = {
        .maximum_bytes = OUTPUT_MAXIMUM,
        .timeout_seconds = SECONDS,
        .is_cancelled = question->service->is_ending,
        .inherited = descriptor,
        .inherited_count = file ? 1 : 0,
    };
    struct subprocess_result result;

    TRY(program_line_make(question, program, file, &line));
    TRY(subprocess_run(line.words, &limits, &result));
    struct error *error = NULL;
    answer->type = http_type_json;
    if (is_answer(program, &result))
        buffer_append_buffer(&answer->contents, &result.output);
    else
        error = explain(question, program, &result, file);
    subprocess_result_deinit(&result);
    return error;
}

struct error *program_answer_offsets(const struct question *question, struct http_answer *answer)
{
    return run(question, &program_offsets, NULL, NULL, answer);
}

struct error *program_answer_diff(const struct question *question, struct http_answer *answer)
{
    return run(question, &program_diff, NULL, NULL, answer);
}

struct error *program_answer_find(const struct question *question, struct http_answer *answer)
{
    return run(question, &program_find, NULL, NULL, answer);
}

/* The contents as a file without a name. */
static struct error *put_into_memory(const struct http_request *request, int *descriptor_ret)
{
    int descriptor = memfd_create("contents", MFD_CLOEXEC);

    if (descriptor < 0)
        return error_create_errno(errno, NULL, "cannot keep the contents");
    struct error *error =
        file_write_all(descriptor, request->contents, request->content_length, "the contents");
    if (error) {
        close(descriptor);
        return error;
    }
    *descriptor_ret = descriptor;
    return NULL;
}

/* Who asks knows no file of that name. */
static void rename_file(const json_t *checks)
{
    size_t index;
    json_t *check;

    json_array_foreach(checks, index, check)
    {
        if (json_object_get(check, "file"))
            json_object_set_new(check, "file", json_string("contents"));
    }
}

static struct error *rename_files(struct buffer *contents)
{
    json_t *root = json_loadb(buffer_text(contents), contents->length, 0, NULL);

    rename_file(json_object_get(root, "objects"));
    rename_file(json_object_get(root, "lists"));
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    if (!text)
        return error_create(ERROR_INTERNAL, NULL, "`kstruct check` wrote no JSON");
    buffer_clear(contents);
    buffer_append_text(contents, text);
    buffer_append_char(contents, '\n');
    free(text);
    return NULL;
}

struct error *program_answer_check(const struct question *question, struct http_answer *answer)
{
    CLEANUP(close_pointer) int descriptor = -1;
    char file[32];

    if (question->request->content_length == 0)
        return error_create(ERROR_USAGE, NULL, "send the program's file as the contents");
    TRY(put_into_memory(question->request, &descriptor));
    snprintf(file, sizeof(file), "/dev/fd/%d", descriptor);
    TRY(run(question, &program_check, file, &descriptor, answer));
    return rename_files(&answer->contents);
}
