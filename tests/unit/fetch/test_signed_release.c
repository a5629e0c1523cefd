/* SPDX-License-Identifier: MIT */
#include "fetch/archive/signed_release.h"

#include "fetch/archive/release_file.h"
#include "tests/unit/samples/signing.h"

#define URL "http://archive/InRelease"
#define SHA256 "bf1ed2ebbbbcaa8a7d8a5ce3d6bb6ed4e7d9ac12e1b2a9b2a4a6de9c5b0c2a11"

/* Dashes are where a signed text differs from what is signed. */
static const char text[] =
    "Origin: Ubuntu\n- a line\n-----BEGIN PGP SIGNATURE-----\nSuite: noble\n";

/* Verifies signing_directory/NAME; the text is put into RET, which is then the caller's. */
static struct error *verify_with(const char *name, const char *keyring_path, struct buffer *ret)
{
    CLEANUP(keyring_close) struct keyring keyring = {.binary.file_descriptor = -1};
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", signing_directory, name);
    buffer_init(ret, 1 << 20);
    TRY(keyring_open(keyring_path, signing_directory, &keyring));
    return signed_release_verify(path, &keyring, URL, ret);
}

static struct error *verify(const char *name, const char *keyring, struct buffer *ret)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", signing_directory, keyring);
    return verify_with(name, path, ret);
}

static void assert_refused(const char *name, const char *keyring, const char *why)
{
    struct buffer output;

    assert_failure(verify(name, keyring, &output), ERROR_INCONCLUSIVE, why);
    assert_int_equal(output.length, 0);
    buffer_deinit(&output);
}

static void assert_accepted(const char *name, const char *keyring)
{
    struct buffer output;

    assert_success(verify(name, keyring, &output));
    assert_string_equal(buffer_text(&output), text);
    buffer_deinit(&output);
}

static int write_text(void **state UNUSED)
{
    char path[512];

    if (!signing_directory)
        return 0;
    snprintf(path, sizeof(path), "%s/Release", signing_directory);
    write_file(path, text, sizeof(text) - 1);
    return 0;
}

static void good_signatures_are_accepted(void **state UNUSED)
{
    need_keys();
    sign(SIGN_GOOD, "Release", "InRelease");
    assert_accepted("InRelease", "Good.gpg");
    run_in(signing_directory, "cat Old.gpg Other.gpg Good.gpg > all.gpg");
    assert_accepted("InRelease", "all.gpg");
    /* An archive that changes its key signs with both for a while. */
    sign("-u Other -u Good", "Release", "InRelease");
    assert_accepted("InRelease", "Good.gpg");
    assert_accepted("InRelease", "Other.gpg");
    sign("-u Good -u Other", "Release", "InRelease");
    assert_accepted("InRelease", "Good.gpg");
}

static void keys_in_text_form_are_taken(void **state UNUSED)
{
    need_keys();
    sign(SIGN_GOOD, "Release", "InRelease");
    assert_accepted("InRelease", "Good.asc");
    run_in(signing_directory, "{ echo two keys; cat Other.asc; echo; sed 's/$/\\r/' Good.asc; } > "
                              "all.asc");
    assert_accepted("InRelease", "all.asc");
    run_in(signing_directory, "grep -v END Good.asc > cut.asc && "
                              "sed 's/^[a-zA-Z0-9]/!/' Good.asc > damaged.asc");
    assert_refused("InRelease", "cut.asc", "cut.asc: has keys in text form that are damaged");
    assert_refused("InRelease", "damaged.asc", "has keys in text form that are damaged");
    run_in(signing_directory, "! ls | grep keyring"); /* temporary files are gone */
}

/* gpgv takes a name without a slash for one in its own directory. */
static void a_keyring_may_be_in_the_working_directory(void **state UNUSED)
{
    struct buffer output;
    char *before = getcwd(NULL, 0);

    need_keys();
    sign(SIGN_GOOD, "Release", "InRelease");
    assert_int_equal(chdir(signing_directory), 0);
    struct error *error = verify_with("InRelease", "Good.gpg", &output);
    assert_int_equal(chdir(before), 0);
    assert_success(error);
    buffer_deinit(&output);
    free(before);
}

