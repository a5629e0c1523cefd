/* SPDX-License-Identifier: MIT */
/* A Launchpad of one's own: an API whose answers each test writes, beside the server of files. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_LAUNCHPAD_FIXTURE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_LAUNCHPAD_FIXTURE_H

#include "fetch/source/discovery.h"
#include "tests/unit/samples/fetch_fixture.h"

#define KERNEL "6.8.0-31-generic-amd64"
#define PLAIN "linux-image-6.8.0-31-generic-dbgsym"
#define UNSIGNED "linux-image-unsigned-6.8.0-31-generic-dbgsym"
#define OWN_API "https://api.launchpad.net/devel"
#define OWN_FILES "https://launchpad.net/ubuntu/+archive/primary/+files/"
#define ARCHIVE "/devel/ubuntu/+archive/primary"
#define PUBLISHED ARCHIVE "?ws.op=getPublishedBinaries&binary_name="

/* Where all builds of a package are asked for, and one; percent-encoded. */
#define ANY_BUILD(package) PUBLISHED package "&exact_match=true&ordered=false&ws.size=300"
#define BUILD(package, version)                                                                    \
    PUBLISHED package "&exact_match=true&version=" version "&ordered=false&ws.size=300"
#define FILES_OF(number) ARCHIVE "/+binarypub/" #number "?ws.op=binaryFileUrls&include_meta=true"

enum { ANSWER_COUNT = 16, ANSWER_LENGTH = 8192 };

struct launchpad {
    struct fixture *fixture;
    struct http_server server;
    struct http_route routes[ANSWER_COUNT];
    char paths[ANSWER_COUNT][512];
    char bodies[ANSWER_COUNT][ANSWER_LENGTH];
    size_t count;
    char api_url[64];
    char files_url[64];
    enum fetch_source source;
};

static inline int make_launchpad(void **state)
{
    struct launchpad *launchpad = calloc(1, sizeof(*launchpad));
    void *fixture = NULL;

    make_fixture(&fixture);
    launchpad->fixture = fixture;
    for (size_t i = 0; i < ANSWER_COUNT; i++)
        launchpad->routes[i].path = launchpad->paths[i];
    http_server_start(&launchpad->server, launchpad->routes, ANSWER_COUNT);
    snprintf(launchpad->api_url, sizeof(launchpad->api_url), "http://127.0.0.1:%u/devel",
             launchpad->server.port);
    snprintf(launchpad->files_url, sizeof(launchpad->files_url), "http://127.0.0.1:%u/ok",
             launchpad->fixture->server.port);
    launchpad->source = FETCH_LAUNCHPAD;
    struct fetch_settings *settings = &launchpad->fixture->settings;
    settings->launchpad_api_url = launchpad->api_url;
    settings->launchpad_files_url = launchpad->files_url;
    settings->minimum_bytes = 1000;
    settings->sources = &launchpad->source;
    settings->source_count = 1;
    *state = launchpad;
    return 0;
}

static inline int remove_launchpad(void **state)
{
    struct launchpad *launchpad = *state;
    void *fixture = launchpad->fixture;

    remove_fixture(&fixture);
    http_server_stop(&launchpad->server);
    free(launchpad);
    return 0;
}

/* The answer to requests for PATH; to be changed where it is returned. */
static inline struct http_route *answer(struct launchpad *launchpad, const char *path,
                                        const char *format, ...) PRINTF_LIKE(3, 4);

static inline struct http_route *answer(struct launchpad *launchpad, const char *path,
                                        const char *format, ...)
{
    assert_true(launchpad->count < ANSWER_COUNT);
    size_t number = launchpad->count++;
    struct http_route *route = &launchpad->routes[number];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(launchpad->bodies[number], ANSWER_LENGTH, format, arguments);
    va_end(arguments);
    assert_in_range(length, 0, ANSWER_LENGTH - 1);
    route->status = 200;
    route->body = launchpad->bodies[number];
    route->body_length = (size_t)length;
    snprintf(launchpad->paths[number], sizeof(launchpad->paths[number]), "%s", path);
    return route;
}

/* The same for a page of several publications, each as ENTRY() gives it. */
#define ENTRIES(...) ((const char *const[]){__VA_ARGS__, NULL})
static inline void answer_page(struct launchpad *launchpad, const char *path,
                               const char *const *entries)
{
    char list[ANSWER_LENGTH] = "";
    size_t length = 0;

    for (size_t i = 0; entries[i]; i++) {
        length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s", i > 0 ? ", " : "",
                                   entries[i]);
        assert_true(length < sizeof(list));
    }
    answer(launchpad, path, "{\"start\": 0, \"entries\": [%s]}", list);
}

/* How often the answer that was given number NUMBER, from 0, was asked for. */
static inline unsigned times_asked(struct launchpad *launchpad, size_t number)
{
    return launchpad->server.request_counts[number];
}

#define NOTHING "{\"start\": 0, \"total_size\": 0, \"entries\": []}"

#define PAGE(...) "{\"start\": 0, \"entries\": [" __VA_ARGS__ "]}"
#define PAGE_BEFORE(next, ...)                                                                     \
    "{\"start\": 0, \"next_collection_link\": \"" next "\", \"entries\": [" __VA_ARGS__ "]}"

/* A publication as Launchpad describes it, with some of what is not looked at. */
#define ENTRY(number, package, version, series, status, pocket, more)                              \
    "{\"self_link\": \"" OWN_API "/ubuntu/+archive/primary/+binarypub/" #number "\", "             \
    "\"display_name\": \"" package " " version "\", \"component_name\": \"main\", "                \
    "\"distro_arch_series_link\": \"" OWN_API "/ubuntu/" series "\", \"status\": \"" status        \
    "\", \"pocket\": \"" pocket "\", \"date_created\": \"2024-04-20T19:43:10.104442+00:00\", "     \
    "\"date_superseded\": null, \"binary_package_name\": \"" package                               \
    "\", \"binary_package_version\": \"" version "\", \"is_debug\": true" more "}"

/* The usual one: published in noble's Release. */
#define NOBLE(number, package, version)                                                            \
    ENTRY(number, package, version, "noble/amd64", "Published", "Release", "")

#endif
