/* SPDX-License-Identifier: MIT */
/* A debug-symbol archive made for a test: signed suites in a directory, served by the fixture's
 * server. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DDEBS_ARCHIVE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DDEBS_ARCHIVE_H

#include "base/arena.h"
#include "fetch/source/ddebs/ddebs_cache.h"
#include "fetch/source/discovery.h"
#include "tests/unit/samples/fetch_fixture.h"
#include "tests/unit/samples/signing.h"

#define KERNEL "6.8.0-31-generic-amd64"
#define UNSIGNED "linux-image-unsigned-6.8.0-31-generic-dbgsym"
#define PLAIN "linux-image-6.8.0-31-generic-dbgsym"
#define APRIL "Thu, 25 Apr 2024 15:11:23 UTC"
#define MAY "Thu, 02 May 2024 15:11:23 UTC"

struct ddebs {
    struct fixture *base;
    struct arena served; /* paths and bodies of the routes */
    char root[512];
    char url[128];
    char keyring[512];
    enum fetch_source source;
    /* Called when the index is to be read a second time. */
    void (*on_second_reading)(struct ddebs *ddebs);
};

/* A stanza; MORE: further lines. */
#define STANZA(package, version, size, more)                                                       \
    "Package: " package "\nSource: linux\nVersion: " version "\nArchitecture: amd64\n"             \
    "Filename: pool/main/l/linux/" package "_" version "_amd64.ddeb\nSize: " size "\n"             \
    "SHA256: " WRONG_SHA256 "\n" more "Description: debug symbols\n .\n of a kernel\n"

/* Writes Packages of a suite's component and architecture, in the packings that the shell command
 * PACK leaves there. */
static inline void write_packages(struct ddebs *ddebs, const char *suite, const char *place,
                                  const char *text, const char *pack)
{
    char path[1024];

    run_in(ddebs->root, "mkdir -p 'dists/%s/%s'", suite, place);
    snprintf(path, sizeof(path), "%s/dists/%s/%s/Packages", ddebs->root, suite, place);
    write_file(path, text, strlen(text));
    run_in(ddebs->root, "cd 'dists/%s/%s' && %s", suite, place, pack);
}

/* What most tests put there, and where it is. */
#define POOL "pool/main/l/linux/"
#define FOUND POOL UNSIGNED "_6.8.0-31.31_amd64.ddeb"
#define GOOD_STANZA STANZA(UNSIGNED, "6.8.0-31.31", "5000", "")
#define NOBLE "/dists/noble/"
#define XZ NOBLE "main/binary-amd64/Packages.xz"

#define PACK_XZ "xz -f Packages"
#define PACK_GZ "gzip -nf Packages"
#define PACK_NOT "true"

/* Writes the suite's Release over the Packages files that are there; FIELDS are further lines. */
static inline void write_release(struct ddebs *ddebs, const char *suite, const char *date,
                                 const char *fields)
{
    run_in(ddebs->root,
           "cd 'dists/%s' && { printf 'Origin: Ubuntu\\nSuite: %s\\nDate: %s\\n%s"
           "Architectures: amd64 arm64\\nComponents: main universe\\nSHA256:\\n'; "
           "find . -name 'Packages*' -type f | sort | while read -r file; do "
           "printf ' %%s %%s %%s\\n' $(sha256sum <$file | cut -d' ' -f1) $(stat -c %%s $file) "
           "${file#./}; done; } > Release",
           suite, suite, date, fields);
}

static inline void sign_suite(struct ddebs *ddebs, const char *suite, const char *options)
{
    char source[1024];
    char target[1024];

    snprintf(source, sizeof(source), "%s/dists/%s/Release", ddebs->root, suite);
    snprintf(target, sizeof(target), "%s/dists/%s/InRelease", ddebs->root, suite);
    sign(options, source, target);
}

/* Has the server serve the archive's files as they are now, and nothing else; nobody may be
 * fetching. */
