/* SPDX-License-Identifier: MIT */
/* A file with OpenPGP keys, in the form that gpgv reads. */
#ifndef KSTRUCT_FETCH_ARCHIVE_KEYRING_H
#define KSTRUCT_FETCH_ARCHIVE_KEYRING_H

#include "base/error.h"
#include "base/system/file.h"

struct keyring {
    const char *name;               /* as the settings have it; for messages */
    char *path;                     /* for gpgv: it has a slash, else it would be looked up */
    struct file_replacement binary; /* the temporary file that PATH names, if NAME is armored */
};

/* Sees to it that the keys at PATH can be read. Keys in text form ("ASCII armor", as in a .asc
 * file) are put into a temporary file in DIRECTORY, which nobody else uses at the time.
 * ERROR_INCONCLUSIVE if there are none. PATH must outlive the keyring. */
struct error *keyring_open(const char *path, const char *directory, struct keyring *ret) MUST_CHECK;

/* Removes what was put there. */
void keyring_close(struct keyring *keyring);

#endif
