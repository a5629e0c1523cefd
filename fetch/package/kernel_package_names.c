/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/package/kernel_package_names.h"

struct error *kernel_package_names_init(const char *kernel_name, struct kernel_package_names *ret)
{
    const char *dash = strrchr(kernel_name, '-');
    int release_length = dash ? (int)(dash - kernel_name) : 0;

    *ret = (struct kernel_package_names){0};
    if (release_length == 0 || dash[1] == '\0')
        return error_create(ERROR_CONFIGURATION, kernel_name, "is no kernel's name");
    ret->architecture = dash + 1;
    const struct {
        const char *prefix;
        int length;
        const char *suffix;
    } forms[KERNEL_PACKAGE_NAME_COUNT] = {
        {"unsigned-", release_length, "-dbgsym"},
        {"", release_length, "-dbgsym"},
        {"", (int)strlen(kernel_name), "-dbg"},
        {"", release_length, "-dbg"},
    };
    for (size_t i = 0; i < KERNEL_PACKAGE_NAME_COUNT; i++) {
        if (asprintf(&ret->names[i], "linux-image-%s%.*s%s", forms[i].prefix, forms[i].length,
                     kernel_name, forms[i].suffix) < 0) {
            ret->names[i] = NULL;
            kernel_package_names_deinit(ret);
            return error_out_of_memory();
        }
    }
    return NULL;
}

void kernel_package_names_deinit(struct kernel_package_names *names)
{
    for (size_t i = 0; i < KERNEL_PACKAGE_NAME_COUNT; i++)
        free(names->names[i]);
    *names = (struct kernel_package_names){0};
}
