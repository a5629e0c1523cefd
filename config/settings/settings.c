/* SPDX-License-Identifier: MIT */
#include "config/settings/settings.h"

#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/nearest_word.h"
#include "base/text/text_lines.h"
#include "config/settings/config_path.h"
#include "model/kernel/package_sources.h"

enum {
    SECONDS_MAXIMUM = 24 * 60 * 60,
    SPEED_MAXIMUM = 1 << 30, /* bytes per second */
    TRANSFERS_MAXIMUM = 64,
    TRIES_MAXIMUM = 100,
};

enum setting_kind {
    SETTING_TEXT,
    SETTING_URL,    /* a text; a slash at its end is dropped */
    SETTING_PATH,   /* relative to the file's directory */
    SETTING_PLACE,  /* a URL, or else a path as above */
    SETTING_NUMBER, /* from MINIMUM to MAXIMUM */
    SETTING_WORDS,  /* some of WORDS, with commas or spaces */
    SETTING_CHOICE, /* the place of one of WORDS */
    SETTING_SIZE,   /* of bytes: `300M`; or `all` or `none` */
    SETTING_MEMORY, /* the same, but not `none` or 0 */
};

struct setting {
    const char *section;
    const char *key;
    enum setting_kind kind;
    size_t offset; /* of its field in struct settings */
    unsigned minimum;
    unsigned maximum;
    const char *const *words; /* NULL at the end */
};

static const char *const image_words[] = {
    [SETTINGS_IMAGES_VMLINUX] = "vmlinux", [SETTINGS_IMAGES_ALL] = "all", NULL};
static const char *const format_words[] = {"md", "md-full", "json", "html", NULL};

#define FIELD(name) offsetof(struct settings, name)

static const struct setting all_settings[] = {
    {"kstruct", "data_dir", SETTING_PATH, FIELD(data_dir), 0, 0, NULL},
    {"kstruct", "list", SETTING_PATH, FIELD(list), 0, 0, NULL},
    {"kstruct", "lock", SETTING_PATH, FIELD(lock), 0, 0, NULL},
    {"kstruct", "report_dir", SETTING_PATH, FIELD(report_dir), 0, 0, NULL},
    {"kstruct", "jobs", SETTING_NUMBER, FIELD(jobs), 0, SETTINGS_JOBS_MAXIMUM, NULL},
    {"kstruct", "memory", SETTING_MEMORY, FIELD(memory_bytes), 0, 0, NULL},
    {"kstruct", "child_memory", SETTING_MEMORY, FIELD(child_memory_bytes), 0, 0, NULL},
    {"kstruct", "child_time", SETTING_NUMBER, FIELD(child_seconds), 1, SECONDS_MAXIMUM, NULL},
    {"kstruct", "images", SETTING_CHOICE, FIELD(images), 0, 0, image_words},
    {"kstruct", "system_dir", SETTING_PATH, FIELD(system_dir), 0, 0, NULL},
    {"fetch", "sources", SETTING_WORDS, FIELD(sources), 0, 0, fetch_source_words},
    {"fetch", "keep", SETTING_SIZE, FIELD(keep_bytes), 0, 0, NULL},
    {"fetch", "user_agent", SETTING_TEXT, FIELD(user_agent), 0, 0, NULL},
    {"fetch", "ca_bundle", SETTING_PATH, FIELD(ca_bundle), 0, 0, NULL},
    {"fetch", "launchpad_api", SETTING_URL, FIELD(launchpad_api_url), 0, 0, NULL},
    {"fetch", "launchpad_files", SETTING_URL, FIELD(launchpad_files_url), 0, 0, NULL},
    {"fetch", "ddebs", SETTING_URL, FIELD(ddebs_url), 0, 0, NULL},
    {"fetch", "ddebs_keyring", SETTING_PATH, FIELD(ddebs_keyring), 0, 0, NULL},
    {"fetch", "ddebs_suites", SETTING_TEXT, FIELD(ddebs_suites), 0, 0, NULL},
    {"fetch", "mirror", SETTING_PLACE, FIELD(mirror), 0, 0, NULL},
    {"fetch", "minimum_package", SETTING_SIZE, FIELD(minimum_package_bytes), 0, 0, NULL},
    {"fetch", "transfers", SETTING_NUMBER, FIELD(transfers), 1, TRANSFERS_MAXIMUM, NULL},
    {"fetch", "connections_per_host", SETTING_NUMBER, FIELD(connections_per_host), 1,
     TRANSFERS_MAXIMUM, NULL},
    {"fetch", "connect_timeout", SETTING_NUMBER, FIELD(connect_timeout_seconds), 1, SECONDS_MAXIMUM,
     NULL},
    {"fetch", "low_speed_limit", SETTING_NUMBER, FIELD(low_speed_bytes_per_second), 1,
     SPEED_MAXIMUM, NULL},
    {"fetch", "low_speed_time", SETTING_NUMBER, FIELD(low_speed_seconds), 1, SECONDS_MAXIMUM, NULL},
    {"fetch", "average_speed_limit", SETTING_NUMBER, FIELD(average_bytes_per_second), 0,
     SPEED_MAXIMUM, NULL},
    {"fetch", "tries", SETTING_NUMBER, FIELD(tries), 1, TRIES_MAXIMUM, NULL},
    {"fetch", "retry_wait", SETTING_NUMBER, FIELD(retry_wait_seconds), 0, SECONDS_MAXIMUM, NULL},
    {"fetch", "retry_after_limit", SETTING_NUMBER, FIELD(retry_after_maximum_seconds), 0,
     SECONDS_MAXIMUM, NULL},
    {"report", "format", SETTING_WORDS, FIELD(report_format), 0, 0, format_words},
    {"report", "url", SETTING_URL, FIELD(report_url), 0, 0, NULL},
};

