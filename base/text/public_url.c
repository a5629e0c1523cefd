/* SPDX-License-Identifier: MIT */
#include "base/text/public_url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/system/file.h"

/* What a sentence puts after a URL. */
#define PUNCTUATION ".,:;!)]'`\""

/* Moves what is from FROM on, with the text's end, to TO. Returns how far. */
static size_t cut(char *to, const char *from)
{
    memmove(to, from, strlen(from) + 1);
    return (size_t)(from - to);
}

static char *last_at_sign(char *begin, const char *end)
{
    char *last = NULL;

    for (char *c = begin; c < end; c++)
        last = *c == '@' ? c : last;
    return last;
}

/* A "/", "?" or "#" in a password, which should be written as "%2F" and the like, ends what looks
 * like a host; then its port is none. */
static bool has_bad_port(const char *host, const char *end)
{
    const char *colon = host[0] == '[' ? NULL : memchr(host, ':', (size_t)(end - host));

    if (!colon)
        return false;
    for (const char *c = colon + 1; c < end; c++) {
        if (!isdigit((unsigned char)*c))
            return true;
    }
    return false;
}

/* Returns the new end. IS_SHOWN: the result is for people only, and may lack more than a password.
 */
static char *hide_user(char *host, char *end, bool is_shown)
{
    char *host_end = host + strcspn(host, "/?#");
    char *query = host + strcspn(host, "?#");

    if (host_end > end)
        host_end = end;
    if (query > end)
        query = end;
    char *at = last_at_sign(host, host_end);
    if (!at && has_bad_port(host, host_end))
        at = last_at_sign(host, end);
    /* "12/secret" is a port and a path, or a password with a slash in it. */
    if (!at && is_shown && host[0] != '[' && memchr(host, ':', (size_t)(host_end - host)))
        at = last_at_sign(host, query);
    return at ? end - cut(host, at + 1) : end;
}

/* Leaves of "key=value&key=value&value" the keys. Returns the new end. */
static char *hide_values(char *query, char *end)
{
    while (query < end) {
        size_t length = strcspn(query, "&");
        if (query + length > end)
            length = (size_t)(end - query);
        const char *equals = memchr(query, '=', length);
        size_t kept = equals ? (size_t)(equals + 1 - query) : 0;
        end -= cut(query + kept, query + length);
        query += kept + 1; /* after the "&" */
    }
    return end;
}

/* What kstruct itself asks Launchpad for, whose own words these are. */
static bool is_of_launchpad(const char *query)
{
    static const char *const operations[] = {"ws.op=getPublishedBinaries&",
                                             "ws.op=binaryFileUrls&"};

    for (size_t i = 0; i < ARRAY_LENGTH(operations); i++) {
        if (strncmp(query, operations[i], strlen(operations[i])) == 0)
            return true;
    }
    return false;
}

/* The colon of its scheme is at COLON. */
static bool is_of_file(const char *text, const char *colon)
{
    static const char scheme[] = "file";
    size_t length = strlen(scheme);

    return (size_t)(colon - text) >= length && strncasecmp(colon - length, scheme, length) == 0;
}

static void hide(const char *text, char *colon, char *end, bool is_shown)
{
    size_t slashes = strspn(colon + 1, "/");

    /* libcurl takes "http:///host" for "http://host"; after a file's two its path begins. */
    if (slashes > 2 && is_of_file(text, colon))
        slashes = 2;
    char *host = colon + 1 + slashes;
    if (host > end)
        return;
    end = hide_user(host, end, is_shown);
    char *query = host + strcspn(host, "?#");
    if (query >= end)
        return;
    char *fragment = memchr(query, '#', (size_t)(end - query));
    if (fragment)
        end -= cut(fragment, end);
    if (query < end && *query == '?' && !is_of_launchpad(query + 1))
        hide_values(query + 1, end);
}

void public_url_hide(char *text)
{
    for (char *colon = text; (colon = strstr(colon, ":/")); colon++) {
        char *end = colon + strlen(":/");
        while (*end && !isspace((unsigned char)*end))
            end++;
        while (end > colon + strlen(":/") && strchr(PUNCTUATION, end[-1]))
            end--;
        hide(text, colon, end, true);
    }
}

struct error *public_url(const char *url, char **ret)
{
    char *copy = strdup(url);

    if (!copy)
        return error_out_of_memory();
    char *colon = strstr(copy, "://");
    if (colon)
        hide(copy, colon, copy + strlen(copy), false);
    *ret = copy;
    return NULL;
}

bool public_url_equal(const char *left, const char *right)
{
    CLEANUP(free_pointer) char *left_form = NULL;
    CLEANUP(free_pointer) char *right_form = NULL;
    struct error *error = public_url(left, &left_form);

    if (!error)
        error = public_url(right, &right_form);
    bool is_equal = !error && strcmp(left_form, right_form) == 0;
    error_destroy(error);
    return is_equal;
}
