/* SPDX-License-Identifier: MIT */
/* Times as text: UTC, ISO 8601, in whole seconds: "2024-05-01T00:00:00Z". Such texts sort as the
 * times do. */
#ifndef KSTRUCT_BASE_TEXT_TIME_TEXT_H
#define KSTRUCT_BASE_TEXT_TIME_TEXT_H

#include <stdbool.h>
#include <time.h>

enum { TIME_TEXT_BYTES = 40 };

/* "" for a time that has no such text. */
void time_text(time_t time, char text[TIME_TEXT_BYTES]);

/* The time of TEXT; false if it is no such text. */
bool time_text_read(const char *text, time_t *time_ret);

#endif