enum { SETTING_COUNT = ARRAY_LENGTH(all_settings) };

static const char *const sections[] = {"kstruct", "fetch", "report"};

struct settings_parser {
    const char *path;
    struct text_lines lines; /* the last one read is the one that inih is at */
    struct settings settings;
    struct config_errors *errors;
    struct error *failure;            /* no memory: the rest of the file is not looked at */
    unsigned given_in[SETTING_COUNT]; /* the line of each setting; 0 where it is not given */
    char unknown_section[64];         /* the last one, so that each is told once */
};

#define LAUNCHPAD_API_URL "https://api.launchpad.net/devel"
#define LAUNCHPAD_FILES_URL "https://launchpad.net/ubuntu/+archive/primary/+files"
#define DDEBS_URL "http://ddebs.ubuntu.com"
#define DDEBS_KEYRING "/usr/share/keyrings/ubuntu-dbgsym-keyring.gpg"

/* The series that are supported; other ones' packages are on Launchpad only. */
#define DDEBS_SUITES                                                                               \
    "resolute-updates resolute questing-updates questing noble-updates noble jammy-updates jammy " \
    "focal-updates focal"

/* Today's largest vmlinux has somewhat over 1 GiB, and is in memory as a whole. */
#define CHILD_MEMORY_BYTES (UINT64_C(6) << 30)

/* A package without contents, where another one has them, has some 15 KB; one with them 200 MB. */
#define MINIMUM_PACKAGE_BYTES (UINT64_C(10) * 1000 * 1000)

#define BAD(parser, ...)                                                                           \
    config_errors_add((parser)->errors, (parser)->path, (parser)->lines.number, 0, __VA_ARGS__)

static bool owns_text(const struct setting *setting)
{
    return setting->kind != SETTING_NUMBER && setting->kind != SETTING_SIZE &&
           setting->kind != SETTING_MEMORY && setting->kind != SETTING_CHOICE;
}

