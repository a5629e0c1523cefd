/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

static const char usage[] = "usage: kstruct offsets\n";

static struct error *run(struct cli *cli UNUSED, int argc UNUSED, char **argv UNUSED,
                         enum exit_status *status UNUSED)
{
    return NULL;
}

const struct command command_offsets = {
    .name = "offsets",
    .summary = "where fields are in every kernel",
    .usage = usage,
    .run = run,
};
