/* SPDX-License-Identifier: MIT */
/* What a search found, as JSON: report/schemas/search.schema.json. */
#ifndef KSTRUCT_RUN_SERVING_API_SEARCH_ANSWER_H
#define KSTRUCT_RUN_SERVING_API_SEARCH_ANSWER_H

#include "run/serving/question.h"

question_answer search_answer;

#endif
