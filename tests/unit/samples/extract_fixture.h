/* SPDX-License-Identifier: MIT */
/* What the tests of extracting share: a directory, a vmlinux in it, and how to look for it. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_EXTRACT_FIXTURE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_EXTRACT_FIXTURE_H

#include "extract/extract.h"
#include "tests/unit/samples/packages.h"

#define RELEASE "6.8.0-31-generic"
#define BOOT_PATH "usr/lib/debug/boot/vmlinux-" RELEASE
#define MODULES_PATH "usr/lib/debug/lib/modules/" RELEASE "/vmlinux"

enum { VMLINUX_LENGTH = 700000 };

/* What is common to the tests: a directory and the bytes that vmlinux has in it. */
struct fixture {
    char *directory;
    unsigned char vmlinux[VMLINUX_LENGTH];
};

static inline void path_in(const struct fixture *fixture, const char *name, char *path_ret)
{
    snprintf(path_ret, 512, "%s/%s", fixture->directory, name);
}

static inline int make_fixture(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char path[512];

    fixture->directory = make_directory();
    fill_like_a_kernel(fixture->vmlinux, VMLINUX_LENGTH, 1);
    run_in(fixture->directory, "mkdir -p tree/usr/lib/debug/boot tree/usr/share/doc/x && "
                               "seq 1 60000 > tree/usr/share/doc/x/changelog");
    path_in(fixture, "tree/" BOOT_PATH, path);
    write_file(path, fixture->vmlinux, VMLINUX_LENGTH);
    *state = fixture;
    return 0;
}

static inline int remove_fixture(void **state)
{
    struct fixture *fixture = *state;

    remove_directory(fixture->directory);
    free(fixture);
    return 0;
}

/* Extracts DIRECTORY/NAME into DIRECTORY/out. */
static inline struct error *extract_with(const struct fixture *fixture, const char *name,
                                         const struct extract_options *options,
                                         struct extract_result *result)
{
    char package[512];
    char output[512];

    path_in(fixture, name, package);
    path_in(fixture, "out", output);
    int input_descriptor = open(package, O_RDONLY | O_CLOEXEC);
    int output_descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_true(input_descriptor >= 0 && output_descriptor >= 0);
    struct error *error =
        extract_vmlinux(input_descriptor, package, options, output_descriptor, result);
    assert_int_equal(lseek(input_descriptor, 0, SEEK_CUR), 0);
    close(input_descriptor);
    close(output_descriptor);
    return error;
}

static inline struct error *extract_in(const struct fixture *fixture, const char *name,
                                       struct extract_result *result)
{
    const struct extract_options options = {.jobs = 3, .maximum_bytes = 1 << 30};

    return extract_with(fixture, name, &options, result);
}

static inline bool output_is_vmlinux(const struct fixture *fixture)
{
    char output[512];
    size_t length = 0;

    path_in(fixture, "out", output);
    unsigned char *bytes = read_whole(output, &length);
    bool is_same = length == VMLINUX_LENGTH && memcmp(bytes, fixture->vmlinux, length) == 0;
    free(bytes);
    return is_same;
}

static inline void assert_refused(const struct fixture *fixture, const char *name,
                                  enum error_code code, const char *text)
{
    struct extract_result result = {0};

    assert_failure(extract_in(fixture, name, &result), code, text);
    assert_null(result.release);
}

#endif
