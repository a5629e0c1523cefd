/* SPDX-License-Identifier: MIT */
#include "run/child/kernel_child.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/subprocess.h"
#include "model/stream/kernel_stream.h"
#include "run/child/kernel_input.h"
#include "run/child/reader_plan.h"

enum {
    NUMBER_LENGTH = 24,
    DESCRIPTOR_COUNT = 4,
    /* A package may take that long to arrive, and more is waited for by nobody. */
    ARRIVAL_SECONDS = 24 * 60 * 60,
};

/* The program that runs, also when its file was replaced by a newer one since. */
#define THIS_PROGRAM "/proc/self/exe"

/* A process that was taken over may say what it likes, such as that the data set is damaged: only
 * what is a file's fault is believed, or that the file did not arrive. */
static bool may_be_said(enum error_code code)
{
    enum failure_blame blame = error_failure(code)->blame;

    return blame == BLAME_FILE || blame == BLAME_BYTES || code == ERROR_INCONCLUSIVE;
}

/* Cuts the line that TEXT begins with off, and returns what comes after it. */
static char *cut_line(char *text)
{
    char *end = strchrnul(text, '\n');

    if (*end == '\0')
        return end;
    *end = '\0';
    return end + 1;
}

/* What the child said: its error's code, place, offset and reason, a line each. */
static struct error *told_error(const struct subprocess_result *result, const char *path)
{
    CLEANUP(free_pointer) char *code = strdup(buffer_text(&result->output));

    if (!code)
        return error_out_of_memory();
    char *where = cut_line(code);
    char *offset = cut_line(where);
    char *why = cut_line(offset);
    cut_line(why);
    if (why[0] == '\0')
        return error_create(ERROR_CRASHED, path,
                            "the process that reads it ended with status %d and without a word: "
                            "%.200s",
                            result->exit_status, buffer_text(&result->messages));
    if (error_code_from_text(code) == ERROR_OUT_OF_MEMORY)
        return error_create(ERROR_LIMIT, path,
                            "the process that reads it ran out of memory: it takes more than it is "
                            "given (child_memory, memory), or than there is");
    if (!may_be_said(error_code_from_text(code)))
        return error_create(ERROR_CRASHED, path, "the process that reads it failed: %s: %s%s%s",
                            code, where, where[0] ? ": " : "", why);
    return error_create_at(error_code_from_text(code), where[0] ? where : path,
                           strtoull(offset, NULL, 10), "%s", why);
}

static struct error *outcome(const struct kernel_child *child,
                             const struct subprocess_result *result,
                             struct kernel_layouts *layouts_ret)
{
    int number = result->exit_status - 128;

    if (result->exit_status == 0)
        return kernel_stream_read(buffer_text(&result->output), result->output.length, child->path,
                                  layouts_ret);
    if (number == SIGXCPU || number == SIGXFSZ || number == SIGKILL)
        return error_create(ERROR_LIMIT, child->path,
                            "the process that reads it was ended by signal %d (%s): it took more "
                            "time or memory than it is given (child_time, child_memory, memory)",
                            number, strsignal(number));
    if (number > 0)
        return error_create(ERROR_CRASHED, child->path,
                            "the process that reads it was ended by signal %d (%s)%s%.200s", number,
                            strsignal(number), result->messages.length > 0 ? ": " : "",
                            buffer_text(&result->messages));
    return told_error(result, child->path);
}

/* The words of a child's command line that are numbers. */
struct number_words {
    char texts[KERNEL_CHILD_WORD_COUNT][NUMBER_LENGTH];
};

static void set_number(struct number_words *numbers, const char **words, int position,
                       uint64_t number)
{
    snprintf(numbers->texts[position], NUMBER_LENGTH, "%" PRIu64, number);
    words[1 + position] = numbers->texts[position];
}

