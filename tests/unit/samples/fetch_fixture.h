/* SPDX-License-Identifier: MIT */
/* What the tests of fetching share: a server, what it serves, and a directory to fetch to. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_FETCH_FIXTURE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_FETCH_FIXTURE_H

#include <curl/curl.h>

#include "base/hash/sha256.h"
#include "fetch/fetch.h"
#include "fetch/http/transfer.h"
#include "tests/unit/samples/http_server.h"
#include "tests/unit/samples/packages.h"

#define NAME "linux-image-6.8.0-31-generic-dbgsym_6.8.0-31.31_amd64.ddeb"
#define KERNEL "6.8.0-31-generic-amd64"
#define KEPT_NAME KERNEL ".ddeb" /* what the package is called when it was fetched */
#define STRANGE_NAME "linux-image_1+b~2_amd64.ddeb"
#define WRONG_SHA256 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

enum { PACKAGE_LENGTH = 700000 };

static const char page[] = "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n";

struct fixture {
    struct http_server server;
    struct http_route routes[24];
    size_t route_count;
    char *directory;
    char package_dir[512];
    char cache_dir[512];
    char package[PACKAGE_LENGTH];
    char sha256[SHA256_HEX_LENGTH + 1];
    char url[512]; /* of the last url_of() */
    struct log log;
    char logged[4096]; /* all lines so far */
    struct fetch_settings settings;
};

static inline void keep_line(void *context, enum log_level level UNUSED, const char *line)
{
    struct fixture *fixture = context;
    size_t length = strlen(fixture->logged);

    snprintf(fixture->logged + length, sizeof(fixture->logged) - length, "%s\n", line);
}

static inline void add_route(struct fixture *fixture, struct http_route route)
{
    assert_true(fixture->route_count < ARRAY_LENGTH(fixture->routes));
    fixture->routes[fixture->route_count++] = route;
}

static inline void add_routes(struct fixture *fixture)
{
    static const char elf[64] = "\177ELF\2\1\1";
    static const struct http_route failures[] = {
        {.path = "/gone/" NAME, .status = 410},
        {.path = "/forbidden/" NAME, .status = 403},
        {.path = "/teapot/" NAME, .status = 418},
        {.path = "/empty/" NAME, .status = 204},
        {.path = "/busy/" NAME, .status = 503},
        {.path = "/later/" NAME, .status = 429, .headers = "Retry-After: 3600\r\n"},
        {.path = "/closed/" NAME},
        {.path = "/page/" NAME, .status = 200, .body = page, .body_length = sizeof(page) - 1},
        {.path = "/tiny/" NAME, .status = 200, .body = "!<ar", .body_length = 4},
        {.path = "/loop/" NAME, .status = 302, .headers = "Location: /loop/" NAME "\r\n"},
        {.path = "/local/" NAME, .status = 302, .headers = "Location: file:///etc/passwd\r\n"},
        {.path = "/there/" NAME, .status = 303, .headers = "Location: /ok/" NAME "\r\n"},
        {.path = "/vmlinux", .status = 200, .body = elf, .body_length = sizeof(elf)},
    };
    const struct http_route whole = {
        .status = 200, .body = fixture->package, .body_length = PACKAGE_LENGTH};
    struct http_route route = whole;

    for (size_t i = 0; i < ARRAY_LENGTH(failures); i++)
        add_route(fixture, failures[i]);
    route.path = "/ok/" NAME;
    add_route(fixture, route);
    route.path = "/strange/linux-image%5f1%2bb~2_amd64.ddeb?x=/y";
    add_route(fixture, route);
    route.path = "/flaky/" NAME;
    route.failures_before = 2;
    add_route(fixture, route);
    route = whole;
    route.path = "/broken/" NAME;
    route.cuts_before = 1;
    add_route(fixture, route);
    route = whole;
    route.path = "/short/" NAME;
    route.missing_length = 1000;
    add_route(fixture, route);
    route.path = "/stalled/" NAME;
    route.body_length = 8; /* soon slower than a kilobyte a second */
    route.stall_seconds = 20;
    add_route(fixture, route);
}

