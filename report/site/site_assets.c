/* SPDX-License-Identifier: MIT */
#include "report/site/site_assets.h"

#include "base/embed.h"

#define ASSET(file) ".incbin \"report/site/assets/" file "\"\n"

EMBED_FILES(site_asset_style, ASSET("style.css"));
EMBED_FILES(site_asset_search_files, ASSET("search_files.js") ASSET("search.js"));
EMBED_FILES(site_asset_search_server, ASSET("search_server.js") ASSET("search.js"));
EMBED_FILES(site_asset_icon, ASSET("icon.svg"));

#define STYLE                                                                                      \
    {                                                                                              \
        "style.css", "text/css; charset=utf-8", site_asset_style, site_asset_style_end             \
    }
#define ICON                                                                                       \
    {                                                                                              \
        "icon.svg", "image/svg+xml", site_asset_icon, site_asset_icon_end                          \
    }
#define SCRIPT_TYPE "text/javascript; charset=utf-8"

const struct site_asset site_assets[SITE_ASSET_COUNT] = {
    STYLE,
    {"search.js", SCRIPT_TYPE, site_asset_search_files, site_asset_search_files_end},
    ICON,
};

const struct site_asset site_live_assets[SITE_ASSET_COUNT] = {
    STYLE,
    {"search.js", SCRIPT_TYPE, site_asset_search_server, site_asset_search_server_end},
    ICON,
};
