/* SPDX-License-Identifier: MIT */
#include "config/list/list_hints.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/nearest_word.h"
#include "config/list/list_values.h"

/* Flavors that Ubuntu has had, and Debian's, which a mirror or apt may have. New ones come; so only
 * what is close to one of them, and none of them, is a mistake. */
static const char *const flavors[] = {
    "generic",
    "generic-64k",
    "generic-lpae",
    "generic-hwe",
    "lowlatency",
    "lowlatency-64k",
    "aws",
    "aws-64k",
    "azure",
    "azure-fde",
    "azure-64k",
    "gcp",
    "gcp-64k",
    "gcp-fips",
    "gke",
    "gkeop",
    "ibm",
    "ibm-gt",
    "kvm",
    "oracle",
    "oracle-64k",
    "oem",
    "oem-osp1",
    "raspi",
    "raspi2",
    "raspi-realtime",
    "realtime",
    "realtime-64k",
    "nvidia",
    "nvidia-64k",
    "nvidia-tegra",
    "nvidia-tegra-rt",
    "nvidia-tegra-igx",
    "nvidia-lowlatency",
    "xilinx-zynqmp",
    "intel-iotg",
    "intel-iot-realtime",
    "intel-opt",
    "snapdragon",
    "bluefield",
    "laptop",
    "allwinner",
    "starfive",
    "fips",
    "aws-fips",
    "azure-fips",
    "dell300x",
    "cloud",
    "rt",
    "armmp",
    "armmp-lpae",
    "16k",
    "686",
    "686-pae",
    "powerpc64le",
    "rpi",
    "marvell",
    "octeon",
    "loongson-3",
    "4kc-malta",
    "5kc-malta",
};

bool list_hint_is_comment(const char *word)
{
    return word[0] == ';' || strncmp(word, "//", 2) == 0 || strcmp(word, "--") == 0;
}

const char *list_hint_key(const char *word)
{
    if (strstr(word, "://"))
        return "url";
    if (strchr(word, '/') || text_has_suffix(word, ".deb") || text_has_suffix(word, ".ddeb") ||
        strncmp(word, "vmlinux", strlen("vmlinux")) == 0)
        return "file";
    if (!list_value_check_sha256(word))
        return "sha256";
    return list_value_check_version(word) || !strchr(word, '.') ? NULL : "version";
}

static bool is_flavor(const char *flavor)
{
    for (size_t i = 0; i < ARRAY_LENGTH(flavors); i++) {
        if (strcmp(flavor, flavors[i]) == 0)
            return true;
    }
    return false;
}

/* "5.4.0" has three numbers. */
static bool is_ubuntu_version(const char *version)
{
    unsigned dots = 0;

    for (const char *c = version; *c; c++)
        dots += *c == '.';
    return dots == 2;
}

/* "6.1.0-56-cloud-amd64-amd64" */
static bool ends_in_architecture(const struct kernel_name *name)
{
    const char *last = strrchr(name->flavor, '-');

    return strcmp(last ? last + 1 : name->flavor, name->architecture) == 0;
}

char *list_hint_name(const struct kernel_name *name)
{
    const char *nearest =
        is_flavor(name->flavor) ? NULL : nearest_word(name->flavor, flavors, ARRAY_LENGTH(flavors));
    char *text = NULL;
    int length = 0;

    if (ends_in_architecture(name))
        length =
            asprintf(&text, "the architecture is there twice: `%s` is enough", name->architecture);
    else if (nearest)
        length =
            asprintf(&text, "no flavor `%s` is known; did you mean `%s`?", name->flavor, nearest);
    else if (name->abi[0] == '\0')
        length = asprintf(&text, "its name has no ABI number, as Ubuntu's have: "
                                 "`5.4.0-26-generic-amd64`");
    else if (!is_ubuntu_version(name->version))
        length = asprintf(&text,
                          "its version `%s` has not three numbers, as Ubuntu's have: "
                          "`5.4.0-26-generic-amd64`",
                          name->version);
    return length < 0 ? NULL : text;
}
