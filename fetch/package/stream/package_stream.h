/* SPDX-License-Identifier: MIT */
/*
 * A package that is read while it arrives, and of which no more is fetched than is read: for those
 * who pay for bytes. Where the server answers ranges (RFC 9110, 14), any part is read, and one
 * after the other where not. What was received stays in memory until it has been read, and a few
 * megabytes of it a little longer.
 *
 * Never is all of the package seen, so its hash is not either: nothing but the connection vouches
 * for the bytes. Without https, and without a hash that would at least tell an honest
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

/* An anonymous file, the stream's own, that has the part of the package last waited for, at its
 * place. */
int package_stream_descriptor(const struct package_stream *stream);

/* Of the whole package: the URL's public form, its version (NULL if not known), and its size, which
 * is known once a wait has succeeded. */
const char *package_stream_url(const struct package_stream *stream);
const char *package_stream_version(const struct package_stream *stream);
uint64_t package_stream_total_size(struct package_stream *stream);

/* May any part be waited for? Else only one after the other, or a few megabytes back. Known once a
 * wait has succeeded. */
bool package_stream_has_ranges(struct package_stream *stream);

/* What a reader needs of a package, and as far as it will then probably go on. */
struct package_part {
    uint64_t start_offset;
    uint64_t end_offset; /* after its last byte; a part has at most PACKAGE_PART_BYTES_MAXIMUM */
    uint64_t likely_end_offset;
};

#define PACKAGE_PART_BYTES_MAXIMUM (UINT64_C(256) << 20)

/* Waits until PART has arrived. The fetching goes on only a little further. Fails as fetching does;
 * ERROR_LIMIT: the part is no part of the package, too large, or cannot be had any more. */
struct error *package_stream_wait(struct package_stream *stream,
                                  const struct package_part *part) MUST_CHECK;

/* Nothing is needed any more: who waits for a part, or will, is told ERROR_INTERRUPTED. */
void package_stream_stop(struct package_stream *stream);

/* Stops the transfer wherever it is and frees the stream; NULL-safe. Returns how many bytes were
 * received. */
uint64_t package_stream_end(struct package_stream *stream);

#endif
