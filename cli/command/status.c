/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "run/fetching/pattern_resolution.h"
#include "run/report/kernel_states.h"
#include "run/report/status_check.h"
#include "run/report/status_file.h"

static const char usage[] =
    "usage: kstruct status [--json]\n"
    "       kstruct status --check [--max-age AGE]\n"
    "\n"
    "Prints a line for each kernel of the list, then for each other one of the data\n"
    "set: how far it has come, since when, and what is missing and why.\n"
    "\n"
    "      --json         as the JSON that each run leaves as DATADIR/status.json\n"
    "      --check        a line for Nagios and its kin, with numbers; exit status 0:\n"
    "                     all is well, 1: some kernels are missing, 2: the last run\n"
    "                     failed or is too old, 3: that cannot be known\n"
    "      --max-age AGE  how old it may be: 26h (the default), 90m, 2d\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

static void append_stored(struct buffer *text, const struct kernel_status *kernel)
{
    buffer_append_format(text, "%" PRIu64 " %s, read %s from %s",
                         COUNTED(kernel->stored->counts[DEFINITION_STRUCT], "struct"),
                         kernel->stored->read_at, kernel->stored->package);
    if (strcmp(kernel->stored->dwarf_versions, BTF_INSTEAD_OF_DWARF) == 0)
        buffer_append_text(text, ", by its BTF");
    if (kernel->is_outdated)
        buffer_append_text(text, "; that is not what the list asks for now, and run will read it");
    if (kernel->warning)
        buffer_append_format(text, "; it %s", kernel->warning);
}

static void append_failure(struct buffer *text, const struct kernel_status *kernel)
{
    const struct dataset_failure *failure = kernel->failure;

    if (failure->tries > 1)
        buffer_append_format(text, "%" PRIu64 " tries since %s, ", failure->tries,
                             failure->first_failed_at);
    buffer_append_format(text, "failed %s: %s: %s; tried again %s%s", failure->failed_at,
                         failure->kind, failure->reason,
                         kernel->next_try ? "not before " : "by the next run",
                         kernel->next_try ? kernel->next_try : "");
}

static void append_details(struct buffer *text, const struct kernel_status *kernel)
{
    const char *separator = "";

    if (kernel->state == STATE_SKIPPED)
        buffer_append_format(text, "%s%s", kernel->skip_reason, kernel->stored ? "; " : "");
    else if (!kernel->is_listed)
        buffer_append_text(text, "not in the list: ");
    if (kernel->stored) {
        append_stored(text, kernel);
        separator = "; ";
    }
    if (kernel->failure && kernel->state != STATE_SKIPPED) {
        buffer_append_text(text, separator);
        append_failure(text, kernel);
    } else if (kernel->state == STATE_UNRESOLVED) {
        buffer_append_text(text, "not resolved yet; run and fetch do it");
    } else if (kernel->state == STATE_FETCHED) {
        buffer_append_format(text, "%s", kernel->since);
    } else if (kernel->state == STATE_WANTED) {
        buffer_append_text(text, "not tried yet");
    }
}

static struct error *append_text(const struct kernel_states *states, struct buffer *text)
{
    for (size_t i = 0; i < states->count; i++) {
        const struct kernel_status *kernel = &states->kernels[i];
        buffer_append_format(text, "%-40s %-13s ", kernel->name, kernel_state_text(kernel->state));
        append_details(text, kernel);
        buffer_append_char(text, '\n');
    }
    return buffer_check(text, "the status");
}

/* Before the first run there is no data set. */
static struct error *open_dataset(struct cli *cli, struct dataset **dataset_ret)
{
    struct error *error = workspace_open_dataset(&cli->workspace, DATASET_READ, dataset_ret);

    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    error_destroy(error);
    *dataset_ret = NULL;
    return NULL;
}

/* What the command line asks for. */
struct order {
    bool as_json;
    bool as_check;
    time_t maximum_age; /* of a check, seconds */
};

