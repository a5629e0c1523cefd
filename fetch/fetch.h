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

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/error.h"
#include "base/log.h"
#include "model/kernel/package_sources.h"

/* What is wanted. At most one of FILE, URL and APT is set. All strings are borrowed. */
struct fetch_request {
    const char *kernel_name; /* "5.4.0-26-generic-amd64"; names the request and its package */
    const char *file;        /* a local package or vmlinux; used where it is */
    const char *url;         /* http, https or file */
    const char *apt;         /* a package name, also with ":ARCHITECTURE" */
    const char *sha256;      /* demanded: 64 lower-case hexadecimal digits; NULL if not known */
    const char *version;     /* demanded of the package, with or without epoch; NULL: any */
    bool is_locked;          /* SHA256 is no demand of the list's, but what was taken before */
    bool is_anew;            /* what is there is used only if a hash that is demanded proves it */
    /* Where the same package was found before: tried before anyone is asked; NULL if not known. */
    const char *locked_url;
    uint64_t locked_size; /* bytes of what is at LOCKED_URL, or else at URL; 0 if not known */
    /* All sources said lately that they do not have it: who can tell what is new since then is not
     * asked for it by name. */
    bool is_known_absent;
};

/* What is seen of a transfer while it runs. */
struct fetch_progress {
    const char *kernel_name;
    const char *file_name;
    uint64_t received_bytes; /* of the file so far, with those of earlier tries */
    uint64_t total_bytes;    /* of the file; UINT64_MAX if not known */
    bool has_ended;
};

/* Called by any thread, some times a second for each transfer; should not wait. */
struct fetch_observer {
    void (*notify)(void *context, const struct fetch_progress *progress);
    void *context;
};

struct host_health;
struct transfer_engine;
struct ddebs_cache;
struct discovery_cache;
struct launchpad_news;

/* How to fetch. All strings and pointers are borrowed. */
struct fetch_settings {
    struct transfer_engine *engine;
    const char *package_dir; /* where packages are kept; created if missing */
    const char *cache_dir;   /* where indexes are kept; created if missing */
    size_t source_count;
    const enum fetch_source *sources; /* in the order in which they are asked */
    const char *launchpad_api_url;    /* ".../devel"; no final slash, as all of these */
    const char *launchpad_files_url;  /* below which Launchpad has a file by its name */
    const char *ddebs_url;
    const char *ddebs_keyring; /* file with the keys that may sign its index */
    const char *ddebs_suites;  /* with spaces between them */
    /* What is read of that index, shared by all that fetch in this run; NULL: each reads it anew,
     * and only one thread may fetch at a time. */
    struct ddebs_cache *ddebs_cache;
    struct discovery_cache *discovery_cache; /* what discover_kernels() was told; NULL: asks anew */
    /* What is new since kernels were known to be absent; NULL: each is asked for. */
    struct launchpad_news *launchpad_news;
    const char *mirror;     /* a directory or URL with fields such as {file}; NULL: none */
    uint64_t minimum_bytes; /* a smaller package is an empty wrapper */
    unsigned tries;         /* how often a transfer that fails for now is begun at most */
    unsigned first_wait_milliseconds;    /* before the second try; longer before each further one */
    unsigned longest_asked_wait_seconds; /* a server that asks for more is given up for now */
    struct host_health *host_health; /* what is tried only once since it failed; NULL: nothing */
    const struct fetch_observer *observer; /* NULL: none */
    const atomic_bool *is_cancelled;       /* NULL: never; when set, fetching ends in a moment */
    struct log *log;                       /* NULL: nothing is logged */
};

/* Which file something is, and in which state. */
struct file_stamp {
    dev_t device;
    ino_t inode;
    uint64_t byte_size;
    struct timespec changed; /* its contents, name or times */
};

struct fetched_package {
    char *path;
    char *file_name; /* as its source has it */
    char *url;       /* where it comes from, in its public form; NULL for a local file */
    char *sha256;    /* of the bytes at PATH, computed in this call */
    uint64_t byte_size;
    uint64_t received_bytes; /* from servers in this call, with those of failed tries; told also
                                if the call fails */
    char *package_version;   /* NULL if neither the source nor the file's name tells */
    bool was_fetched;        /* false: it was there already */
    bool is_verified;        /* its hash is one that was known before */
    struct file_stamp stamp; /* when its hash was computed */
};

/* Opens the package for reading, to be closed with close(): what is read of the descriptor has the
 * package's hash. ERROR_INCONCLUSIVE if somebody has replaced the file since. */
struct error *fetched_package_open(const struct fetched_package *package,
                                   int *file_descriptor_ret) MUST_CHECK;

/* Removes what fetch_package() brought, unless it was a local file: the next call fetches it again.
 */
void fetched_package_discard(const struct fetched_package *package);

/* Brings the package into SETTINGS->package_dir, under the name of its kernel: see
 * package_kept_names().
 *
 * A package that is there already is used again if its hash is the one that is known beforehand; if
 * none is known, if it came from the same URL, which is noted in NAME.from. Otherwise it is
 * replaced. Something new gets its name only when it is complete, checked and on disk; until then
 * it is NAME.part. Transient failures are tried again a few times, from where the last try ended if
 * the server can do that; if they persist, NAME.part stays for a later call. Where one source
 * fails, the next is asked.
 *
 * ERROR_NOT_FOUND: all sources say that there is no such package, or none knows the kernel.
 * ERROR_NEVER_PUBLISHED: the same, and Launchpad has no record of it at all. ERROR_NOTHING_NEW: the
 * same as before, of one that REQUEST says is known to be absent. ERROR_WRAPPER: there is one
 * without contents only. ERROR_INCONCLUSIVE: it may exist: a source could not be asked, whatever
 * the others said; try again later. ERROR_CORRUPT: the bytes are not those that were promised.
 * ERROR_NOT_A_PACKAGE: a server sent neither a package nor an ELF file. ERROR_WRONG_KERNEL: another
 * version than demanded. ERROR_CONFIGURATION: the request itself is wrong. ERROR_SYSTEM: this
 * machine's disk or the like. */
struct error *fetch_package(const struct fetch_settings *settings,
                            const struct fetch_request *request,
                            struct fetched_package *ret) MUST_CHECK;

/* Frees what fetch_package() put there; a result of zeros is fine too. */
void fetched_package_deinit(struct fetched_package *package);

/* Where a package would be fetched from, without fetching it. */
struct fetch_plan {
    char *url;             /* NULL for a local file; may have what lets somebody in */
    char *sha256;          /* NULL if not known */
    char *package_version; /* the same */
    uint64_t byte_size;    /* UINT64_MAX if not known */
    bool is_there;         /* a package of that name is in the package directory */
};

/* Fails as fetch_package() does where no source has the package. */
struct error *fetch_resolve(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct fetch_plan *ret) MUST_CHECK;

void fetch_plan_deinit(struct fetch_plan *plan);

#endif
