/* SPDX-License-Identifier: MIT */
/* What all commands share: the global options, and what they stand for. */
#ifndef KSTRUCT_CLI_CLI_H
#define KSTRUCT_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "run/workspace.h"

/* What the global options said. Strings point into argv. */
struct global_options {
    const char *settings;
    const char *list;
    const char *data_dir;
    const char *jobs;
    bool is_quiet;
    bool is_verbose;
    bool wants_help;
    bool wants_version;
};

/* The program's exit status. */
enum exit_status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,
    STATUS_DIFFERENT = 1, /* of a command that compares */
    STATUS_USAGE = 2,     /* usage or configuration */
    STATUS_PARTLY = 3,    /* some kernels failed and the rest is done */
};

struct cli {
    struct workspace workspace; /* its settings have the options applied */
    struct global_options options;
};

/* One command. RUN gets the command line from the command's name on, which is argv[0]; it sets the
 * exit status, unless it returns an error, from which the status follows. */
struct command {
    const char *name;
    const char *summary; /* one line for the list of commands */
    const char *usage;   /* what --help prints */
    /* For any error, where STATUS_FAILED has another meaning to the command; 0: as main() maps it.
     */
    enum exit_status failure_status;
    struct error *(*run)(struct cli *cli, int argc, char **argv, enum exit_status *status_ret);
};

extern const struct command command_run;
extern const struct command command_rebuild;
extern const struct command command_fetch;
extern const struct command command_extract;
extern const struct command command_analyze;
extern const struct command command_report;
extern const struct command command_list;
extern const struct command command_discover;
extern const struct command command_status;
extern const struct command command_show;
extern const struct command command_diff;
extern const struct command command_offsets;
extern const struct command command_check;
extern const struct command command_find;
extern const struct command command_export;
extern const struct command command_import;
extern const struct command command_merge;
extern const struct command command_serve;

/* Not for people: what run/child/kernel_child.h runs. */
extern const struct command command_kernel_child;

/* A command's own option. */
struct option_value {
    char letter;           /* 0: it has only a long name */
    const char *long_name; /* NULL: it has only a letter */
    const char **value;    /* where its value goes; NULL: it takes none */
    bool *flag;            /* set if the option is given; may be NULL */
};

/* What every command begins with: reads its options (OWN ends with {0}) and the global ones among
 * them, and the settings. *NEXT_RET is the index in argv of the first word that is no option; it is
 * 0 if help was asked for and printed, and there is nothing else to do. */
struct error *cli_begin(struct cli *cli, const struct command *command, int argc, char **argv,
                        const struct option_value *own, int *next_ret) MUST_CHECK;

/* ERROR_USAGE with how to get help. */
struct error *cli_usage_error(const char *command, const char *format, ...)
    PRINTF_LIKE(2, 3) MUST_CHECK;

/* Writes to standard output, which may be a full disk or a closed pipe. */
struct error *cli_print(const char *text, size_t length) MUST_CHECK;

/* The word after -o as a path: NULL, which is standard output, for `-` too. */
const char *cli_output_path(const char *word);

/* Writes TEXT where -o says: to the file at PATH, which is replaced, or if that is NULL as
 * cli_print() does. */
struct error *cli_write_output(const char *path, const struct buffer *text) MUST_CHECK;

/* The same for lines that people read: what is not printable in them becomes a question mark, also
 * in LINES. Documents for programs have escapes of their own. */
struct error *cli_print_lines(struct buffer *lines) MUST_CHECK;

#endif