static struct error *append_status(struct cli *cli, const struct order *order,
                                   const struct kernel_states *states, struct buffer *text,
                                   enum exit_status *status)
{
    CLEANUP(arena_deinit) struct arena arena;
    struct last_run run;

    arena_init(&arena);
    if (!order->as_json && !order->as_check)
        return append_text(states, text);
    TRY(last_run_read(&cli->workspace, &arena, &run));
    if (order->as_json)
        return status_file_append(states, &run, text);
    *status = (enum exit_status)status_check(states, &run, time(NULL), order->maximum_age, text);
    return buffer_check(text, "the status");
}

static struct error *print_status(struct cli *cli, struct kernel_list *list,
                                  const struct order *order, enum exit_status *status)
{
    CLEANUP(kernel_states_deinit) struct kernel_states states = {0};
    CLEANUP(buffer_deinit) struct buffer text;
    struct dataset *dataset = NULL;

    buffer_init(&text, OUTPUT_MAXIMUM);
    TRY(open_dataset(cli, &dataset));
    struct error *error = pattern_resolution_add_stand_ins(dataset, list);
    if (!error)
        error = kernel_states_make(&cli->workspace, dataset, list, &states);
    dataset_close(dataset);
    TRY(error);
    TRY(append_status(cli, order, &states, &text, status));
    return order->as_json ? cli_print(buffer_text(&text), text.length) : cli_print_lines(&text);
}

/* A data set that was imported needs no list: without one that was named, what it has is all. */
static struct error *read_list(struct cli *cli, struct kernel_list *list)
{
    CLEANUP(free_pointer) char *dataset = NULL;

    TRY(workspace_path(&cli->workspace, DATASET_FILE_NAME, &dataset));
    if (!cli->options.list && access(cli->workspace.settings.list, F_OK) != 0 &&
        access(dataset, F_OK) == 0) {
        log_write(&cli->workspace.log, LOG_NOTICE,
                  "%s: there is no such list; the whole data set is shown",
                  cli->workspace.settings.list);
        *list = (struct kernel_list){.baseline = KERNEL_LIST_NO_BASELINE};
        return NULL;
    }
    return workspace_read_list(&cli->workspace, list);
}

static struct error *tell(struct cli *cli, const struct order *order, enum exit_status *status)
{
    struct kernel_list list;

    TRY(read_list(cli, &list));
    struct error *error = pattern_resolution_recall(&cli->workspace, &list);
    if (!error)
        error = print_status(cli, &list, order, status);
    kernel_list_deinit(&list);
    return error;
}

/* Who checks reads one line, also of what cannot be known. */
static struct error *tell_unknown(struct error *failure, enum exit_status *status)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, OUTPUT_MAXIMUM);
    status_check_append_unknown(failure, &text);
    error_destroy(failure);
    *status = (enum exit_status)CHECK_UNKNOWN;
    return cli_print_lines(&text);
}

static struct error *carry_out(struct cli *cli, int argc, char **argv, struct order *order,
                               enum exit_status *status)
{
    const char *age = NULL;
    const struct option_value own[] = {{0, "json", NULL, &order->as_json},
                                       {0, "check", NULL, &order->as_check},
                                       {0, "max-age", &age, NULL},
                                       {0}};
    int next;

    TRY(cli_begin(cli, &command_status, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("status", "no word is wanted");
    if (order->as_json && order->as_check)
        return cli_usage_error("status", "--json and --check are two things");
    if (age && !order->as_check)
        return cli_usage_error("status", "--max-age is for --check");
    TRY(status_check_parse_age(age ? age : "26h", &order->maximum_age));
    return tell(cli, order, status);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    struct order order = {0};
    struct error *error = carry_out(cli, argc, argv, &order, status);

    if (!error || !order.as_check || error->code == ERROR_USAGE)
        return error;
    return tell_unknown(error, status);
}

const struct command command_status = {
    .name = "status",
    .summary = "what is there, missing, failed and why",
    .usage = usage,
    .run = run,
};
