/* SPDX-License-Identifier: MIT */
/*
 * Ubuntu's kernel packages by their names: Launchpad has a record of every package that was ever in
 * the archive, with the size and hash of its file, and keeps the files.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "fetch/package/kernel_package_names.h"
#include "fetch/package/package_name.h"
#include "fetch/source/launchpad/launchpad_api.h"
#include "fetch/source/launchpad/launchpad_news.h"
#include "fetch/source/launchpad/launchpad_publications.h"
#include "fetch/source/source.h"

enum {
    PAGES_MAXIMUM = 10, /* one package has some ten publications an architecture */
    BUILDS_MAXIMUM = 100,
    LISTED_MAXIMUM = 4096,
};

/* How Launchpad itself refers to Ubuntu's files. */
static const char own_files[] = "https://launchpad.net/ubuntu/+archive/primary/+files/";

/* One version of the package, however often it was published. */
struct build {
    char *version;
    char *self_link;   /* of one of its publications */
    bool is_published; /* somewhere it is more than Pending */
    bool is_removed;   /* everywhere it is Deleted or Obsolete */
    bool is_regular;   /* somewhere it is neither in Proposed nor Deleted */
};

/* A package name, and what there is of it. */
struct search {
    const struct fetch_settings *settings;
    const struct fetch_request *request;
    const char *package;
    const char *architecture;
    size_t count;
    struct build *builds;
};

static void search_deinit(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        free(search->builds[i].version);
        free(search->builds[i].self_link);
    }
    free(search->builds);
}

static bool is_wanted(const struct search *search, const struct launchpad_publication *publication)
{
    const char *version = search->request->version;

    return publication->is_debug && strcmp(publication->package, search->package) == 0 &&
           strcmp(publication->architecture, search->architecture) == 0 &&
           (!version || package_version_equal(publication->version, version));
}

static struct error *add_build(struct search *search, const char *url,
                               const struct launchpad_publication *publication,
                               struct build **build_ret)
{
    if (search->count == BUILDS_MAXIMUM)
        return error_create(ERROR_INCONCLUSIVE, url, "expected no more than %d versions of %s",
                            BUILDS_MAXIMUM, search->package);
    struct build *grown = reallocarray(search->builds, search->count + 1, sizeof(*grown));
    if (!grown)
        return error_out_of_memory();
    search->builds = grown;
    struct build *build = &grown[search->count++];
    *build = (struct build){.version = strdup(publication->version), .is_removed = true};
    TRY(launchpad_api_link(search->settings, url, publication->self_link, &build->self_link));
    *build_ret = build;
    return build->version ? NULL : error_out_of_memory();
}

static struct error *take_publication(void *context, const char *url,
                                      const struct launchpad_publication *publication)
{
    struct search *search = context;
    struct build *build = NULL;
    bool is_deleted = strcmp(publication->status, "Deleted") == 0;

    if (!is_wanted(search, publication))
        return NULL;
    for (size_t i = 0; i < search->count && !build; i++) {
        if (strcmp(search->builds[i].version, publication->version) == 0)
            build = &search->builds[i];
    }
    if (!build)
        TRY(add_build(search, url, publication, &build));
    build->is_published |= strcmp(publication->status, "Pending") != 0;
    build->is_removed &= is_deleted || strcmp(publication->status, "Obsolete") == 0;
    build->is_regular |= !is_deleted && strcmp(publication->pocket, "Proposed") != 0;
    return NULL;
}

static int compare_builds(const void *a, const void *b)
{
    return strcmp(((const struct build *)a)->version, ((const struct build *)b)->version);
}

/* One name was built more than once, as for a series and as its backport: the kernels differ. */
static struct error *ambiguous(struct search *search)
{
    CLEANUP(buffer_deinit) struct buffer versions;

    qsort(search->builds, search->count, sizeof(*search->builds), compare_builds);
    buffer_init(&versions, LISTED_MAXIMUM);
    for (size_t i = 0; i < search->count; i++)
        buffer_append_format(&versions, "%s%s", i > 0 ? ", " : "", search->builds[i].version);
    return error_create(ERROR_CONFIGURATION, search->request->kernel_name,
                        "Launchpad has several builds of %s for %s, which may differ: %s; pin one "
                        "with version= in the list",
                        search->package, search->architecture, buffer_text(&versions));
}

