/* SPDX-License-Identifier: MIT */
/* What the values of the list's keys must look like. */
#ifndef KSTRUCT_CONFIG_LIST_LIST_VALUES_H
#define KSTRUCT_CONFIG_LIST_LIST_VALUES_H

enum {
    LIST_LATEST_MAXIMUM = 1000,
    LIST_GROUP_NAME_MAXIMUM = 64, /* bytes */
};

/* What was expected instead of VALUE (static), or NULL if it is as it must be. VALUE is not empty
 * and has no control characters. */
const char *list_value_check_version(const char *value);
const char *list_value_check_url(const char *value);
const char *list_value_check_sha256(const char *value);
const char *list_value_check_apt(const char *value);
const char *list_value_check_group(const char *value);
const char *list_value_check_latest(const char *value);

/* Any value will do: for `file=` and `skip=`. */
const char *list_value_check_any(const char *value);

#endif
