/* SPDX-License-Identifier: MIT */
/*
 * A place of one's own: a directory or a URL in which the kernel's names are filled in. No hash is
 * known there. In a local directory of packages a file is found without knowing its version.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "fetch/http/url_text.h"
#include "fetch/package/kernel_package_names.h"
#include "fetch/package/package_name.h"
#include "fetch/source/mirror/mirror_directory.h"
#include "fetch/source/mirror/mirror_template.h"
#include "fetch/source/source.h"

enum { PLACE_MAXIMUM = 16 << 10 };

static const char file_field[] = "{file}";

/* One kernel's question. */
struct question {
    const struct fetch_settings *settings;
    const struct fetch_request *request;
    const struct kernel_package_names *names;
    char *place; /* the template, complete */
    bool is_url;
};

static void question_deinit(struct question *question)
{
    free(question->place);
}

static bool has_field(const char *text)
{
    return strchr(text, '{') != NULL;
}

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A place without a field is a directory with packages. */
static struct error *complete_place(struct question *question)
{
    const char *mirror = question->settings->mirror;

    if (!mirror || mirror[0] == '\0')
        return error_create(ERROR_NOT_FOUND, question->request->kernel_name, "no mirror is set");
    TRY(mirror_template_check(mirror));
    question->is_url = strstr(mirror, "://") != NULL;
    if (!has_field(mirror) && !question->is_url && !is_directory(mirror))
        return error_create(ERROR_INCONCLUSIVE, mirror,
                            "is no directory: is it mounted? (mirror in the settings)");
    question->place = has_field(mirror) ? strdup(mirror) : path_join(mirror, file_field);
    return question->place ? NULL : error_out_of_memory();
}

static struct error *check_version(const struct question *question)
{
    const char *version = question->request->version;
    bool is_needed = mirror_template_has(question->place, file_field) ||
                     mirror_template_has(question->place, "{version}");

    if (version && !package_version_is_valid(version))
        return error_create(ERROR_CONFIGURATION, question->request->kernel_name,
                            "%s is not the version of a Debian package", version);
    if (!version && is_needed)
        return error_create(ERROR_NOT_FOUND, question->request->kernel_name,
                            "the mirror's {file} or {version} needs the package's version; give "
                            "version= in the list");
    return NULL;
}

/* Paths in file URLs are whole. */
static struct error *append_file_url(const char *path, struct buffer *url)
{
    CLEANUP(free_pointer) char *directory = path[0] == '/' ? strdup("") : getcwd(NULL, 0);

    if (!directory)
        return error_create_errno(errno, path, "cannot find the working directory");
    buffer_append_text(url, "file://");
    url_append_path(url, directory);
    if (path[0] != '/')
        buffer_append_char(url, '/');
    url_append_path(url, path);
    return NULL;
}

/* Appends a place, once. */
static struct error *add(const char *place, bool is_url, uint64_t byte_size,
                         struct package_locations *ret)
{
    CLEANUP(buffer_deinit) struct buffer url;
    struct package_location location = {.byte_size = byte_size};

    buffer_init(&url, 4 * PLACE_MAXIMUM);
    if (is_url)
        buffer_append_text(&url, place);
    else
        TRY(append_file_url(place, &url));
    TRY(buffer_check(&url, place));
    for (size_t i = 0; i < ret->count; i++) {
        if (strcmp(ret->locations[i].url, buffer_text(&url)) == 0)
            return NULL;
    }
    location.url = strdup(buffer_text(&url));
    return location.url ? package_locations_add(ret, &location) : error_out_of_memory();
}

/* Pools leave the epoch out of file names. */
static const char *without_epoch(const char *version)
{
    const char *colon = version ? strchr(version, ':') : NULL;

    return colon ? colon + 1 : version;
}

/* The first LENGTH bytes of the place, filled in for a package. */
static struct error *fill(const struct question *question, size_t length, const char *package,
                          struct buffer *ret)
{
    CLEANUP(free_pointer) char *file = NULL;
    const char *version = without_epoch(question->request->version);

    if (asprintf(&file, "%s_%s_%s.ddeb", package, version ? version : "",
                 question->names->architecture) < 0) {
        file = NULL;
        return error_out_of_memory();
    }
    const struct mirror_values values = {
        .file = file,
        .package = package,
        .version = version,
        .kernel = question->request->kernel_name,
        .arch = question->names->architecture,
    };
    mirror_template_fill(question->place, length, &values, question->is_url, ret);
    return buffer_check(ret, question->place);
}

/* By name alone. */
static struct error *add_by_name(const struct question *question, struct package_locations *ret)
{
    TRY(check_version(question));
    for (size_t i = 0; i < UBUNTU_PACKAGE_NAME_COUNT; i++) {
        CLEANUP(buffer_deinit) struct buffer place;

        buffer_init(&place, PLACE_MAXIMUM);
        TRY(fill(question, strlen(question->place), question->names->names[i], &place));
        TRY(add(buffer_text(&place), question->is_url, PACKAGE_SIZE_UNKNOWN, ret));
    }
    return NULL;
}

/* How much of the place is the path of a directory in which any file of the package's may be taken;
 * 0: it is none, or another for each package. */
static size_t directory_length(const struct question *question)
{
    const char *slash = strrchr(question->place, '/');

    if (question->is_url || !slash || strcmp(slash + 1, file_field) != 0 ||
        strstr(question->place, file_field) != slash + 1 ||
        mirror_template_has(question->place, "{package}") ||
        mirror_template_has(question->place, "{version}"))
        return 0;
    return (size_t)(slash + 1 - question->place);
}

/* A package with such a name, in the order of the names. */
static struct error *add_found(const struct question *question, const char *directory,
                               struct package_locations *ret)
{
    CLEANUP(mirror_files_deinit) struct mirror_files files = {0};

    TRY(mirror_directory_search(directory, question->names, question->request->version, &files));
    if (files.count == 0)
        return error_create(ERROR_NOT_FOUND, directory, "has no package of %s%s%s",
                            question->request->kernel_name,
                            question->request->version ? " in version " : "",
                            question->request->version ? question->request->version : "");
    for (size_t i = 1; i < files.count; i++) {
        if (!package_version_equal(files.files[i].version, files.files[0].version))
            return error_create(ERROR_NOT_FOUND, directory,
                                "has packages of %s in several versions, %s and %s for two; give "
                                "version= in the list",
                                question->request->kernel_name, files.files[0].version,
                                files.files[i].version);
    }
    for (size_t i = 0; i < files.count; i++)
        TRY(add(files.files[i].path, false, files.files[i].byte_size, ret));
    return NULL;
}

static struct error *add_from_directory(const struct question *question, size_t length,
                                        struct package_locations *ret)
{
    CLEANUP(buffer_deinit) struct buffer directory;

    buffer_init(&directory, PLACE_MAXIMUM);
    /* It has no field that is different for the names. */
    TRY(fill(question, length, question->names->names[0], &directory));
    return add_found(question, buffer_text(&directory), ret);
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret)
{
    CLEANUP(kernel_package_names_deinit) struct kernel_package_names names = {0};
    CLEANUP(question_deinit) struct question question = {settings, request, &names, NULL, false};

    TRY(kernel_package_names_init(request->kernel_name, &names));
    TRY(complete_place(&question));
    size_t length = directory_length(&question);
    return length > 0 ? add_from_directory(&question, length, ret) : add_by_name(&question, ret);
}

const struct package_source source_mirror = {.name = "mirror", .locate = locate};
