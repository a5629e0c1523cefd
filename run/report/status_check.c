/* SPDX-License-Identifier: MIT */
#include "run/report/status_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/counted.h"

enum { AGE_MAXIMUM = 100 * 365 * 86400L, NAMES_MAXIMUM = 3 };

static const char *const state_words[] = {[CHECK_OK] = "OK",
                                          [CHECK_WARNING] = "WARNING",
                                          [CHECK_CRITICAL] = "CRITICAL",
                                          [CHECK_UNKNOWN] = "UNKNOWN"};

/* What a check finds. */
struct finding {
    const struct kernel_states *states;
    const struct last_run *run;
    enum check_state state;
    time_t age;     /* of the last run's end, seconds */
    size_t present; /* kernels of the list that are there */
    size_t lacking; /* those that are neither there nor left out on purpose */
    struct buffer text;
};

static void raise_to(struct finding *finding, enum check_state state)
{
    if (finding->state < state)
        finding->state = state;
}

static bool is_lacking(const struct kernel_status *kernel)
{
    return kernel->is_listed && !kernel->stored && kernel->state != STATE_SKIPPED;
}

static void look_at_run(struct finding *finding, time_t now, time_t maximum_age)
{
    const struct last_run *run = finding->run;
    time_t ended;

    if (!run->is_known || !time_text_read(run->ended, &ended)) {
        raise_to(finding, CHECK_CRITICAL);
        buffer_append_text(&finding->text, "no run has ended yet");
        return;
    }
    finding->age = now > ended ? now - ended : 0;
    buffer_append_format(&finding->text, "last run %s %s", run_outcome_word(run->outcome),
                         run->ended);
    if (run->reason)
        buffer_append_format(&finding->text, ": %s", run->reason);
    if (run->outcome == RUN_FAILED || finding->age > maximum_age)
        raise_to(finding, CHECK_CRITICAL);
    else if (run->outcome == RUN_INTERRUPTED)
        raise_to(finding, CHECK_WARNING);
    if (finding->age > maximum_age)
        buffer_append_text(&finding->text, ", which is too long ago");
}

static void look_at_kernels(struct finding *finding)
{
    for (size_t i = 0; i < finding->states->count; i++) {
        const struct kernel_status *kernel = &finding->states->kernels[i];
        finding->present += kernel->is_listed && kernel->stored;
        if (!is_lacking(kernel))
            continue;
        if (finding->lacking < NAMES_MAXIMUM)
            buffer_append_format(&finding->text, "%s %s (%s)", finding->lacking > 0 ? "," : ";",
                                 kernel->name, kernel_state_text(kernel->state));
        finding->lacking++;
    }
    if (finding->lacking > NAMES_MAXIMUM)
        buffer_append_format(&finding->text, " and %zu more", finding->lacking - NAMES_MAXIMUM);
    if (finding->lacking > 0)
        raise_to(finding, CHECK_WARNING);
}

/* A vertical line begins the numbers. */
static void append_text(struct buffer *out, const struct buffer *text)
{
    const char *rest = buffer_text(text);

    for (; *rest; rest++)
        buffer_append_char(out, *rest == '|' || *rest == '\n' ? ' ' : *rest);
}

enum check_state status_check(const struct kernel_states *states, const struct last_run *run,
                              time_t now, time_t maximum_age, struct buffer *out)
{
    struct finding finding = {.states = states, .run = run};

    buffer_init(&finding.text, out->maximum);
    look_at_run(&finding, now, maximum_age);
    look_at_kernels(&finding);
    buffer_append_format(out, "KSTRUCT %s: %zu of %zu %s there; ", state_words[finding.state],
                         finding.present, COUNTED(finding.present + finding.lacking, "kernel"));
    append_text(out, &finding.text);
    buffer_append_format(out, " | kernels=%zu lacking=%zu age=%llds;;%lld\n", finding.present,
                         finding.lacking, (long long)finding.age, (long long)maximum_age);
    buffer_take_failure(out, &finding.text);
    buffer_deinit(&finding.text);
    return finding.state;
}

void status_check_append_unknown(const struct error *error, struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer text;
    char *line = error_to_line(error);

    buffer_init(&text, out->maximum);
    buffer_append_text(&text, line ? line : error->why);
    free(line);
    buffer_append_format(out, "KSTRUCT %s: ", state_words[CHECK_UNKNOWN]);
    append_text(out, &text);
    buffer_append_char(out, '\n');
}

struct error *status_check_parse_age(const char *text, time_t *seconds_ret)
{
    static const char units[] = "smhd";
    static const long seconds[] = {1, 60, 3600, 86400};
    char *end = NULL;

    errno = 0;
    long number = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : -1;
    const char *unit = end && *end && end[1] == '\0' ? strchr(units, *end) : NULL;
    if (number < 0 || errno != 0 || !unit || number > AGE_MAXIMUM / seconds[unit - units])
        return error_create(ERROR_USAGE, NULL, "`%s` is no time such as 26h, 90m or 2d", text);
    *seconds_ret = (time_t)(number * seconds[unit - units]);
    return NULL;
}
