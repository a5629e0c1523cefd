/* SPDX-License-Identifier: MIT */
/* The site's files that are the same for all reports, from assets/. */
#ifndef KSTRUCT_REPORT_SITE_SITE_ASSETS_H
#define KSTRUCT_REPORT_SITE_SITE_ASSETS_H

#include <stddef.h>

struct site_asset {
    const char *name; /* of the file */
    const char *type; /* as HTTP has it */
    const char *bytes;
    const char *end;
};

enum { SITE_ASSET_COUNT = 3 };

/* Of a site of files, and of one whose pages are made as they are asked for: their search differs.
 */
extern const struct site_asset site_assets[SITE_ASSET_COUNT];
extern const struct site_asset site_live_assets[SITE_ASSET_COUNT];

#endif
