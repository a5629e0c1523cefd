/* SPDX-License-Identifier: MIT */
/* The kernels whose debug packages this machine's apt knows: Debian's, or what else it is set up
 * with. It tells neither series nor dates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/subprocess.h"
#include "fetch/archive/packages_index.h"
#include "fetch/package/kernel_package.h"
#include "fetch/package/package_name.h"
#include "fetch/source/source.h"

enum { WORDS_MAXIMUM = 4096, OUTPUT_MAXIMUM = 16 << 20, SECONDS = 120 };

/* A command line: apt-cache show NAME... */
struct words {
    size_t count;
    char *words[WORDS_MAXIMUM + 1]; /* with a NULL after the last */
};

static void words_deinit(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->words[i]);
    words->count = 0;
}

static struct error *add_word(struct words *words, const char *word, const char *architecture)
{
    if (words->count == WORDS_MAXIMUM)
        return error_create(ERROR_LIMIT, "apt-cache", "knows more than %d packages of kernels",
                            WORDS_MAXIMUM - 2);
    if (asprintf(&words->words[words->count], "%s%s%s", word, architecture ? ":" : "",
                 architecture ? architecture : "") < 0) {
        words->words[words->count] = NULL;
        return error_out_of_memory();
    }
    words->count++;
    return NULL;
}

/* The names of packages that may be kernels' debug packages, a line each in LINES, which is cut. */
static struct error *add_packages(char *lines, const char *architecture, struct words *words)
{
    char *rest = NULL;

    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        CLEANUP(free_pointer) char *name = NULL;

        if (strchr(line, ':') || !package_name_is_valid(line))
            continue;
        TRY(kernel_name_of_package(line, "all", &name));
        if (name)
            TRY(add_word(words, line, architecture));
    }
    return NULL;
}

static struct error *run(const struct fetch_settings *settings, const char *const *arguments,
                         struct subprocess_result *result)
{
    const struct subprocess_limits limits = {
        .maximum_bytes = OUTPUT_MAXIMUM,
        .timeout_seconds = SECONDS,
        .is_cancelled = settings->is_cancelled,
    };
    struct error *error = subprocess_run(arguments, &limits, result);

    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    error_destroy(error);
    return error_create(ERROR_UNSUPPORTED, NULL, "there is no apt-cache here to ask");
}

static struct error *failure(const struct subprocess_result *result)
{
    const char *messages = buffer_text(&result->messages);

    return error_create(ERROR_INCONCLUSIVE, "apt-cache",
                        "failed with exit status %d and says \"%.*s\"", result->exit_status,
                        (int)strcspn(messages, "\n"), messages);
}

static struct error *find_packages(const struct fetch_settings *settings, const char *architecture,
                                   struct words *words)
{
    static const char *const arguments[] = {"apt-cache", "pkgnames", "linux-image-", NULL};
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};

    TRY(run(settings, arguments, &result));
    if (result.exit_status != 0)
        return failure(&result);
    CLEANUP(free_pointer) char *names = strdup(buffer_text(&result.output));
    return names ? add_packages(names, architecture, words) : error_out_of_memory();
}

struct error *apt_discover(const struct fetch_settings *settings,
                           const struct discovery_filter *filter, struct discovered_kernels *ret)
{
    CLEANUP(words_deinit) struct words words = {0};
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    CLEANUP(packages_index_deinit) struct packages_index index;

    packages_index_init(&index);
    if (filter->series || filter->since)
        return error_create(ERROR_UNSUPPORTED, NULL, "apt tells neither series nor dates");
    TRY(add_word(&words, "apt-cache", NULL));
    TRY(add_word(&words, "show", NULL));
    TRY(find_packages(settings, filter->architecture, &words));
    if (words.count == 2)
        return NULL;
    TRY(run(settings, (const char *const *)words.words, &result));
    if (result.exit_status != 0 && !strstr(buffer_text(&result.messages), "No packages found"))
        return failure(&result);
    TRY(packages_index_add(&index, buffer_text(&result.output), result.output.length));
    return discovered_kernels_add_index(settings, filter, &index, ret);
}
