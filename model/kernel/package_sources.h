/* SPDX-License-Identifier: MIT */
/* Where packages of kernels are looked for that the list gives no place for: each with its word in
 * the settings. */
#ifndef KSTRUCT_MODEL_KERNEL_PACKAGE_SOURCES_H
#define KSTRUCT_MODEL_KERNEL_PACKAGE_SOURCES_H

#define FETCH_SOURCES(X)                                                                           \
    X(FETCH_LAUNCHPAD, "launchpad")             /* its API, with hashes */                         \
    X(FETCH_DDEBS, "ddebs")                     /* the debug-symbol archive's signed index */      \
    X(FETCH_APT, "apt")                         /* what this machine's apt would download */       \
    X(FETCH_MIRROR, "mirror")                   /* a place of one's own */                         \
    X(FETCH_LAUNCHPAD_FILES, "launchpad-files") /* by file name alone, without a hash */

enum fetch_source {
#define X(source, word) source,
    FETCH_SOURCES(X)
#undef X
        FETCH_SOURCE_COUNT,
};

/* The words, by source, and a NULL after the last. */
extern const char *const fetch_source_words[FETCH_SOURCE_COUNT + 1];

#endif
