#include "cli/cli.h"
const struct command command_import = {.name = "import", .summary = "", .usage = ""};
