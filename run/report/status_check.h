/* SPDX-License-Identifier: MIT */
/* Whether somebody has to look, in the form of checks for Nagios and its kin:
 * https://www.monitoring-plugins.org/doc/guidelines.html */
#ifndef KSTRUCT_RUN_REPORT_STATUS_CHECK_H
#define KSTRUCT_RUN_REPORT_STATUS_CHECK_H

#include "base/buffer.h"
#include "run/report/kernel_states.h"
#include "run/report/last_run.h"

/* As a check's exit status. */
enum check_state { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

/* Appends a line of what is the matter, with numbers after it. Critical: no run ended for
 * MAXIMUM_AGE seconds before NOW, or the last one failed as a whole; warning: kernels of the list
 * are not there, or the last run was interrupted. */
enum check_state status_check(const struct kernel_states *states, const struct last_run *run,
                              time_t now, time_t maximum_age, struct buffer *out);

/* The line for what could not be looked at. */
void status_check_append_unknown(const struct error *error, struct buffer *out);

/* "26h", "90m", "3600s", "2d" in seconds; ERROR_USAGE says that it is no such time. */
struct error *status_check_parse_age(const char *text, time_t *seconds_ret) MUST_CHECK;

#endif
