/* SPDX-License-Identifier: MIT */
#include "report/difference_tables.h"

struct error *difference_tables_write(const struct report_context *context UNUSED,
                                      struct table_output *output UNUSED)
{
    return NULL;
}
