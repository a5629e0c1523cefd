/* SPDX-License-Identifier: MIT */
#include "run/serving/api/program_line.h"

#include <stdlib.h>
#include <string.h>

/* A word of a command line may have 128 KiB: execve(2). */
enum { VALUE_MAXIMUM = 4096, KERNELS_MAXIMUM = 120 * 1024 };

static const struct program_parameter offsets_parameters[] = {
    {"path", NULL, VALUE_WORDS, true, true},
    {"kernel", "-k", VALUE_KERNEL, false, true},
    {"image", "--image", VALUE_TEXT, false, false},
    {0},
};
static const struct program_parameter diff_parameters[] = {
    {"before", NULL, VALUE_KERNEL, true, false},
    {"after", NULL, VALUE_KERNEL, true, false},
    {"name", NULL, VALUE_WORDS, false, true},
    {"image", "--image", VALUE_TEXT, false, false},
    {0},
};
static const struct program_parameter find_parameters[] = {
    {"field", "--field", VALUE_TEXT, false, false},
    {"type", "--type", VALUE_TEXT, false, false},
    {"enumerator", "--enumerator", VALUE_TEXT, false, false},
    {"embeds", "--embeds", VALUE_TEXT, false, false},
    {"points-to", "--points-to", VALUE_TEXT, false, false},
    {"deep", "--deep", VALUE_FLAG, false, false},
    {"size", "--size", VALUE_TEXT, false, false},
    {"kind", "--kind", VALUE_TEXT, false, true},
    {"kernel", "-k", VALUE_KERNEL, false, true},
    {"image", "--image", VALUE_TEXT, false, false},
    {0},
};
static const struct program_parameter check_parameters[] = {
    {"kernel", "-k", VALUE_KERNEL, false, true},
    {"image", "--image", VALUE_TEXT, false, false},
    {0},
};

const struct program program_offsets = {"offsets", false, offsets_parameters};
const struct program program_diff = {"diff", true, diff_parameters};
const struct program program_find = {"find", true, find_parameters};
const struct program program_check = {"check", true, check_parameters};

static struct error *add_word(struct program_line *line, const char *word, size_t length)
{
    if (line->count == PROGRAM_WORDS_MAXIMUM)
        return error_create(ERROR_USAGE, NULL, "that is too much for one question");
    line->words[line->count] = arena_copy_text(&line->arena, word, length);
    return line->words[line->count++] ? NULL : error_out_of_memory();
}

static struct error *add_text(struct program_line *line, const char *text)
{
    return add_word(line, text, strlen(text));
}

/* What begins with a dash would be taken for an option. */
static struct error *add_words(struct program_line *line, const char *text)
{
    while (*(text += strspn(text, " "))) {
        size_t length = strcspn(text, " ");
        if (text[0] == '-')
            return error_create(ERROR_USAGE, NULL, "`%s` is no name", text);
        TRY(add_word(line, text, length));
        text += length;
    }
    return NULL;
}

