/* SPDX-License-Identifier: MIT */
#include "config/list/kernel_entry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/nearest_word.h"
#include "config/list/list_hints.h"
#include "config/list/list_values.h"
#include "config/list/list_words.h"
#include "config/settings/config_path.h"

enum entry_key {
    KEY_VERSION,
    KEY_URL,
    KEY_FILE,
    KEY_APT,
    KEY_SHA256,
    KEY_GROUP,
    KEY_SKIP,
    KEY_LATEST,
    KEY_COUNT,
};

static const struct {
    const char *name;
    const char *(*check)(const char *value);
    bool fits_pattern;
} keys[KEY_COUNT] = {
    [KEY_VERSION] = {"version", list_value_check_version, false},
    [KEY_URL] = {"url", list_value_check_url, false},
    [KEY_FILE] = {"file", list_value_check_any, false},
    [KEY_APT] = {"apt", list_value_check_apt, false},
    [KEY_SHA256] = {"sha256", list_value_check_sha256, false},
    [KEY_GROUP] = {"group", list_value_check_group, true},
    [KEY_SKIP] = {"skip", list_value_check_any, true},
    [KEY_LATEST] = {"latest", list_value_check_latest, true},
};

struct entry_parser {
    const char *path;
    struct kernel_entry *entry;
    struct config_errors *errors;
    unsigned columns[KEY_COUNT]; /* where each key is; 0 where it is not */
    bool is_given_up;            /* what is left of the line is no words */
};

#define BAD(parser, column, ...)                                                                   \
    config_errors_add((parser)->errors, (parser)->path, (parser)->entry->line, column, __VA_ARGS__)

void kernel_entry_deinit(struct kernel_entry *entry)
{
    kernel_name_deinit(&entry->name);
    free(entry->version);
    free(entry->url);
    free(entry->file);
    free(entry->apt);
    free(entry->sha256);
    free(entry->group);
    free(entry->skip_reason);
    free(entry->pattern);
    *entry = (struct kernel_entry){.line = entry->line};
}

static void report_comment(struct entry_parser *parser, const struct list_word *word)
{
    BAD(parser, word->column, "`%s` begins no comment; expected `#`", word->text);
    parser->is_given_up = true;
}

static void parse_name(struct entry_parser *parser, const struct list_word *word)
{
    struct kernel_entry *entry = parser->entry;

    entry->column = word->column;
    if (list_hint_is_comment(word->text)) {
        report_comment(parser, word);
        return;
    }
    if (word->value || strcmp(word->text, "baseline") == 0) {
        BAD(parser, word->column,
            "the line begins with `%s%s`; expected a kernel's name such as "
            "`5.4.0-26-generic-amd64` first",
            word->text, word->value ? "=" : "");
        return;
    }
    entry->is_pattern = strchr(word->text, '*') != NULL;
    struct error *error = entry->is_pattern ? kernel_name_parse_pattern(word->text, &entry->name)
                                            : kernel_name_parse(word->text, &entry->name);
    if (error)
        config_errors_take(parser->errors, parser->path, entry->line, word->column, error);
}

/* "version:5.4.0": the key that may be meant, or NULL. */
static const char *find_colon_key(const char *word)
{
    const char *colon = strchr(word, ':');

    for (size_t i = 0; colon && i < KEY_COUNT; i++) {
        if (strlen(keys[i].name) == (size_t)(colon - word) &&
            strncasecmp(word, keys[i].name, (size_t)(colon - word)) == 0)
            return keys[i].name;
    }
    return NULL;
}

static bool is_kernel_name(const char *text)
{
    struct kernel_name name = {0};
    struct error *error = kernel_name_parse(text, &name);
    bool is_one = !error;

    error_destroy(error);
    kernel_name_deinit(&name);
    return is_one;
}

/* Tells of a word that is no misspelt key but something else; false: it is nothing known. A
 * kernel's name where the line begins with another word is all right in itself. */
