/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_server.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/system/clock.h"
#include "run/serving/http/http_connections.h"

_Static_assert(MHD_VERSION >= 0x00097302, "libmicrohttpd is too old to free what it has sent");

enum {
    CONNECTIONS_MAXIMUM = 1000,
    IDLE_SECONDS = 15,
    KEPT_SECONDS = 120,           /* then no further request may come on a connection */
    CONNECTION_SECONDS = 300,     /* then it is closed, whoever keeps it busy */
    CONNECTION_BYTES = 16 * 1024, /* for a request's line and headers */
    CONTENT_BYTES_MAXIMUM = 8 * 1024 * 1024,
    DRAINED_BYTES_MAXIMUM = 8 * CONTENT_BYTES_MAXIMUM, /* that are read and dropped for an answer */
    HELD_BYTES_MAXIMUM = 64 * 1024 * 1024,             /* of requests and answers, all together */
    KEY_MAXIMUM = CONNECTION_BYTES * 2,
};

#define CONTENT_SECURITY_POLICY                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "        \
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

struct http_server {
    struct MHD_Daemon *daemon;
    int socket;
    struct http_service service;
    struct http_cache *cache;
    struct log *log;
    struct http_workers *workers;
    atomic_bool is_ending; /* what waits is not worked on any more */
    struct http_connections connections;
    struct http_counters *counters;
};

/* A request and its answer. */
struct exchange {
    struct http_job job; /* first */
    struct http_server *server;
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

static void hold(struct exchange *exchange, size_t bytes)
{
    exchange->held_bytes += (int64_t)bytes;
    atomic_fetch_add(&exchange->server->counters->held_bytes, (int64_t)bytes);
}

static bool is_full(const struct http_server *server)
{
    return atomic_load(&server->counters->held_bytes) > HELD_BYTES_MAXIMUM;
}

static void exchange_destroy(struct exchange *exchange)
{
    atomic_fetch_sub(&exchange->server->counters->held_bytes, exchange->held_bytes);
    http_body_release(exchange->body);
    buffer_deinit(&exchange->contents);
    free(exchange);
}

static enum MHD_Result take_parameter(void *context, enum MHD_ValueKind kind UNUSED,
                                      const char *name, const char *value)
{
    struct exchange *exchange = context;
    struct http_request *request = &exchange->request;

    if (request->parameter_count == HTTP_PARAMETERS_MAXIMUM) {
        exchange->has_too_many = true;
        return MHD_NO;
    }
    request->parameters[request->parameter_count++] =
        (struct http_parameter){name, value ? value : ""};
    return MHD_YES;
}

static const char *header_of(const struct exchange *exchange, const char *name)
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

static struct exchange *exchange_create(struct http_server *server,
                                        struct MHD_Connection *connection, const char *path,
                                        const char *method)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));

    if (!exchange)
        return NULL;
    exchange->server = server;
    exchange->connection = connection;
    exchange->method = method;
    exchange->request.path = path;
    exchange->request.method = strcmp(method, "POST") == 0 ? HTTP_POST : HTTP_GET;
    buffer_init(&exchange->contents, CONTENT_BYTES_MAXIMUM);
    exchange->takes_gzip = takes_gzip(header_of(exchange, "Accept-Encoding"));
    exchange->known_tags = header_of(exchange, "If-None-Match");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, exchange);
    return exchange;
}

/* Makes ANSWER, which is used up, the exchange's. */
static void conclude(struct exchange *exchange, struct http_answer *answer)
{
    struct error *error = http_body_make(answer, exchange->takes_gzip, &exchange->body);

    if (error) {
        log_error(exchange->server->log, error);
        error_destroy(error);
    }
    http_answer_deinit(answer);
}

static void fail(struct exchange *exchange, enum http_status status, const char *why)
{
    struct http_answer answer;

    http_answer_init(&answer);
    http_answer_fail(&answer, status, "%s", why);
    if (status == HTTP_METHOD_NOT_ALLOWED)
        answer.allow = "GET, HEAD, POST";
    if (status == HTTP_UNAVAILABLE)
        atomic_fetch_add(&exchange->server->counters->refused, 1);
    conclude(exchange, &answer);
}

