/* SPDX-License-Identifier: MIT */
#include "fetch/package/kernel_package.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"

/* VERSION-ABI-FLAVOR, with numbers and dots for a version and a number for an ABI? */
static bool is_release(const char *text, size_t length)
{
    size_t version = strspn(text, "0123456789.");
    const char *abi = text + version + (text[version] == '-');
    size_t abi_length = strspn(abi, "0123456789");

    return isdigit((unsigned char)text[0]) && text[version] == '-' && abi_length > 0 &&
           abi[abi_length] == '-' && abi + abi_length + 1 < text + length;
}

/* Behind the ABI, if the part that begins at PART is one; else PART itself. */
static const char *skip_abi(const char *part, const char *end)
{
    const char *part_end = memchr(part, '-', (size_t)(end - part));
    size_t digits = strspn(part, "0123456789");

    if (!part_end)
        part_end = end;
    if (digits == 0 || (part + digits < part_end && !strchr(".+~", part[digits])))
        return part;
    return part_end < end ? part_end + 1 : end;
}

/* Debian's: "6.1.0-56-cloud-amd64", "6.12.107+deb13-armmp"; not "amd64" of a package that only
 * depends on the newest. */
static bool is_debian_release(const char *text, size_t length)
{
    const char *end = text + length;
    const char *version_end = memchr(text, '-', length);

    return isdigit((unsigned char)text[0]) && version_end && skip_abi(version_end + 1, end) < end;
}

/* Is the text of LENGTH bytes one that ends in "-ARCHITECTURE"? */
static bool ends_in(const char *text, size_t length, const char *architecture)
{
    size_t own = strlen(architecture);

    return length > own && text[length - own - 1] == '-' &&
           memcmp(text + length - own, architecture, own) == 0;
}

struct error *kernel_name_of_package(const char *package, const char *architecture, char **ret)
{
    static const char image[] = "linux-image-";
    static const char not_signed[] = "unsigned-";
    static const char suffix[] = "-dbgsym";
    static const char debian_suffix[] = "-dbg";
    bool is_debian = text_has_suffix(package, debian_suffix);
    const char *release = package + strlen(image);

    *ret = NULL;
    if (strncmp(package, image, strlen(image)) != 0 ||
        !text_has_suffix(release, is_debian ? debian_suffix : suffix))
        return NULL;
    if (!is_debian && strncmp(release, not_signed, strlen(not_signed)) == 0)
        release += strlen(not_signed);
    size_t length = strlen(release) - strlen(is_debian ? debian_suffix : suffix);
    if (is_debian ? !is_debian_release(release, length) : !is_release(release, length))
        return NULL;
    bool is_whole = is_debian && ends_in(release, length, architecture);
    if (asprintf(ret, "%.*s%s%s", (int)length, release, is_whole ? "" : "-",
                 is_whole ? "" : architecture) < 0) {
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
    const char *last_dash = strrchr(kernel_name, '-');

    if (!version_end)
        return false;
    const char *flavor = version_end < last_dash ? skip_abi(version_end + 1, last_dash) : last_dash;
    return equals_part(kernel_name, version_end, filter->version) &&
           equals_part(flavor, last_dash, filter->flavor) &&
           equals_part(last_dash + 1, end, filter->architecture);
}
