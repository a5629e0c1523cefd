/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/package/package_name.h"

struct error *kernel_package_names_init(const char *kernel_name, struct kernel_package_names *ret)
{
    const char *dash = strrchr(kernel_name, '-');
    int release_length = dash ? (int)(dash - kernel_name) : 0;

    *ret = (struct kernel_package_names){0};
    if (release_length == 0 || dash[1] == '\0')
        return error_create(ERROR_CONFIGURATION, kernel_name, "is no kernel's name");
    ret->architecture = dash + 1;
    const struct {
        char **name;
        const char *prefix;
        int length;
        const char *suffix;
    } forms[] = {
        {&ret->names[0], "unsigned-", release_length, "-dbgsym"},
        {&ret->names[1], "", release_length, "-dbgsym"},
        {&ret->debian_names[0], "", (int)strlen(kernel_name), "-dbg"},
        {&ret->debian_names[1], "", release_length, "-dbg"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        if (asprintf(forms[i].name, "linux-image-%s%.*s%s", forms[i].prefix, forms[i].length,
                     kernel_name, forms[i].suffix) < 0) {
            *forms[i].name = NULL;
            kernel_package_names_deinit(ret);
            return error_out_of_memory();
        }
    }
    return NULL;
}

void kernel_package_names_deinit(struct kernel_package_names *names)
{
    for (size_t i = 0; i < KERNEL_PACKAGE_NAME_COUNT; i++) {
        free(names->names[i]);
        free(names->debian_names[i]);
    }
    *names = (struct kernel_package_names){0};
}
