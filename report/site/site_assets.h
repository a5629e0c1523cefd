/* SPDX-License-Identifier: MIT */
/* The site's files that are the same for all reports, from assets/. */
#ifndef KSTRUCT_REPORT_SITE_SITE_ASSETS_H
#define KSTRUCT_REPORT_SITE_SITE_ASSETS_H

#include <stddef.h>

struct site_asset {
    const char *name; /* of the file */
    const char *bytes;
    const char *end;
};

enum { SITE_ASSET_COUNT = 3 };

extern const struct site_asset site_assets[SITE_ASSET_COUNT];

#endif
