#include "cli/cli.h"
const struct command command_run = {.name = "run", .summary = "", .usage = ""};
