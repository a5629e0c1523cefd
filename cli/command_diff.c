/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

static const char usage[] = "usage: kstruct diff\n";

static struct error *run(struct cli *cli UNUSED, int argc UNUSED, char **argv UNUSED,
                         enum exit_status *status UNUSED)
{
    return NULL;
}

const struct command command_diff = {
    .name = "diff",
    .summary = "what differs between two kernels",
    .usage = usage,
    .run = run,
};
