/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/subprocess.h"
#include "fetch/package/kernel_package_names.h"
#include "fetch/package/package_name.h"
#include "fetch/source/apt/apt_uris.h"
#include "fetch/source/source.h"

enum { OUTPUT_MAXIMUM = 64 << 10, SECONDS = 120 };

/* "PACKAGE" or "PACKAGE=VERSION", of checked characters: apt-get must not take it for an option, a
 * path or a pattern. */
static struct error *package_word(const char *package, const char *version, char **ret)
{
    if (!package_name_is_valid(package))
        return error_create(ERROR_CONFIGURATION, package, "is not the name of a Debian package");
    if (version && !package_version_is_valid(version))
        return error_create(ERROR_CONFIGURATION, package,
                            "%s is not the version of a Debian package", version);
    if (asprintf(ret, "%s%s%s", package, version ? "=" : "", version ? version : "") < 0) {
        *ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

/* Do apt-get's words say that there is no such package, rather than that it could not look? */
static bool says_not_found(const char *messages)
{
    static const char *const texts[] = {
        "Unable to locate package",
        "was not found",
        "has no installation candidate",
        "it has no candidate",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        if (strstr(messages, texts[i]))
            return true;
    }
    return false;
}

static struct error *apt_failure(const char *word, const struct subprocess_result *result)
{
    const char *messages = buffer_text(&result->messages);
    const char *first_error = strstr(messages, "E: ");
    const char *text = first_error ? first_error : messages;
    int length = (int)strcspn(text, "\n");

    if (says_not_found(messages))
        return error_create(ERROR_NOT_FOUND, word,
                            "apt-get says \"%.*s\": check the name, run apt-get update, and for "
                            "another architecture dpkg --add-architecture",
                            length, text);
    return error_create(ERROR_INCONCLUSIVE, word,
                        "apt-get failed with exit status %d and says \"%.*s\"", result->exit_status,
                        length, text);
}

/* ERROR_UNSUPPORTED: there is no apt-get. */
static struct error *ask_apt(const struct fetch_settings *settings, const char *word,
                             struct package_location *ret)
{
    const struct subprocess_limits limits = {
        .maximum_bytes = OUTPUT_MAXIMUM,
        .timeout_seconds = SECONDS,
        .is_cancelled = settings->is_cancelled,
    };
    const char *const arguments[] = {"apt-get", "--print-uris", "download", word, NULL};
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    struct error *error = subprocess_run(arguments, &limits, &result);

    if (error && error->code == ERROR_NOT_FOUND)
        error->code = ERROR_UNSUPPORTED;
    TRY(error);
    if (result.exit_status != 0)
        return apt_failure(word, &result);
    return error_locate(apt_uris_parse(buffer_text(&result.output), ret), word);
}

static struct error *add(const struct fetch_settings *settings, const char *package,
                         const char *version, struct package_locations *ret)
{
    CLEANUP(free_pointer) char *word = NULL;
    CLEANUP(package_location_deinit) struct package_location location = {0};

    TRY(package_word(package, version, &word));
    TRY(ask_apt(settings, word, &location));
    if (!location.sha256)
        log_write(settings->log, LOG_WARNING,
                  "%s: apt's index has no SHA-256 of it, so its bytes are not proven", word);
    return package_locations_add(ret, &location);
}

/* None of the names is known. */
static struct error *unknown(const struct kernel_package_names *names, const char *kernel_name)
{
    return error_create(ERROR_NOT_FOUND, kernel_name,
                        "apt knows no package %s, %s, %s or %s for %s: check the name, run apt-get "
                        "update, and for another architecture dpkg --add-architecture",
                        names->names[UBUNTU_PACKAGE_NAME_COUNT],
                        names->names[UBUNTU_PACKAGE_NAME_COUNT + 1], names->names[0],
                        names->names[1], names->architecture);
}

/* The kernel's own names, where the list gives no other. */
static struct error *add_by_name(const struct fetch_settings *settings,
                                 const struct fetch_request *request, struct package_locations *ret)
{
    CLEANUP(kernel_package_names_deinit) struct kernel_package_names names;

    TRY(kernel_package_names_init(request->kernel_name, &names));
    for (size_t i = 0; i < KERNEL_PACKAGE_NAME_COUNT; i++) {
        CLEANUP(free_pointer) char *package = NULL;
        if (asprintf(&package, "%s:%s", names.names[i], names.architecture) < 0) {
            package = NULL;
            return error_out_of_memory();
        }
        struct error *error = add(settings, package, request->version, ret);
        if (!error || error->code != ERROR_NOT_FOUND)
            return error;
        error_destroy(error);
    }
    return unknown(&names, request->kernel_name);
}

static struct error *no_apt(const char *word)
{
    return error_create(ERROR_NOT_FOUND, word,
                        "there is no apt-get here to ask: give url= instead of apt= in the list");
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret)
{
    struct error *error = request->apt ? add(settings, request->apt, request->version, ret)
                                       : add_by_name(settings, request, ret);

    if (!error || error->code != ERROR_UNSUPPORTED)
        return error;
    error_destroy(error);
    return no_apt(request->apt ? request->apt : request->kernel_name);
}

const struct package_source source_apt = {
    .name = "apt", .locate = locate, .discover = apt_discover};
