/* SPDX-License-Identifier: MIT */
/*
 * The settings file, in INI form; config/kstruct.ini explains every key. Lines may be indented, and
 * a `;` after a space begins a comment, also after a value.
 */
#ifndef KSTRUCT_CONFIG_SETTINGS_SETTINGS_H
#define KSTRUCT_CONFIG_SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "config/config_errors.h"

enum { SETTINGS_JOBS_MAXIMUM = 1024 };

/* Packages are kept up to this many bytes in all. */
#define SETTINGS_KEEP_NONE 0
#define SETTINGS_KEEP_ALL UINT64_MAX

/* As much as the machine has. */
#define SETTINGS_MEMORY_ALL UINT64_MAX

/* What is read of a kernel. */
enum settings_images {
    SETTINGS_IMAGES_VMLINUX,
    SETTINGS_IMAGES_ALL, /* and its modules */
};

/* Owns its strings. Paths are absolute or relative to the working directory; no URL ends in a
 * slash. */
struct settings {
    char *data_dir;
    char *list;
    char *lock;       /* NULL: beside the list, as LIST with .lock for its suffix */
    char *report_dir; /* NULL: "report" inside the data directory, whichever that is in the end */
    unsigned jobs;    /* threads; 0: as many as there are processors */
    uint64_t memory_bytes;       /* that reading kernels may take in all, or SETTINGS_MEMORY_ALL */
    uint64_t child_memory_bytes; /* that reading one kernel may take; the same */
    unsigned child_seconds;      /* the same of time */
    unsigned images;             /* enum settings_images */
    char *system_dir;            /* where the running kernel tells of itself */
    char *sources;               /* where packages are looked for, in order: words of
                                    model/kernel/package_sources.h */
    uint64_t keep_bytes;         /* of packages that were analyzed, or a SETTINGS_KEEP_ value */
    char *user_agent;
    char *ca_bundle; /* certificates to trust, in PEM; NULL: the system's */
    char *launchpad_api_url;
    char *launchpad_files_url; /* Ubuntu's packages by file name */
    char *ddebs_url;
    char *ddebs_keyring;
    char *ddebs_suites; /* with spaces between them */
    char *mirror;       /* NULL: none */
    uint64_t minimum_package_bytes;
    unsigned transfers;            /* at once */
    unsigned connections_per_host; /* at once */
    unsigned connect_timeout_seconds;
    unsigned low_speed_bytes_per_second;  /* a transfer that is slower than this … */
    unsigned low_speed_seconds;           /* … for this long is given up */
    unsigned average_bytes_per_second;    /* from then on, one slower than this on average, too */
    unsigned tries;                       /* of a transfer that fails for now */
    unsigned retry_wait_seconds;          /* before the second try */
    unsigned retry_after_maximum_seconds; /* that a server may ask for */
    char *report_format; /* one or more of md, md-full, json and html, with commas */
    char *report_url;    /* where the site will be; NULL: not known */
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
