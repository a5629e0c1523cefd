/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_exchange.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/system/clock.h"
#include "run/serving/http/http_body.h"
#include "run/serving/http/http_connections.h"

enum {
    KEPT_SECONDS = 120, /* then no further request may come on a connection */
    CONTENT_BYTES_MAXIMUM = 8 * 1024 * 1024,
    DRAINED_BYTES_MAXIMUM = 8 * CONTENT_BYTES_MAXIMUM, /* that are read and dropped for an answer */
    HELD_BYTES_MAXIMUM = 64 * 1024 * 1024,             /* of requests and answers, all together */
    KEY_MAXIMUM = HTTP_HEAD_BYTES_MAXIMUM * 2,
};

#define CONTENT_SECURITY_POLICY                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "        \
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* A request and its answer. */
struct http_exchange {
    struct http_job job; /* first */
    struct http_desk *desk;
    struct MHD_Connection *connection;
    struct http_request request;
    struct buffer contents; /* that came */
    int64_t held_bytes;     /* that the counters have of it */
    bool has_too_many;      /* parameters */
    bool takes_gzip;
    const char *known_tags; /* If-None-Match */
    const char *method;
    struct http_plan plan;
    bool is_submitted;      /* workers have had it */
    struct http_body *body; /* once it is answered; NULL then: there is no memory for an answer */
};

static void hold(struct http_exchange *exchange, size_t bytes)
{
    exchange->held_bytes += (int64_t)bytes;
    atomic_fetch_add(&exchange->desk->counters->held_bytes, (int64_t)bytes);
}

static bool is_full(const struct http_desk *desk)
{
    return atomic_load(&desk->counters->held_bytes) > HELD_BYTES_MAXIMUM;
}

static void exchange_destroy(struct http_exchange *exchange)
{
    atomic_fetch_sub(&exchange->desk->counters->held_bytes, exchange->held_bytes);
    http_body_release(exchange->body);
    buffer_deinit(&exchange->contents);
    free(exchange);
}

static enum MHD_Result take_parameter(void *context, enum MHD_ValueKind kind UNUSED,
                                      const char *name, const char *value)
{
    struct http_exchange *exchange = context;
    struct http_request *request = &exchange->request;

    if (request->parameter_count == HTTP_PARAMETERS_MAXIMUM) {
        exchange->has_too_many = true;
        return MHD_NO;
    }
    request->parameters[request->parameter_count++] =
        (struct http_parameter){name, value ? value : ""};
    return MHD_YES;
}

static const char *header_of(const struct http_exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* "gzip, deflate"; who refuses it by "gzip;q=0" is rare, and understood. */
static bool takes_gzip(const char *encodings)
{
    const char *found = encodings ? strstr(encodings, "gzip") : NULL;

    if (!found)
        return false;
    const char *rest = found + strlen("gzip");
    rest += strspn(rest, " ;");
    return strncmp(rest, "q=0", 3) != 0 || strspn(rest + 3, ".0") != strcspn(rest + 3, ", ");
}

/* Without "http://HOST", which proxies may have before it: RFC 9112, 3.2.2. */
static const char *path_of(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < ARRAY_LENGTH(schemes); i++) {
        if (strncasecmp(target, schemes[i], strlen(schemes[i])) != 0)
            continue;
        const char *slash = strchr(target + strlen(schemes[i]), '/');
        return slash ? slash : "/";
    }
    return target;
}

static struct http_exchange *exchange_create(struct http_desk *desk,
                                             struct MHD_Connection *connection, const char *path,
                                             const char *method)
{
    struct http_exchange *exchange = calloc(1, sizeof(*exchange));

    if (!exchange)
        return NULL;
    exchange->desk = desk;
    exchange->connection = connection;
    exchange->method = method;
    exchange->request.path = path_of(path);
    exchange->request.method = strcmp(method, "POST") == 0 ? HTTP_POST : HTTP_GET;
    buffer_init(&exchange->contents, CONTENT_BYTES_MAXIMUM);
    exchange->takes_gzip = takes_gzip(header_of(exchange, "Accept-Encoding"));
    exchange->known_tags = header_of(exchange, "If-None-Match");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, exchange);
    return exchange;
}

/* Makes ANSWER, which is used up, the exchange's. */
static void conclude(struct http_exchange *exchange, struct http_answer *answer)
{
    struct error *error = http_body_make(answer, exchange->takes_gzip, &exchange->body);

    if (error) {
        log_error(exchange->desk->log, error);
        error_destroy(error);
    }
    http_answer_deinit(answer);
}

