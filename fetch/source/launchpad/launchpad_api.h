/* SPDX-License-Identifier: MIT */
/*
 * Launchpad's API: JSON documents over HTTP, below SETTINGS->launchpad_api_url, which may be
 * another place than Launchpad itself. What is not as it should be is an ERROR_INCONCLUSIVE that
 * names the URL and what was expected there.
 */
#ifndef KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_API_H
#define KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_API_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"
#include "fetch/fetch.h"

/* A part of a URL's query. */
struct launchpad_parameter {
    const char *name;
    const char *value; /* as it is meant, not encoded; NULL: the parameter is left out */
};

/* The URL that asks the object at OBJECT_URL for OPERATION; free with free(). */
struct error *launchpad_api_query(const char *object_url, const char *operation,
                                  const struct launchpad_parameter *parameters, size_t count,
                                  char **url_ret) MUST_CHECK;

/* Where to ask for what LINK, found in the document at URL, leads to; free with free(). Links of
 * Launchpad's own (https://api.launchpad.net/devel/...) lead below SETTINGS->launchpad_api_url,
 * whatever that is, since a server in Launchpad's place hands out what Launchpad said. Any other
 * place is refused. */
struct error *launchpad_api_link(const struct fetch_settings *settings, const char *url,
                                 const char *link, char **ret) MUST_CHECK;

/* Reads the document at URL, with retries; an object or a list. Free with json_decref().
 * ERROR_NOT_FOUND if there is none. */
struct error *launchpad_api_get(const struct fetch_settings *settings, const char *url,
                                json_t **ret) MUST_CHECK;

/* For CLEANUP. */
void launchpad_json_deinit(json_t **document);

/* OBJECT's text under KEY, which must be there; valid as long as OBJECT. URL is for the error. */
struct error *launchpad_json_text(const json_t *object, const char *key, const char *url,
                                  const char **ret) MUST_CHECK;

/* The same where it may be null or absent: then *ret is NULL. */
struct error *launchpad_json_optional_text(const json_t *object, const char *key, const char *url,
                                           const char **ret) MUST_CHECK;

#endif