/* The build that a name without a version means: the only one, or the only one that is not just
 * proposed or deleted. *ret is NULL if there is none. */
static struct error *choose_build(struct search *search, const struct build **ret)
{
    const struct build *published = NULL;
    const struct build *regular = NULL;
    size_t published_count = 0;
    size_t regular_count = 0;

    for (size_t i = 0; i < search->count; i++) {
        const struct build *build = &search->builds[i];
        if (!build->is_published)
            continue;
        published = build;
        published_count++;
        if (build->is_regular) {
            regular = build;
            regular_count++;
        }
    }
    if (published_count > 1 && regular_count != 1)
        return ambiguous(search);
    *ret = regular_count == 1 ? regular : published;
    return NULL;
}

static struct error *not_yet(const struct search *search)
{
    return error_create(ERROR_NOT_YET, search->request->kernel_name,
                        "Launchpad has %s %s on record, but it is not published yet: try again "
                        "later",
                        search->package, search->builds[0].version);
}

static struct error *gone(const struct search *search, const struct build *build)
{
    return error_create(ERROR_NOT_FOUND, search->request->kernel_name,
                        "Launchpad has %s %s on record, %s its file is gone; give another version= "
                        "or url= in the list",
                        search->package, build->version,
                        build->is_removed ? "but it was removed from Ubuntu's archive and" : "but");
}

/* The entry of FILES, which is what Launchpad says of the build's files, for the package itself.
 * NULL if it has none. */
static const json_t *find_file(const struct search *search, const json_t *files,
                               const char **url_ret)
{
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        const char *url = json_string_value(json_object_get(file, "url"));
        const char *name = url ? path_base_name(url) : "";
        size_t length = strlen(search->package);

        if (strncmp(name, search->package, length) == 0 && name[length] == '_' &&
            text_has_suffix(name, ".ddeb")) {
            *url_ret = url;
            return file;
        }
    }
    return NULL;
}

/* Launchpad's own address for files may be set to lead elsewhere. */
static struct error *file_url(const struct search *search, const char *where, const char *url,
                              char **ret)
{
    size_t own_length = strlen(own_files);

    if (strncmp(url, own_files, own_length) == 0)
        *ret = path_join(search->settings->launchpad_files_url, url + own_length);
    else if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0)
        *ret = strdup(url);
    else
        return error_create(ERROR_INCONCLUSIVE, where, "expected an http or https URL, not %s",
                            url);
    return *ret ? NULL : error_out_of_memory();
}

static struct error *read_size(const json_t *file, const char *where, uint64_t *ret)
{
    const json_t *size = json_object_get(file, "size");

    *ret = PACKAGE_SIZE_UNKNOWN;
    if (!size || json_is_null(size))
        return NULL;
    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return error_create(ERROR_INCONCLUSIVE, where, "expected a number or null as `size`");
    *ret = (uint64_t)json_integer_value(size);
    return NULL;
}

static struct error *read_sha256(const struct search *search, const json_t *file, const char *where,
                                 char **ret)
{
    const char *sha256 = NULL;

    TRY(launchpad_json_optional_text(file, "sha256", where, &sha256));
    if (!sha256) {
        if (!search->request->sha256)
            log_write(search->settings->log, LOG_WARNING,
                      "%s: Launchpad has no SHA-256 of it, so its bytes are not proven",
                      search->request->kernel_name);
        return NULL;
    }
    if (!sha256_is_hex(sha256))
        return error_create(ERROR_INCONCLUSIVE, where,
                            "expected %d hexadecimal digits as `sha256`, not %s", SHA256_HEX_LENGTH,
                            sha256);
    *ret = strdup(sha256);
    return *ret ? NULL : error_out_of_memory();
}

static struct error *read_files(const struct search *search, const struct build *build,
                                const char *where, const json_t *files,
                                struct package_location *location)
{
    const char *url = NULL;

    if (!json_is_array(files))
        return error_create(ERROR_INCONCLUSIVE, where, "expected a list of files");
    const json_t *file = find_file(search, files, &url);
    if (!file)
        return gone(search, build);
    TRY(read_size(file, where, &location->byte_size));
    if (location->byte_size < search->settings->minimum_bytes)
        return package_wrapper_error(url, location->byte_size);
    TRY(read_sha256(search, file, where, &location->sha256));
    TRY(file_url(search, where, url, &location->url));
    location->package_version = strdup(build->version);
    return location->package_version ? NULL : error_out_of_memory();
}