static void *field_of(struct settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

void settings_deinit(struct settings *settings)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (owns_text(&all_settings[i]))
            free(*(char **)field_of(settings, &all_settings[i]));
    }
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
        .memory_bytes = SETTINGS_MEMORY_ALL,
        .child_memory_bytes = CHILD_MEMORY_BYTES,
        .child_seconds = 1800,
        .images = SETTINGS_IMAGES_ALL,
        .sources = strdup("launchpad, ddebs"),
        .keep_bytes = SETTINGS_KEEP_ALL,
        .user_agent = strdup("kstruct/" KSTRUCT_VERSION),
        .launchpad_api_url = strdup(LAUNCHPAD_API_URL),
        .launchpad_files_url = strdup(LAUNCHPAD_FILES_URL),
        .ddebs_url = strdup(DDEBS_URL),
        .ddebs_keyring = strdup(DDEBS_KEYRING),
        .ddebs_suites = strdup(DDEBS_SUITES),
        .minimum_package_bytes = MINIMUM_PACKAGE_BYTES,
        .transfers = 4,
        .connections_per_host = 2,
        .connect_timeout_seconds = 30,
        .low_speed_bytes_per_second = 1024,
        .low_speed_seconds = 60,
        .average_bytes_per_second = 16384,
        .tries = 4,
        .retry_wait_seconds = 1,
        .retry_after_maximum_seconds = 600,
        .report_format = strdup("md"),
        .system_dir = strdup("/sys/kernel"),
    };

    if (!defaults.data_dir || !defaults.list || !defaults.sources || !defaults.user_agent ||
        !defaults.launchpad_api_url || !defaults.launchpad_files_url || !defaults.ddebs_url ||
        !defaults.ddebs_keyring || !defaults.ddebs_suites || !defaults.report_format ||
        !defaults.system_dir) {
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

static void set_url(struct settings_parser *parser, const char *value, char **field)
{
    set_text(parser, value, field);
    for (size_t length = strlen(*field); length > 1 && (*field)[length - 1] == '/'; length--)
        (*field)[length - 1] = '\0';
}

static void set_number(struct settings_parser *parser, const struct setting *setting,
                       const char *value, unsigned *field)
{
    char *value_end = NULL;

    errno = 0;
    uintmax_t number = strtoumax(value, &value_end, 10);
    if (strspn(value, "0123456789") != strlen(value) || errno != 0 || number < setting->minimum ||
        number > setting->maximum)
        BAD(parser, "`%s` is `%s`; expected a number from %u to %u", setting->key, value,
            setting->minimum, setting->maximum);
    else
        *field = (unsigned)number;
}

/* "300", "300K", "300M", "300G", "300T". */
static bool read_size(const char *value, uint64_t *bytes_ret)
{
    static const char units[] = "KMGT";
    char *end = NULL;

    errno = 0;
    uintmax_t number = strtoumax(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || errno != 0)
        return false;
    const char *unit = *end ? strchr(units, *end) : NULL;
    for (const char *step = units; unit && step <= unit; step++) {
        if (__builtin_mul_overflow(number, 1024, &number))
            return false;
    }
    *bytes_ret = number;
    return *end == '\0' || (unit && end[1] == '\0');
}

static void set_size(struct settings_parser *parser, const struct setting *setting,
                     const char *value, uint64_t *field)
{
    static const char *const words[] = {"all", "none"};

    if (read_size(value, field))
        return;
    if (strcmp(value, "all") == 0)
        *field = SETTINGS_KEEP_ALL;
    else if (strcmp(value, "none") == 0)
        *field = SETTINGS_KEEP_NONE;
    else {
        const char *suggestion = nearest_word(value, words, ARRAY_LENGTH(words));
        BAD(parser, "`%s` is `%s`; %s%s%s", setting->key, value,
            suggestion ? "did you mean `" : "expected a value such as `300M`, `all` or `none",
            suggestion ? suggestion : "", "`");
    }
}

static void set_memory(struct settings_parser *parser, const struct setting *setting,
                       const char *value, uint64_t *field)
{
    uint64_t bytes = 0;

    if (strcmp(value, "all") == 0)
        *field = SETTINGS_MEMORY_ALL;
    else if (read_size(value, &bytes) && bytes > 0)
        *field = bytes;
    else
        BAD(parser, "`%s` is `%s`; expected a size such as `6G`, or `all`", setting->key, value);
}

static bool is_word(const char *const *words, const char *word)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static void report_word(struct settings_parser *parser, const struct setting *setting,
                        const char *word)
{
    size_t count = 0;

    while (setting->words[count])
        count++;
    const char *suggestion = nearest_word(word, setting->words, count);
    BAD(parser, "`%s` is `%s`; %s `%s`", setting->key, word,
        suggestion ? "did you mean" : "expected a value such as",
        suggestion ? suggestion : setting->words[0]);
}

static void set_words(struct settings_parser *parser, const struct setting *setting,
                      const char *value, char **field)
{
    const char *rest = value;

    do {
        char word[64];
        size_t length = strcspn(rest += strspn(rest, " ,"), ", ");
        snprintf(word, sizeof(word), "%.*s", (int)length, rest);
        if (!is_word(setting->words, word)) {
            report_word(parser, setting, word);
            return;
        }
        rest += length;
    } while (rest[strspn(rest, " ,")] != '\0');
    set_text(parser, value, field);
}

static void set_choice(struct settings_parser *parser, const struct setting *setting,
                       const char *value, unsigned *field)
{
    for (unsigned i = 0; setting->words[i]; i++) {
        if (strcmp(setting->words[i], value) == 0) {
            *field = i;
            return;
        }
    }
    report_word(parser, setting, value);
}

static void set(struct settings_parser *parser, const struct setting *setting, const char *value)
{
    void *field = field_of(&parser->settings, setting);

    switch (setting->kind) {
    case SETTING_TEXT: set_text(parser, value, field); break;
    case SETTING_URL: set_url(parser, value, field); break;
    case SETTING_PATH: set_path(parser, value, field); break;
    case SETTING_PLACE: (strstr(value, "://") ? set_text : set_path)(parser, value, field); break;
    case SETTING_NUMBER: set_number(parser, setting, value, field); break;
    case SETTING_WORDS: set_words(parser, setting, value, field); break;
    case SETTING_CHOICE: set_choice(parser, setting, value, field); break;
    case SETTING_SIZE: set_size(parser, setting, value, field); break;
    case SETTING_MEMORY: set_memory(parser, setting, value, field); break;
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
        if (strcmp(all_settings[i].section, section) == 0)
            candidates[count++] = all_settings[i].key;
        else if (strcmp(all_settings[i].key, key) == 0) {
            BAD(parser, "`%s` is in section `[%s]`; it belongs in `[%s]`", key, section,
                all_settings[i].section);
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

/* Its index, or SETTING_COUNT. */
static size_t find_setting(const char *section, const char *key)
{
    size_t i = 0;

    while (i < SETTING_COUNT &&
           (strcmp(all_settings[i].section, section) != 0 || strcmp(all_settings[i].key, key) != 0))
        i++;
    return i;
}

/* Called by inih for each key. Returns 1: what it finds wrong is told already. */
static int take_setting(void *context, const char *section, const char *key, const char *value)
{
    struct settings_parser *parser = context;
    size_t setting = find_setting(section, key);

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
            set(parser, &all_settings[setting], value);
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