static void signatures_that_do_not_count_are_told_apart(void **state UNUSED)
{
    need_keys();
    sign(SIGN_OTHER, "Release", "InRelease");
    assert_refused("InRelease", "Good.gpg", "Good.gpg: install a newer ubuntu-dbgsym-keyring, or");
    sign(SIGN_OLD, "Release", "InRelease");
    assert_refused("InRelease", "Old.gpg", "which has expired according to ");
    sign(SIGN_GOOD " --digest-algo SHA1", "Release", "InRelease");
    assert_refused("InRelease", "Good.gpg", "is of a kind that this gpgv does not accept");
    sign(SIGN_GOOD, "Release", "InRelease");
    assert_refused("InRelease", "none.gpg",
                   "none.gpg: the keys that may sign the index cannot be read: no such file; "
                   "install the package ubuntu-dbgsym-keyring");
    run_in(signing_directory, "echo none > empty.gpg");
    assert_refused("InRelease", "empty.gpg", "which is not in ");
    sign("-u Old -u Good --faked-system-time 20200101T010000 --ignore-time-conflict", "Release",
         "InRelease");
    assert_refused("InRelease", "Old.gpg", "which has expired according to ");
}

static void expired_signatures_are_told(void **state UNUSED)
{
    need_keys();
    run_in(signing_directory,
           "gpg --homedir home --batch --quiet --passphrase '' --pinentry-mode loopback "
           "--faked-system-time 20190101T000000 --quick-gen-key Early ed25519 sign never 2>log && "
           "gpg --homedir home --export Early > Early.gpg");
    sign("-u Early --default-sig-expire 1d --faked-system-time 20190102T000000", "Release",
         "InRelease");
    assert_refused("InRelease", "Early.gpg", "has expired: the server has an old index");
}

static void what_was_tampered_with_is_refused(void **state UNUSED)
{
    need_keys();
    sign(SIGN_GOOD, "Release", "InRelease");
    run_in(signing_directory,
           "sed 's/noble/jammy/' InRelease > changed; { echo before; cat InRelease; } > before; "
           "{ cat InRelease; echo behind; } > behind; cat InRelease InRelease > twice; "
           "head -c 200 InRelease > cut; printf '%%s' \"$(cat InRelease)\" > unended; "
           "{ printf '\\0'; cat InRelease; } > zero; "
           "printf '<!DOCTYPE html>\\n<title>Log in</title>' > page; : > empty; "
           "{ printf -- '-----BEGIN PGP SIGNED MESSAGE-----\\nHash: SHA512\\n\\nSuite: evil\\n'; "
           "cat InRelease; } > nested");
    assert_refused("changed", "Good.gpg", "is wrong: the text was changed after it was signed");
    assert_refused("Release", "Good.gpg", "has no signature, it begins with \"Origin: Ubuntu\"");
    assert_refused("page", "Good.gpg", "begins with \"<!DOCTYPE html>\": a login page");
    assert_refused("empty", "Good.gpg", "has no signature, it begins with \"\"");
    assert_refused("zero", "Good.gpg", "has no signature");
    assert_refused("before", "Good.gpg", "has no signature, it begins with \"before\"");
    assert_refused("behind", "Good.gpg", "has other things around the signed text");
    assert_refused("twice", "Good.gpg", "has other things around the signed text");
    assert_refused("nested", "Good.gpg", "has other things around the signed text");
    assert_refused("cut", "Good.gpg", "is cut short or damaged");
    assert_accepted("unended", "Good.gpg");
    sign("-u Other -u Good", "Release", "InRelease");
    run_in(signing_directory, "sed 's/noble/jammy/' InRelease > changed");
    assert_refused("changed", "Good.gpg", "is wrong");
}

/* Two signatures, of which that by a known key is of another text. */
static void a_wrong_signature_beside_a_good_one_is_refused(void **state UNUSED)
{
    need_keys();
    sign(SIGN_GOOD, "Release", "good");
    run_in(signing_directory, "sed 's/noble/jammy/' Release > changed");
    sign(SIGN_OTHER, "changed", "other");
    run_in(signing_directory,
           "for name in good other; do sed -n '/BEGIN PGP SIGNATURE/,$p' $name | "
           "gpg --homedir home --dearmor; done > both && "
           "{ sed '/^-----BEGIN PGP SIGNATURE/,$d' good; gpg --homedir home --enarmor < both | "
           "grep -v ^Comment | sed 's/ARMORED FILE/SIGNATURE/'; } > InRelease");
    run_in(signing_directory, "cat Good.gpg Other.gpg > all.gpg");
    assert_accepted("InRelease", "Good.gpg");
    assert_refused("InRelease", "all.gpg", "is wrong: the text was changed");
}

