/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "config/config_path.h"
#include "config/nearest_word.h"
#include "config/text_lines.h"

enum setting {
    SETTING_DATA_DIR,
    SETTING_LIST,
    SETTING_REPORT_DIR,
    SETTING_JOBS,
    SETTING_KEEP,
    SETTING_USER_AGENT,
    SETTING_LAUNCHPAD_FILES,
    SETTING_CONNECT_TIMEOUT,
    SETTING_LOW_SPEED_LIMIT,
    SETTING_LOW_SPEED_TIME,
    SETTING_FORMAT,
    SETTING_COUNT,
};

static const char *const sections[] = {"kstruct", "fetch", "report"};

static const struct {
    const char *section;
    const char *key;
} setting_names[SETTING_COUNT] = {
    [SETTING_DATA_DIR] = {"kstruct", "data_dir"},
    [SETTING_LIST] = {"kstruct", "list"},
    [SETTING_REPORT_DIR] = {"kstruct", "report_dir"},
    [SETTING_JOBS] = {"kstruct", "jobs"},
    [SETTING_KEEP] = {"fetch", "keep"},
    [SETTING_USER_AGENT] = {"fetch", "user_agent"},
    [SETTING_LAUNCHPAD_FILES] = {"fetch", "launchpad_files"},
    [SETTING_CONNECT_TIMEOUT] = {"fetch", "connect_timeout"},
    [SETTING_LOW_SPEED_LIMIT] = {"fetch", "low_speed_limit"},
    [SETTING_LOW_SPEED_TIME] = {"fetch", "low_speed_time"},
    [SETTING_FORMAT] = {"report", "format"},
};

enum {
    SECONDS_MAXIMUM = 24 * 60 * 60,
    SPEED_MAXIMUM = 1 << 30, /* bytes per second */
};

struct settings_parser {
    const char *path;
    struct text_lines lines; /* the last one read is the one that inih is at */
    struct settings settings;
    struct config_errors *errors;
    struct error *failure;            /* no memory: the rest of the file is not looked at */
    unsigned given_in[SETTING_COUNT]; /* the line of each setting; 0 where it is not given */
    char unknown_section[64];         /* the last one, so that each is told once */
};

#define LAUNCHPAD_FILES_URL "https://launchpad.net/ubuntu/+archive/primary/+files"

#define BAD(parser, ...)                                                                           \
    config_errors_add((parser)->errors, (parser)->path, (parser)->lines.number, 0, __VA_ARGS__)

void settings_deinit(struct settings *settings)
{
    free(settings->data_dir);
    free(settings->list);
    free(settings->report_dir);
    free(settings->user_agent);
    free(settings->launchpad_files_url);
    free(settings->report_format);
    *settings = (struct settings){0};
}

static char *default_data_dir(void)
{
    const char *home = config_home_directory();

    return home ? path_join(home, ".local/share/kstruct") : strdup("/var/lib/kstruct");
}

struct error *settings_init_defaults(struct settings *settings)
{
    struct settings defaults = {
        .data_dir = default_data_dir(),
        .list = strdup(KSTRUCT_SYSCONFDIR "/kernels.list"),
        .keep_packages = true,
        .user_agent = strdup("kstruct/" KSTRUCT_VERSION),
        .launchpad_files_url = strdup(LAUNCHPAD_FILES_URL),
        .connect_timeout_seconds = 30,
        .low_speed_bytes_per_second = 1024,
        .low_speed_seconds = 60,
        .report_format = strdup("md"),
    };

    if (!defaults.data_dir || !defaults.list || !defaults.user_agent ||
        !defaults.launchpad_files_url || !defaults.report_format) {
        settings_deinit(&defaults);
        return error_out_of_memory();
    }
    *settings = defaults;
    return NULL;
}

static void set_text(struct settings_parser *parser, const char *value, char **field)
{
    char *copy = strdup(value);

    if (!copy) {
        parser->failure = error_out_of_memory();
        return;
    }
    free(*field);
    *field = copy;
}

static void set_path(struct settings_parser *parser, const char *value, char **field)
{
    char *path = NULL;
    struct error *error = config_path_resolve(parser->path, value, &path);

    if (error && error->code == ERROR_OUT_OF_MEMORY)
        parser->failure = error;
    else if (error)
        config_errors_take(parser->errors, parser->path, parser->lines.number, 0, error);
    else {
        free(*field);
        *field = path;
    }
}

