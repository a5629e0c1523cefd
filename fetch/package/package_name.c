/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_name.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"

#define DIGITS "0123456789"
#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"
#define UPPER_CASE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static void free_curl_text(char **text)
{
    curl_free(*text);
}

static void cleanup_curl_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static bool is_known_scheme(const char *scheme)
{
    return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0 ||
           strcmp(scheme, "file") == 0;
}

/* The path of URL as it is written there; *ret is curl's to free. */
static struct error *url_path(const char *url, char **ret)
{
    CLEANUP(cleanup_curl_url) CURLU *parts = curl_url();
    CLEANUP(free_curl_text) char *scheme = NULL;

    if (!parts)
        return error_out_of_memory();
    if (curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        return error_create(ERROR_CONFIGURATION, url, "is not a URL");
    if (!is_known_scheme(scheme))
        return error_create(ERROR_CONFIGURATION, url,
                            "%s: is not fetched from; give an http, https or file URL", scheme);
    if (curl_url_get(parts, CURLUPART_PATH, ret, 0) != CURLUE_OK)
        return error_create(ERROR_CONFIGURATION, url, "is a URL without a path");
    return NULL;
}

static bool is_plain_file_name(const char *name, size_t length)
{
    if (length == 0 || length > PACKAGE_FILE_NAME_MAXIMUM || name[0] == '.')
        return false;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f || name[i] == '/')
            return false;
    }
    return true;
}

struct error *package_file_name_from_url(const char *url, char **ret)
{
    CLEANUP(free_curl_text) char *path = NULL;
    int length = 0;

    TRY(url_path(url, &path));
    CLEANUP(free_curl_text)
    char *name = curl_easy_unescape(NULL, path_base_name(path), 0, &length);
    if (!name)
        return error_out_of_memory();
    if (!is_plain_file_name(name, (size_t)length))
        return error_create(ERROR_CONFIGURATION, url,
                            "does not end in the name of a file: at most %d bytes, no "
                            "leading dot, no slash or control character",
                            PACKAGE_FILE_NAME_MAXIMUM);
    *ret = strdup(name);
    return *ret ? NULL : error_out_of_memory();
}

void package_kept_names_deinit(struct package_kept_names *names)
{
    for (size_t i = 0; i < PACKAGE_KEPT_NAME_COUNT; i++)
        free(names->names[i]);
    *names = (struct package_kept_names){0};
}

struct error *package_kept_names_init(const char *kernel_name, const char *url,
                                      struct package_kept_names *ret)
{
    CLEANUP(package_kept_names_deinit) struct package_kept_names names = {0};

    TRY(package_file_name_from_url(url, &names.names[1]));
    const char *file_name = names.names[1];
    const char *suffix = text_has_suffix(file_name, ".ddeb")  ? ".ddeb"
                         : text_has_suffix(file_name, ".deb") ? ".deb"
                                                              : "";
    if (asprintf(&names.names[0], "%s%s", kernel_name, suffix) < 0) {
        names.names[0] = NULL;
        return error_out_of_memory();
    }
    *ret = names;
    names = (struct package_kept_names){0};
    return NULL;
}

/* In place, the only escape that dpkg and apt put into file names. */
static void decode_colons(char *text)
{
    for (char *escape = strcasestr(text, "%3a"); escape; escape = strcasestr(escape, "%3a")) {
        *escape++ = ':';
        memmove(escape, escape + 2, strlen(escape + 2) + 1);
    }
}

struct error *package_version_from_file_name(const char *file_name, char **ret)
{
    const char *version = strchr(file_name, '_');
    const char *architecture = version ? strchr(version + 1, '_') : NULL;

    *ret = NULL;
    if (!architecture ||
        (!text_has_suffix(architecture, ".deb") && !text_has_suffix(architecture, ".ddeb")))
        return NULL;
    *ret = strndup(version + 1, (size_t)(architecture - version - 1));
    if (!*ret)
        return error_out_of_memory();
    decode_colons(*ret);
    return NULL;
}

bool package_version_equal(const char *left, const char *right)
{
    const char *left_colon = strchr(left, ':');
    const char *right_colon = strchr(right, ':');

    if (left_colon && !right_colon)
        left = left_colon + 1;
    if (right_colon && !left_colon)
        right = right_colon + 1;
    return strcmp(left, right) == 0;
}

bool package_name_is_valid(const char *name)
{
    size_t length = strspn(name, LOWER_CASE DIGITS "+-.");

    if (length < 2 || strchr("+-.", name[0]))
        return false;
    if (name[length] == '\0')
        return true;
    const char *architecture = name + length + 1;
    size_t architecture_length = strspn(architecture, LOWER_CASE DIGITS "-");
    return name[length] == ':' && architecture_length > 0 && architecture[0] != '-' &&
           architecture[architecture_length] == '\0';
}

bool package_version_is_valid(const char *version)
{
    return strspn(version, DIGITS) > 0 &&
           version[strspn(version, LOWER_CASE UPPER_CASE DIGITS ".+-~:")] == '\0';
}
