/* SPDX-License-Identifier: MIT */
/* Keys, made with gpg in a directory of their own once a program, and texts signed with them. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_SIGNING_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_SIGNING_H

#include "tests/unit/samples/packages.h"

static char *signing_directory;

/* For gpg: the key that counts, one that nobody knows, and one that expired in 2020. */
#define SIGN_GOOD "-u Good"
#define SIGN_OTHER "-u Other"
#define SIGN_OLD "-u Old --faked-system-time 20200101T010000"

static inline void make_key(const char *name, const char *options, const char *expiry)
{
    run_in(signing_directory,
           "gpg --homedir home --batch --quiet --passphrase '' --pinentry-mode loopback %s "
           "--quick-gen-key '%s <%s@example.org>' ed25519 sign %s 2>log || { cat log; false; }",
           options, name, name, expiry);
    run_in(signing_directory, "gpg --homedir home --export '%s' > '%s.gpg'", name, name);
    run_in(signing_directory, "gpg --homedir home --armor --export '%s' > '%s.asc'", name, name);
}

/* For cmocka's group: Good.gpg and Good.asc and so on are then in signing_directory. */
static inline int make_keys(void **state UNUSED)
{
    if (!has_program("gpg") || !has_program("gpgv"))
        return 0;
    signing_directory = make_directory();
    run_in(signing_directory, "mkdir -m 700 home");
    make_key("Good", "", "never");
    make_key("Other", "", "never");
    make_key("Old", "--faked-system-time 20200101T000000", "1d");
    return 0;
}

static inline int remove_keys(void **state UNUSED)
{
    if (!signing_directory)
        return 0;
    run_in(signing_directory, "gpgconf --homedir \"$PWD/home\" --kill gpg-agent");
    remove_directory(signing_directory);
    return 0;
}

static inline void need_keys(void)
{
    need_program("gpg");
    need_program("gpgv");
}

/* Clear-signs the file SOURCE; OPTIONS are gpg's and say with which key. */
static inline void sign(const char *options, const char *source, const char *target)
{
    run_in(signing_directory,
           "gpg --homedir home --batch --quiet --yes %s --clearsign -o '%s' '%s' 2>log || "
           "{ cat log; false; }",
           options, target, source);
}

#endif
