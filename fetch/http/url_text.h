/* SPDX-License-Identifier: MIT */
/* Paths that become parts of URLs. */
#ifndef KSTRUCT_FETCH_HTTP_URL_TEXT_H
#define KSTRUCT_FETCH_HTTP_URL_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"

/* Appends TEXT, percent-encoded but for letters, digits and "-._~+/". */
void url_append_path(struct buffer *url, const char *text);

/* Does PATH lead from a directory to something inside it? It has no leading slash, no empty part,
 * none that is "." or "..", and no control character. */
bool url_is_clean_path(const char *path);

#endif
