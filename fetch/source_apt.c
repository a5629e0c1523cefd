/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "fetch/apt_uris.h"
#include "fetch/package_name.h"
#include "fetch/source.h"
#include "fetch/subprocess.h"

static const struct subprocess_limits apt_limits = {
    .maximum_bytes = 64 << 10,
    .timeout_seconds = 120,
};

static bool applies(const struct fetch_request *request)
{
    return request->apt != NULL;
}

/* "PACKAGE" or "PACKAGE=VERSION", of checked characters: apt-get must not take it for an option, a
 * path or a pattern. */
static struct error *package_word(const struct fetch_request *request, char **ret)
{
    const char *version = request->version;

    if (!package_name_is_valid(request->apt))
        return error_create(ERROR_CONFIGURATION, request->apt,
                            "is not the name of a Debian package");
    if (version && !package_version_is_valid(version))
        return error_create(ERROR_CONFIGURATION, request->apt,
                            "%s is not the version of a Debian package", version);
    if (asprintf(ret, "%s%s%s", request->apt, version ? "=" : "", version ? version : "") < 0) {
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

static struct error *ask_apt(const char *word, struct package_location *ret)
{
    const char *const arguments[] = {"apt-get", "--print-uris", "download", word, NULL};
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    struct error *error = subprocess_run(arguments, &apt_limits, &result);

    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return error_create(ERROR_NOT_FOUND, word,
                            "there is no apt-get here to ask: give url= instead of apt= in the "
                            "list");
    }
    TRY(error);
    if (result.exit_status != 0)
        return apt_failure(word, &result);
    return error_locate(apt_uris_parse(buffer_text(&result.output), ret), word);
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_location *ret)
{
    CLEANUP(free_pointer) char *word = NULL;

    TRY(package_word(request, &word));
    TRY(ask_apt(word, ret));
    if (!ret->sha256)
        log_write(settings->log, LOG_WARNING,
                  "%s: apt's index has no SHA-256 of it, so its bytes are not proven", word);
    return NULL;
}

const struct package_source source_apt = {applies, locate};
