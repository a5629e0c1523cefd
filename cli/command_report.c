#include "cli/cli.h"
const struct command command_report = {.name = "report", .summary = "", .usage = ""};
