/* SPDX-License-Identifier: MIT */
/*
 * The settings file, in INI form; config/kstruct.ini explains every key. Lines may be indented, and
 * a `;` behind a space begins a comment, also behind a value.
 */
#ifndef KSTRUCT_CONFIG_SETTINGS_H
#define KSTRUCT_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"

enum { SETTINGS_JOBS_MAXIMUM = 1024 };

/* Owns its strings. Paths are absolute or relative to the working directory. */
struct settings {
    char *data_dir;
    char *list;
    char *report_dir;   /* NULL: "report" inside the data directory, whichever that is in the end */
    unsigned jobs;      /* threads; 0: as many as there are processors */
    bool keep_packages; /* after they were analyzed */
    char *user_agent;
    char *launchpad_files_url; /* Ubuntu's packages by file name; no final slash */
    unsigned connect_timeout_seconds;
    unsigned low_speed_bytes_per_second; /* a transfer that is slower than this … */
    unsigned low_speed_seconds;          /* … for this long is given up */
    char *report_format;                 /* one or more of md, md-full and json, with commas */
};

/* What holds without a settings file. The data directory is "~/.local/share/kstruct", or
 * "/var/lib/kstruct" where the environment has no HOME. */
struct error *settings_init_defaults(struct settings *settings) MUST_CHECK;

/* The settings of the file at PATH, and the defaults of what it does not give. If lines of it are
 * bad, all that is wrong is added to ERRORS, which is empty before, and the error returned is an
 * ERROR_CONFIGURATION that only says how much. Any other error is about the file as a whole. */
struct error *settings_read(const char *path, struct settings *ret,
                            struct config_errors *errors) MUST_CHECK;

/* The same for LENGTH bytes of TEXT; PATH says where they are from. */
struct error *settings_parse(const char *path, const char *text, size_t length,
                             struct settings *ret, struct config_errors *errors) MUST_CHECK;

void settings_deinit(struct settings *settings);

#endif