static inline void hash_package(struct fixture *fixture)
{
    struct sha256 hash;

    assert_success(sha256_init(&hash));
    assert_success(sha256_update(&hash, fixture->package, PACKAGE_LENGTH));
    assert_success(sha256_finish(&hash, fixture->sha256));
    sha256_deinit(&hash);
}

static inline struct transfer_engine *start_engine(struct fixture *fixture)
{
    const struct transfer_settings settings = {
        .user_agent = "kstruct-test (nobody@example.org)",
        .connect_timeout_seconds = 5,
        .low_speed_bytes = 1000,
        .low_speed_seconds = 1,
        .maximum_redirects = 5,
        .connections_per_host = 2,
        .log = &fixture->log,
    };
    struct transfer_engine *engine = NULL;

    assert_success(transfer_engine_start(&settings, &engine));
    return engine;
}

static inline int make_fixture(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    memset(fixture->package, 'x', PACKAGE_LENGTH);
    memcpy(fixture->package, "!<arch>\n", 8);
    hash_package(fixture);
    fixture->directory = make_directory();
    snprintf(fixture->package_dir, sizeof(fixture->package_dir), "%s/data/packages",
             fixture->directory);
    snprintf(fixture->cache_dir, sizeof(fixture->cache_dir), "%s/data/cache", fixture->directory);
    add_routes(fixture);
    http_server_start(&fixture->server, fixture->routes, fixture->route_count);
    log_init(&fixture->log, LOG_DETAIL, keep_line, fixture);
    fixture->settings = (struct fetch_settings){
        .engine = start_engine(fixture),
        .package_dir = fixture->package_dir,
        .cache_dir = fixture->cache_dir,
        .tries = 3,
        .first_wait_milliseconds = 20,
        .longest_asked_wait_seconds = 2,
        .log = &fixture->log,
    };
    *state = fixture;
    return 0;
}

static inline int remove_fixture(void **state)
{
    struct fixture *fixture = *state;

    transfer_engine_stop(fixture->settings.engine);
    http_server_stop(&fixture->server);
    log_deinit(&fixture->log);
    remove_directory(fixture->directory);
    free(fixture);
    return 0;
}

static inline const char *url_of(struct fixture *fixture, const char *path)
{
    snprintf(fixture->url, sizeof(fixture->url), "http://127.0.0.1:%u%s", fixture->server.port,
             path);
    return fixture->url;
}

static inline unsigned request_count(struct fixture *fixture, const char *path)
{
    for (size_t i = 0; i < fixture->route_count; i++) {
        if (strcmp(fixture->routes[i].path, path) == 0)
            return fixture->server.request_counts[i];
    }
    fail_msg("no route %s", path);
    return 0;
}

static inline size_t file_count(const struct fixture *fixture)
{
    char command[600];
    unsigned count = 0;

    snprintf(command, sizeof(command), "find '%s' -type f 2>/dev/null | wc -l",
             fixture->package_dir);
    FILE *pipe = popen(command, "re");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%u", &count), 1);
    pclose(pipe);
    return count;
}

static inline void assert_holds_package(const struct fixture *fixture, const char *path)
{
    size_t length = 0;
    unsigned char *bytes = read_whole(path, &length);

    assert_int_equal(length, PACKAGE_LENGTH);
    assert_memory_equal(bytes, fixture->package, length);
    free(bytes);
}

static inline void put_package(struct fixture *fixture, const char *name, const void *bytes,
                               size_t length)
{
    char path[1024];

    run_in("/", "mkdir -p '%s'", fixture->package_dir);
    snprintf(path, sizeof(path), "%s/%s", fixture->package_dir, name);
    write_file(path, bytes, length);
}

static inline struct error *fetch_url(struct fixture *fixture, const char *path, const char *sha256,
                                      struct fetched_package *ret)
{
    const struct fetch_request request = {
        .kernel_name = KERNEL, .url = url_of(fixture, path), .sha256 = sha256};

    return fetch_package(&fixture->settings, &request, ret);
}

/* The transfer fails in that way and leaves nothing behind. */
static inline void assert_url_fails(struct fixture *fixture, const char *path, const char *sha256,
                                    enum error_code code, const char *text)
{
    struct fetched_package package = {0};

    assert_failure(fetch_url(fixture, path, sha256, &package), code, text);
    assert_null(package.path);
    assert_int_equal(file_count(fixture), 0);
}

#endif
