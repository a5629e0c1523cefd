#include "cli/cli.h"
const struct command command_list = {.name = "list", .summary = "", .usage = ""};
