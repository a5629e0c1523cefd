/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "base/text/nearest_word.h"
#include "cli/cli.h"
#include "run/fetching/fetching.h"
#include "run/fetching/kernel_offers.h"
#include "run/fetching/pattern_resolution.h"

static const char usage[] =
    "usage: kstruct discover [--source NAME] [--series S] [--version V] [--arch A]\n"
    "                        [--flavor F] [--since DATE] [--new]\n"
    "\n"
    "Prints the kernels that the sources offer, in the form of lines for the list.\n"
    "Asking for all takes long: give a version, or a day.\n"
    "\n"
    "      --source NAME  ask only launchpad, ddebs or apt\n"
    "      --series S     of one release of Ubuntu: noble\n"
    "      --version V    of one kernel version: 6.8.0\n"
    "      --arch A       for one architecture: amd64\n"
    "      --flavor F     of one flavor: generic, generic-64k\n"
    "      --since DATE   published on that day or later: 2024-04-01\n"
    "      --new          only those that neither a line nor a pattern of the list\n"
    "                     stands for\n"
    "\n"
    "Exit status: 3 if a source could not be asked to the end, 1 if nothing else is\n"
    "known then.\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

#define DIGITS "0123456789"
#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"

struct discovery {
    struct cli *cli;
    struct fetching fetching;
    struct discovery_filter filter;
    const char *source; /* NULL: all of the settings */
    bool only_new;
    size_t answered; /* sources */
    size_t failed;
    struct kernel_offers offers;
};

static void discovery_deinit(struct discovery *discovery)
{
    kernel_offers_deinit(&discovery->offers);
    fetching_end(&discovery->fetching);
}

static struct error *check_word(const char *option, const char *value, const char *characters,
                                const char *expected)
{
    if (!value || (value[0] != '\0' && value[strspn(value, characters)] == '\0'))
        return NULL;
    return cli_usage_error("discover", "%s wants %s, not `%s`", option, expected, value);
}

static bool is_day(const char *text)
{
    char canonical[sizeof("YYYY-MM-DD")];
    struct tm day = {0};

    /* A 31st of February is another day than that text says. */
    if (!strptime(text, "%Y-%m-%d", &day) || timegm(&day) == -1)
        return false;
    return strftime(canonical, sizeof(canonical), "%Y-%m-%d", &day) > 0 &&
           strcmp(canonical, text) == 0;
}

static struct error *check_filter(const struct discovery_filter *filter)
{
    TRY(check_word("--series", filter->series, LOWER_CASE DIGITS, "a series such as noble"));
    TRY(check_word("--version", filter->version, DIGITS ".", "a version such as 6.8.0"));
    TRY(check_word("--flavor", filter->flavor, LOWER_CASE DIGITS "-", "a flavor such as generic"));
    if (filter->architecture && !kernel_name_is_architecture(filter->architecture))
        return cli_usage_error("discover",
                               "--arch wants one of Debian's architectures, such as amd64, not "
                               "`%s`",
                               filter->architecture);
    if (filter->since && !is_day(filter->since))
        return cli_usage_error("discover", "--since wants a day such as 2024-04-01, not `%s`",
                               filter->since);
    return NULL;
}

static struct error *find_source(const char *word, enum fetch_source *source_ret)
{
    const char *names[FETCH_SOURCE_COUNT];

    for (size_t i = 0; i < FETCH_SOURCE_COUNT; i++) {
        names[i] = kernel_offers_source_name((enum fetch_source)i);
        if (strcmp(names[i], word) == 0) {
            *source_ret = (enum fetch_source)i;
            return NULL;
        }
    }
    const char *nearest = nearest_word(word, names, FETCH_SOURCE_COUNT);
    return cli_usage_error("discover", "there is no source `%s`; did you mean `%s`?", word,
                           nearest ? nearest : names[FETCH_LAUNCHPAD]);
}

/* A source that fails is told of, and the others are asked. */
static struct error *ask(struct discovery *discovery, enum fetch_source source)
{
    struct log *log = &discovery->cli->workspace.log;
    const char *name = kernel_offers_source_name(source);
    struct error *error =
        kernel_offers_ask(&discovery->fetching, source, &discovery->filter, &discovery->offers);

    if (!error) {
        discovery->answered++;
        return NULL;
    }
    if (error->code == ERROR_OUT_OF_MEMORY)
        return error;
    if (error->code == ERROR_UNSUPPORTED) {
        log_write(log, LOG_DETAIL, "%s: %s", name, error->why);
    } else {
        CLEANUP(free_pointer) char *line = error_to_line(error);
        discovery->failed++;
        log_write(log, LOG_ERROR, "%s: %s", name, line ? line : error->why);
    }
    error_destroy(error);
    return NULL;
}

static struct error *ask_all(struct discovery *discovery)
{
    const struct fetch_settings *settings = &discovery->fetching.settings;
    enum fetch_source source = FETCH_LAUNCHPAD;

    if (discovery->source) {
        TRY(find_source(discovery->source, &source));
        TRY(ask(discovery, source));
    }
    for (size_t i = 0; !discovery->source && i < settings->source_count; i++)
        TRY(ask(discovery, settings->sources[i]));
    if (discovery->answered + discovery->failed == 0)
        return error_create(ERROR_CONFIGURATION,
                            discovery->source ? discovery->source : "the sources in the settings",
                            "cannot list what there is; --source launchpad can");
    return NULL;
}

static bool is_listed(const struct kernel_list *list, const struct kernel_name *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (pattern_covers(&list->entries[i], name))
            return true;
    }
    return kernel_list_find(list, name->text) != NULL;
}

static struct error *print(const struct discovery *discovery, const struct kernel_list *list)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, OUTPUT_MAXIMUM);
    for (size_t i = 0; i < discovery->offers.count; i++) {
        const struct kernel_offer *offer = &discovery->offers.offers[i];
        if (!is_listed(list, &offer->name))
            buffer_append_format(&text, "%s  version=%s\n", offer->name.text,
                                 offer->package_version);
    }
    TRY(buffer_check(&text, "the kernels"));
    return cli_print_lines(&text);
}

static struct error *discover(struct discovery *discovery, enum exit_status *status)
{
    CLEANUP(kernel_list_deinit) struct kernel_list list = {0};

    if (discovery->only_new)
        TRY(workspace_read_list(&discovery->cli->workspace, &list));
    TRY(fetching_begin(&discovery->cli->workspace, &discovery->fetching));
    TRY(ask_all(discovery));
    kernel_offers_sort(&discovery->offers);
    if (discovery->failed > 0)
        *status = discovery->offers.count > 0 ? STATUS_PARTLY : STATUS_FAILED;
    else if (discovery->offers.count == 0)
        log_write(&discovery->cli->workspace.log, LOG_NOTICE, "the sources know no such kernel");
    return print(discovery, &list);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    CLEANUP(discovery_deinit) struct discovery discovery = {.cli = cli};
    struct discovery_filter *filter = &discovery.filter;
    const struct option_value own[] = {
        {0, "source", &discovery.source, NULL}, {0, "series", &filter->series, NULL},
        {0, "version", &filter->version, NULL}, {0, "arch", &filter->architecture, NULL},
        {0, "flavor", &filter->flavor, NULL},   {0, "since", &filter->since, NULL},
        {0, "new", NULL, &discovery.only_new},  {0}};
    int next;

    TRY(cli_begin(cli, &command_discover, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("discover", "no word is wanted, only options");
    TRY(check_filter(filter));
    return discover(&discovery, status);
}

const struct command command_discover = {
    .name = "discover",
    .summary = "which kernels the sources offer",
    .usage = usage,
    .run = run,
};