static void set_number(struct settings_parser *parser, const char *key, const char *value,
                       unsigned smallest, unsigned largest, unsigned *field)
{
    char *value_end = NULL;

    errno = 0;
    uintmax_t number = strtoumax(value, &value_end, 10);
    if (strspn(value, "0123456789") != strlen(value) || errno != 0 || number < smallest ||
        number > largest)
        BAD(parser, "`%s` is `%s`; expected a number from %u to %u", key, value, smallest, largest);
    else
        *field = (unsigned)number;
}

/* The index of VALUE among the words allowed, or COUNT. */
static size_t choose(struct settings_parser *parser, const char *key, const char *value,
                     const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(value, words[i]) != 0)
        i++;
    if (i < count)
        return i;
    const char *suggestion = nearest_word(value, words, count);
    BAD(parser, "`%s` is `%s`; %s `%s`", key, value,
        suggestion ? "did you mean" : "expected a value such as",
        suggestion ? suggestion : words[0]);
    return count;
}

static void set_keep(struct settings_parser *parser, const char *key, const char *value)
{
    static const char *const words[] = {"all", "none"};
    size_t choice = choose(parser, key, value, words, ARRAY_LENGTH(words));

    if (choice < ARRAY_LENGTH(words))
        parser->settings.keep_packages = choice == 0;
}

/* One or more, with commas. */
static void set_formats(struct settings_parser *parser, const char *key, const char *value)
{
    static const char *const words[] = {"md", "md-full", "json"};
    const char *rest = value;

    do {
        char word[32];
        size_t length = strcspn(rest += strspn(rest, " ,"), ", ");
        snprintf(word, sizeof(word), "%.*s", (int)length, rest);
        if (choose(parser, key, word, words, ARRAY_LENGTH(words)) == ARRAY_LENGTH(words))
            return;
        rest += length;
    } while (rest[strspn(rest, " ,")] != '\0');
    set_text(parser, value, &parser->settings.report_format);
}

static void set(struct settings_parser *parser, enum setting setting, const char *value)
{
    struct settings *settings = &parser->settings;
    const char *key = setting_names[setting].key;

    switch (setting) {
    case SETTING_DATA_DIR: set_path(parser, value, &settings->data_dir); break;
    case SETTING_LIST: set_path(parser, value, &settings->list); break;
    case SETTING_REPORT_DIR: set_path(parser, value, &settings->report_dir); break;
    case SETTING_JOBS:
        set_number(parser, key, value, 0, SETTINGS_JOBS_MAXIMUM, &settings->jobs);
        break;
    case SETTING_KEEP: set_keep(parser, key, value); break;
    case SETTING_USER_AGENT: set_text(parser, value, &settings->user_agent); break;
    case SETTING_LAUNCHPAD_FILES: set_text(parser, value, &settings->launchpad_files_url); break;
    case SETTING_CONNECT_TIMEOUT:
        set_number(parser, key, value, 1, SECONDS_MAXIMUM, &settings->connect_timeout_seconds);
        break;
    case SETTING_LOW_SPEED_LIMIT:
        set_number(parser, key, value, 1, SPEED_MAXIMUM, &settings->low_speed_bytes_per_second);
        break;
    case SETTING_LOW_SPEED_TIME:
        set_number(parser, key, value, 1, SECONDS_MAXIMUM, &settings->low_speed_seconds);
        break;
    case SETTING_FORMAT: set_formats(parser, key, value); break;
    case SETTING_COUNT: break;
    }
}

static bool is_section(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(sections); i++) {
        if (strcmp(name, sections[i]) == 0)
            return true;
    }
    return false;
}

static void report_section(struct settings_parser *parser, const char *section)
{
    const char *suggestion = nearest_word(section, sections, ARRAY_LENGTH(sections));

    if (strcmp(section, parser->unknown_section) == 0 && section[0] != '\0')
        return;
    snprintf(parser->unknown_section, sizeof(parser->unknown_section), "%s", section);
    if (section[0] == '\0')
        BAD(parser, "the setting stands before any section; expected `[%s]` above it", sections[0]);
    else if (suggestion)
        BAD(parser, "the setting is in unknown section `[%s]`; did you mean `[%s]`?", section,
            suggestion);
    else
        BAD(parser,
            "the setting is in unknown section `[%s]`; expected `[kstruct]`, `[fetch]` or "
            "`[report]`",
            section);
}