static struct error *add_build_file(const struct search *search, const struct build *build,
                                    struct package_locations *ret)
{
    static const struct launchpad_parameter with_hashes[] = {{"include_meta", "true"}};
    CLEANUP(package_location_deinit) struct package_location location = {0};
    CLEANUP(launchpad_json_deinit) json_t *files = NULL;
    CLEANUP(free_pointer) char *url = NULL;

    TRY(launchpad_api_query(build->self_link, "binaryFileUrls", with_hashes,
                            ARRAY_LENGTH(with_hashes), &url));
    struct error *error = launchpad_api_get(search->settings, url, &files);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return gone(search, build);
    }
    TRY(error);
    TRY(read_files(search, build, url, files, &location));
    return package_locations_add(ret, &location);
}

/* Looks for one name. Nothing is added and there is no error if Launchpad does not know it. */
static struct error *look_for(struct search *search, struct package_locations *ret)
{
    const struct launchpad_publications_filter filter = {
        .package = search->package,
        .version = search->request->version,
        .maximum_pages = PAGES_MAXIMUM,
    };
    const struct build *build = NULL;

    TRY(launchpad_publications_visit(search->settings, &filter, take_publication, search));
    TRY(choose_build(search, &build));
    if (build)
        return add_build_file(search, build, ret);
    return search->count > 0 ? not_yet(search) : NULL;
}

static struct error *unknown(const struct fetch_request *request,
                             const struct kernel_package_names *names)
{
    return error_create(ERROR_NEVER_PUBLISHED, request->kernel_name,
                        "Launchpad has never had %s or %s%s%s for %s: check the name%s",
                        names->names[0], names->names[1], request->version ? " of version " : "",
                        request->version ? request->version : "", names->architecture,
                        request->version ? " and version=" : "");
}

/* Does the error say something of one name only, so that the other may do? */
static bool is_about_name(const struct error *error)
{
    return error->code == ERROR_NOT_FOUND || error->code == ERROR_NOT_YET ||
           error->code == ERROR_WRAPPER;
}

/* Of two names' errors the one that tells more; the other is destroyed. */
static struct error *keep_telling(struct error *first, struct error *second)
{
    bool takes_second =
        second && (!first || (second->code == ERROR_WRAPPER && first->code != ERROR_WRAPPER));

    error_destroy(takes_second ? first : second);
    return takes_second ? second : first;
}

static struct error *locate_by_name(const struct fetch_settings *settings,
                                    const struct fetch_request *request,
                                    struct package_locations *ret)
{
    CLEANUP(kernel_package_names_deinit) struct kernel_package_names names;
    struct error *error = NULL;

    TRY(kernel_package_names_init(request->kernel_name, &names));
    for (size_t i = 0; i < UBUNTU_PACKAGE_NAME_COUNT; i++) {
        CLEANUP(search_deinit)
        struct search search = {
            .settings = settings,
            .request = request,
            .package = names.names[i],
            .architecture = names.architecture,
        };
        struct error *failure = look_for(&search, ret);
        if (failure && ret->count == 0 && !is_about_name(failure)) {
            error_destroy(error);
            return failure;
        }
        error = keep_telling(error, failure);
        /* Without a size it may be an empty wrapper; then the other name is tried after it. */
        if (ret->count > 0 && ret->locations[0].byte_size != PACKAGE_SIZE_UNKNOWN)
            break;
    }
    if (ret->count == 0)
        return error ? error : unknown(request, &names);
    error_destroy(error);
    return NULL;
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret)
{
    if (request->is_known_absent && settings->launchpad_news &&
        !launchpad_news_may_have(settings->launchpad_news, settings, request->kernel_name))
        return error_create(ERROR_NOTHING_NEW, request->kernel_name,
                            "Launchpad has published nothing of it since it was asked last");
    return locate_by_name(settings, request, ret);
}

const struct package_source source_launchpad = {
    .name = "Launchpad",
    .locate = locate,
    .discover = launchpad_discover,
    .lists_all_architectures = true,
};
