#include "cli/cli.h"
const struct command command_extract = {.name = "extract", .summary = "", .usage = ""};
