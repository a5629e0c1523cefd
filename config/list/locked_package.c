/* SPDX-License-Identifier: MIT */
#include "config/list/locked_package.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/nearest_word.h"
#include "base/text/public_url.h"
#include "config/list/list_values.h"
#include "config/list/list_words.h"

enum lock_key { KEY_VERSION, KEY_APT, KEY_URL, KEY_SIZE, KEY_SHA256, KEY_COUNT };

/* 18 digits always fit, and are a thousand times what a disk holds. */
enum { SIZE_DIGITS_MAXIMUM = 18 };

static const char given_word[] = "given";

static const char *check_size(const char *value)
{
    size_t digits = strspn(value, "0123456789");

    if (digits > 0 && digits <= SIZE_DIGITS_MAXIMUM && value[digits] == '\0' && value[0] != '0')
        return NULL;
    return "expected a number of bytes";
}

static const struct {
    const char *name;
    const char *(*check)(const char *value);
    bool is_needed;
} keys[KEY_COUNT] = {
    [KEY_VERSION] = {"version", list_value_check_version, false},
    [KEY_APT] = {"apt", list_value_check_apt, false},
    [KEY_URL] = {"url", list_value_check_url, true},
    [KEY_SIZE] = {"size", check_size, true},
    [KEY_SHA256] = {"sha256", list_value_check_sha256, true},
};

struct line_parser {
    const char *path;
    struct locked_package *package;
    struct config_errors *errors;
    bool has[KEY_COUNT];
};

#define BAD(parser, column, ...)                                                                   \
    config_errors_add((parser)->errors, (parser)->path, (parser)->package->line, column,           \
                      __VA_ARGS__)

void locked_package_deinit(struct locked_package *package)
{
    kernel_name_deinit(&package->name);
    free(package->version);
    free(package->apt);
    free(package->url);
    free(package->sha256);
    *package = (struct locked_package){.line = package->line};
}

static void parse_name(struct line_parser *parser, const struct list_word *word)
{
    struct error *error;

    if (word->value) {
        BAD(parser, word->column, "the line begins with `%s=`; expected a kernel's name first",
            word->text);
        return;
    }
    error = kernel_name_parse(word->text, &parser->package->name);
    if (error)
        config_errors_take(parser->errors, parser->path, parser->package->line, word->column,
                           error);
}

static struct error *store(struct line_parser *parser, enum lock_key key, const char *value)
{
    struct locked_package *package = parser->package;
    char **field = NULL;

    switch (key) {
    case KEY_VERSION: field = &package->version; break;
    case KEY_APT: field = &package->apt; break;
    case KEY_URL: field = &package->url; break;
    case KEY_SHA256: field = &package->sha256; break;
    case KEY_SIZE: package->byte_size = strtoull(value, NULL, 10); return NULL;
    case KEY_COUNT: return NULL;
    }
    *field = strdup(value);
    if (!*field)
        return error_out_of_memory();
    for (char *c = *field; key == KEY_SHA256 && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return NULL;
}

static void report_unknown_word(struct line_parser *parser, const struct list_word *word)
{
    const char *candidates[KEY_COUNT + 1] = {[KEY_COUNT] = given_word};
    const char *equals = word->value ? "=" : "";

    for (size_t i = 0; i < KEY_COUNT; i++)
        candidates[i] = keys[i].name;
    const char *nearest = nearest_word(word->text, candidates, ARRAY_LENGTH(candidates));
    if (nearest)
        BAD(parser, word->column, "unknown word `%s%s`; did you mean `%s%s`?", word->text, equals,
            nearest, nearest == given_word ? "" : "=");
    else
        BAD(parser, word->column,
            "unknown word `%s%s`; expected `version=`, `apt=`, `given`, `url=`, `size=` or "
            "`sha256=`",
            word->text, equals);
}

static struct error *parse_word(struct line_parser *parser, const struct list_word *word)
{
    enum lock_key key = 0;

    if (!word->value && strcmp(word->text, given_word) == 0) {
        parser->package->is_given = true;
        return NULL;
    }
    while (word->value && key < KEY_COUNT && strcmp(word->text, keys[key].name) != 0)
        key++;
    if (!word->value || key == KEY_COUNT) {
        report_unknown_word(parser, word);
        return NULL;
    }
    const char *expected = keys[key].check(word->value);
    if (parser->has[key])
        BAD(parser, word->column, "`%s=` is given twice", keys[key].name);
    else if (expected)
        /* What is no URL may have a password at any place. */
        BAD(parser, word->value_column, "`%s=%s`: %s", keys[key].name,
            key == KEY_URL ? "…" : word->value, expected);
    else
        TRY(store(parser, key, word->value));
    parser->has[key] = true;
    return NULL;
}

static struct error *parse_words(struct line_parser *parser, const char *line, size_t length,
                                 bool *is_empty_ret)
{
    struct list_words words = {.line = line, .length = length};
    struct list_word word;
    const char *reason = NULL;
    enum list_words_result result = list_words_next(&words, &word, &reason);

    *is_empty_ret = result == LIST_WORDS_END;
    if (result == LIST_WORDS_READ) {
        parse_name(parser, &word);
        result = list_words_next(&words, &word, &reason);
    }
    for (; result == LIST_WORDS_READ; result = list_words_next(&words, &word, &reason))
        TRY(parse_word(parser, &word));
    if (result == LIST_WORDS_BAD)
        BAD(parser, word.column, "%s", reason);
    for (size_t i = 0; i < KEY_COUNT && result == LIST_WORDS_END && !*is_empty_ret; i++) {
        if (keys[i].is_needed && !parser->has[i])
            BAD(parser, 0, "`%s=` is missing", keys[i].name);
    }
    return NULL;
}

struct error *locked_package_parse(const char *path, const char *line, size_t length,
                                   struct locked_package *package, struct config_errors *errors)
{
    struct line_parser parser = {.path = path, .package = package, .errors = errors};
    size_t errors_before = errors->count + errors->dropped_count;
    bool is_empty = false;
    struct error *error = parse_words(&parser, line, length, &is_empty);

    if (error || is_empty || errors->count + errors->dropped_count > errors_before)
        locked_package_deinit(package);
    return error;
}

static void append_value(struct buffer *text, const char *key, const char *value)
{
    if (!value)
        return;
    buffer_append_format(text, " %s=", key);
    if (!strpbrk(value, " \t\"")) {
        buffer_append_text(text, value);
        return;
    }
    buffer_append_char(text, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buffer_append_char(text, '\\');
        buffer_append_char(text, *value);
    }
    buffer_append_char(text, '"');
}

void locked_package_format(const char *name, const struct locked_package *package,
                           struct buffer *text)
{
    buffer_append_text(text, name);
    append_value(text, keys[KEY_VERSION].name, package->version);
    append_value(text, keys[KEY_APT].name, package->apt);
    if (package->is_given)
        buffer_append_format(text, " %s", given_word);
    append_value(text, keys[KEY_URL].name, package->url);
    buffer_append_format(text, " %s=%" PRIu64, keys[KEY_SIZE].name, package->byte_size);
    append_value(text, keys[KEY_SHA256].name, package->sha256);
    buffer_append_char(text, '\n');
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool locked_package_fits(const struct locked_package *package, const struct kernel_entry *entry)
{
    if (entry->file || !is_same(package->apt, entry->apt))
        return false;
    if (entry->url ? !package->is_given || !public_url_equal(package->url, entry->url)
                   : package->is_given)
        return false;
    if (entry->version && !is_same(package->version, entry->version))
        return false;
    return !entry->sha256 || strcmp(package->sha256, entry->sha256) == 0;
}
