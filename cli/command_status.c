#include "cli/cli.h"
const struct command command_status = {.name = "status", .summary = "", .usage = ""};
