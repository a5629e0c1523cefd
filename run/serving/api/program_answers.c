/* SPDX-License-Identifier: MIT */
#include "run/serving/api/program_answers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/subprocess.h"
#include "run/child/reader_plan.h"
#include "run/serving/api/program_line.h"

/* Two that nobody reads leave room for others: HELD_BYTES_MAXIMUM of the server is more. */
enum { OUTPUT_MAXIMUM = 24 * 1024 * 1024, SECONDS = 30, FILE_BYTES = 32, MESSAGE_MAXIMUM = 65536 };

/* Options are called parameters there. */
static struct error *in_words_of_interface(enum error_code code, const char *message, size_t length)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, MESSAGE_MAXIMUM);
    for (size_t i = 0; i < length; i++) {
        bool is_option = (i == 0 || message[i - 1] == ' ') && strncmp(message + i, "--", 2) == 0;
        i += is_option ? 2 : 0;
        buffer_append_char(&text, message[i]);
    }
    TRY(buffer_check(&text, "a message"));
    return error_create(code, NULL, "%s", buffer_text(&text));
}

/* The first line of what the program said; what it says of FILE, it says of the contents. */
static struct error *explain(const struct program_line *line, const struct program *program,
                             const struct subprocess_result *result, const char *file)
{
    const char *message = buffer_text(&result->messages);
    static const char name[] = "kstruct: ";

    if (strncmp(message, name, strlen(name)) == 0)
        message += strlen(name);
    if (file && strncmp(message, file, strlen(file)) == 0)
        message += strlen(file) + strspn(message + strlen(file), ": ");
    int length = (int)strcspn(message, "\n");
    const char *advice = strstr(message, "; see `kstruct");
    if (advice && advice < message + length)
        length = (int)(advice - message);
    if (result->exit_status > 2 || length == 0 || strstr(message, line->data_dir))
        return error_create(ERROR_INTERNAL, NULL, "`kstruct %s` failed", program->command);
    enum error_code code = result->exit_status == 2 ? ERROR_USAGE : ERROR_NOT_FOUND;
    return in_words_of_interface(code, message, (size_t)length);
}

/* Status 1 of `offsets` tells that something is nowhere; the rest is there. */
static bool has_anything(const struct buffer *output)
{
    return !strstr(buffer_text(output), "\"structs\": {\n}");
}

static bool is_answer(const struct program *program, const struct subprocess_result *result)
{
    if (result->exit_status == 0)
        return true;
    return result->exit_status == 1 && result->output.length > 0 &&
           (program->is_told_by_status || has_anything(&result->output));
}

/* What happened to the process, as who asks can make something of it. */
static struct error *as_told(struct error *error)
{
    enum error_code code = error->code;

    error_destroy(error);
    if (code == ERROR_LIMIT)
        return error_create(ERROR_LIMIT, NULL,
                            "the answer takes too long or is too large: ask for less at once");
    if (code == ERROR_INTERRUPTED)
        return error_create(ERROR_INTERRUPTED, NULL, "the server is ending; try again later");
    return error_create(ERROR_SYSTEM, NULL, "no process can be started now; try again later");
}

/* FILE is "/dev/fd/N", or NULL; DESCRIPTOR is N. */
static struct error *run(const struct question *question, const struct program *program,
                         const char *file, const int *descriptor, struct http_answer *answer)
{
    CLEANUP(program_line_deinit) struct program_line line = {0};
    const struct subprocess_limits limits = {
        .maximum_bytes = OUTPUT_MAXIMUM,
        .timeout_seconds = SECONDS,
        .memory_bytes =
            reader_plan_of_settings(&question->service->workspace->settings, 1).memory_bytes,
        .is_cancelled = question->service->is_ending,
        .inherited = descriptor,
        .inherited_count = file ? 1 : 0,
    };
    struct subprocess_result result;

    TRY(program_line_make(question, program, file, &line));
    struct error *error = subprocess_run(line.words, &limits, &result);
    if (error)
        return as_told(error);
    answer->type = http_type_json;
    if (is_answer(program, &result))
        buffer_append_buffer(&answer->contents, &result.output);
    else
        error = explain(&line, program, &result, file);
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

/* Who asks knows no file of that name: in JSON, it is "contents". */
static struct error *rename_file(struct buffer *contents, const char *file)
{
    CLEANUP(buffer_deinit) struct buffer renamed;
    const char *rest = buffer_text(contents);
    char quoted[FILE_BYTES + 2];

    buffer_init(&renamed, contents->maximum);
    snprintf(quoted, sizeof(quoted), "\"%s\"", file);
    for (const char *found; (found = strstr(rest, quoted)); rest = found + strlen(quoted)) {
        buffer_append(&renamed, rest, (size_t)(found - rest));
        buffer_append_text(&renamed, "\"contents\"");
    }
    buffer_append_text(&renamed, rest);
    buffer_clear(contents);
    buffer_append_buffer(contents, &renamed);
    return buffer_check(contents, "an answer");
}

struct error *program_answer_check(const struct question *question, struct http_answer *answer)
{
    CLEANUP(close_pointer) int descriptor = -1;
    char file[FILE_BYTES];

    if (question->request->content_length == 0)
        return error_create(ERROR_USAGE, NULL, "send the program's file as the contents");
    TRY(put_into_memory(question->request, &descriptor));
    snprintf(file, sizeof(file), "/dev/fd/%d", descriptor);
    TRY(run(question, &program_check, file, &descriptor, answer));
    return rename_file(&answer->contents, file);
}
