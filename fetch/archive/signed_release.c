/* SPDX-License-Identifier: MIT */
#include "fetch/archive/signed_release.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/subprocess.h"

enum { KEY_LENGTH_MAXIMUM = 64, SHOWN_LENGTH = 40 };

static const struct subprocess_limits gpgv_limits = {
    .maximum_bytes = SIGNED_RELEASE_MAXIMUM,
    .timeout_seconds = 60,
};

/* Why a signature does not count; of several the greatest is told. */
enum fault {
    FAULT_NONE,
    FAULT_UNCHECKED,
    FAULT_UNKNOWN_KEY,
    FAULT_EXPIRED_SIGNATURE,
    FAULT_REVOKED_KEY,
    FAULT_EXPIRED_KEY,
    FAULT_WRONG,
};

/* What gpgv's status lines say: doc/DETAILS of GnuPG's source. */
struct verdict {
    bool has_good_one; /* GOODSIG, and for the same signature VALIDSIG */
    bool is_good;      /* GOODSIG was said of the signature that is being told of */
    enum fault fault;
    char key[KEY_LENGTH_MAXIMUM + 1]; /* that the fault is of */
};

static void take_fault(struct verdict *verdict, enum fault fault, const char *key)
{
    size_t length = strcspn(key, " \n");

    if (fault <= verdict->fault)
        return;
    verdict->fault = fault;
    length = length < KEY_LENGTH_MAXIMUM ? length : KEY_LENGTH_MAXIMUM;
    memcpy(verdict->key, key, length);
    verdict->key[length] = '\0';
}

static void take_status(struct verdict *verdict, const char *word)
{
    static const struct {
        const char *word;
        enum fault fault;
    } faults[] = {
        {"BADSIG ", FAULT_WRONG},          {"EXPKEYSIG ", FAULT_EXPIRED_KEY},
        {"REVKEYSIG ", FAULT_REVOKED_KEY}, {"EXPSIG ", FAULT_EXPIRED_SIGNATURE},
        {"NO_PUBKEY ", FAULT_UNKNOWN_KEY}, {"ERRSIG ", FAULT_UNCHECKED},
    };

    if (strncmp(word, "NEWSIG", 6) == 0)
        verdict->is_good = false;
    else if (strncmp(word, "GOODSIG ", 8) == 0)
        verdict->is_good = true;
    else if (strncmp(word, "VALIDSIG ", 9) == 0)
        verdict->has_good_one = verdict->has_good_one || verdict->is_good;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        size_t length = strlen(faults[i].word);
        if (strncmp(word, faults[i].word, length) == 0)
            take_fault(verdict, faults[i].fault, word + length);
    }
}

static void read_status(const char *text, struct verdict *verdict)
{
    static const char prefix[] = "[GNUPG:] ";

    while (*text) {
        size_t length = strcspn(text, "\n");

        if (strncmp(text, prefix, strlen(prefix)) == 0)
            take_status(verdict, text + strlen(prefix));
        text += length + (text[length] == '\n');
    }
}

static struct error *unchecked(const struct verdict *verdict, const struct keyring *keyring,
                               const char *url, const char *messages)
{
    const char *text = strstr(messages, "gpgv: ");

    if (verdict->fault == FAULT_UNCHECKED)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "its signature, by key %s, is of a kind that this gpgv does not "
                            "accept: install a newer gpgv",
                            verdict->key);
    text = text ? text : "nothing";
    return error_create(ERROR_INCONCLUSIVE, url,
                        "gpgv finds no signature that counts, and says \"%.*s\" (keys: %s)",
                        (int)strcspn(text, "\n"), text, keyring->name);
}

