#include "cli/cli.h"
const struct command command_show = {.name = "show", .summary = "", .usage = ""};
