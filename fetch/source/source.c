/* SPDX-License-Identifier: MIT */
#include "fetch/source/source.h"

static const struct package_source *const sources[FETCH_SOURCE_COUNT] = {
    [FETCH_LAUNCHPAD] = &source_launchpad,
    [FETCH_DDEBS] = &source_ddebs,
    [FETCH_APT] = &source_apt,
    [FETCH_MIRROR] = &source_mirror,
    [FETCH_LAUNCHPAD_FILES] = &source_launchpad_files,
};

const struct package_source *package_source_of(enum fetch_source source)
{
    return sources[source];
}
