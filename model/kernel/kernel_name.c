/* SPDX-License-Identifier: MIT */
#include "model/kernel/kernel_name.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/nearest_word.h"

static const char *const architectures[] = {
    "alpha", "amd64",   "arc",     "arm64", "armel",  "armhf",  "hppa",     "i386",
    "ia64",  "loong64", "m68k",    "mips",  "mips64", "mipsel", "mips64el", "powerpc",
    "ppc64", "ppc64el", "riscv64", "s390",  "s390x",  "sh4",    "sparc",    "sparc64",
};

/* What `uname -m` and compilers call an architecture, where no typing mistake leads to its name. */
static const struct {
    const char *foreign;
    const char *debian;
} architecture_aliases[] = {
    {"x86_64", "amd64"},        {"x86", "i386"},     {"i686", "i386"},
    {"aarch64", "arm64"},       {"armv7l", "armhf"}, {"ppc64le", "ppc64el"},
    {"loongarch64", "loong64"}, {"x64", "amd64"},    {"arm", "armhf"},
    {"armv7", "armhf"},         {"i586", "i386"},    {"powerpc64le", "ppc64el"},
};

bool kernel_name_is_architecture(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(architectures); i++) {
        if (strcmp(name, architectures[i]) == 0)
            return true;
    }
    return false;
}

static const char *suggest_architecture(const char *word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(architecture_aliases); i++) {
        if (strcmp(word, architecture_aliases[i].foreign) == 0)
            return architecture_aliases[i].debian;
    }
    return nearest_word(word, architectures, ARRAY_LENGTH(architectures));
}

/* "genericamd64", "generic_amd64": the architecture at its end, or NULL. */
static const char *find_joined_architecture(const char *word)
{
    const char *longest = NULL;

    for (size_t i = 0; i < ARRAY_LENGTH(architectures); i++) {
        if (text_has_suffix(word, architectures[i]) &&
            (!longest || strlen(architectures[i]) > strlen(longest)))
            longest = architectures[i];
    }
    return longest;
}

static struct error *check_architecture(const char *text, const char *word)
{
    if (kernel_name_is_architecture(word))
        return NULL;
    const char *suggestion =
        text_has_suffix(text, "-x86-64") ? "amd64" : suggest_architecture(word);
    const char *joined = find_joined_architecture(word);
    if (joined && !suggestion)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` ends in `%s`; expected a dash before the "
                            "architecture `%s`",
                            text, word, joined);
    if (suggestion)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` ends in `%s`, which is not one of Debian's "
                            "architectures; did you mean `%s`?",
                            text, word, suggestion);
    return error_create(ERROR_CONFIGURATION, NULL,
                        "kernel name `%s` ends in `%s`; expected one of Debian's architectures, "
                        "such as `amd64` or `arm64`, as its last part",
                        text, word);
}

static bool is_name_character(char c, bool is_pattern)
{
    return isascii((unsigned char)c) &&
           (isalnum((unsigned char)c) || strchr(is_pattern ? ".+~_-*" : ".+~_-", c) != NULL);
}

static struct error *check_characters(const char *text, bool is_pattern)
{
    size_t length = strnlen(text, KERNEL_NAME_MAXIMUM + 1);

    if (length == 0)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name is empty; expected VERSION-ABI-FLAVOR-ARCH");
    if (length > KERNEL_NAME_MAXIMUM)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%.40s…` is longer than %d bytes", text,
                            KERNEL_NAME_MAXIMUM);
    for (size_t i = 0; i < length; i++) {
        if (!is_name_character(text[i], is_pattern))
            return error_create(ERROR_CONFIGURATION, NULL,
                                "kernel name `%s` has a character at byte %zu that is not a "
                                "letter, a digit or one of `. + ~ _ -`",
                                text, i + 1);
    }
    if (text[0] == '-' || text[length - 1] == '-' || strstr(text, "--"))
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` has an empty part before, between or after its "
                            "dashes",
                            text);
    if (strncmp(text, "linux-", strlen("linux-")) == 0)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` does not begin with a version such as `5.4.0`; it "
                            "looks like a package's name, which belongs after `apt=`",
                            text);
    if (!isdigit((unsigned char)text[0]))
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` does not begin with a version such as `5.4.0`", text);
    return NULL;
}

/* Is the part of LENGTH bytes an ABI number? "26", "0.deb11.5"; not "64k". */
static bool is_abi(const char *part, size_t length, bool is_pattern)
{
    size_t digits = 0;

    if (is_pattern && length == 1 && part[0] == '*')
        return true;
    while (digits < length && isdigit((unsigned char)part[digits]))
        digits++;
    return digits > 0 && (digits == length || strchr(".+~", part[digits]) != NULL);
}

static struct error *check_stars(const struct kernel_name *name)
{
    if (strcmp(name->abi, "*") == 0 && !strchr(name->version, '*') && !strchr(name->flavor, '*'))
        return NULL;
    return error_create(ERROR_CONFIGURATION, NULL,
                        "in pattern `%s` the `*` does not stand for the ABI number; expected one "
                        "as in `6.8.0-*-generic-amd64`",
                        name->text);
}