/* A text may contain what gpgv would say of a good signature. */
static void texts_cannot_imitate_gpgv(void **state UNUSED)
{
    need_keys();
    run_in(signing_directory, "printf '[GNUPG:] GOODSIG A B\\n[GNUPG:] VALIDSIG C\\n' > imitation");
    sign(SIGN_OTHER, "imitation", "InRelease");
    assert_refused("InRelease", "Good.gpg", "which is not in ");
}

static void a_missing_gpgv_is_told(void **state UNUSED)
{
    struct buffer output;

    need_keys();
    sign(SIGN_GOOD, "Release", "InRelease");
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nonexistent", 1);
    struct error *error = verify("InRelease", "Good.gpg", &output);
    setenv("PATH", path, 1);
    free(path);
    assert_failure(error, ERROR_INCONCLUSIVE, "install the package gpgv");
    buffer_deinit(&output);
}

static struct error *parse(const char *release_text, struct release_file *ret)
{
    struct buffer buffer;

    buffer_init(&buffer, 4096);
    buffer_append_text(&buffer, release_text);
    return release_file_init(&buffer, URL, ret);
}

static void release_files_are_read(void **state UNUSED)
{
    struct release_file release;
    struct listed_file file;

    assert_success(parse("Origin: Ubuntu\nDate: Thu, 25 Apr 2024 15:11:23 UTC\n"
                         "Valid-Until: Thu, 02 May 2024 15:11:23 UTC\nAcquire-By-Hash: yes\n"
                         "Architectures: amd64 arm64\nMD5Sum:\n 00 7 main/binary-amd64/Packages\n"
                         "SHA256:\n zz 5 a\n " SHA256 " x b\n " SHA256 "\n " SHA256
                         "   12 main/binary-amd64/Packages\n" SHA256 " 13 none\n",
                         &release));
    assert_int_equal(release.date, 1714057883);
    assert_true(release.has_valid_until && release.has_by_hash);
    assert_int_equal(release.valid_until, 1714057883 + 7 * 86400);
    assert_true(control_text_equals(&release.architectures, "amd64 arm64"));
    assert_true(release_file_find(&release, "main/binary-amd64/Packages", &file));
    assert_string_equal(file.sha256, SHA256);
    assert_int_equal(file.byte_size, 12);
    assert_false(release_file_find(&release, "a", &file));
    assert_false(release_file_find(&release, "b", &file));
    assert_false(release_file_find(&release, "none", &file));
    assert_false(release_file_find(&release, "main/binary-amd64/Packages.xz", &file));
    release_file_deinit(&release);
}

static void broken_release_files_are_refused(void **state UNUSED)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"", "is empty"},
        {"SHA256:\n a 1 b\n", "has no readable Date"},
        {"Date: yesterday or so\nSHA256:\n a 1 b\n", "has no readable Date"},
        {"Date: Thu, 25 Apr 2024 15:11:23 UTC\nMD5Sum:\n a 1 b\n", "has no SHA256"},
        {"Date: Thu, 25 Apr 2024 15:11:23 UTC\nValid-Until: x\n", "Valid-Until that cannot be"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct release_file release;
        assert_failure(parse(cases[i].text, &release), ERROR_INCONCLUSIVE, cases[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(good_signatures_are_accepted, write_text),
        cmocka_unit_test_setup(keys_in_text_form_are_taken, write_text),
        cmocka_unit_test_setup(a_keyring_may_be_in_the_working_directory, write_text),
        cmocka_unit_test_setup(signatures_that_do_not_count_are_told_apart, write_text),
        cmocka_unit_test_setup(expired_signatures_are_told, write_text),
        cmocka_unit_test_setup(what_was_tampered_with_is_refused, write_text),
        cmocka_unit_test_setup(a_wrong_signature_beside_a_good_one_is_refused, write_text),
        cmocka_unit_test_setup(texts_cannot_imitate_gpgv, write_text),
        cmocka_unit_test_setup(a_missing_gpgv_is_told, write_text),
        cmocka_unit_test(release_files_are_read),
        cmocka_unit_test(broken_release_files_are_refused),
    };

    return cmocka_run_group_tests_name("signed_release", tests, make_keys, remove_keys);
}
