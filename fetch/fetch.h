/* SPDX-License-Identifier: MIT */
/*
 * A kernel's package, from its name or from what the list says of it, to a file on disk whose bytes
 * are complete and, where a hash is known beforehand, proven.
 *
 * The caller calls curl_global_init() before anything here, once and while there is one thread, and
 * curl_global_cleanup() at the end. After that, functions may be called by several threads at once.
 * Several threads or processes may fetch into one directory: one fetches a file, the others wait
 * for it and use it.
 */
#ifndef KSTRUCT_FETCH_FETCH_H
#define KSTRUCT_FETCH_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"

/* What is wanted. At most one of FILE, URL and APT is set. All strings are borrowed. */
struct fetch_request {
    const char *kernel_name; /* "5.4.0-26-generic-amd64"; names the request in errors */
    const char *file;        /* a local package or vmlinux; used where it is */
    const char *url;         /* http, https or file */
    const char *apt;         /* a package name, also with ":ARCHITECTURE" */
    const char *sha256;      /* demanded: 64 lower-case hexadecimal digits; NULL if not known */
    const char *version;     /* demanded of the package, with or without epoch; NULL: any */
};

/* How to fetch. All strings are borrowed. */
struct fetch_settings {
    const char *package_dir; /* where packages are kept; created if missing */
    const char *user_agent;  /* NULL: none is sent */
    const char
        *launchpad_files_url; /* below which Launchpad has a file by its name; no final slash */
    long connect_timeout_seconds;
    long low_speed_bytes;   /* a second; slower than that for ... */
    long low_speed_seconds; /* ... so long is given up; 0: never */
    unsigned maximum_redirects;
    struct log *log; /* NULL: nothing is logged */
};

struct fetched_package {
    char *path;
    char *url;    /* where it comes from; NULL for a local file */
    char *sha256; /* of the bytes at PATH, computed in this call */
    uint64_t byte_size;
    char *package_version; /* NULL if neither apt nor the file's name tells */
    bool was_fetched;      /* false: it was there already */
    bool is_verified;      /* its hash is the one demanded, or the one in apt's signed index */
};

/* Removes what fetch_package() brought, unless it was a local file: the next call fetches it again.
 */
void fetched_package_discard(const struct fetched_package *package);

/* Brings the package into SETTINGS->package_dir, under the last part of its URL's path.
 *
 * A package that is there already is used again if its hash is the one that is known beforehand; if
 * none is known, if it came from the same URL, which is noted in NAME.from. Otherwise it is
 * replaced. Something new gets its name only when it is complete, checked and on disk; until then
 * it is NAME.part, which is removed on failure. Transient failures are tried again a few times.
 *
 * ERROR_NOT_FOUND: the source says that there is no such package, or no source knows the kernel.
 * ERROR_INCONCLUSIVE: it may exist: the source could not be asked; try again later.
 * ERROR_CORRUPT: the bytes are not those that were promised. ERROR_NOT_A_PACKAGE: a server sent
 * neither a package nor an ELF file. ERROR_WRONG_KERNEL: another version than demanded.
 * ERROR_CONFIGURATION: the request itself is wrong. */
struct error *fetch_package(const struct fetch_settings *settings,
                            const struct fetch_request *request,
                            struct fetched_package *ret) MUST_CHECK;

/* Frees what fetch_package() put there; a result of zeros is fine too. */
void fetched_package_deinit(struct fetched_package *package);

#endif