static void set_words(const struct kernel_child *child, struct number_words *numbers,
                      const char **words)
{
    const struct arrival_ends *ends = child->arrival ? &child->arrival->ends : NULL;

    words[0] = THIS_PROGRAM;
    words[1] = KERNEL_CHILD_COMMAND;
    words[1 + KERNEL_CHILD_PATH] = child->path;
    set_number(numbers, words, KERNEL_CHILD_FORM, child->form);
    set_number(numbers, words, KERNEL_CHILD_FILE, (uint64_t)child->file_descriptor);
    set_number(numbers, words, KERNEL_CHILD_BASE, (uint64_t)child->base_descriptor);
    set_number(numbers, words, KERNEL_CHILD_REQUESTS, ends ? (uint64_t)ends->requests : 0);
    set_number(numbers, words, KERNEL_CHILD_REPLIES, ends ? (uint64_t)ends->replies : 0);
    set_number(numbers, words, KERNEL_CHILD_TOTAL_SIZE, ends ? ends->total_size : 0);
    set_number(numbers, words, KERNEL_CHILD_RANGES, ends && ends->has_ranges);
    set_number(numbers, words, KERNEL_CHILD_JOBS, child->jobs);
    set_number(numbers, words, KERNEL_CHILD_MEMORY, child->memory_bytes);
    set_number(numbers, words, KERNEL_CHILD_SECONDS, child->workspace->settings.child_seconds);
    set_number(numbers, words, KERNEL_CHILD_PARENT, (uint64_t)getpid());
    words[1 + KERNEL_CHILD_WORD_COUNT] = NULL;
}

enum kernel_form kernel_form_of_settings(const struct settings *settings)
{
    return settings->images == SETTINGS_IMAGES_ALL ? KERNEL_FORM_IMAGES : KERNEL_FORM_VMLINUX;
}

struct error *kernel_child_read(const struct kernel_child *child,
                                struct kernel_layouts *layouts_ret)
{
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    const char *words[KERNEL_CHILD_WORD_COUNT + 2];
    int inherited[DESCRIPTOR_COUNT] = {child->file_descriptor};
    struct number_words numbers;
    struct subprocess_limits limits = {
        .maximum_bytes = KERNEL_STREAM_BYTES_MAXIMUM,
        .timeout_seconds = child->workspace->settings.child_seconds,
        .is_cancelled = child->is_cancelled,
        .inherited = inherited,
        .inherited_count = 1,
    };

    if (child->base_descriptor > 0)
        inherited[limits.inherited_count++] = child->base_descriptor;
    if (child->arrival) {
        limits.is_paused = &child->arrival->is_waiting;
        inherited[limits.inherited_count++] = child->arrival->ends.requests;
        inherited[limits.inherited_count++] = child->arrival->ends.replies;
    }
    set_words(child, &numbers, words);
    struct error *error = subprocess_run(words, &limits, &result);
    if (error && error->code == ERROR_LIMIT) {
        struct error *located = error_create(
            ERROR_LIMIT, child->path,
            "the process that reads it was given up: %s (child_time, child_memory)", error->why);
        error_destroy(error);
        return located;
    }
    TRY(error);
    return outcome(child, &result, layouts_ret);
}

struct error *kernel_child_read_path(struct workspace *workspace, enum kernel_form form,
                                     const char *path, const char *base_path,
                                     struct kernel_layouts *layouts_ret)
{
    CLEANUP(close_pointer) int file_descriptor = -1;
    CLEANUP(close_pointer) int base_descriptor = -1;

    TRY(kernel_input_open(path, form == KERNEL_FORM_JSON_LINES, &file_descriptor));
    if (base_path)
        TRY(kernel_input_open(base_path, false, &base_descriptor));
    const struct kernel_child child = {
        .workspace = workspace,
        .form = form,
        .file_descriptor = file_descriptor,
        .base_descriptor = base_path ? base_descriptor : 0,
        .path = path,
        .jobs = workspace->jobs,
        .memory_bytes = reader_plan_of_settings(&workspace->settings, 1).memory_bytes,
    };
    return kernel_child_read(&child, layouts_ret);
}
