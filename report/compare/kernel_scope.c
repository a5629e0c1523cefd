/* SPDX-License-Identifier: MIT */
#include "report/compare/kernel_scope.h"

static const struct layout *find(const void *context, const char *name)
{
    const struct kernel_scope *scope = context;
    const struct history_struct *entry = history_find(scope->history, name);

    return entry ? entry->layouts[scope->kernel] : NULL;
}

struct struct_scope kernel_scope_of(const struct kernel_scope *scope)
{
    return (struct struct_scope){.find = find, .context = scope};
}
