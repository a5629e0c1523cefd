/* SPDX-License-Identifier: MIT */
#include <lzma.h>

#include "tests/unit/samples/extract_fixture.h"

/* All that a download can leave when it is broken off, also after vmlinux. */
static void packages_cut_short_are_refused(void **state)
{
    static const char *const filters[] = {"xz -1", "cat"};
    struct fixture *fixture = *state;
    char path[512];

    for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
        size_t length = 0;

        make_package(fixture->directory, "a", "data.tar.xz", filters[i], "");
        path_in(fixture, "a.ddeb", path);
        unsigned char *bytes = read_whole(path, &length);
        path_in(fixture, "cut.ddeb", path);
        for (size_t cut = 0; cut < length; cut += cut < 400 ? 1 : length / 50) {
            struct extract_result result = {0};

            write_file(path, bytes, cut);
            assert_failure(extract_in(fixture, "cut.ddeb", &result),
                           cut < 8 ? ERROR_NOT_A_PACKAGE : ERROR_CORRUPT,
                           cut < 8 ? "does not begin" : "is cut short at byte ");
        }
        free(bytes);
    }
}

/* The ar archive is whole, but its writer was fed a cut stream. */
static void data_cut_short_is_refused(void **state)
{
    static const struct {
        const char *member;
        const char *program;
        const char *filter;
    } cases[] = {
        {"data.tar", "cat", "cat"},
        {"data.tar.gz", "gzip", "gzip -1"},
        {"data.tar.bz2", "bzip2", "bzip2 -1"},
        {"data.tar.zst", "zstd", "zstd -q"},
        {"data.tar.xz", "xz", "xz -1"},
        {"data.tar.xz", "xz", "xz -1 --block-size=100KiB"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        if (!has_program(cases[i].program)) {
            print_message("skipped in part: %s is not installed\n", cases[i].program);
            continue;
        }
        for (unsigned percent = 0; percent < 70; percent += 15) {
            char filter[256];
            struct extract_result result = {0};

            snprintf(filter, sizeof(filter),
                     "%s > whole && head -c $(($(stat -c %%s whole) * %u / 100)) whole",
                     cases[i].filter, percent);
            make_package(fixture->directory, "a", cases[i].member, filter, "");
            assert_failure(extract_in(fixture, "a.ddeb", &result), ERROR_CORRUPT, "fetch it again");
        }
    }
}

/* A tar whose own end is missing, inside a stream that is whole. */
static void a_file_shorter_than_declared_is_refused(void **state)
{
    struct fixture *fixture = *state;

    make_package(fixture->directory, "a", "data.tar.xz", "head -c 500000 | xz -1", "");
    assert_refused(fixture, "a.ddeb", ERROR_CORRUPT, "its data.tar.xz is damaged: Truncated");
    make_package(fixture->directory, "a", "data.tar.zst", "head -c 500000 | zstd -q", "");
    assert_refused(fixture, "a.ddeb", ERROR_CORRUPT, "its data.tar.zst is damaged: Truncated");
    make_package(fixture->directory, "a", "data.tar.xz", "cat >/dev/null; seq 10000 | xz -1", "");
    assert_refused(fixture, "a.ddeb", ERROR_CORRUPT, "its data.tar.xz is damaged");
    make_package(fixture->directory, "a", "data.tar", "head -c 0", "");
    assert_refused(fixture, "a.ddeb", ERROR_CORRUPT, "its data.tar is damaged");
}

/* A changed byte is found, or it lies after vmlinux and has no effect. */
static void changed_bytes_never_reach_the_output(void **state)
{
    static const char *const filters[] = {"xz -1 -T2 --block-size=100KiB", "xz -0"};
    struct fixture *fixture = *state;
    char path[512];

    for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
        size_t length = 0;
        unsigned found = 0;

        make_package(fixture->directory, "a", "data.tar.xz", filters[i], "");
        path_in(fixture, "a.ddeb", path);
        unsigned char *bytes = read_whole(path, &length);
        path_in(fixture, "changed.ddeb", path);
        for (size_t at = 400; at < length; at += length / 60) {
            struct extract_result result = {0};

            bytes[at] ^= 0x10;
            write_file(path, bytes, length);
            bytes[at] ^= 0x10;
            struct error *error = extract_in(fixture, "changed.ddeb", &result);
            assert_true(error || output_is_vmlinux(fixture));
            found += error != NULL;
            error_destroy(error);
            extract_result_deinit(&result);
        }
        assert_true(found > 30);
        free(bytes);
    }
}

/* xz stores what it cannot compress, so that a change there decodes well: only the check value at
 * the end of the block, far behind vmlinux, tells. */
static void a_change_that_decodes_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct extract_result result = {0};
    char path[512];
    size_t length = 0;

    run_in(fixture->directory, "mv tree kept && mkdir -p tree/usr/lib/debug/boot && "
                               "head -c 700000 /dev/urandom > tree/" BOOT_PATH " && "
                               "head -c 3000000 /dev/urandom > tree/usr/lib/debug/other");
    make_package(fixture->directory, "noise", "data.tar.xz", "xz -0", "");
    run_in(fixture->directory, "rm -r tree && mv kept tree");
    assert_success(extract_in(fixture, "noise.ddeb", &result));
    extract_result_deinit(&result);
    path_in(fixture, "noise.ddeb", path);
    unsigned char *bytes = read_whole(path, &length);
    bytes[300000] ^= 1;
    write_file(path, bytes, length);
    free(bytes);
    assert_refused(fixture, "noise.ddeb", ERROR_CORRUPT, "its xz data is damaged");
}

static void a_full_disk_is_told(void **state)
{
    const struct extract_options options = {.jobs = 1, .maximum_bytes = 1 << 30};
    struct fixture *fixture = *state;
    struct extract_result result = {0};
    char path[512];

    make_package(fixture->directory, "a", "data.tar.xz", "xz -1", "");
    path_in(fixture, "a.ddeb", path);
    int input_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int output_descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (output_descriptor < 0)
        skip();
    assert_failure(extract_vmlinux(input_descriptor, path, &options, output_descriptor, &result),
                   ERROR_SYSTEM, "cannot write: No space left on device");
    close(input_descriptor);
    close(output_descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages_cut_short_are_refused),
        cmocka_unit_test(data_cut_short_is_refused),
        cmocka_unit_test(a_file_shorter_than_declared_is_refused),
        cmocka_unit_test(changed_bytes_never_reach_the_output),
        cmocka_unit_test(a_change_that_decodes_is_found),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("extract_damage", tests, make_fixture, remove_fixture);
}
