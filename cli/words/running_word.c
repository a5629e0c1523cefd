/* SPDX-License-Identifier: MIT */
#include "cli/words/running_word.h"

#include <string.h>

#include "base/buffer.h"
#include "run/running/running_kernel.h"

#define WORD "running"

enum { WORDS_MAXIMUM = 16 * 1024 * 1024 };

/* The end of the name that TEXT begins with. */
static const char *name_end(const char *text)
{
    return strchrnul(text, ',');
}

static bool is_running(const char *text)
{
    size_t length = (size_t)(name_end(text) - text);

    return length == strlen(WORD) && memcmp(text, WORD, length) == 0;
}

static bool has_running(const char *text)
{
    while (text) {
        if (is_running(text))
            return true;
        text = *name_end(text) ? name_end(text) + 1 : NULL;
    }
    return false;
}

/* Puts NAME for the word. */
static struct error *replace(const char **text, const char *name, struct arena *arena)
{
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, WORDS_MAXIMUM);
    for (const char *rest = *text; rest; rest = *name_end(rest) ? name_end(rest) + 1 : NULL) {
        buffer_append_text(&out, rest == *text ? "" : ",");
        if (is_running(rest))
            buffer_append_text(&out, name);
        else
            buffer_append(&out, rest, (size_t)(name_end(rest) - rest));
    }
    TRY(buffer_check(&out, "the names of kernels"));
    *text = arena_copy_text(arena, buffer_text(&out), out.length);
    return *text ? NULL : error_out_of_memory();
}

static void tell(struct cli *cli, const struct running_kernel *kernel)
{
    if (kernel->twin)
        log_write(&cli->workspace.log, LOG_NOTICE, "%s: the data set has it as %s, by its %s",
                  kernel->name, kernel->twin, kernel->is_known_by_build_id ? "build-id" : "name");
    else
        log_write(&cli->workspace.log, LOG_NOTICE, "%s: the data set does not have it",
                  kernel->name);
}

static struct error *copy_or_null(const char *text, struct arena *arena, const char **copy_ret)
{
    *copy_ret = text ? arena_copy_text(arena, text, strlen(text)) : NULL;
    return text && !*copy_ret ? error_out_of_memory() : NULL;
}

static struct error *replace_all(const char **const *words, size_t count,
                                 const struct running_kernel *kernel, struct arena *arena,
                                 const char **twin_ret)
{
    for (size_t i = 0; i < count; i++) {
        if (has_running(*words[i]))
            TRY(replace(words[i], kernel->name, arena));
    }
    return twin_ret ? copy_or_null(kernel->twin, arena, twin_ret) : NULL;
}

struct error *running_word_open(struct cli *cli, const char **const *words, size_t count,
                                struct arena *arena, const char **twin_ret,
                                struct dataset **dataset_ret)
{
    CLEANUP(running_kernel_deinit) struct running_kernel kernel = {0};
    struct dataset *dataset = NULL;
    bool is_wanted = false;

    for (size_t i = 0; i < count; i++)
        is_wanted |= has_running(*words[i]);
    if (twin_ret)
        *twin_ret = NULL;
    if (!is_wanted)
        return workspace_open_dataset(&cli->workspace, DATASET_READ, dataset_ret);
    TRY(running_kernel_open(&cli->workspace, &kernel, &dataset));
    tell(cli, &kernel);
    struct error *error = replace_all(words, count, &kernel, arena, twin_ret);
    if (error) {
        dataset_close(dataset);
        return error;
    }
    *dataset_ret = dataset;
    return NULL;
}
