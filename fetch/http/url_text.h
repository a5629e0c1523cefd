/* SPDX-License-Identifier: MIT */
/* Paths that become parts of URLs, and what URLs have in them. */
#ifndef KSTRUCT_FETCH_HTTP_URL_TEXT_H
#define KSTRUCT_FETCH_HTTP_URL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Appends TEXT, percent-encoded but for letters, digits and "-._~+/". */
void url_append_path(struct buffer *url, const char *text);

/* Does PATH lead from a directory to something inside it? It has no leading slash, no empty part,
 * none that is "." or "..", and no control character. */
bool url_is_clean_path(const char *path);

/* How much of URL, from its start, names the server: scheme, host and port. 0: none, or it is a
 * file. */
size_t url_server_length(const char *url);

#endif
