/* SPDX-License-Identifier: MIT */
/*
 * Answers that a command of this program gives as JSON. It runs as a process of its own: so it can
 * be ended when it takes too long, its memory is bounded and gone with it, and foreign bytes, which
 * it reads in a sandbox, do no harm here.
 */
#ifndef KSTRUCT_RUN_SERVING_API_PROGRAM_ANSWERS_H
#define KSTRUCT_RUN_SERVING_API_PROGRAM_ANSWERS_H

#include "run/serving/question.h"

/* The routes' answers: rows of api_answers.c name them. */
question_answer program_answer_offsets;
question_answer program_answer_diff;
question_answer program_answer_find;
question_answer program_answer_check;

#endif
