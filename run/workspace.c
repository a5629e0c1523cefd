/* SPDX-License-Identifier: MIT */
#include "run/workspace.h"

#include <stdlib.h>

#include "base/system/file.h"

struct error *workspace_read_list(struct workspace *workspace, struct kernel_list *list_ret)
{
    const char *path = workspace->settings.list;
    struct config_errors errors = {0};
    struct error *error = kernel_list_read(path, list_ret, &errors);

    for (size_t i = 0; i < errors.count; i++)
        log_error(&workspace->log, errors.errors[i]);
    config_errors_deinit(&errors);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return error_create(ERROR_CONFIGURATION, path,
                            "there is no such list; name one with -l, or in the settings file");
    }
    return error;
}

struct error *workspace_path(const struct workspace *workspace, const char *name, char **path_ret)
{
    *path_ret = path_join(workspace->settings.data_dir, name);
    return *path_ret ? NULL : error_out_of_memory();
}

struct error *workspace_open_dataset(const struct workspace *workspace, enum dataset_mode mode,
                                     struct dataset **dataset_ret)
{
    CLEANUP(free_pointer) char *path = NULL;

    if (mode == DATASET_WRITE)
        TRY(directory_create(workspace->settings.data_dir));
    TRY(workspace_path(workspace, DATASET_FILE_NAME, &path));
    return dataset_open(path, mode, dataset_ret);
}
