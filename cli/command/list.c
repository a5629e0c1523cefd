/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "cli/list/list_explanation.h"

static const char usage[] =
    "usage: kstruct list [--json | --check]\n"
    "\n"
    "Explains the list: for each line which kernels it stands for, from where their\n"
    "packages come, what is locked for them, in which group of the report they are\n"
    "and what they are compared with, or why they are skipped. What is wrong with the\n"
    "list is told with line and column.\n"
    "\n"
    "      --json   the same for programs\n"
    "      --check  only whether anything is wrong with it, which needs no data\n"
    "               directory: exit status 0 or 2\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

static struct error *print(struct cli *cli, bool as_json)
{
    CLEANUP(list_explanation_deinit) struct list_explanation explanation = {0};
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, OUTPUT_MAXIMUM);
    TRY(list_explanation_make(cli, &explanation));
    TRY(as_json ? list_json_append(&explanation, &text) : list_text_append(&explanation, &text));
    return as_json ? cli_print(buffer_text(&text), text.length) : cli_print_lines(&text);
}

static struct error *check(struct cli *cli)
{
    struct kernel_list list;

    TRY(workspace_read_list(&cli->workspace, &list));
    log_write(&cli->workspace.log, LOG_NOTICE, "%s: %zu %s", list.path,
              COUNTED(list.count, "kernel"));
    kernel_list_deinit(&list);
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    bool as_json = false;
    bool as_check = false;
    const struct option_value own[] = {
        {0, "json", NULL, &as_json}, {0, "check", NULL, &as_check}, {0}};
    int next;

    TRY(cli_begin(cli, &command_list, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("list", "no word is wanted");
    if (as_json && as_check)
        return cli_usage_error("list", "--json and --check are two things");
    if (!as_check)
        return print(cli, as_json);
    struct error *error = check(cli);
    if (error)
        log_error(&cli->workspace.log, error);
    *status = error ? STATUS_USAGE : STATUS_DONE;
    error_destroy(error);
    return NULL;
}

const struct command command_list = {
    .name = "list",
    .summary = "what is wanted, line by line",
    .usage = usage,
    .run = run,
};
