/* SPDX-License-Identifier: MIT */
/*
 * A package that is read while it arrives, and only as far as it is read: for those who pay for
 * bytes. What was received stays in memory until it has been read, and no longer.
 *
 * The end of the package is never seen, so its hash is not either: nothing but the connection
 * vouches for the bytes. Without https, and without a hash that would at least tell an honest
 * server's file from others by its name and size, a package is not streamed.
 */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_STREAM_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_STREAM_H

#include "fetch/fetch.h"

struct package_stream;

/* Finds the package as fetch_resolve() does and begins to fetch it. ERROR_UNSUPPORTED if it may not
 * be streamed: it is a local file, or came over plain http without a known hash. End with
 * package_stream_end(). */
struct error *package_stream_begin(const struct fetch_settings *settings,
                                   const struct fetch_request *request,
                                   struct package_stream **stream_ret) MUST_CHECK;

/* An anonymous file, the stream's own, that has the package's bytes from some megabytes before the
 * last offset waited for up to that offset. */
int package_stream_descriptor(const struct package_stream *stream);

/* Of the whole package: the URL's public form, its version (NULL if not known), and its size, which
 * is known once a wait has succeeded. */
const char *package_stream_url(const struct package_stream *stream);
const char *package_stream_version(const struct package_stream *stream);
uint64_t package_stream_total_size(struct package_stream *stream);

/* Waits until all bytes up to END_OFFSET have arrived, or as many as there are. The fetching goes
 * on only a little further. CONTEXT is the stream. Fails as fetching does. */
struct error *package_stream_wait(void *context, uint64_t end_offset) MUST_CHECK;

/* Stops the transfer wherever it is and frees the stream; NULL-safe. Returns how many bytes were
 * received. */
uint64_t package_stream_end(struct package_stream *stream);

#endif
