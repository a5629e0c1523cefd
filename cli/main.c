/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text/nearest_word.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/terminal/progress.h"
#include "run/child/kernel_child.h"

/* In the order of the help. */
static const struct command *const commands[] = {
    &command_run,    &command_rebuild, &command_fetch,    &command_extract, &command_analyze,
    &command_report, &command_list,    &command_discover, &command_status,  &command_show,
    &command_diff,   &command_offsets, &command_check,    &command_find,    &command_export,
    &command_import, &command_merge,   &command_serve,
};

/* The prefixes by which the journal knows how urgent a line is: sd-daemon(3). */
static const char *const journal_prefixes[] = {
    [LOG_ERROR] = "<3>", [LOG_WARNING] = "<4>", [LOG_NOTICE] = "<6>", [LOG_DETAIL] = "<7>"};

/* Does the journal read what is printed there? systemd.exec(5), JOURNAL_STREAM */
static bool is_journal(int descriptor)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device = 0;
    unsigned long long inode = 0;
    struct stat status;

    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

/* Where the log goes. */
struct log_output {
    FILE *file;
    bool is_journal;
};

static void print_log_line(void *context, enum log_level level, const char *line)
{
    static const char *const prefixes[] = {[LOG_ERROR] = "kstruct: ",
                                           [LOG_WARNING] = "kstruct: warning: ",
                                           [LOG_NOTICE] = "",
                                           [LOG_DETAIL] = ""};
    const struct log_output *output = context;

    fprintf(output->file, "%s%s%s\n", output->is_journal ? journal_prefixes[level] : "",
            prefixes[level], line);
}

static void print_help(void)
{
    printf("usage: kstruct [-c SETTINGS] [-l LIST] [-d DATADIR] [-j N] [-q|-v] COMMAND …\n"
           "\n"
           "The history of the Linux kernel's data structures, kernel by kernel.\n"
           "\n"
           "Commands:\n");
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
        printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
    printf("\n"
           "Options, before or after the command:\n"
           "  -c, --settings FILE  settings (default: " KSTRUCT_SYSCONFDIR "/kstruct.ini)\n"
           "  -l, --list FILE      the list of kernels\n"
           "  -d, --data DIR       the data directory\n"
           "  -j, --jobs N         threads (default: one a processor)\n"
           "  -q, --quiet          print nothing unless something is wrong\n"
           "  -v, --verbose        say more\n"
           "  -h, --help           this text, or that of the command it follows\n"
           "      --version        the program's version\n"
           "\n"
           "Exit status: 0 all done, 1 failed, 2 usage or configuration, 3 some kernels\n"
           "failed and the rest is done.\n");
}

static struct error *find_command(const char *name, const struct command **command_ret)
{
    const char *names[ARRAY_LENGTH(commands)];

    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        names[i] = commands[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *command_ret = commands[i];
            return NULL;
        }
    }
    const char *nearest = nearest_word(name, names, ARRAY_LENGTH(names));
    if (nearest)
        return cli_usage_error("", "there is no command `%s`; did you mean `%s`?", name, nearest);
    return cli_usage_error("", "there is no command `%s`", name);
}

/* *COMMAND_RET stays NULL unless a command is run. */
static struct error *run_command(struct cli *cli, int argc, char **argv,
                                 const struct command **command_ret, enum exit_status *status_ret)
{
    const struct option_value no_own_options[] = {{0}};
    int next;

    TRY(options_read(argc, argv, "", no_own_options, true, &cli->options, &next));
    if (cli->options.wants_version) {
        printf("kstruct %s\n", KSTRUCT_VERSION);
        return NULL;
    }
    if (next == argc && cli->options.wants_help) {
        print_help();
        return NULL;
    }
    if (next == argc)
        return cli_usage_error("", "no command is given");
    if (strcmp(argv[next], "help") == 0) {
        print_help();
        return NULL;
    }
    if (strcmp(argv[next], KERNEL_CHILD_COMMAND) == 0)
        return command_kernel_child.run(cli, argc - next, argv + next, status_ret);
    TRY(find_command(argv[next], command_ret));
    return (*command_ret)->run(cli, argc - next, argv + next, status_ret);
}

static enum exit_status status_of(const struct error *error, const struct command *command)
{
    if (command && command->failure_status)
        return command->failure_status;
    return (enum exit_status)error_failure(error->code)->exit_status;
}

/* Else a file that is opened could become one of the three, and get what is printed. Standard
 * output that is closed stays one that cannot be written to, so that what is lost is an error. */
static void have_standard_files(void)
{
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        int flags = i == STDERR_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(i, F_GETFD) < 0 && open("/dev/null", flags) < 0)
            return;
    }
}

/* What whoever started this program has left open is no business of those that it starts. */
static void keep_files_of_others(void)
{
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

int main(int argc, char **argv)
{
    have_standard_files();
    keep_files_of_others();
    struct cli cli = {.workspace.watch = progress_begin};
    const struct command *command = NULL;
    enum exit_status status = STATUS_DONE;

    /* A limit to the size of files is an error of the file that reaches it. */
    signal(SIGXFSZ, SIG_IGN);
    struct log_output output = {stderr, is_journal(STDERR_FILENO)};
    log_init(&cli.workspace.log, LOG_NOTICE, print_log_line, &output);
    struct error *error = run_command(&cli, argc, argv, &command, &status);
    if (!error && fflush(stdout) != 0)
        error = error_create(ERROR_SYSTEM, "standard output", "cannot be written");
    if (error) {
        log_error(&cli.workspace.log, error);
        status = status_of(error, command);
        error_destroy(error);
    }
    settings_deinit(&cli.workspace.settings);
    log_deinit(&cli.workspace.log);
    return (int)status;
}
