/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "run/interruption.h"
#include "run/serving/serving.h"

static const char usage[] =
    "usage: kstruct serve [--listen ADDRESS] [--all]\n"
    "\n"
    "Serves the site that `report --format html` writes, live from the data set: also\n"
    "any two kernels compared, search in all members, and a JSON interface, which\n"
    "/api/v2/openapi.json describes. /health and /metrics are for who watches it.\n"
    "What `run` changes meanwhile is served soon after. SIGTERM ends it.\n"
    "\n"
    "      --listen ADDRESS  where to (default: 127.0.0.1:8080, for this machine\n"
    "                        alone); port 0: any that is free\n"
    "      --all             all kernels of the data set, whatever the list says\n";

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    struct serving_options options = {.address = "127.0.0.1:8080"};
    const struct option_value own[] = {
        {0, "listen", &options.address, NULL}, {0, "all", NULL, &options.takes_all}, {0}};
    struct interruption interruption;
    int next;

    TRY(cli_begin(cli, &command_serve, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("serve", "no word is wanted");
    TRY(interruption_begin(&interruption, &cli->workspace.log));
    options.interruption = &interruption;
    struct error *error = serving_run(&cli->workspace, &options);
    interruption_end(&interruption);
    return error;
}

const struct command command_serve = {
    .name = "serve",
    .summary = "the site and a JSON interface, live over HTTP",
    .usage = usage,
    .run = run,
};
