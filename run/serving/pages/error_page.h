/* SPDX-License-Identifier: MIT */
/* What a person is told who follows a link that leads nowhere, or asks for what cannot be had now.
 */
#ifndef KSTRUCT_RUN_SERVING_PAGES_ERROR_PAGE_H
#define KSTRUCT_RUN_SERVING_PAGES_ERROR_PAGE_H

#include "run/serving/http/http_message.h"

/* PATH is what was asked for; what ANSWER had is gone. ERROR stays the caller's. */
void error_page_answer(struct http_answer *answer, const char *path, const struct error *error);

#endif
