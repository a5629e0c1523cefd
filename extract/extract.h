/* SPDX-License-Identifier: MIT */
/*
 * vmlinux out of a debug-symbol package (.deb or .ddeb), without unpacking the rest and without
 * writing more to disk than the caller wants. Reading stops where vmlinux ends. Parts of it are had
 * by vmlinux_member.h.
 *
 * All functions may be called by several threads at once, each with descriptors of its own.
 */
#ifndef KSTRUCT_EXTRACT_EXTRACT_H
#define KSTRUCT_EXTRACT_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A package that is read while it arrives. */
struct extract_arrival {
    uint64_t total_size; /* of the package, in the end */
    bool has_ranges;     /* any part of it can be had, else only one after the other */
    /* Reads as bytes_read_at() does, as soon as the bytes are there; fails if they do not come.
     * The reader will probably go on as far as LIKELY_END. May be called by several threads. */
    struct error *(*read)(void *context, uint64_t byte_offset, void *bytes, size_t length,
                          uint64_t likely_end, size_t *length_ret);
    void *context;
};

struct extract_options {
    const struct extract_arrival *arrival; /* NULL: the package is complete */
    unsigned jobs;          /* threads for decompressing, where the data allows it; 0 is 1 */
    uint64_t maximum_bytes; /* of vmlinux; a larger one is ERROR_LIMIT */
    /* Told how many bytes will be written, before the first is; may refuse. NULL: nobody asks. */
    struct error *(*expect)(void *context, uint64_t byte_size);
    void *context;
};

struct extract_result {
    uint64_t byte_size;          /* of vmlinux */
    char *member_path;           /* inside the package, as it is written there */
    char *release;               /* from that path: what `uname -r` shows, "6.1.0-56-cloud-amd64" */
    uint64_t package_bytes_read; /* some of them ahead of what was needed */
};

/* Frees what extract_vmlinux() put there; a result of zeros is fine too. */
void extract_result_deinit(struct extract_result *result);

/* Does the file begin as a package does? Its offset does not move; false if it cannot be read. */
bool extract_is_package(int file_descriptor);

/* An anonymous file in memory, closed on exec. The caller closes *file_descriptor_ret. */
struct error *extract_memory_file(int *file_descriptor_ret) MUST_CHECK;

/* Writes vmlinux to OUTPUT_DESCRIPTOR from its current offset on; that may be a pipe. The package
 * must be a regular file; its offset neither matters nor moves. PACKAGE_PATH names it in errors.
 *
 * vmlinux is the first regular file at exactly usr/lib/debug/boot/vmlinux-RELEASE or
 * usr/lib/debug/lib/modules/RELEASE/vmlinux. On failure the output holds a part of it or nothing
 * and is to be thrown away. Damage after vmlinux is not seen; damage within it always is if the
 * package is compressed with xz in blocks, as dpkg-deb does. Other compressions have their check
 * values at the very end, which is not read: for them, trust rests on the hash of the package. Of a
 * package that still arrives, nothing after vmlinux is asked for, and nothing proves its bytes.
 *
 * ERROR_NOT_A_PACKAGE: something else, such as an error page under a package's name.
 * ERROR_CORRUPT: cut short, damaged or made to harm. ERROR_NO_VMLINUX: not in there as a file.
 * ERROR_LIMIT: vmlinux or the memory it takes to decompress is over a limit. */
struct error *extract_vmlinux(int package_descriptor, const char *package_path,
                              const struct extract_options *options, int output_descriptor,
                              struct extract_result *ret) MUST_CHECK;

/* The architecture (Debian's name) that the package's control file says it is for; free with
 * free(). NULL if there is no such file, or it cannot be read: vmlinux may be sound all the same.
 * Waits for ARRIVAL, which may be NULL, as extract_vmlinux() does. */
struct error *extract_architecture(int package_descriptor, const char *package_path,
                                   const struct extract_arrival *arrival,
                                   char **architecture_ret) MUST_CHECK;

#endif