static void fail(struct http_exchange *exchange, enum http_status status, const char *why)
{
    struct http_answer answer;

    http_answer_init(&answer);
    http_answer_fail(&answer, status, "%s", why);
    if (status == HTTP_METHOD_NOT_ALLOWED)
        answer.allow = "GET, HEAD, POST";
    if (status == HTTP_UNAVAILABLE)
        atomic_fetch_add(&exchange->desk->counters->refused, 1);
    conclude(exchange, &answer);
}

/* Two questions with one key have the same answer: each text has its length before it, so that none
 * can look like two. */
static void append_key(const struct http_exchange *exchange, struct buffer *key)
{
    const struct http_request *request = &exchange->request;

    buffer_append_format(key, "%d%s", exchange->takes_gzip, request->path);
    for (size_t i = 0; exchange->plan.has_parameters && i < request->parameter_count; i++) {
        const struct http_parameter *parameter = &request->parameters[i];
        buffer_append_format(key, "\n%zu %s=%zu %s", strlen(parameter->name), parameter->name,
                             strlen(parameter->value), parameter->value);
    }
}

static void ask_service(struct http_exchange *exchange, const char *key)
{
    struct http_desk *desk = exchange->desk;
    unsigned generation = http_cache_generation(desk->cache);
    struct http_answer answer;

    http_answer_init(&answer);
    desk->service.answer(desk->service.context, &exchange->request, &answer);
    bool is_kept = answer.is_kept && key;
    conclude(exchange, &answer);
    if (is_kept && exchange->body)
        http_cache_put(desk->cache, generation, key, exchange->body);
}

static void find_answer(struct http_exchange *exchange)
{
    struct http_desk *desk = exchange->desk;
    CLEANUP(buffer_deinit) struct buffer key = {0};

    if (exchange->request.method == HTTP_POST) {
        ask_service(exchange, NULL);
        return;
    }
    buffer_init(&key, KEY_MAXIMUM);
    append_key(exchange, &key);
    struct error *error = buffer_check(&key, "a key");
    if (error) {
        error_destroy(error);
        ask_service(exchange, NULL);
        return;
    }
    exchange->body = http_cache_find(desk->cache, buffer_text(&key));
    if (exchange->body)
        atomic_fetch_add(&desk->counters->from_cache, 1);
    else
        ask_service(exchange, buffer_text(&key));
}

void http_exchange_work(void *context, struct http_job *job)
{
    struct http_desk *desk = context;
    struct http_exchange *exchange = (struct http_exchange *)job;
    int64_t start = clock_microseconds();

    if (atomic_load(&desk->is_ending))
        fail(exchange, HTTP_UNAVAILABLE, "the server is ending; try again later");
    else
        find_answer(exchange);
    if (exchange->body && is_full(desk)) {
        http_body_release(exchange->body);
        exchange->body = NULL;
        fail(exchange, HTTP_UNAVAILABLE, "too many answers are under way; try again later");
    }
    if (exchange->body)
        hold(exchange, exchange->body->length);
    uint64_t taken = (uint64_t)(clock_microseconds() - start);
    atomic_fetch_add(&desk->counters->microseconds, taken);
    log_write(desk->log, LOG_DETAIL, "%s %s: %d, %zu bytes, %" PRIu64 " µs", exchange->method,
              exchange->request.path, exchange->body ? (int)exchange->body->status : 0,
              exchange->body ? exchange->body->length : 0, taken);
    MHD_resume_connection(exchange->connection);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value)
        MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct http_body *body)
{
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, body->type);
    add_header(response, MHD_HTTP_HEADER_ETAG, body->status == HTTP_OK ? body->tag : NULL);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
    add_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    add_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, body->is_compressed ? "gzip" : NULL);
    add_header(response, MHD_HTTP_HEADER_ALLOW, body->allow);
    add_header(response, MHD_HTTP_HEADER_LOCATION, body->location);
    add_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
               body->status == HTTP_UNAVAILABLE ? "5" : NULL);
    add_header(response, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
    add_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, "Referrer-Policy", "same-origin");
}

/* Its time is nearly over: no further request should begin on it. */
static bool is_old(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info && info->socket_context && http_connection_age(info->socket_context) > KEPT_SECONDS;
}

static void release_body(void *context)
{
    http_body_release(context);
}

static enum MHD_Result send_answer(struct http_exchange *exchange)
{
    struct http_body *body = exchange->body;

