/* SPDX-License-Identifier: MIT */
/* From where a package is to the package on disk. */
#ifndef KSTRUCT_FETCH_PACKAGE_DOWNLOAD_H
#define KSTRUCT_FETCH_PACKAGE_DOWNLOAD_H

#include "fetch/fetch.h"
#include "fetch/package/package_location.h"

/* Brings the package at LOCATION into SETTINGS->package_dir, or finds it there; see
 * fetch_package(). RET->package_version is not set. What was received is added to
 * RET->received_bytes, also on failure. */
struct error *download_package(const struct fetch_settings *settings,
                               const struct fetch_request *request,
                               const struct package_location *location,
                               struct fetched_package *ret) MUST_CHECK;

#endif
