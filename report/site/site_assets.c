/* SPDX-License-Identifier: MIT */
#include "report/site/site_assets.h"

/* The assembler puts the file's bytes between two symbols. It is run in the source's directory. */
#define EMBED(symbol, path)                                                                        \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n" #symbol "_end:\n.byte 0\n"    \
            ".previous\n");                                                                        \
    extern const char symbol[];                                                                    \
    extern const char symbol##_end[]

EMBED(site_asset_style, "report/site/assets/style.css");
EMBED(site_asset_search, "report/site/assets/search.js");
EMBED(site_asset_robots, "report/site/assets/robots.txt");

const struct site_asset site_assets[SITE_ASSET_COUNT] = {
    {"style.css", site_asset_style, site_asset_style_end},
    {"search.js", site_asset_search, site_asset_search_end},
    {"robots.txt", site_asset_robots, site_asset_robots_end},
};