/* Two questions with one key have the same answer: each text has its length before it, so that none
 * can look like two. */
static void append_key(const struct exchange *exchange, struct buffer *key)
{
    const struct http_request *request = &exchange->request;

    buffer_append_format(key, "%d%s", exchange->takes_gzip, request->path);
    for (size_t i = 0; exchange->plan.has_parameters && i < request->parameter_count; i++) {
        const struct http_parameter *parameter = &request->parameters[i];
        buffer_append_format(key, "\n%zu %s=%zu %s", strlen(parameter->name), parameter->name,
                             strlen(parameter->value), parameter->value);
    }
}

static void ask_service(struct exchange *exchange, const char *key)
{
    struct http_server *server = exchange->server;
    unsigned generation = http_cache_generation(server->cache);
    struct http_answer answer;

    http_answer_init(&answer);
    server->service.answer(server->service.context, &exchange->request, &answer);
    bool is_kept = answer.is_kept && key;
    conclude(exchange, &answer);
    if (is_kept && exchange->body)
        http_cache_put(server->cache, generation, key, exchange->body);
}

static void find_answer(struct exchange *exchange)
{
    struct http_server *server = exchange->server;
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
    exchange->body = http_cache_find(server->cache, buffer_text(&key));
    if (exchange->body)
        atomic_fetch_add(&server->counters->from_cache, 1);
    else
        ask_service(exchange, buffer_text(&key));
}

/* What a worker does. */
static void work(void *context, struct http_job *job)
{
    struct http_server *server = context;
    struct exchange *exchange = (struct exchange *)job;
    int64_t start = clock_microseconds();

    if (atomic_load(&server->is_ending))
        fail(exchange, HTTP_UNAVAILABLE, "the server is ending; try again later");
    else
        find_answer(exchange);
    if (exchange->body && is_full(server)) {
        http_body_release(exchange->body);
        exchange->body = NULL;
        fail(exchange, HTTP_UNAVAILABLE, "too many answers are under way; try again later");
    }
    if (exchange->body)
        hold(exchange, exchange->body->length);
    uint64_t taken = (uint64_t)(clock_microseconds() - start);
    atomic_fetch_add(&server->counters->microseconds, taken);
    log_write(server->log, LOG_DETAIL, "%s %s: %d, %zu bytes, %" PRIu64 " µs", exchange->method,
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

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct http_body *body = exchange->body;

    if (!body)
        return MHD_NO;
    bool is_known = body->status == HTTP_OK && exchange->known_tags &&
                    exchange->request.method == HTTP_GET &&
                    http_body_is_tagged(body, exchange->known_tags);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        is_known ? 0 : body->length, body->bytes, release_body, http_body_hold(body));
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
    struct http_counters *counters = exchange->server->counters;
    atomic_fetch_add(&counters->answers[status / 100], 1);
    atomic_fetch_add(&counters->sent_bytes, is_known ? 0 : body->length);
    return result;
}

/* Who sends on and on reads no answer before the end; who waits to be told to go on does. */
static bool is_answered_at_once(const struct exchange *exchange, const char *length)
{
    return !length || header_of(exchange, MHD_HTTP_HEADER_EXPECT) ||
           strtoull(length, NULL, 10) > DRAINED_BYTES_MAXIMUM;
}

/* At the end of the headers: what is wrong with them already. */
static enum MHD_Result begin(struct exchange *exchange)
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
    else if (length && is_full(exchange->server))
        fail(exchange, HTTP_UNAVAILABLE, "too many requests are under way; try again later");
    return exchange->body && is_answered_at_once(exchange, length) ? send_answer(exchange)
                                                                   : MHD_YES;
}

