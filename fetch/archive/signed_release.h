/* SPDX-License-Identifier: MIT */
/* InRelease: a text with its signature around it ("clear-signed"), proven by gpgv. */
#ifndef KSTRUCT_FETCH_ARCHIVE_SIGNED_RELEASE_H
#define KSTRUCT_FETCH_ARCHIVE_SIGNED_RELEASE_H

#include "base/buffer.h"
#include "fetch/archive/keyring.h"

enum { SIGNED_RELEASE_MAXIMUM = 8 << 20 };

/* Puts the signed text of the file at PATH into RET, which has been initialized: what gpgv hands
 * out, and nothing that is around it. At least one signature must be by a key of KEYRING's, and in
 * force; signatures of unknown keys beside it do no harm, wrong ones do.
 *
 * ERROR_INCONCLUSIVE, at URL, if that is not so; the reasons are told apart, with what to do: no
 * signature, a text that was changed, an unknown, expired or revoked key, an expired signature, and
 * no gpgv. */
struct error *signed_release_verify(const char *path, const struct keyring *keyring,
                                    const char *url, struct buffer *ret) MUST_CHECK;

#endif
