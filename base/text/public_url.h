/* SPDX-License-Identifier: MIT */
/*
 * What of a URL may be shown and written down: all but what lets somebody in. That is a user's name
 * and password ("user:password@"), the values of a query ("?token=…", of which "?token=" is left)
 * unless it is what kstruct itself asks Launchpad for, and what is after a "#". URLs that differ
 * in these alone have one public form.
 */
#ifndef KSTRUCT_BASE_TEXT_PUBLIC_URL_H
#define KSTRUCT_BASE_TEXT_PUBLIC_URL_H

#include <stdbool.h>

#include "base/error.h"

/* The public form of URL; free with free(). */
struct error *public_url(const char *url, char **ret) MUST_CHECK;

/* Gives all URLs in TEXT their public form, in place: a URL is what has ":/" in it, up to the next
 * space. */
void public_url_hide(char *text);

/* Have the two the same public form? */
bool public_url_equal(const char *left, const char *right);

#endif