    if (!body)
        return MHD_NO;
    bool is_known = body->status == HTTP_OK && exchange->known_tags &&
                    exchange->request.method == HTTP_GET &&
                    http_body_is_tagged(body, exchange->known_tags);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        body->length, body->bytes, release_body, http_body_hold(body));
    if (!response) {
        http_body_release(body);
        return MHD_NO;
    }
    enum http_status status = is_known ? HTTP_NOT_MODIFIED : body->status;
    add_headers(response, body);
    if (is_old(exchange->connection))
        add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = MHD_queue_response(exchange->connection, status, response);
    MHD_destroy_response(response);
    struct http_counters *counters = exchange->desk->counters;
    atomic_fetch_add(&counters->answers[status / 100], 1);
    atomic_fetch_add(&counters->sent_bytes, is_known ? 0 : body->length);
    return result;
}

/* Who sends on and on reads no answer before the end; who waits to be told to go on does. */
static bool is_answered_at_once(const struct http_exchange *exchange, const char *length)
{
    return !length || header_of(exchange, MHD_HTTP_HEADER_EXPECT) ||
           strtoull(length, NULL, 10) > DRAINED_BYTES_MAXIMUM;
}

/* At the end of the headers: what is wrong with them already. */
static enum MHD_Result begin(struct http_exchange *exchange)
{
    const char *length = header_of(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    bool is_get = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;

    if (exchange->request.path[0] != '/')
        fail(exchange, HTTP_BAD_REQUEST, "an address begins with a slash");
    else if (!is_get && exchange->request.method != HTTP_POST)
        fail(exchange, HTTP_METHOD_NOT_ALLOWED, "only GET, HEAD and POST are understood");
    else if (exchange->has_too_many)
        fail(exchange, HTTP_BAD_REQUEST, "the question has too many parameters");
    else if (length && strtoull(length, NULL, 10) > CONTENT_BYTES_MAXIMUM)
        fail(exchange, HTTP_CONTENT_TOO_LARGE, "the contents are larger than 8 MiB");
    else if (length && is_full(exchange->desk))
        fail(exchange, HTTP_UNAVAILABLE, "too many requests are under way; try again later");
    return exchange->body && is_answered_at_once(exchange, length) ? send_answer(exchange)
                                                                   : MHD_YES;
}

/* What is too much is read and dropped, so that the answer can be read. */
static void take_contents(struct http_exchange *exchange, const char *bytes, size_t length)
{
    if (exchange->request.method != HTTP_POST || exchange->body)
        return;
    if (length > CONTENT_BYTES_MAXIMUM - exchange->contents.length) {
        fail(exchange, HTTP_CONTENT_TOO_LARGE, "the contents are larger than 8 MiB");
        return;
    }
    if (is_full(exchange->desk)) {
        fail(exchange, HTTP_UNAVAILABLE, "too many requests are under way; try again later");
        return;
    }
    hold(exchange, length);
    buffer_append(&exchange->contents, bytes, length);
}

/* All has come. */
static enum MHD_Result submit(struct http_exchange *exchange)
{
    struct http_desk *desk = exchange->desk;
    struct http_request *request = &exchange->request;

    request->contents = buffer_text(&exchange->contents);
    request->content_length = exchange->contents.length;
    desk->service.plan(desk->service.context, request, &exchange->plan);
    exchange->is_submitted = true;
    MHD_suspend_connection(exchange->connection);
    if (http_workers_add(desk->workers, exchange->plan.weight, &exchange->job))
        return MHD_YES;
    fail(exchange, HTTP_UNAVAILABLE, "too many requests wait; try again later");
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

enum MHD_Result http_exchange_handle(void *context, struct MHD_Connection *connection,
                                     const char *path, const char *method,
                                     const char *version UNUSED, const char *bytes, size_t *length,
                                     void **exchange_of_request)
{
    struct http_exchange *exchange = *exchange_of_request;

    if (!exchange) {
        exchange = exchange_create(context, connection, path, method);
        *exchange_of_request = exchange;
        return exchange ? begin(exchange) : MHD_NO;
    }
    if (*length > 0) {
        take_contents(exchange, bytes, *length);
        *length = 0;
        return MHD_YES;
    }
    return exchange->body || exchange->is_submitted ? send_answer(exchange) : submit(exchange);
}

void http_exchange_complete(void *context UNUSED, struct MHD_Connection *connection UNUSED,
                            void **exchange_of_request, enum MHD_RequestTerminationCode code UNUSED)
{
    if (*exchange_of_request)
        exchange_destroy(*exchange_of_request);
    *exchange_of_request = NULL;
}