static struct error *check_value(const struct question *question,
                                 const struct program_parameter *parameter, const char *value)
{
    size_t kernel;

    if (strlen(value) > VALUE_MAXIMUM)
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` is too long", parameter->name);
    if (value[0] == '\0')
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` is empty", parameter->name);
    if (parameter->kind == VALUE_KERNEL)
        return question_find_kernel(question, value, &kernel);
    if (parameter->kind == VALUE_FLAG && strcmp(value, "1") != 0)
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` may only be 1", parameter->name);
    return NULL;
}

static struct error *add_as_word(struct program_line *line,
                                 const struct program_parameter *parameter, const char *value)
{
    size_t count = line->count;

    TRY(parameter->kind == VALUE_WORDS ? add_words(line, value) : add_text(line, value));
    /* Without a word, a command is asked for everything. */
    return line->count > count
               ? NULL
               : error_create(ERROR_USAGE, NULL, "the parameter `%s` is empty", parameter->name);
}

/* Who names no kernel means those that are served, and not all that the data set has. */
static struct error *add_served_kernels(const struct question *question,
                                        const struct program_parameter *parameter,
                                        struct program_line *line)
{
    const struct report_selection *selection = &question->catalog->selection;
    CLEANUP(buffer_deinit) struct buffer names = {0};

    if (selection->count == question->catalog->kernels.count)
        return NULL;
    buffer_init(&names, KERNELS_MAXIMUM);
    for (size_t i = 0; i < selection->count; i++)
        buffer_append_format(&names, "%s%s", i > 0 ? "," : "", selection->texts[i]);
    TRY(buffer_check(&names, "the kernels"));
    TRY(add_text(line, parameter->option));
    return add_text(line, buffer_text(&names));
}

/* Adds the values of an option, with commas between them. */
static struct error *add_option(struct program_line *line,
                                const struct program_parameter *parameter, const char *values)
{
    TRY(add_text(line, parameter->option));
    return parameter->kind == VALUE_FLAG ? NULL : add_text(line, values);
}

/* Adds all values of the parameter that the request has. */
static struct error *add_parameter(const struct question *question,
                                   const struct program_parameter *parameter,
                                   struct program_line *line)
{
    const struct http_request *request = question->request;
    CLEANUP(buffer_deinit) struct buffer values = {0};
    size_t count = 0;

    buffer_init(&values, HTTP_PARAMETERS_MAXIMUM * (VALUE_MAXIMUM + 1));
    for (size_t i = 0; i < request->parameter_count; i++) {
        const char *value = request->parameters[i].value;
        if (strcmp(request->parameters[i].name, parameter->name) != 0)
            continue;
        count++;
        TRY(check_value(question, parameter, value));
        if (!parameter->option)
            TRY(add_as_word(line, parameter, value));
        buffer_append_format(&values, "%s%s", count > 1 ? "," : "", value);
    }
    if (count == 0 && parameter->is_wanted)
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` is wanted", parameter->name);
    TRY(buffer_check(&values, "a question"));
    if (count == 0 && parameter->kind == VALUE_KERNEL)
        return add_served_kernels(question, parameter, line);
    return count > 0 && parameter->option ? add_option(line, parameter, buffer_text(&values))
                                          : NULL;
}

/* A parameter that nobody understands is a mistake that should be told. */
static struct error *check_request(const struct question *question, const struct program *program)
{
    const struct http_request *request = question->request;

    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct program_parameter *known = program->parameters;
        while (known->name && strcmp(known->name, request->parameters[i].name) != 0)
            known++;
        TRY(question_check_parameter(question, i, known->name != NULL, known->has_many));
    }
    return NULL;
}

struct error *program_line_make(const struct question *question, const struct program *program,
                                const char *file, struct program_line *line)
{
    *line = (struct program_line){0};
    TRY(check_request(question, program));
    TRY(add_text(line, "/proc/self/exe"));
    TRY(add_text(line, "-q"));
    if (question->service->workspace->settings_path) {
        TRY(add_text(line, "-c"));
        TRY(add_text(line, question->service->workspace->settings_path));
    }
    TRY(add_text(line, "-d"));
    line->data_dir = realpath(question->service->workspace->settings.data_dir, NULL);
    if (!line->data_dir)
        return error_create(ERROR_SYSTEM, NULL, "the data set is not there now; try again later");
    TRY(add_text(line, line->data_dir));
    TRY(add_text(line, program->command));
    TRY(add_text(line, "--format"));
    TRY(add_text(line, "json"));
    for (const struct program_parameter *parameter = program->parameters; parameter->name;
         parameter++)
        TRY(add_parameter(question, parameter, line));
    return file ? add_text(line, file) : NULL;
}

void program_line_deinit(struct program_line *line)
{
    free(line->data_dir);
    arena_deinit(&line->arena);
}