static struct error *refuse(const struct verdict *verdict, const struct keyring *keyring,
                            const char *url, const char *messages)
{
    const char *key = verdict->key;

    switch (verdict->fault) {
    case FAULT_WRONG:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "its signature, by key %s, is wrong: the text was changed after it was "
                            "signed; try again, and from another network if it stays so",
                            key);
    case FAULT_EXPIRED_KEY:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "is signed with key %s, which has expired according to %s: install a "
                            "newer ubuntu-dbgsym-keyring, and check this machine's clock",
                            key, keyring->name);
    case FAULT_REVOKED_KEY:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "is signed with key %s, which its owner has revoked: do not trust this "
                            "index",
                            key);
    case FAULT_EXPIRED_SIGNATURE:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "its signature, by key %s, has expired: the server has an old index; "
                            "try again later, and check this machine's clock",
                            key);
    case FAULT_UNKNOWN_KEY:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "is signed with key %s, which is not in %s: install a newer "
                            "ubuntu-dbgsym-keyring, or set ddebs_keyring to a file with the key, "
                            "if it is the archive's",
                            key, keyring->name);
    case FAULT_NONE:
    case FAULT_UNCHECKED: break;
    }
    return unchecked(verdict, keyring, url, messages);
}

/* A line of the armor begins with five dashes, and no line of the signed text does. There must be
 * these three only: the text's begin in the first line, and then the signature's begin and end.
 * gpgv takes other files too, such as several texts of which it may hand out an unsigned one. */
static struct error *check_armor(const char *text, size_t length, const char *url)
{
    static const char *const lines[] = {
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "-----BEGIN PGP SIGNATURE-----",
        "-----END PGP SIGNATURE-----",
    };
    size_t count = 0;

    if (strncmp(text, lines[0], strlen(lines[0])) != 0)
        return error_create(
            ERROR_INCONCLUSIVE, url,
            "has no signature, it begins with \"%.*s\": a login page in between "
            "does that, or a server that has no signed index",
            (int)(strcspn(text, "\r\n") < SHOWN_LENGTH ? strcspn(text, "\r\n") : SHOWN_LENGTH),
            text);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        bool is_expected =
            count < ARRAY_LENGTH(lines) && strncmp(line, lines[count], strlen(lines[count])) == 0;
        bool is_after_end = count == ARRAY_LENGTH(lines) && line[strspn(line, " \t\r\n")] != '\0';
        if (is_after_end || (strncmp(line, "-----", 5) == 0 && !is_expected))
            return error_create(ERROR_INCONCLUSIVE, url,
                                "has other things around the signed text: it was tampered with");
        count += is_expected;
    }
    if (count < ARRAY_LENGTH(lines) || strlen(text) != length)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "is cut short or damaged: its signature has no end");
    return NULL;
}

static struct error *run_gpgv(const char *path, const struct keyring *keyring, const char *url,
                              struct subprocess_result *ret)
{
    /* What it says goes to standard error, apart from the text, which might imitate it. */
    const char *const arguments[] = {
        "gpgv", "--status-fd", "2",           "--weak-digest",
        "SHA1", "--keyring",   keyring->path, "--output",
        "-",    "--",          path,          NULL,
    };
    struct error *error = subprocess_run(arguments, &gpgv_limits, ret);

    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return error_create(ERROR_INCONCLUSIVE, url,
                            "there is no gpgv here to check its signature with: install the "
                            "package gpgv");
    }
    if (error && error->code == ERROR_LIMIT)
        error->code = ERROR_INCONCLUSIVE;
    return error;
}

struct error *signed_release_verify(const char *path, const struct keyring *keyring,
                                    const char *url, struct buffer *ret)
{
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    CLEANUP(free_pointer) char *bytes = NULL;
    struct verdict verdict = {0};
    size_t length = 0;

    TRY(file_read(path, SIGNED_RELEASE_MAXIMUM, &bytes, &length));
    TRY(check_armor(bytes, length, url));
    TRY(run_gpgv(path, keyring, url, &result));
    read_status(buffer_text(&result.messages), &verdict);
    if (!verdict.has_good_one || verdict.fault == FAULT_WRONG)
        return refuse(&verdict, keyring, url, buffer_text(&result.messages));
    buffer_append(ret, buffer_text(&result.output), result.output.length);
    return buffer_check(ret, url);
}