static bool report_odd_word(struct entry_parser *parser, const struct list_word *word)
{
    const char *colon_key = find_colon_key(word->text);
    const char *key = list_hint_key(word->text);

    if (list_hint_is_comment(word->text))
        report_comment(parser, word);
    else if (colon_key)
        BAD(parser, word->column, "unknown word `%s`; did you mean `%s=%s`?", word->text, colon_key,
            strchr(word->text, ':') + 1);
    else if (is_kernel_name(word->text) && !parser->entry->name.text)
        return true;
    else if (is_kernel_name(word->text))
        BAD(parser, word->column, "`%s` is a second kernel's name; expected one kernel a line",
            word->text);
    else if (key)
        BAD(parser, word->column, "unknown word `%s`; did you mean `%s=%s`?", word->text, key,
            word->text);
    else
        return false;
    return true;
}

static void report_unknown_word(struct entry_parser *parser, const struct list_word *word)
{
    static const char baseline[] = "baseline";
    const char *candidates[KEY_COUNT + 1] = {[KEY_COUNT] = baseline};
    const char *equals = word->value ? "=" : "";

    for (size_t i = 0; i < KEY_COUNT; i++)
        candidates[i] = keys[i].name;
    const char *suggestion = nearest_word(word->text, candidates, ARRAY_LENGTH(candidates));
    if (!word->value && report_odd_word(parser, word))
        return;
    if (word->text[0] == '\0')
        BAD(parser, word->column, "a key is missing before `=`; expected key=value without spaces");
    else if (suggestion && suggestion != baseline && !word->value &&
             strcasecmp(suggestion, word->text) == 0)
        BAD(parser, word->column, "`%s` has no value; expected `%s=` and the value without a space",
            word->text, suggestion);
    else if (suggestion)
        BAD(parser, word->column, "unknown word `%s%s`; did you mean `%s%s`?", word->text, equals,
            suggestion, suggestion == baseline ? "" : "=");
    else if (word->value)
        BAD(parser, word->column,
            "unknown key `%s=`; expected `version=`, `url=`, `file=`, `apt=`, `sha256=`, `group=`, "
            "`skip=` or `latest=`",
            word->text);
    else
        BAD(parser, word->column,
            "unknown word `%s`; expected `baseline` or key=value, with double quotes around a "
            "value that has spaces",
            word->text);
}

/* The key that WORD gives a value, or KEY_COUNT. */
static enum entry_key find_key(const struct list_word *word)
{
    enum entry_key key = 0;

    while (word->value && key < KEY_COUNT && strcmp(word->text, keys[key].name) != 0)
        key++;
    return word->value ? key : KEY_COUNT;
}

