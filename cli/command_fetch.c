#include "cli/cli.h"
const struct command command_fetch = {.name = "fetch", .summary = "", .usage = ""};
