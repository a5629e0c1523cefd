/* SPDX-License-Identifier: MIT */
/* Files and paths: the few operations that several parts need. All paths may be relative. */
#ifndef KSTRUCT_BASE_SYSTEM_FILE_H
#define KSTRUCT_BASE_SYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"

/* "DIRECTORY/NAME", or NAME alone if DIRECTORY is ""; free with free(); NULL when there is no
 * memory. */
char *path_join(const char *directory, const char *name) MUST_CHECK;

/* The part after the last slash; points into PATH. */
const char *path_base_name(const char *path);

/* The directory that PATH is in, "." if it names none; free with free(); NULL when there is no
 * memory. */
char *path_directory(const char *path) MUST_CHECK;

/* Does TEXT end in SUFFIX? */
bool text_has_suffix(const char *text, const char *suffix);

/* PATH and the directories above it, as far as they are missing, with mode 0777 less the umask. */
struct error *directory_create(const char *path) MUST_CHECK;

/* Opens a regular file for reading, to be closed with close(); a pipe that nobody writes to is not
 * waited for. ERROR_NOT_FOUND if there is none, ERROR_NOT_A_PACKAGE if it is something else. */
struct error *file_open_regular(const char *path, int *file_descriptor_ret) MUST_CHECK;

/* How long the open file is, which must be a regular one: ERROR_NOT_A_PACKAGE. WHERE names it in
 * errors. */
struct error *file_regular_size(int file_descriptor, const char *where,
                                uint64_t *byte_size_ret) MUST_CHECK;

/* Is NAME in the open DIRECTORY (AT_FDCWD: the current one) a regular file, and no link to one? Its
 * *status_ret is valid only then. */
bool file_is_regular_at(int directory, const char *name, struct stat *status_ret);

/* Reads a whole regular file of at most MAXIMUM bytes. *bytes_ret has a NUL after its *length_ret
 * bytes; free with free(). ERROR_NOT_FOUND if there is none, ERROR_LIMIT if it is longer. */
struct error *file_read(const char *path, size_t maximum, char **bytes_ret,
                        size_t *length_ret) MUST_CHECK;

/* The same at BYTE_OFFSET, without moving the file's own offset. */
struct error *file_write_all_at(int file_descriptor, const void *bytes, size_t length,
                                uint64_t byte_offset, const char *where) MUST_CHECK;

/* Writes all bytes or fails; WHERE names the file in errors. */
struct error *file_write_all(int file_descriptor, const void *bytes, size_t length,
                             const char *where) MUST_CHECK;

/*
 * A file that is written anew: under a temporary name beside the old one, which it replaces when it
 * is complete. What processes that were killed left of replacing it is removed. What is no regular
 * file (a device, a pipe) is written to as it is; a symbolic link stays, and the file it leads to
 * is replaced.
 */
struct file_replacement {
    int file_descriptor; /* to write to */
    char *path;          /* where it goes; for errors too */
    char *temporary;     /* NULL: PATH itself is open */
};

struct error *file_replacement_begin(const char *path,
                                     struct file_replacement *replacement_ret) MUST_CHECK;

/* Gives it its name. */
struct error *file_replacement_commit(struct file_replacement *replacement) MUST_CHECK;

/* Removes what was not committed; for CLEANUP. */
void file_replacement_end(struct file_replacement *replacement);

/* Brings the directory that PATH is in to disk: a new name is safe from a crash only then. */
struct error *file_sync_directory(const char *path) MUST_CHECK;

/* Puts the bytes at PATH so that PATH holds either the old or the new ones at any moment, also
 * after a crash: as a file_replacement, with fsync. Its mode is 0666 less the umask. */
struct error *file_replace(const char *path, const void *bytes, size_t length) MUST_CHECK;

/* Is there a regular file at PATH with just these bytes? */
bool file_holds(const char *path, const void *bytes, size_t length);

/* file_replace() unless it holds them already. */
struct error *file_update(const char *path, const void *bytes, size_t length) MUST_CHECK;

/* For CLEANUP of `char *`, `int` (closes it if not negative). */
void free_pointer(char **pointer);
void close_pointer(int *file_descriptor);

#endif
