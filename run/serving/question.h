/* SPDX-License-Identifier: MIT */
/* A request on its way to what answers it. */
#ifndef KSTRUCT_RUN_SERVING_QUESTION_H
#define KSTRUCT_RUN_SERVING_QUESTION_H

#include "run/serving/service.h"

struct question {
    struct service *service;
    const struct catalog *catalog; /* of the moment */
    const struct http_request *request;
    const char *rest; /* of the path, after what the route begins with */
};

/* Fills in ANSWER, or returns why there is none, which is told then. */
typedef struct error *question_answer(const struct question *question, struct http_answer *answer);

/* An address; with a slash at its end all that begin so; or "", all. The same everywhere: to be
 * looked for from the first on. */
struct route {
    const char *path;
    enum http_weight weight;
    bool takes_contents; /* POST and nothing else; else GET */
    bool has_parameters;
    bool is_kept; /* as of an answer, where it is one with status 200 */
    question_answer *answer;
};

/* The routes of pages/ and api/; each list ends with {0}. */
extern const struct route page_routes[];
extern const struct route api_routes[];

/* ERROR_NOT_FOUND: there is nothing at the request's address. */
struct error *question_unknown(const struct question *question) MUST_CHECK;

/* The number of the catalog's kernel of that name; ERROR_NOT_FOUND if there is none. */
struct error *question_find_kernel(const struct question *question, const char *name,
                                   size_t *kernel_ret) MUST_CHECK;

/* ERROR_USAGE if the request's parameter number INDEX is one that nobody understands, or is there
 * already and may be there once. */
struct error *question_check_parameter(const struct question *question, size_t index, bool is_known,
                                       bool has_many) MUST_CHECK;

/* The value of that parameter, which must be there: else ERROR_USAGE. */
struct error *question_parameter(const struct question *question, const char *name,
                                 const char **value_ret) MUST_CHECK;

#endif