/* Also says where a key that is in another section belongs. */
static void report_key(struct settings_parser *parser, const char *section, const char *key)
{
    const char *candidates[SETTING_COUNT];
    size_t count = 0;

    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(setting_names[i].section, section) == 0)
            candidates[count++] = setting_names[i].key;
        else if (strcmp(setting_names[i].key, key) == 0) {
            BAD(parser, "`%s` is in section `[%s]`; it belongs in `[%s]`", key, section,
                setting_names[i].section);
            return;
        }
    }
    const char *suggestion = nearest_word(key, candidates, count);
    if (suggestion)
        BAD(parser, "unknown key `%s` in section `[%s]`; did you mean `%s`?", key, section,
            suggestion);
    else
        BAD(parser, "unknown key `%s` in section `[%s]`", key, section);
}

static enum setting find_setting(const char *section, const char *key)
{
    enum setting setting = 0;

    while (setting < SETTING_COUNT && (strcmp(setting_names[setting].section, section) != 0 ||
                                       strcmp(setting_names[setting].key, key) != 0))
        setting++;
    return setting;
}

/* Called by inih for each key. Returns 1: what it finds wrong is told already. */
static int take_setting(void *context, const char *section, const char *key, const char *value)
{
    struct settings_parser *parser = context;
    enum setting setting = find_setting(section, key);

    if (!is_section(section))
        report_section(parser, section);
    else if (setting == SETTING_COUNT)
        report_key(parser, section, key);
    else if (parser->given_in[setting] != 0)
        BAD(parser, "`%s` is given twice: here and in line %u", key, parser->given_in[setting]);
    else {
        parser->given_in[setting] = parser->lines.number;
        if (!value || value[0] == '\0')
            BAD(parser, "`%s` has no value", key);
        else
            set(parser, setting, value);
    }
    return 1;
}

/* Called by inih for the next line, which must fit CAPACITY bytes with its line end and a NUL: inih
 * would cut a longer one without a word. It would also take an indented line for more of the value
 * above, so lines come without their indentation. A line that cannot be read becomes an empty one.
 */
static char *read_line(char *line, int capacity, void *context)
{
    struct settings_parser *parser = context;
    size_t maximum = (size_t)capacity - 2;
    const char *text;
    size_t length;
    unsigned column;

    if (parser->failure || !text_lines_next(&parser->lines, &text, &length))
        return NULL;
    const char *fault = text_line_find_fault(text, length, &column);
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    if (fault)
        BAD(parser, "%s", fault);
    else if (length > maximum)
        BAD(parser, "the line is longer than %zu bytes", maximum);
    if (fault || length > maximum)
        length = 0;
    memcpy(line, text, length);
    memcpy(line + length, "\n", 2);
    return line;
}

struct error *settings_parse(const char *path, const char *text, size_t length,
                             struct settings *ret, struct config_errors *errors)
{
    struct settings_parser parser = {.path = path, .errors = errors};

    if (length > CONFIG_FILE_MAXIMUM)
        return error_create(ERROR_LIMIT, path, "has %zu bytes, more than the %d allowed", length,
                            CONFIG_FILE_MAXIMUM);
    TRY(settings_init_defaults(&parser.settings));
    text_lines_init(&parser.lines, text, length);
    int bad_line = ini_parse_stream(read_line, &parser, take_setting, &parser);
    if (bad_line > 0)
        config_errors_add(errors, path, (unsigned)bad_line, 0,
                          "expected `key = value`, `[section]` or a comment");
    else if (bad_line < 0 && !parser.failure)
        parser.failure = error_out_of_memory();

    struct error *error = parser.failure ? parser.failure : config_errors_check(errors, path);
    if (error) {
        settings_deinit(&parser.settings);
        return error;
    }
    *ret = parser.settings;
    return NULL;
}

struct error *settings_read(const char *path, struct settings *ret, struct config_errors *errors)
{
    CLEANUP(free_pointer) char *text = NULL;
    size_t length = 0;

    TRY(file_read(path, CONFIG_FILE_MAXIMUM, &text, &length));
    return settings_parse(path, text, length, ret, errors);
}
