/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "cli/cli.h"
#include "run/report/reporting.h"

static const char usage[] =
    "usage: kstruct report -o DIR [--format md|md-full|json|html] [--all]\n"
    "                      [--force] [--adopt]\n"
    "\n"
    "Writes a page for each struct, and but for md for each union, enum and typedef\n"
    "too: where it exists, what it looks like, what changed; and tables over\n"
    "all of them. Files that are right already are not touched.\n"
    "\n"
    "  -o, --output DIR     where to\n"
    "      --format FORMAT  md: pages of names and types (the default); md-full:\n"
    "                       pages with offsets, sizes, holes and everything that\n"
    "                       changed; json: all of that for programs; html: a site\n"
    "                       with links and search, for any web server. Several with\n"
    "                       commas. What DIR has already is kept current\n"
    "      --all            all kernels of the data set, whatever the list says\n"
    "      --force          compare every file, even where none seems to have been\n"
    "                       touched\n"
    "      --adopt          take a DIR that is not empty and no report's, and replace\n"
    "                       in it what has the name of a report's file\n";

static struct error *report(struct cli *cli, struct reporting_options *options, bool takes_all)
{
    struct kernel_list list;
    struct dataset *dataset;
    struct report_result result = {0};
    bool is_current = false;

    TRY(reporting_open(&cli->workspace, takes_all, &list, &dataset));
    options->list = takes_all ? NULL : &list;
    struct error *error = reporting_run(&cli->workspace, dataset, options, &is_current, &result);
    dataset_close(dataset);
    kernel_list_deinit(&list);
    if (!error)
        reporting_log(&cli->workspace, options->directory, is_current, &result);
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *output = NULL;
    const char *format = NULL;
    bool takes_all = false;
    struct reporting_options options = {0};
    const struct option_value own[] = {
        {'o', "output", &output, NULL},      {0, "format", &format, NULL},
        {0, "all", NULL, &takes_all},        {0, "force", NULL, &options.is_forced},
        {0, "adopt", NULL, &options.adopts}, {0}};
    int next;

    TRY(cli_begin(cli, &command_report, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (!output || next != argc)
        return cli_usage_error("report", "-o DIR is wanted, and no other word");
    TRY(report_parse_formats(format ? format : cli->workspace.settings.report_format,
                             &options.formats));
    options.directory = output;
    return report(cli, &options, takes_all);
}

const struct command command_report = {
    .name = "report",
    .summary = "a page for each struct, over all kernels",
    .usage = usage,
    .run = run,
};
