/* SPDX-License-Identifier: MIT */
#include "run/report/last_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "run/report/status_file.h"

static const char *const words[RUN_OUTCOME_COUNT] = {
#define X(outcome, word) [outcome] = word,
    RUN_OUTCOMES(X)
#undef X
};

const char *run_outcome_word(enum run_outcome outcome)
{
    return words[outcome];
}

void last_run_begin(struct last_run *run)
{
    *run = (struct last_run){.is_known = true};
    time_text(time(NULL), run->began);
}

void last_run_end(struct last_run *run, const struct error *failure, size_t wanted, size_t missing)
{
    time_text(time(NULL), run->ended);
    run->reason = failure ? failure->why : NULL;
    if (failure)
        run->outcome = failure->code == ERROR_INTERRUPTED ? RUN_INTERRUPTED : RUN_FAILED;
    else if (missing > 0)
        run->outcome = missing < wanted ? RUN_PARTLY : RUN_FAILED;
    else
        run->outcome = RUN_DONE;
}

void last_run_set_json(const struct last_run *run, struct json_document *document)
{
    if (!run->is_known)
        return;
    json_t *object = json_value_set_object(document, document->root, "last_run");
    json_value_set(document, object, "began", json_value_text(run->began));
    json_value_set(document, object, "ended", json_value_text(run->ended));
    json_value_set(document, object, "outcome", json_value_text(words[run->outcome]));
    if (run->reason)
        json_value_set(document, object, "reason", json_value_text(run->reason));
}

static bool take_time(const json_t *object, const char *key, char time_ret[TIME_TEXT_BYTES])
{
    const char *text = json_string_value(json_object_get(object, key));
    time_t time;

    if (!text || !time_text_read(text, &time))
        return false;
    time_text(time, time_ret);
    return true;
}

static bool take_outcome(const json_t *object, enum run_outcome *outcome_ret)
{
    const char *text = json_string_value(json_object_get(object, "outcome"));

    for (enum run_outcome outcome = 0; text && outcome < RUN_OUTCOME_COUNT; outcome++) {
        if (strcmp(text, words[outcome]) == 0) {
            *outcome_ret = outcome;
            return true;
        }
    }
    return false;
}

static struct error *take(const json_t *object, struct arena *arena, struct last_run *run)
{
    const char *reason = json_string_value(json_object_get(object, "reason"));

    run->is_known = take_time(object, "began", run->began) &&
                    take_time(object, "ended", run->ended) && take_outcome(object, &run->outcome);
    if (!run->is_known || !reason)
        return NULL;
    run->reason = arena_copy_text(arena, reason, strlen(reason));
    return run->reason ? NULL : error_out_of_memory();
}

struct error *last_run_read(const struct workspace *workspace, struct arena *arena,
                            struct last_run *run_ret)
{
    CLEANUP(free_pointer) char *path = NULL;
    CLEANUP(free_pointer) char *text = NULL;
    size_t length = 0;

    *run_ret = (struct last_run){0};
    TRY(workspace_path(workspace, STATUS_FILE_NAME, &path));
    struct error *error = file_read(path, STATUS_FILE_MAXIMUM, &text, &length);
    if (error && error->code == ERROR_OUT_OF_MEMORY)
        return error;
    error_destroy(error);
    if (!text)
        return NULL;
    json_t *root = json_loadb(text, length, 0, NULL);
    error = take(json_object_get(root, "last_run"), arena, run_ret);
    json_decref(root);
    return error;
}
