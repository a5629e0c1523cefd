/* SPDX-License-Identifier: MIT */
/* Paths that a configuration file gives. */
#ifndef KSTRUCT_CONFIG_SETTINGS_CONFIG_PATH_H
#define KSTRUCT_CONFIG_SETTINGS_CONFIG_PATH_H

#include "base/compiler.h"
#include "base/error.h"

/* The user's home directory, from the environment: an absolute path, or NULL. */
const char *config_home_directory(void);

/* Where the file CONFIG_FILE means by PATH: "~/" at its start is the home directory, and a relative
 * path starts from the directory that CONFIG_FILE is in. Free *ret with free().
 * ERROR_CONFIGURATION, without a place, if there is no home directory. */
struct error *config_path_resolve(const char *config_file, const char *path, char **ret) MUST_CHECK;

#endif
