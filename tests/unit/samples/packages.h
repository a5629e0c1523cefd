/* SPDX-License-Identifier: MIT */
/* Debian packages for tests, made in a directory of their own with the distribution's tools. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_PACKAGES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_PACKAGES_H

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* Runs a shell command in DIRECTORY and fails the test if it fails. */
static inline void run_in(const char *directory, const char *format, ...) PRINTF_LIKE(2, 3);

static inline void run_in(const char *directory, const char *format, ...)
{
    va_list arguments;
    char *command = NULL;
    char *line = NULL;

    va_start(arguments, format);
    assert_true(vasprintf(&command, format, arguments) >= 0);
    va_end(arguments);
    assert_true(asprintf(&line, "cd '%s' && { %s; } >/dev/null", directory, command) >= 0);
    if (system(line) != 0)
        fail_msg("failed: %s", command);
    free(command);
    free(line);
}

static inline bool has_program(const char *name)
{
    char command[128];

    snprintf(command, sizeof(command), "command -v %s >/dev/null", name);
    return system(command) == 0;
}

/* Ends the test as skipped, with a line that says why, where a tool is not installed. */
static inline void need_program(const char *name)
{
    if (has_program(name))
        return;
    print_message("skipped: %s is not installed\n", name);
    skip();
}

/* A new directory below TMPDIR; free with remove_directory(). */
static inline char *make_directory(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = NULL;

    assert_true(asprintf(&path, "%s/kstruct-test-XXXXXX", parent ? parent : "/tmp") >= 0);
    assert_non_null(mkdtemp(path));
    return path;
}

static inline void remove_directory(char *path)
{
    run_in("/", "rm -rf '%s'", path);
    free(path);
}

/* LENGTH bytes that do not compress; the same for the same SEED, which is not 0. */
static inline void fill_with_noise(unsigned char *bytes, size_t length, uint32_t seed)
{
    for (size_t i = 0; i < length; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        bytes[i] = (unsigned char)(seed >> 16);
    }
}

/* LENGTH bytes that compress about as well as a kernel does. */
static inline void fill_like_a_kernel(unsigned char *bytes, size_t length, uint32_t seed)
{
    fill_with_noise(bytes, length, seed);
    for (size_t i = 0; i < length; i++) {
        if (i % 16 < 11)
            bytes[i] = (unsigned char)(i / 4096);
    }
}

static inline void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* The whole file; free with free(). */
static inline unsigned char *read_whole(const char *path, size_t *length_ret)
{
    FILE *file = fopen(path, "re");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length_ret = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*length_ret + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length_ret, file), *length_ret);
    fclose(file);
    return bytes;
}

/* DIRECTORY/NAME.ddeb of the files below DIRECTORY/tree, whose tar is made with TAR_OPTIONS and
 * goes through the command FILTER; the data member is named MEMBER. */
static inline void make_package(const char *directory, const char *name, const char *member,
                                const char *filter, const char *tar_options)
{
    run_in(directory,
           "tar -C tree --sort=name --owner=0 --group=0 %s -cf - . | %s > %s && "
           "printf '2.0\\n' > debian-binary && tar -czf control.tar.gz -T /dev/null && "
           "rm -f %s.ddeb && ar rcD %s.ddeb debian-binary control.tar.gz %s",
           tar_options, filter, member, name, name, member);
}

#endif