static inline void serve_archive(struct ddebs *ddebs)
{
    struct fixture *fixture = ddebs->base;
    char path[1024];
    char command[600];

    snprintf(command, sizeof(command), "cd '%s' && find . -type f ! -name Release", ddebs->root);
    FILE *pipe = popen(command, "re");
    assert_non_null(pipe);
    fixture->route_count = 0;
    while (fscanf(pipe, ".%1023[^\n]\n", path) == 1) {
        char whole[2048];
        size_t length = 0;

        snprintf(whole, sizeof(whole), "%s%s", ddebs->root, path);
        unsigned char *bytes = read_whole(whole, &length);
        void *body = arena_allocate(&ddebs->served, length + 1, 1);
        memcpy(body, bytes, length);
        free(bytes);
        add_route(fixture,
                  (struct http_route){.path = arena_copy_text(&ddebs->served, path, strlen(path)),
                                      .status = 200,
                                      .body = body,
                                      .body_length = length});
    }
    pclose(pipe);
    for (size_t i = 0; i < ARRAY_LENGTH(fixture->server.request_counts); i++)
        fixture->server.request_counts[i] = 0;
    fixture->server.route_count = fixture->route_count;
}

/* A suite that is as it should be, with one component and architecture. */
static inline void write_suite(struct ddebs *ddebs, const char *suite, const char *packages)
{
    write_packages(ddebs, suite, "main/binary-amd64", packages, PACK_XZ);
    write_release(ddebs, suite, APRIL, "");
    sign_suite(ddebs, suite, SIGN_GOOD);
}

/* What was read so far is forgotten, as in another run; what is on disk stays. */
static inline void begin_run(struct ddebs *ddebs)
{
    struct fetch_settings *settings = &ddebs->base->settings;

    ddebs_cache_destroy(settings->ddebs_cache);
    assert_success(ddebs_cache_create(settings->ddebs_suites, &settings->ddebs_cache));
    ddebs->base->logged[0] = '\0';
}

static inline void watch_line(void *context, enum log_level level, const char *line)
{
    struct ddebs *ddebs = context;

    keep_line(ddebs->base, level, line);
    if (ddebs->on_second_reading && strstr(line, "read once again"))
        ddebs->on_second_reading(ddebs);
}

static inline int make_ddebs(void **state)
{
    struct ddebs *ddebs = calloc(1, sizeof(*ddebs));
    void *base = NULL;

    make_fixture(&base);
    ddebs->base = base;
    ddebs->source = FETCH_DDEBS;
    arena_init(&ddebs->served);
    snprintf(ddebs->root, sizeof(ddebs->root), "%s/archive", ddebs->base->directory);
    snprintf(ddebs->url, sizeof(ddebs->url), "http://127.0.0.1:%u", ddebs->base->server.port);
    snprintf(ddebs->keyring, sizeof(ddebs->keyring), "%s/Good.gpg",
             signing_directory ? signing_directory : "");
    run_in("/", "mkdir '%s'", ddebs->root);
    ddebs->base->log.sink = watch_line;
    ddebs->base->log.context = ddebs;
    struct fetch_settings *settings = &ddebs->base->settings;
    settings->sources = &ddebs->source;
    settings->source_count = 1;
    settings->ddebs_url = ddebs->url;
    settings->ddebs_keyring = ddebs->keyring;
    settings->ddebs_suites = "noble-updates noble";
    settings->minimum_bytes = 1000;
    begin_run(ddebs);
    *state = ddebs;
    return 0;
}

static inline int remove_ddebs(void **state)
{
    struct ddebs *ddebs = *state;
    void *base = ddebs->base;

    ddebs_cache_destroy(ddebs->base->settings.ddebs_cache);
    remove_fixture(&base);
    arena_deinit(&ddebs->served);
    free(ddebs);
    return 0;
}

static inline struct error *resolve(struct ddebs *ddebs, const char *kernel, const char *version,
                                    struct fetch_plan *ret)
{
    const struct fetch_request request = {.kernel_name = kernel, .version = version};

    return fetch_resolve(&ddebs->base->settings, &request, ret);
}

/* The kernel is found, at URL_END below the archive. */
static inline void assert_found(struct ddebs *ddebs, const char *kernel, const char *version,
                                const char *url_end)
{
    struct fetch_plan plan;
    char url[1024];

    assert_success(resolve(ddebs, kernel, version, &plan));
    snprintf(url, sizeof(url), "%s/%s", ddebs->url, url_end);
    assert_string_equal(plan.url, url);
    assert_string_equal(plan.sha256, WRONG_SHA256);
    fetch_plan_deinit(&plan);
}

static inline void assert_missed(struct ddebs *ddebs, const char *kernel, const char *version,
                                 enum error_code code, const char *text)
{
    struct fetch_plan plan;

    assert_failure(resolve(ddebs, kernel, version, &plan), code, text);
}

#endif