/* What is too much is read and dropped, so that the answer can be read. */
static void take_contents(struct exchange *exchange, const char *bytes, size_t length)
{
    if (exchange->request.method != HTTP_POST || exchange->body)
        return;
    if (length > CONTENT_BYTES_MAXIMUM - exchange->contents.length) {
        fail(exchange, HTTP_CONTENT_TOO_LARGE, "the contents are larger than 8 MiB");
        return;
    }
    if (is_full(exchange->server)) {
        fail(exchange, HTTP_UNAVAILABLE, "too many requests are under way; try again later");
        return;
    }
    hold(exchange, length);
    buffer_append(&exchange->contents, bytes, length);
}

/* All has come. */
static enum MHD_Result submit(struct exchange *exchange)
{
    struct http_server *server = exchange->server;
    struct http_request *request = &exchange->request;

    request->contents = buffer_text(&exchange->contents);
    request->content_length = exchange->contents.length;
    server->service.plan(server->service.context, request, &exchange->plan);
    exchange->is_submitted = true;
    MHD_suspend_connection(exchange->connection);
    if (http_workers_add(server->workers, exchange->plan.weight, &exchange->job))
        return MHD_YES;
    fail(exchange, HTTP_UNAVAILABLE, "too many requests wait; try again later");
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

/* Called by libmicrohttpd when a request's headers are there, when contents come, when all is
 * there, and again after the connection was resumed. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version UNUSED, const char *bytes,
                              size_t *length, void **exchange_of_request)
{
    struct exchange *exchange = *exchange_of_request;

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

static void complete(void *context UNUSED, struct MHD_Connection *connection UNUSED,
                     void **exchange_of_request, enum MHD_RequestTerminationCode code UNUSED)
{
    if (*exchange_of_request)
        exchange_destroy(*exchange_of_request);
    *exchange_of_request = NULL;
}

static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add(&server->counters->connections, 1);
        *socket_context =
            info ? http_connections_add(&server->connections, info->connect_fd) : NULL;
        return;
    }
    atomic_fetch_sub(&server->counters->connections, 1);
    http_connections_remove(&server->connections, *socket_context);
    *socket_context = NULL;
}

/* What libmicrohttpd has to say is about clients that went away. */
__attribute__((format(printf, 2, 0))) static void log_message(void *context, const char *format,
                                                              va_list arguments)
{
    struct http_server *server = context;
    char line[512];

    vsnprintf(line, sizeof(line), format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_write(server->log, LOG_DETAIL, "libmicrohttpd: %s", line);
}

static struct error *start_daemon(struct http_server *server)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        handle, server, MHD_OPTION_EXTERNAL_LOGGER, log_message, server, MHD_OPTION_LISTEN_SOCKET,
        server->socket, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAXIMUM,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_NOTIFY_COMPLETED, complete, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_END);
    return server->daemon ? NULL
                          : error_create(ERROR_SYSTEM, NULL, "libmicrohttpd cannot be started");
}

/* Connections that wait for a worker must have been resumed before libmicrohttpd may be stopped. */
static void destroy(struct http_server *server)
{
    if (server->workers)
        http_workers_stop(server->workers);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    else
        close(server->socket);
    http_workers_destroy(server->workers);
    http_connections_deinit(&server->connections);
    free(server);
}

struct error *http_server_start(const struct http_options *options,
                                const struct http_service *service, struct http_server **server_ret)
{
    struct http_server *server = calloc(1, sizeof(*server));

    if (!server) {
        close(options->socket);
        return error_out_of_memory();
    }
    server->socket = options->socket;
    server->service = *service;
    server->cache = options->cache;
    server->counters = options->counters;
    server->log = options->log;
    http_connections_init(&server->connections);
    struct error *error = http_workers_start(options->workers, work, server, &server->workers);
    if (!error)
        error = start_daemon(server);
    if (error) {
        destroy(server);
        return error;
    }
    *server_ret = server;
    return NULL;
}

void http_server_sweep(struct http_server *server)
{
    http_connections_end_old(&server->connections, CONNECTION_SECONDS);
}

void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    /* Nobody is let in any more; the workers end what they are at, and answer that the server ends
     * to the others. What then is not yet sent is not sent any more. */
    atomic_store(&server->is_ending, true);
    int listening = MHD_quiesce_daemon(server->daemon);
    destroy(server);
    if (listening >= 0)
        close(listening);
}
