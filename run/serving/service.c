/* SPDX-License-Identifier: MIT */
#include "run/serving/service.h"

#include <string.h>

#include "run/serving/pages/error_page.h"
#include "run/serving/question.h"

struct error *service_init(struct service *service, struct workspace *workspace,
                           const atomic_bool *is_ending, struct catalog *catalog)
{
    service->workspace = workspace;
    service->is_ending = is_ending;
    service->catalog = catalog;
    pthread_mutex_init(&service->mutex, NULL);
    return dataset_pool_init(&service->datasets, workspace);
}

void service_deinit(struct service *service)
{
    dataset_pool_deinit(&service->datasets);
    catalog_release(service->catalog);
    pthread_mutex_destroy(&service->mutex);
}

void service_replace_catalog(struct service *service, struct catalog *catalog)
{
    pthread_mutex_lock(&service->mutex);
    struct catalog *old = service->catalog;
    service->catalog = catalog;
    pthread_mutex_unlock(&service->mutex);
    catalog_release(old);
}

struct catalog *service_hold_catalog(struct service *service)
{
    pthread_mutex_lock(&service->mutex);
    struct catalog *catalog = catalog_hold(service->catalog);
    pthread_mutex_unlock(&service->mutex);
    return catalog;
}

static bool leads_to(const struct route *route, const char *path)
{
    size_t length = strlen(route->path);

    if (length > 1 && route->path[length - 1] == '/')
        return strncmp(path, route->path, length) == 0;
    return length == 0 || strcmp(path, route->path) == 0;
}

static const struct route *find_in(const struct route *routes, const char *path)
{
    for (const struct route *route = routes; route->path; route++) {
        if (leads_to(route, path))
            return route;
    }
    return NULL;
}

static const struct route *find_route(const char *path)
{
    const struct route *route = find_in(api_routes, path);

    return route ? route : find_in(page_routes, path);
}

void service_plan(void *context UNUSED, const struct http_request *request,
                  struct http_plan *plan_ret)
{
    const struct route *route = find_route(request->path);

    *plan_ret = route ? (struct http_plan){route->weight, route->has_parameters}
                      : (struct http_plan){HTTP_LIGHT, false};
}

static struct error *answer_by(const struct route *route, struct question *question,
                               struct http_answer *answer)
{
    size_t length = strlen(route->path);

    question->rest = question->request->path + length;
    TRY(route->answer(question, answer));
    answer->is_kept = route->is_kept && answer->status == HTTP_OK;
    return NULL;
}

/* Not what programs ask for: those are told by JSON. */
static bool is_for_people(const char *path)
{
    return !find_in(api_routes, path) && strncmp(path, "/api/", strlen("/api/")) != 0;
}

static bool is_allowed(const struct route *route, const struct http_request *request,
                       struct http_answer *answer)
{
    /* Where there is nothing, no method helps. */
    if (!route || route->path[0] == '\0' || route->takes_contents == (request->method == HTTP_POST))
        return true;
    answer->allow = route->takes_contents ? "POST" : "GET, HEAD";
    http_answer_fail(answer, HTTP_METHOD_NOT_ALLOWED, "only %s is understood there", answer->allow);
    return false;
}

void service_answer(void *context, const struct http_request *request, struct http_answer *answer)
{
    struct service *service = context;
    const struct route *route = find_route(request->path);
    struct error *error;

    if (!is_allowed(route, request, answer))
        return;
    struct catalog *catalog = service_hold_catalog(service);
    struct question question = {.service = service, .catalog = catalog, .request = request};
    error = route ? answer_by(route, &question, answer) : question_unknown(&question);
    catalog_release(catalog);
    if (!error)
        return;
    if (is_for_people(request->path))
        error_page_answer(answer, request->path, error);
    else
        http_answer_fail(answer, http_status_of(error->code), "%s", error->why);
    error_destroy(error);
}
