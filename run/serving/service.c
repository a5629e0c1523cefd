/* SPDX-License-Identifier: MIT */
#include "run/serving/service.h"

#include <string.h>

#include "base/text/nearest_word.h"
#include "report/site/html/html.h"
#include "run/serving/question.h"

/* No address that leads anywhere has so many parts. */
enum { WAY_MAXIMUM = 256 };

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

struct error *question_unknown(const struct question *question)
{
    return error_create(ERROR_NOT_FOUND, NULL, "there is nothing at %s", question->request->path);
}

struct error *question_find_kernel(const struct question *question, const char *name,
                                   size_t *kernel_ret)
{
    const struct report_selection *selection = &question->catalog->selection;

    for (size_t i = 0; i < selection->count; i++) {
        if (strcmp(selection->texts[i], name) == 0) {
            *kernel_ret = i;
            return NULL;
        }
    }
    const char *nearest = nearest_word(name, selection->texts, selection->count);
    return error_create(ERROR_NOT_FOUND, NULL, "there is no kernel %s%s%s%s", name,
                        nearest ? "; did you mean " : "", nearest ? nearest : "",
                        nearest ? "?" : "");
}

struct error *question_parameter(const struct question *question, const char *name,
                                 const char **value_ret)
{
    const char *value = http_request_parameter(question->request, name);

    if (!value || value[0] == '\0')
        return error_create(ERROR_USAGE, NULL, "the parameter `%s` is wanted", name);
    *value_ret = value;
    return NULL;
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

/* From the page at PATH to the site's top. */
static void append_way_to_top(struct buffer *way, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
        buffer_append_text(way, HTML_TO_TOP);
}

static const char *title_of(enum http_status status)
{
    switch (status) {
    case HTTP_NOT_FOUND: return "Not found";
    case HTTP_BAD_REQUEST: return "Not understood";
    case HTTP_UNAVAILABLE:
    case HTTP_TIMEOUT: return "Not now";
    default: return "Failed";
    }
}

/* What a person is told who follows a link that leads nowhere. */
static void answer_by_page(struct http_answer *answer, const char *path, const struct error *error)
{
    CLEANUP(buffer_deinit) struct buffer way;
    struct buffer *out = &answer->contents;

    buffer_init(&way, WAY_MAXIMUM);
    append_way_to_top(&way, path);
    answer->status = http_status_of(error->code);
    answer->type = http_type_html;
    buffer_clear(out);
    html_append_beginning(out, title_of(answer->status), buffer_text(&way));
    buffer_append_format(out, "<h1>%s</h1>\n<p>", title_of(answer->status));
    html_append_text(out, error->why);
    buffer_append_text(out, ".\n");
    html_append_search_form(out, buffer_text(&way), "");
    html_append_end(out);
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
        answer_by_page(answer, request->path, error);
    else
        http_answer_fail(answer, http_status_of(error->code), "%s", error->why);
    error_destroy(error);
}