static struct error *split(const char *text, bool is_pattern, struct kernel_name *name)
{
    const char *last_dash = strrchr(text, '-');

    if (!last_dash)
        return error_create(ERROR_CONFIGURATION, NULL,
                            "kernel name `%s` has no architecture; expected "
                            "VERSION-ABI-FLAVOR-ARCH, as in `5.4.0-26-generic-amd64`",
                            text);
    const char *version_end = strchr(text, '-');
    const char *abi = version_end < last_dash ? version_end + 1 : last_dash;
    const char *abi_end = abi < last_dash ? strchr(abi, '-') : abi;

    if (!is_abi(abi, (size_t)(abi_end - abi), is_pattern))
        abi_end = abi;
    const char *flavor = abi_end > abi && abi_end < last_dash ? abi_end + 1 : abi_end;

    *name = (struct kernel_name){
        .text = strdup(text),
        .version = strndup(text, (size_t)(version_end - text)),
        .abi = strndup(abi, (size_t)(abi_end - abi)),
        .flavor = strndup(flavor, (size_t)(last_dash - flavor)),
        .architecture = strdup(last_dash + 1),
    };
    if (!name->text || !name->version || !name->abi || !name->flavor || !name->architecture)
        return error_out_of_memory();
    TRY(check_architecture(text, name->architecture));
    return is_pattern ? check_stars(name) : NULL;
}

static struct error *parse(const char *text, bool is_pattern, struct kernel_name *ret)
{
    struct kernel_name name = {0};

    TRY(check_characters(text, is_pattern));
    struct error *error = split(text, is_pattern, &name);
    if (error) {
        kernel_name_deinit(&name);
        return error;
    }
    *ret = name;
    return NULL;
}

struct error *kernel_name_parse(const char *text, struct kernel_name *ret)
{
    return parse(text, false, ret);
}

struct error *kernel_name_parse_pattern(const char *text, struct kernel_name *ret)
{
    return parse(text, true, ret);
}

void kernel_name_deinit(struct kernel_name *name)
{
    free(name->text);
    free(name->version);
    free(name->abi);
    free(name->flavor);
    free(name->architecture);
    *name = (struct kernel_name){0};
}

struct error *kernel_name_from_release(const char *release, const char *architecture, char **ret)
{
    CLEANUP(free_pointer) char *text = NULL;
    CLEANUP(free_pointer) char *suffix = NULL;
    struct kernel_name name;

    if (asprintf(&suffix, "-%s", architecture) < 0) {
        suffix = NULL;
        return error_out_of_memory();
    }
    if (asprintf(&text, "%s%s", release, text_has_suffix(release, suffix) ? "" : suffix) < 0) {
        text = NULL;
        return error_out_of_memory();
    }
    TRY(kernel_name_parse(text, &name));
    kernel_name_deinit(&name);
    *ret = text;
    text = NULL;
    return NULL;
}

/* Where C stands between the numbers of a version: "~", then the end or a number, then letters,
 * then the rest. */
static int character_rank(char c)
{
    if (c == '~')
        return -1;
    if (c == '\0' || isdigit((unsigned char)c))
        return 0;
    return isalpha((unsigned char)c) ? (unsigned char)c : (unsigned char)c + UCHAR_MAX + 1;
}

/* Compares what is before the next number, and moves both there. */
static int compare_words(const char **a, const char **b)
{
    while ((**a && !isdigit((unsigned char)**a)) || (**b && !isdigit((unsigned char)**b))) {
        int difference = character_rank(**a) - character_rank(**b);
        if (difference != 0)
            return difference;
        (*a)++;
        (*b)++;
    }
    return 0;
}

/* Compares numbers of any length, and moves both after them. */
static int compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    size_t a_length = strspn(*a, "0123456789");
    size_t b_length = strspn(*b, "0123456789");
    int difference = a_length == b_length ? memcmp(*a, *b, a_length) : a_length < b_length ? -1 : 1;

    *a += a_length;
    *b += b_length;
    return difference;
}

int kernel_name_compare_version(const char *a, const char *b)
{
    int difference = 0;

    while (difference == 0 && (*a || *b)) {
        difference = compare_words(&a, &b);
        if (difference == 0)
            difference = compare_numbers(&a, &b);
    }
    return difference;
}

int kernel_name_compare(const struct kernel_name *a, const struct kernel_name *b)
{
    int difference = kernel_name_compare_version(a->version, b->version);

    if (difference == 0)
        difference = strcmp(a->flavor, b->flavor);
    if (difference == 0)
        difference = strcmp(a->architecture, b->architecture);
    if (difference == 0)
        difference = kernel_name_compare_version(a->abi, b->abi);
    return difference != 0 ? difference : strcmp(a->text, b->text);
}
