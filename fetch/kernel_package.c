/* SPDX-License-Identifier: MIT */
#include "fetch/kernel_package.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* VERSION-ABI-FLAVOR, with numbers and dots for a version and a number for an ABI? */
static bool is_release(const char *text)
{
    size_t version = strspn(text, "0123456789.");
    const char *abi = text + version + (text[version] == '-');
    size_t abi_length = strspn(abi, "0123456789");

    return isdigit((unsigned char)text[0]) && text[version] == '-' && abi_length > 0 &&
           abi[abi_length] == '-' && abi[abi_length + 1] != '\0';
}

struct error *kernel_name_of_package(const char *package, const char *architecture, char **ret)
{
    static const char *const prefixes[] = {"linux-image-", "unsigned-"};
    static const char suffix[] = "-dbgsym";

    *ret = NULL;
    if (!text_has_suffix(package, suffix))
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++) {
        size_t length = strlen(prefixes[i]);
        if (strncmp(package, prefixes[i], length) == 0)
            package += length;
        else if (i == 0)
            return NULL;
    }
    if (!is_release(package))
        return NULL;
    if (asprintf(ret, "%.*s-%s", (int)(strlen(package) - strlen(suffix)), package, architecture) <
        0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

static bool equals_part(const char *part, const char *end, const char *wanted)
{
    return !wanted ||
           (strlen(wanted) == (size_t)(end - part) && memcmp(part, wanted, strlen(wanted)) == 0);
}

bool kernel_name_passes(const char *kernel_name, const struct discovery_filter *filter)
{
    const char *end = kernel_name + strlen(kernel_name);
    const char *version_end = strchr(kernel_name, '-');
    const char *architecture = strrchr(kernel_name, '-');
    const char *flavor = version_end ? strchr(version_end + 1, '-') : NULL;

    if (!flavor || flavor == architecture)
        return false;
    return equals_part(kernel_name, version_end, filter->version) &&
           equals_part(flavor + 1, architecture, filter->flavor) &&
           equals_part(architecture + 1, end, filter->architecture);
}
