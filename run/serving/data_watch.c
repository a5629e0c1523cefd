/* SPDX-License-Identifier: MIT */
#include "run/serving/data_watch.h"

#include <stdlib.h>
#include <string.h>

#include "run/report/status_file.h"

struct error *data_watch_init(struct data_watch *watch, const struct workspace *workspace)
{
    *watch = (struct data_watch){0};
    TRY(workspace_path(workspace, DATASET_FILE_NAME, &watch->paths[0]));
    TRY(workspace_path(workspace, "kstruct.db-wal", &watch->paths[1]));
    TRY(workspace_path(workspace, STATUS_FILE_NAME, &watch->paths[3]));
    watch->paths[2] = strdup(workspace->settings.list);
    if (!watch->paths[2])
        return error_out_of_memory();
    data_watch_look(watch);
    return NULL;
}

void data_watch_deinit(struct data_watch *watch)
{
    for (size_t i = 0; i < DATA_WATCH_FILES; i++)
        free(watch->paths[i]);
}

static bool are_equal(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool data_watch_look(struct data_watch *watch)
{
    bool has_changed = false;

    for (size_t i = 0; i < DATA_WATCH_FILES; i++) {
        struct stat now;
        if (stat(watch->paths[i], &now) != 0)
            now = (struct stat){0};
        has_changed = has_changed || !are_equal(&now, &watch->states[i]);
        watch->states[i] = now;
    }
    return has_changed;
}
