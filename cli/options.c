/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/nearest_word.h"

#define DEFAULT_SETTINGS KSTRUCT_SYSCONFDIR "/kstruct.ini"

enum { OPTIONS_MAXIMUM = 32, FIRST_LONG_ONLY = 256 };

enum global_letter { LETTER_VERSION = FIRST_LONG_ONLY + OPTIONS_MAXIMUM };

static const struct option global_long_options[] = {
    {"settings", required_argument, NULL, 'c'}, {"list", required_argument, NULL, 'l'},
    {"data", required_argument, NULL, 'd'},     {"jobs", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},          {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},           {"version", no_argument, NULL, LETTER_VERSION},
};

/* What getopt_long() wants to be told, of the global options and a command's own, which win where a
 * long name is both. */
struct option_table {
    char letters[3 * OPTIONS_MAXIMUM];
    struct option long_options[OPTIONS_MAXIMUM + 1];
};

static void build_table(const struct option_value *own, bool stop_at_word,
                        struct option_table *table)
{
    size_t count = 0;
    char *letter = stpcpy(table->letters, stop_at_word ? "+:c:l:d:j:qvh" : ":c:l:d:j:qvh");

    memset(table->long_options, 0, sizeof(table->long_options));
    for (int i = 0; own[i].letter || own[i].long_name; i++) {
        int value = own[i].letter ? own[i].letter : FIRST_LONG_ONLY + i;
        if (own[i].letter)
            *letter++ = own[i].letter;
        if (own[i].letter && own[i].value)
            *letter++ = ':';
        if (own[i].long_name && count < OPTIONS_MAXIMUM - ARRAY_LENGTH(global_long_options))
            table->long_options[count++] = (struct option){
                .name = own[i].long_name,
                .has_arg = own[i].value ? required_argument : no_argument,
                .val = value,
            };
    }
    *letter = '\0';
    memcpy(&table->long_options[count], global_long_options, sizeof(global_long_options));
}

static bool read_global(int letter, struct global_options *global)
{
    switch (letter) {
    case 'c': global->settings = optarg; return true;
    case 'l': global->list = optarg; return true;
    case 'd': global->data_dir = optarg; return true;
    case 'j': global->jobs = optarg; return true;
    case 'q': global->is_quiet = true; return true;
    case 'v': global->is_verbose = true; return true;
    case 'h': global->wants_help = true; return true;
    case LETTER_VERSION: global->wants_version = true; return true;
    default: return false;
    }
}

static void read_own(int letter, const struct option_value *own)
{
    for (int i = 0; own[i].letter || own[i].long_name; i++) {
        if (letter != (own[i].letter ? own[i].letter : FIRST_LONG_ONLY + i))
            continue;
        if (own[i].value)
            *own[i].value = optarg;
        if (own[i].flag)
            *own[i].flag = true;
    }
}

/* WORD is no option, though it may have been meant for one. */
static struct error *no_option(const char *command, const char *word,
                               const struct option_table *table)
{
    const char *names[OPTIONS_MAXIMUM];
    size_t count = 0;

    for (; table->long_options[count].name; count++)
        names[count] = table->long_options[count].name;
    CLEANUP(free_pointer)
    char *name = strndup(word + strspn(word, "-"), strcspn(word, "=") - strspn(word, "-"));
    const char *nearest = name ? nearest_word(name, names, count) : NULL;
    if (nearest)
        return cli_usage_error(command, "there is no option %s; did you mean --%s?", word, nearest);
    return cli_usage_error(command, "there is no option %s", word);
}

struct error *options_read(int argc, char **argv, const char *command,
                           const struct option_value *own, bool stop_at_word,
                           struct global_options *global, int *next_ret)
{
    struct option_table table;
    int letter;

    build_table(own, stop_at_word, &table);
    opterr = 0;
    optind = 0; /* begins anew: the program's own options were read before a command's */
    while ((letter = getopt_long(argc, argv, table.letters, table.long_options, NULL)) != -1) {
        if (letter == ':')
            return cli_usage_error(command, "option %s wants a value", argv[optind - 1]);
        if (letter == '?' && optopt != 0 && strncmp(argv[optind - 1], "--", 2) == 0 &&
            strchr(argv[optind - 1], '='))
            return cli_usage_error(command, "option %.*s takes no value",
                                   (int)strcspn(argv[optind - 1], "="), argv[optind - 1]);
        if (letter == '?' && optopt > 0 && optopt < FIRST_LONG_ONLY)
            return cli_usage_error(command, "there is no option -%c", optopt);
        if (letter == '?')
            return no_option(command, argv[optind - 1], &table);
        if (!read_global(letter, global))
            read_own(letter, own);
    }
    *next_ret = optind;
    return NULL;
}

static struct error *read_settings(const struct global_options *global, struct cli *cli)
{
    struct config_errors errors = {0};
    const char *path = global->settings ? global->settings : DEFAULT_SETTINGS;

    if (!global->settings && access(path, F_OK) != 0)
        return settings_init_defaults(&cli->workspace.settings);
    struct error *error = settings_read(path, &cli->workspace.settings, &errors);
    for (size_t i = 0; i < errors.count; i++)
        log_error(&cli->workspace.log, errors.errors[i]);
    config_errors_deinit(&errors);
    if (error && error->code == ERROR_NOT_FOUND)
        error->code = ERROR_CONFIGURATION;
    return error;
}

static struct error *replace_text(char **text, const char *option)
{
    if (!option)
        return NULL;
    char *copy = strdup(option);
    if (!copy)
        return error_out_of_memory();
    free(*text);
    *text = copy;
    return NULL;
}

static struct error *read_jobs(const struct global_options *global, struct cli *cli)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char *end;

    cli->workspace.jobs = cli->workspace.settings.jobs;
    if (global->jobs) {
        errno = 0;
        unsigned long jobs = strtoul(global->jobs, &end, 10);
        if (errno != 0 || *end != '\0' || global->jobs[0] < '0' || global->jobs[0] > '9' ||
            jobs > SETTINGS_JOBS_MAXIMUM)
            return cli_usage_error("", "-j wants a number of threads up to %d, not `%s`",
                                   SETTINGS_JOBS_MAXIMUM, global->jobs);
        cli->workspace.jobs = (unsigned)jobs;
    }
    if (cli->workspace.jobs == 0)
        cli->workspace.jobs = processors > 0 ? (unsigned)processors : 1;
    if (cli->workspace.jobs > SETTINGS_JOBS_MAXIMUM)
        cli->workspace.jobs = SETTINGS_JOBS_MAXIMUM;
    return NULL;
}

struct error *options_apply(const struct global_options *global, struct cli *cli)
{
    if (global->is_quiet && global->is_verbose)
        return cli_usage_error("", "-q and -v exclude each other");
    cli->workspace.log.level = global->is_quiet     ? LOG_WARNING
                               : global->is_verbose ? LOG_DETAIL
                                                    : LOG_NOTICE;
    TRY(read_settings(global, cli));
    cli->workspace.settings_path = global->settings;
    TRY(replace_text(&cli->workspace.settings.list, global->list));
    TRY(replace_text(&cli->workspace.settings.data_dir, global->data_dir));
    return read_jobs(global, cli);
}
