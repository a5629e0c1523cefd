/* SPDX-License-Identifier: MIT */
#include "run/serving/question.h"

#include <string.h>

#include "base/text/nearest_word.h"

struct error *question_unknown(const struct question *question)
{
    return error_create(ERROR_NOT_FOUND, NULL, "there is nothing at %s", question->request->path);
}

struct error *question_find_kernel(const struct question *question, const char *name,
                                   size_t *kernel_ret)
{
    const struct report_selection *selection = &question->catalog->selection;

    for (size_t i = 0; i < selection->count; i++) {
        if (strcmp(selection->texts[i], name) == 0) {
            *kernel_ret = i;
            return NULL;
        }
    }
    const char *nearest = nearest_word(name, selection->texts, selection->count);
    return error_create(ERROR_NOT_FOUND, NULL, "there is no kernel %s%s%s%s", name,
                        nearest ? "; did you mean " : "", nearest ? nearest : "",
                        nearest ? "?" : "");
}

struct error *question_check_parameter(const struct question *question, size_t index, bool is_known,
                                       bool has_many)
{
    const struct http_parameter *parameters = question->request->parameters;
    const char *name = parameters[index].name;

    if (!is_known)
        return error_create(ERROR_USAGE, NULL, "there is no parameter `%s`", name);
    for (size_t i = 0; i < index && !has_many; i++) {
        if (strcmp(parameters[i].name, name) == 0)
            return error_create(ERROR_USAGE, NULL, "the parameter `%s` may be there once", name);
    }
    return NULL;
}

struct error *question_parameter(const struct question *question, const char *name,
                                 const char **value_ret)
{
    const char *value = http_request_parameter(question->request, name);

    if (!value || value[0] == '\0')
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` is wanted", name);
    *value_ret = value;
    return NULL;
}
