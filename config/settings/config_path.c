/* SPDX-License-Identifier: MIT */
#include "config/settings/config_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"

const char *config_home_directory(void)
{
    const char *home = getenv("HOME");

    return home && home[0] == '/' ? home : NULL;
}

static char *path_beside(const char *config_file, const char *path)
{
    size_t directory_length = (size_t)(path_base_name(config_file) - config_file);
    CLEANUP(free_pointer) char *directory = strndup(config_file, directory_length);

    if (!directory)
        return NULL;
    return path[0] == '/' || directory_length == 0 ? strdup(path) : path_join(directory, path);
}

struct error *config_path_resolve(const char *config_file, const char *path, char **ret)
{
    const char *home = config_home_directory();
    bool is_in_home = strncmp(path, "~/", 2) == 0;

    if (is_in_home && !home)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "`%s` needs the environment's HOME to be an absolute path", path);
    char *resolved = is_in_home ? path_join(home, path + 2) : path_beside(config_file, path);
    if (!resolved)
        return error_out_of_memory();
    *ret = resolved;
    return NULL;
}
