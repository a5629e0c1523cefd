/* SPDX-License-Identifier: MIT */
#include "config/list/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/system/file.h"
#include "base/text/text_lines.h"

static const char head[] =
    "# The packages that kstruct took for the kernels of its list: where each was, its size in\n"
    "# bytes, and its hash. A later run takes the same bytes, from there or from elsewhere, or\n"
    "# fails. kstruct keeps this file up to date; it belongs under version control, beside the\n"
    "# list. To have a kernel looked for anew, remove its line.\n";

void lock_file_deinit(struct lock_file *lock)
{
    for (size_t i = 0; i < lock->count; i++)
        locked_package_deinit(&lock->packages[i]);
    free(lock->packages);
    *lock = (struct lock_file){0};
}

struct error *lock_file_default_path(const char *list_path, char **ret)
{
    static const char suffix[] = ".list";
    size_t length = strlen(list_path);

    if (text_has_suffix(list_path, suffix) && path_base_name(list_path)[0] != '.')
        length -= strlen(suffix);
    if (asprintf(ret, "%.*s.lock", (int)length, list_path) < 0)
        return error_out_of_memory();
    return NULL;
}

/* Where the kernel is, or would have to be. */
static size_t find_place(const struct lock_file *lock, const struct kernel_name *name,
                         bool *is_there_ret)
{
    size_t low = 0;
    size_t high = lock->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kernel_name_compare(&lock->packages[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *is_there_ret = low < lock->count && kernel_name_compare(&lock->packages[low].name, name) == 0;
    return low;
}

const struct locked_package *lock_file_find(const struct lock_file *lock, const char *name)
{
    for (size_t i = 0; i < lock->count; i++) {
        if (strcmp(lock->packages[i].name.text, name) == 0)
            return &lock->packages[i];
    }
    return NULL;
}

/* Takes PACKAGE in any case. */
static struct error *insert(struct lock_file *lock, size_t place, struct locked_package *package)
{
    struct locked_package *grown =
        reallocarray(lock->packages, lock->count + 1, sizeof(*lock->packages));

    if (!grown) {
        locked_package_deinit(package);
        return error_out_of_memory();
    }
    lock->packages = grown;
    memmove(&grown[place + 1], &grown[place], (lock->count - place) * sizeof(*grown));
    grown[place] = *package;
    lock->count++;
    return NULL;
}

static struct error *parse_line(const char *path, const char *line, size_t length, unsigned number,
                                struct lock_file *lock, struct config_errors *errors)
{
    struct locked_package package = {.line = number};
    unsigned column;
    bool is_there = false;
    const char *fault = text_line_find_fault(line, length, &column);

    if (fault) {
        config_errors_add(errors, path, number, column, "%s", fault);
        return NULL;
    }
    TRY(locked_package_parse(path, line, length, &package, errors));
    if (!package.name.text)
        return NULL;
    size_t place = find_place(lock, &package.name, &is_there);
    if (!is_there)
        return insert(lock, place, &package);
    config_errors_add(errors, path, number, 0, "kernel `%s` is locked twice: here and in line %u",
                      package.name.text, lock->packages[place].line);
    locked_package_deinit(&package);
    return NULL;
}

static struct error *parse_lines(const char *path, const char *text, size_t length,
                                 struct lock_file *lock, struct config_errors *errors)
{
    struct text_lines lines;
    const char *line;
    size_t line_length;

    text_lines_init(&lines, text, length);
    while (text_lines_next(&lines, &line, &line_length))
        TRY(parse_line(path, line, line_length, lines.number, lock, errors));
    return config_errors_check(errors, path);
}

struct error *lock_file_parse(const char *path, const char *text, size_t length,
                              struct lock_file *ret, struct config_errors *errors)
{
    struct lock_file lock = {0};

    if (length > CONFIG_FILE_MAXIMUM)
        return error_create(ERROR_LIMIT, path, "has %zu bytes, more than the %d allowed", length,
                            CONFIG_FILE_MAXIMUM);
    struct error *error = parse_lines(path, text, length, &lock, errors);
    if (error) {
        lock_file_deinit(&lock);
        return error;
    }
    *ret = lock;
    return NULL;
}

/* The text of a file that may be missing: *text_ret is NULL then. */
static struct error *read_if_there(const char *path, char **text_ret, size_t *length_ret)
{
    struct error *error = file_read(path, CONFIG_FILE_MAXIMUM, text_ret, length_ret);

    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    error_destroy(error);
    *text_ret = NULL;
    *length_ret = 0;
    return NULL;
}

struct error *lock_file_read(const char *path, struct lock_file *ret, struct config_errors *errors)
{
    CLEANUP(free_pointer) char *text = NULL;
    size_t length = 0;

    TRY(read_if_there(path, &text, &length));
    return lock_file_parse(path, text ? text : "", length, ret, errors);
}

/* Writing the line and reading it back is what copies the package, and proves that it can be. */
static struct error *copy_package(const char *name, const struct locked_package *package,
                                  struct locked_package *ret)
{
    CLEANUP(buffer_deinit) struct buffer line;
    CLEANUP(config_errors_deinit) struct config_errors errors = {0};
    unsigned column;

    buffer_init(&line, 4 * CONFIG_LINE_MAXIMUM);
    locked_package_format(name, package, &line);
    TRY(buffer_check(&line, name));
    size_t length = line.length - 1;
    const char *fault = text_line_find_fault(line.data, length, &column);
    if (!fault) {
        TRY(locked_package_parse("", line.data, length, ret, &errors));
        fault = errors.count > 0 ? errors.errors[0]->why : NULL;
    }
    if (fault)
        return error_create(ERROR_UNSUPPORTED, name, "cannot be kept in a lock file: %s", fault);
    return NULL;
}

struct error *lock_file_put(struct lock_file *lock, const char *name,
                            const struct locked_package *package)
{
    struct locked_package copy = {0};
    bool is_there = false;

    TRY(copy_package(name, package, &copy));
    size_t place = find_place(lock, &copy.name, &is_there);
    if (!is_there)
        return insert(lock, place, &copy);
    locked_package_deinit(&lock->packages[place]);
    lock->packages[place] = copy;
    return NULL;
}

void lock_file_format(const struct lock_file *lock, struct buffer *text)
{
    buffer_append_text(text, head);
    for (size_t i = 0; i < lock->count; i++)
        locked_package_format(lock->packages[i].name.text, &lock->packages[i], text);
}

static struct error *merge(struct lock_file *lock, const struct lock_file *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        TRY(lock_file_put(lock, changes->packages[i].name.text, &changes->packages[i]));
    return NULL;
}

/* Waits until no other process updates a lock file in the directory that PATH's file is in. It is
 * the directory that is locked, since the file is replaced. Let go by close(). Where it cannot be
 * locked, as on some network file systems, there is nothing to wait for. */
static struct error *wait_for_turn(const char *path, int *turn_ret)
{
    CLEANUP(free_pointer) char *file = realpath(path, NULL);
    CLEANUP(free_pointer) char *directory = path_directory(file ? file : path);

    if (!directory)
        return error_out_of_memory();
    *turn_ret = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (*turn_ret >= 0 && flock(*turn_ret, LOCK_EX) != 0 && errno == EINTR)
        continue;
    return NULL;
}

struct error *lock_file_update(const char *path, const struct lock_file *changes)
{
    CLEANUP(close_pointer) int turn = -1;
    CLEANUP(config_errors_deinit) struct config_errors errors = {0};
    CLEANUP(lock_file_deinit) struct lock_file lock = {0};
    CLEANUP(buffer_deinit) struct buffer text;
    CLEANUP(free_pointer) char *old_text = NULL;
    size_t old_length = 0;

    buffer_init(&text, CONFIG_FILE_MAXIMUM);
    TRY(wait_for_turn(path, &turn));
    TRY(read_if_there(path, &old_text, &old_length));
    TRY(lock_file_parse(path, old_text ? old_text : "", old_length, &lock, &errors));
    TRY(merge(&lock, changes));
    lock_file_format(&lock, &text);
    TRY(buffer_check(&text, path));
    if (old_text && old_length == text.length && memcmp(old_text, text.data, text.length) == 0)
        return NULL;
    return file_replace(path, text.data, text.length);
}
