/* SPDX-License-Identifier: MIT */
/* What `apt-get --print-uris` prints. */
#ifndef KSTRUCT_FETCH_SOURCE_APT_APT_URIS_H
#define KSTRUCT_FETCH_SOURCE_APT_APT_URIS_H

#include "fetch/package/package_location.h"

/* Reads the first line of the form
 *     'URL' FILE-NAME SIZE HASH-NAME:HASH ...
 * in TEXT. RET, which the caller has set to zeros, has no hash if apt prints no SHA-256.
 * ERROR_INCONCLUSIVE if there is no such line. */
struct error *apt_uris_parse(const char *text, struct package_location *ret) MUST_CHECK;

#endif
