/* SPDX-License-Identifier: MIT */
/* The signed text of InRelease: when it was made, and the archive's index files with their hashes.
 */
#ifndef KSTRUCT_FETCH_ARCHIVE_RELEASE_FILE_H
#define KSTRUCT_FETCH_ARCHIVE_RELEASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text/control_stanza.h"
#include "fetch/archive/listed_file.h"

struct release_file {
    struct buffer text; /* the rest points into it */
    int64_t date;       /* of its making, in seconds since 1970 */
    bool has_valid_until;
    int64_t valid_until;               /* it says nothing of the time after that */
    struct control_text architectures; /* with blanks between them */
    struct control_text files;         /* lines of hash, size and path */
    bool has_by_hash;                  /* files can also be had by their hashes */
};

/* Takes TEXT over, also on failure. ERROR_INCONCLUSIVE, at URL, if it lacks a date or hashes. */
struct error *release_file_init(struct buffer *text, const char *url,
                                struct release_file *ret) MUST_CHECK;
void release_file_deinit(struct release_file *release);

/* Is the file listed? PATH is as in "main/binary-amd64/Packages.xz". */
bool release_file_find(const struct release_file *release, const char *path,
                       struct listed_file *ret);

#endif
