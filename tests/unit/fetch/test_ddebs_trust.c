/* SPDX-License-Identifier: MIT */
/* Which of the debug-symbol archive's indexes are used, and why others are not. */
#include "tests/unit/samples/ddebs_archive.h"

static void indexes_without_trust_are_not_used(void **state)
{
    struct ddebs *ddebs = *state;
    static const struct {
        const char *prepare; /* in the suite's directory */
        const char *error;
    } cases[] = {
        {"cp Release InRelease", "has no signature"},
        {"sed -i 's/^Suite.*/Suite: evil/' InRelease", "the text was changed after"},
        {"sed -i '$d' InRelease", "is cut short"},
    };

    need_keys();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        write_suite(ddebs, "noble", GOOD_STANZA);
        run_in(ddebs->root, "cd dists/noble && %s", cases[i].prepare);
        serve_archive(ddebs);
        begin_run(ddebs);
        assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, cases[i].error);
        assert_int_equal(request_count(ddebs->base, XZ), 0);
        run_in(ddebs->base->cache_dir, "test -z \"$(find . -type f)\"");
    }
    write_suite(ddebs, "noble", GOOD_STANZA);
    sign_suite(ddebs, "noble", SIGN_OLD);
    serve_archive(ddebs);
    snprintf(ddebs->keyring, sizeof(ddebs->keyring), "%s/Old.gpg", signing_directory);
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "which has expired according to");
    snprintf(ddebs->keyring, sizeof(ddebs->keyring), "/nonexistent/keys.gpg");
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE,
                  "/nonexistent/keys.gpg: the keys that may sign the index cannot be read");
}

/* The archive's update is complete by the time that it is asked again. */
static void complete_update(struct ddebs *ddebs)
{
    write_suite(ddebs, "noble", GOOD_STANZA "\nPackage: more\n");
    serve_archive(ddebs);
}

static void half_updated_indexes_are_read_again(void **state)
{
    static const struct {
        const char *update; /* that is half done */
        const char *error;
    } cases[] = {
        {"truncate -s -4 Packages.xz", "bytes where the signed index lists"},
        {"printf XXXX | dd of=Packages.xz bs=1 seek=30 conv=notrunc status=none", "has SHA-256 "},
        {"rm Packages.xz", "has no such file"},
    };
    struct ddebs *ddebs = *state;

    need_keys();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (int is_completed = 0; is_completed < 2; is_completed++) {
            write_suite(ddebs, "noble", GOOD_STANZA);
            run_in(ddebs->root, "cd dists/noble/main/binary-amd64 && %s", cases[i].update);
            serve_archive(ddebs);
            run_in("/", "rm -rf '%s'", ddebs->base->cache_dir);
            begin_run(ddebs);
            ddebs->on_second_reading = is_completed ? complete_update : NULL;
            if (is_completed) {
                assert_found(ddebs, KERNEL, NULL, FOUND);
                assert_int_equal(request_count(ddebs->base, XZ), 1); /* since the update */
                continue;
            }
            assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "half-updated index: ");
            assert_non_null(strstr(ddebs->base->logged, cases[i].error));
            assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 2);
            /* Neither is another question's answer that there is none. */
            assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "half-updated index: ");
            assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 2);
        }
    }
}

static void break_signature(struct ddebs *ddebs)
{
    sign_suite(ddebs, "noble", SIGN_OTHER);
    serve_archive(ddebs);
}

/* What the second reading finds is checked as the first, and its failure is kept. */
static void the_second_reading_is_checked_too(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble", GOOD_STANZA);
    run_in(ddebs->root, "echo >> dists/noble/main/binary-amd64/Packages.xz");
    serve_archive(ddebs);
    ddebs->on_second_reading = break_signature;
    for (int i = 0; i < 2; i++)
        assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "is signed with key ");
}

/* A listed file that cannot be unpacked is the archive's own mistake. */
static void damaged_packings_are_told(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_packages(ddebs, "noble", "main/binary-amd64", GOOD_STANZA,
                   PACK_XZ " && truncate -s -40 Packages.xz");
    write_release(ddebs, "noble", APRIL, "");
    sign_suite(ddebs, "noble", SIGN_GOOD);
    serve_archive(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "Packages.xz: cannot be unpacked");
}

static void write_dated(struct ddebs *ddebs, const char *date, const char *fields)
{
    write_packages(ddebs, "noble", "main/binary-amd64", GOOD_STANZA, PACK_XZ);
    write_release(ddebs, "noble", date, fields);
    sign_suite(ddebs, "noble", SIGN_GOOD);
    serve_archive(ddebs);
    begin_run(ddebs);
}

static void old_indexes_are_refused(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_dated(ddebs, MAY, "");
    assert_found(ddebs, KERNEL, NULL, FOUND);
    write_dated(ddebs, APRIL, "");
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE,
                  "is older than the index that was there before, by 604800 s");
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "is older than"); /* still */
    write_dated(ddebs, MAY, "");
    assert_found(ddebs, KERNEL, NULL, FOUND);
    write_dated(ddebs, "Fri, 03 May 2024 00:00:00 UTC", "");
    assert_found(ddebs, KERNEL, NULL, FOUND);
    write_dated(ddebs, MAY, "");
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "is older than");
}

static void indexes_end_to_be_valid(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_dated(ddebs, APRIL, "Valid-Until: " MAY "\\n");
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE,
                  "was valid until 2024-05-02 15:11 UTC only");
    write_dated(ddebs, APRIL, "Valid-Until: Thu, 01 Jan 2099 00:00:00 UTC\\n");
    assert_found(ddebs, KERNEL, NULL, FOUND);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_ddebs, remove_ddebs)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(indexes_without_trust_are_not_used),
        TEST(half_updated_indexes_are_read_again),
        TEST(the_second_reading_is_checked_too),
        TEST(damaged_packings_are_told),
        TEST(old_indexes_are_refused),
        TEST(indexes_end_to_be_valid),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("ddebs_trust", tests, make_keys, remove_keys);
    curl_global_cleanup();
    return failed;
}
