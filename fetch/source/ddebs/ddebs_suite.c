/* SPDX-License-Identifier: MIT */
#include "fetch/source/ddebs/ddebs_suite.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/system/file.h"
#include "base/text/public_url.h"
#include "fetch/archive/keyring.h"
#include "fetch/archive/packed_index.h"
#include "fetch/archive/signed_release.h"
#include "fetch/http/document.h"

enum { PATH_CAPACITY = 512, PACKED_MAXIMUM = 64 << 20, PLAIN_MAXIMUM = 256 << 20 };

/* Kernels are in these two; what is in the others is not free or not Ubuntu's own. */
static const char *const components[] = {"main", "universe"};

/* How a Packages file may be packed, the smallest first. */
static const char *const packings[] = {".xz", ".gz", ""};

void ddebs_suite_deinit(struct ddebs_suite *suite)
{
    release_file_deinit(&suite->release);
    suite->is_there = false;
}

/* "DDEBS/dists/SUITE/PATH" */
static struct error *suite_url(const struct fetch_settings *settings,
                               const struct ddebs_suite *suite, const char *path, char **ret)
{
    if (asprintf(ret, "%s/dists/%s/%s", settings->ddebs_url, suite->name, path) < 0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

/* The suite's cache: another archive has another one, whatever the protocol. */
static struct error *suite_directory(const struct fetch_settings *settings,
                                     const struct ddebs_suite *suite, char **ret)
{
    CLEANUP(free_pointer) char *url = NULL;

    TRY(public_url(settings->ddebs_url, &url));
    char *scheme_end = strstr(url, "://");
    char *archive = scheme_end ? scheme_end + 3 : url;
    for (char *c = archive; *c; c++) {
        if (!isascii((unsigned char)*c) || (!isalnum((unsigned char)*c) && !strchr(".-", *c)))
            *c = '_';
    }
    if (archive[0] == '.')
        archive[0] = '_';
    if (asprintf(ret, "%s/ddebs/%s/%s", settings->cache_dir, archive, suite->name) < 0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

static struct error *check_name(const struct ddebs_suite *suite)
{
    const char *name = suite->name;

    if (name[0] != '.' &&
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+~_-") ==
            strlen(name))
        return NULL;
    return error_create(ERROR_CONFIGURATION, "ddebs_suites",
                        "%s is no suite's name: give names such as noble or noble-updates", name);
}

static struct error *check_valid_until(const struct release_file *release, const char *url)
{
    char text[64] = "";
    time_t valid_until = (time_t)release->valid_until;
    struct tm parts;

    if (!release->has_valid_until || release->valid_until >= (int64_t)time(NULL))
        return NULL;
    if (gmtime_r(&valid_until, &parts))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts);
    return error_create(ERROR_INCONCLUSIVE, url,
                        "was valid until %s UTC only: the server has an old index; try again "
                        "later, and check this machine's clock",
                        text);
}

/* The signed text of the file at PATH, read. */
static struct error *read_signed(const char *path, const struct keyring *keyring, const char *url,
                                 struct release_file *ret)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, SIGNED_RELEASE_MAXIMUM);
    TRY(signed_release_verify(path, keyring, url, &text));
    return release_file_init(&text, url, ret);
}

/* An InRelease in the cache. */
struct cached_release {
    char *path;
    struct release_file release;
    bool is_there;
    time_t modified_at; /* by the server, as the time of the file has it; 0 if not known */
};

static void cached_release_deinit(struct cached_release *cached)
{
    release_file_deinit(&cached->release);
    free(cached->path);
}

/* What is in the cache and does not prove itself, such as after a power failure, does not count. */
static struct error *read_cached(const char *directory, const struct keyring *keyring,
                                 const char *url, struct cached_release *cached)
{
    struct stat status;

    cached->path = path_join(directory, "InRelease");
    if (!cached->path)
        return error_out_of_memory();
    struct error *error = read_signed(cached->path, keyring, url, &cached->release);
    if (error && error->code == ERROR_OUT_OF_MEMORY)
        return error;
    cached->is_there = !error;
    error_destroy(error);
    if (cached->is_there && stat(cached->path, &status) == 0)
        cached->modified_at = status.st_mtime;
    return NULL;
}

/* Is RELEASE older than the one in the cache? Somebody in between could hide new packages so. */
static struct error *check_age(const struct cached_release *cached, const char *url,
                               const struct release_file *release)
{
    if (!cached->is_there || release->date >= cached->release.date)
        return NULL;
    return error_create(ERROR_INCONCLUSIVE, url,
                        "is older than the index that was there before, by %" PRId64
                        " s: the server or somebody in between hands out an old one; try again "
                        "later (if the archive was turned back, remove %s)",
                        cached->release.date - release->date, cached->path);
}

static void use_release(struct ddebs_suite *suite, struct release_file *release)
{
    ddebs_suite_deinit(suite);
    suite->release = *release;
    suite->is_there = true;
    *release = (struct release_file){0};
}

/* Checks the bytes of an InRelease, which the server modified at that time, and makes it the
 * cache's and the suite's. */
static struct error *take_release(struct ddebs_suite *suite, const struct buffer *bytes,
                                  time_t modified_at, const struct keyring *keyring,
                                  const char *url, const struct cached_release *cached)
{
    CLEANUP(file_replacement_end) struct file_replacement file = {.file_descriptor = -1};
    CLEANUP(release_file_deinit) struct release_file release = {0};
    const struct timespec times[] = {{.tv_sec = modified_at}, {.tv_sec = modified_at}};

    TRY(file_replacement_begin(cached->path, &file));
    TRY(file_write_all(file.file_descriptor, buffer_text(bytes), bytes->length, cached->path));
    TRY(read_signed(file.temporary ? file.temporary : file.path, keyring, url, &release));
    TRY(check_valid_until(&release, url));
    TRY(check_age(cached, url, &release));
    if (futimens(file.file_descriptor, times) != 0)
        return error_create_errno(errno, cached->path, "cannot set the time");
    TRY(file_replacement_commit(&file));
    use_release(suite, &release);
    return NULL;
}

/* Fetches the suite's InRelease, unless the one in the cache is the server's still. */
static struct error *refresh_release(const struct fetch_settings *settings,
                                     struct ddebs_suite *suite, const struct keyring *keyring,
                                     const char *url, struct cached_release *cached)
{
    CLEANUP(buffer_deinit) struct buffer bytes;
    time_t modified_at = cached->modified_at;
    bool is_changed = true;

    buffer_init(&bytes, SIGNED_RELEASE_MAXIMUM);
    TRY(document_fetch_changed(settings, url, index_too_long, &modified_at, &is_changed, &bytes));
    if (is_changed)
        return take_release(suite, &bytes, modified_at, keyring, url, cached);
    TRY(check_valid_until(&cached->release, url));
    use_release(suite, &cached->release);
    return NULL;
}

struct error *ddebs_suite_read_release(const struct fetch_settings *settings,
                                       struct ddebs_suite *suite)
{
    CLEANUP(keyring_close) struct keyring keyring = {.binary.file_descriptor = -1};
    CLEANUP(cached_release_deinit) struct cached_release cached = {0};
    CLEANUP(free_pointer) char *directory = NULL;
    CLEANUP(free_pointer) char *url = NULL;

    TRY(check_name(suite));
    TRY(suite_url(settings, suite, "InRelease", &url));
    TRY(suite_directory(settings, suite, &directory));
    TRY(directory_create(directory));
    TRY(keyring_open(settings->ddebs_keyring, directory, &keyring));
    TRY(read_cached(directory, &keyring, url, &cached));
    struct error *error = refresh_release(settings, suite, &keyring, url, &cached);
    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    log_write(settings->log, LOG_DETAIL, "%s: %s; the suite is passed over", url, error->why);
    error_destroy(error);
    ddebs_suite_deinit(suite);
    return NULL;
}

/* Where a file of the suite is: each to be freed with free(). */
struct file_names {
    char *cached_path;
    char *hash_url; /* NULL if the archive has none */
    char *url;
};

static void file_names_deinit(struct file_names *names)
{
    free(names->cached_path);
    free(names->hash_url);
    free(names->url);
}

static struct error *file_names_init(const struct fetch_settings *settings,
                                     const struct ddebs_suite *suite, const char *path,
                                     const char *sha256, struct file_names *names)
{
    CLEANUP(free_pointer) char *directory = NULL;
    char name[PATH_CAPACITY + SHA256_HEX_LENGTH + 32];

    TRY(suite_directory(settings, suite, &directory));
    snprintf(name, sizeof(name), "%s", path);
    for (char *slash = strchr(name, '/'); slash; slash = strchr(slash, '/'))
        *slash = '_';
    names->cached_path = path_join(directory, name);
    if (!names->cached_path)
        return error_out_of_memory();
    TRY(suite_url(settings, suite, path, &names->url));
    if (!suite->release.has_by_hash)
        return NULL;
    snprintf(name, sizeof(name), "%.*s/by-hash/SHA256/%s", (int)(strrchr(path, '/') - path), path,
             sha256);
    return suite_url(settings, suite, name, &names->hash_url);
}

/* Adds the packages that the file at PATH, packed in that way, lists. */
static struct error *add_listed(const struct fetch_settings *settings,
                                const struct ddebs_suite *suite, const char *path,
                                const char *packing, const struct listed_file *listed,
                                struct packages_index *index)
{
    CLEANUP(buffer_deinit) struct buffer bytes;
    CLEANUP(buffer_deinit) struct buffer plain;
    CLEANUP(file_names_deinit) struct file_names names = {0};

    buffer_init(&bytes, packing[0] ? PACKED_MAXIMUM : PLAIN_MAXIMUM);
    buffer_init(&plain, PLAIN_MAXIMUM);
    TRY(file_names_init(settings, suite, path, listed->sha256, &names));
    const struct listed_file_places places = {names.cached_path, names.hash_url, names.url};
    TRY(listed_file_get(settings, listed, &places, &bytes));
    if (packing[0] == '\0')
        return packages_index_add(index, buffer_text(&bytes), bytes.length);
    TRY(packed_index_unpack(&bytes, names.url, &plain));
    return packages_index_add(index, buffer_text(&plain), plain.length);
}

/* A component's packages, from the first of its files that is there: InRelease may list some that
 * the archive does not keep. Nothing is added if InRelease lists none, or on failure. */
static struct error *add_component(const struct fetch_settings *settings,
                                   const struct ddebs_suite *suite, const char *component,
                                   const char *architecture, struct packages_index *index)
{
    struct error *error = NULL;

    for (size_t i = 0; i < ARRAY_LENGTH(packings); i++) {
        char path[PATH_CAPACITY];
        struct listed_file listed;

        snprintf(path, sizeof(path), "%s/binary-%s/Packages%s", component, architecture,
                 packings[i]);
        if (!release_file_find(&suite->release, path, &listed))
            continue;
        error_destroy(error);
        error = add_listed(settings, suite, path, packings[i], &listed, index);
        if (!error || error->code != ERROR_NOT_FOUND)
            return error;
    }
    return error;
}

static bool is_half_updated(const struct error *error)
{
    return error && (error->code == ERROR_CORRUPT || error->code == ERROR_NOT_FOUND);
}

static struct error *half_updated(struct error *error)
{
    struct error *reason =
        error_create(ERROR_INCONCLUSIVE, error->where,
                     "half-updated index: %s, also when asked again; try again later", error->why);

    error_destroy(error);
    return reason;
}

struct error *ddebs_suite_read_packages(const struct fetch_settings *settings,
                                        struct ddebs_suite *suite, const char *architecture,
                                        struct packages_index *index)
{
    for (size_t i = 0; i < ARRAY_LENGTH(components) && suite->is_there; i++) {
        struct error *error = add_component(settings, suite, components[i], architecture, index);

        if (is_half_updated(error)) {
            log_write(settings->log, LOG_NOTICE, "%s: %s; the index is read once again",
                      error->where, error->why);
            error_destroy(error);
            TRY(ddebs_suite_read_release(settings, suite));
            error = suite->is_there
                        ? add_component(settings, suite, components[i], architecture, index)
                        : NULL;
        }
        if (error)
            return is_half_updated(error) ? half_updated(error) : error;
    }
    return NULL;
}
