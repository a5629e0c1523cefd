/* SPDX-License-Identifier: MIT */
/* What a search found, as a page: for who reads without JavaScript. */
#ifndef KSTRUCT_RUN_SERVING_PAGES_SEARCH_PAGE_H
#define KSTRUCT_RUN_SERVING_PAGES_SEARCH_PAGE_H

#include "run/serving/question.h"

question_answer search_page_answer;

/* The address of the page that tells of HIT, from the site's top. */
void search_append_address(struct buffer *out, const struct catalog *catalog,
                           const struct search_hit *hit);

#endif
