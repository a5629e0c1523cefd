/* SPDX-License-Identifier: MIT */
/*
 * Which kernels Launchpad has published packages of since a day: one question for all those that it
 * did not have then, instead of two or more for each of them.
 */
#ifndef KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_NEWS_H
#define KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_NEWS_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "fetch/fetch.h"

struct launchpad_news;

/* Nobody is asked yet. SINCE: when the first of those kernels was asked for; what was under way
 * then counts as new. NULL for lack of memory. */
struct launchpad_news *launchpad_news_create(time_t since);

/* NULL-safe. */
void launchpad_news_destroy(struct launchpad_news *news);

/* May there be something new of the kernel? The first caller asks Launchpad. Where it does not
 * answer, there may be of every kernel. May be called by several threads at once. */
bool launchpad_news_may_have(struct launchpad_news *news, const struct fetch_settings *settings,
                             const char *kernel_name);

#endif