static char *copy_lower_case(const char *text)
{
    char *copy = strdup(text);

    for (char *c = copy; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static struct error *store_path(struct entry_parser *parser, const struct list_word *word)
{
    struct error *error = config_path_resolve(parser->path, word->value, &parser->entry->file);

    if (!error || error->code == ERROR_OUT_OF_MEMORY)
        return error;
    config_errors_take(parser->errors, parser->path, parser->entry->line, word->value_column,
                       error);
    return NULL;
}

static struct error *store(struct entry_parser *parser, enum entry_key key,
                           const struct list_word *word)
{
    struct kernel_entry *entry = parser->entry;
    char **field = NULL;

    switch (key) {
    case KEY_VERSION: field = &entry->version; break;
    case KEY_URL: field = &entry->url; break;
    case KEY_FILE: return store_path(parser, word);
    case KEY_APT: field = &entry->apt; break;
    case KEY_SHA256: field = &entry->sha256; break;
    case KEY_GROUP: field = &entry->group; break;
    case KEY_SKIP: field = &entry->skip_reason; break;
    case KEY_LATEST: entry->latest = (unsigned)strtoul(word->value, NULL, 10); return NULL;
    case KEY_COUNT: return NULL;
    }
    *field = key == KEY_SHA256 ? copy_lower_case(word->value) : strdup(word->value);
    return *field ? NULL : error_out_of_memory();
}

static struct error *parse_value(struct entry_parser *parser, enum entry_key key,
                                 const struct list_word *word)
{
    if (parser->columns[key] != 0) {
        BAD(parser, word->column, "`%s=` is given twice", keys[key].name);
        return NULL;
    }
    parser->columns[key] = word->column;
    if (word->value[0] == '\0') {
        BAD(parser, word->value_column, "`%s=` has no value", keys[key].name);
        return NULL;
    }
    const char *expected = keys[key].check(word->value);
    if (expected && key == KEY_SHA256) {
        BAD(parser, word->value_column, "`sha256=%s`: %s; it has %zu characters", word->value,
            expected, strlen(word->value));
        return NULL;
    }
    if (expected) {
        /* What is no URL may have a password at any place. */
        BAD(parser, word->value_column, "`%s=%s`: %s", keys[key].name,
            key == KEY_URL ? "…" : word->value, expected);
        return NULL;
    }
    return store(parser, key, word);
}

static struct error *parse_word(struct entry_parser *parser, const struct list_word *word)
{
    enum entry_key key = find_key(word);

    if (key < KEY_COUNT)
        return parse_value(parser, key, word);
    if (strcmp(word->text, "baseline") != 0)
        report_unknown_word(parser, word);
    else if (word->value)
        BAD(parser, word->column, "`baseline` takes no value");
    else if (parser->entry->is_baseline)
        BAD(parser, word->column, "`baseline` is given twice");
    else {
        parser->entry->baseline_column = word->column;
        parser->entry->is_baseline = true;
    }
    return NULL;
}

static void check_sources(struct entry_parser *parser)
{
    static const enum entry_key sources[] = {KEY_URL, KEY_FILE, KEY_APT};
    enum entry_key first = KEY_COUNT;

    for (size_t i = 0; i < ARRAY_LENGTH(sources); i++) {
        unsigned column = parser->columns[sources[i]];
        if (column == 0)
            continue;
        if (first != KEY_COUNT)
            BAD(parser, column, "`%s=` and `%s=` both say where the package is; expected one",
                keys[first].name, keys[sources[i]].name);
        first = sources[i];
    }
}

static void check_pattern(struct entry_parser *parser)
{
    if (!parser->entry->is_pattern) {
        if (parser->columns[KEY_LATEST] != 0)
            BAD(parser, parser->columns[KEY_LATEST],
                "`latest=` needs a pattern such as `6.8.0-*-generic-amd64` as the name");
        return;
    }
    if (parser->columns[KEY_LATEST] == 0)
        BAD(parser, parser->entry->column,
            "a pattern needs `latest=N`: how many of the newest kernels it stands for");
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (parser->columns[i] != 0 && !keys[i].fits_pattern)
            BAD(parser, parser->columns[i], "a pattern cannot have `%s=`, which is of one kernel",
                keys[i].name);
    }
    if (parser->entry->is_baseline)
        BAD(parser, parser->entry->baseline_column,
            "a pattern cannot be the baseline, which is one kernel");
}

static void check_baseline(struct entry_parser *parser)
{
    if (!parser->entry->is_baseline)
        return;
    if (parser->columns[KEY_SKIP] != 0)
        BAD(parser, parser->columns[KEY_SKIP], "the baseline cannot be left out");
    if (parser->columns[KEY_GROUP] != 0)
        BAD(parser, parser->columns[KEY_GROUP],
            "the baseline cannot have `group=`: it is in Regular, and the others follow from it");
}

struct error *kernel_entry_parse(const char *path, const char *line, size_t length,
                                 struct kernel_entry *entry, struct config_errors *errors)
{
    struct entry_parser parser = {.path = path, .entry = entry, .errors = errors};
    struct list_words words = {.line = line, .length = length};
    struct list_word word;
    const char *reason = NULL;
    enum list_words_result result = list_words_next(&words, &word, &reason);
    struct error *error = NULL;

    if (result == LIST_WORDS_READ) {
        parse_name(&parser, &word);
        if (!parser.is_given_up)
            result = list_words_next(&words, &word, &reason);
    }
    while (result == LIST_WORDS_READ && !error && !parser.is_given_up) {
        error = parse_word(&parser, &word);
        if (!error)
            result = list_words_next(&words, &word, &reason);
    }
    if (!error && result == LIST_WORDS_BAD)
        BAD(&parser, word.column, "%s", reason);
    if (!error && result == LIST_WORDS_END) {
        check_sources(&parser);
        check_pattern(&parser);
        check_baseline(&parser);
    }
    if (error || !entry->name.text)
        kernel_entry_deinit(entry);
    return error;
}
