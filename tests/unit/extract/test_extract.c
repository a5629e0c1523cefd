/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include "extract/vmlinux/vmlinux_path.h"
#include "extract/xz/xz_index.h"
#include "tests/unit/samples/extract_fixture.h"

static void assert_extracts(const struct fixture *fixture, const char *name, const char *member)
{
    for (unsigned jobs = 0; jobs < 4; jobs++) {
        const struct extract_options options = {.jobs = jobs, .maximum_bytes = VMLINUX_LENGTH};
        struct extract_result result = {0};

        assert_success(extract_with(fixture, name, &options, &result));
        assert_true(output_is_vmlinux(fixture));
        assert_int_equal(result.byte_size, VMLINUX_LENGTH);
        assert_string_equal(result.member_path, member);
        assert_string_equal(result.release, RELEASE);
        assert_true(result.package_bytes_read > 0);
        extract_result_deinit(&result);
    }
}

static void paths_are_matched_exactly(void **state UNUSED)
{
    static const struct {
        const char *path;
        const char *release; /* NULL: not vmlinux */
    } cases[] = {
        {"./" BOOT_PATH, RELEASE},
        {BOOT_PATH, RELEASE},
        {"./" MODULES_PATH, RELEASE},
        {MODULES_PATH, RELEASE},
        {"usr/lib/debug/boot/vmlinux-6.12.107+deb13-cloud-arm64", "6.12.107+deb13-cloud-arm64"},
        {"usr/lib/debug/lib/modules/7.2.13+deb14-cloud-amd64/vmlinux", "7.2.13+deb14-cloud-amd64"},
        {"/" BOOT_PATH, NULL},
        {"././" BOOT_PATH, NULL},
        {"../" BOOT_PATH, NULL},
        {BOOT_PATH "/", NULL},
        {BOOT_PATH "/vmlinux-gdb.py", NULL},
        {"x/" BOOT_PATH, NULL},
        {"usr/share/gdb/auto-load/boot/vmlinux-" RELEASE, NULL},
        {"usr/share/gdb/auto-load/boot/vmlinux-" RELEASE "/vmlinux-" RELEASE, NULL},
        {"usr/lib/debug/boot/vmlinux-", NULL},
        {"usr/lib/debug/boot/vmlinux-gdb.py", NULL},
        {"usr/lib/debug/boot/vmlinux", NULL},
        {"boot/vmlinux-" RELEASE, NULL},
        {"usr/lib/debug/lib/modules//vmlinux", NULL},
        {"usr/lib/debug/lib/modules/vmlinux", NULL},
        {"usr/lib/debug/lib/modules/" RELEASE "/kernel/vmlinux", NULL},
        {"usr/lib/debug/lib/modules/" RELEASE "/vmlinux.xz", NULL},
        {"usr/lib/debug/boot/vmlinux-6\n8", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *release = NULL;
        size_t length = 0;

        if (vmlinux_path_match(cases[i].path, &release, &length) != !!cases[i].release)
            fail_msg("wrong on \"%s\"", cases[i].path);
        if (cases[i].release)
            assert_memory_equal(release, cases[i].release, length);
        if (cases[i].release)
            assert_int_equal(length, strlen(cases[i].release));
    }
}

static void every_compression_is_read(void **state)
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
        {"data.tar.lzma", "xz", "xz -1 --format=lzma"},
        {"data.tar.xz", "xz", "xz -1"},
        {"data.tar.xz", "xz", "xz -1 --block-size=100KiB"},
        {"data.tar.xz", "xz", "xz -1 -T2 --block-size=100KiB --check=sha256"},
        {"data.tar.xz", "xz", "xz -1 --check=none"},
        {"data.tar.xz", "xz", "split -b 400000 --filter='xz -1'"},
        {"data.tar", "xz", "xz -1"},
        {"data.tar.xz", "gzip", "gzip -1"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        if (!has_program(cases[i].program)) {
            print_message("skipped in part: %s is not installed\n", cases[i].program);
            continue;
        }
        make_package(((struct fixture *)*state)->directory, "a", cases[i].member, cases[i].filter,
                     "");
        assert_extracts(*state, "a.ddeb", "./" BOOT_PATH);
    }
}

static void packages_of_dpkg_deb_are_read(void **state)
{
    static const char *const compressions[] = {"none", "gzip", "xz", "zstd"};
    struct fixture *fixture = *state;

    need_program("dpkg-deb");
    run_in(fixture->directory,
           "rm -rf real && cp -r tree real && mkdir real/DEBIAN && "
           "printf 'Package: x\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.org>\\n"
           "Description: x\\n' > real/DEBIAN/control");
    for (size_t i = 0; i < ARRAY_LENGTH(compressions); i++) {
        run_in(fixture->directory, "dpkg-deb -Z%s -z1 --root-owner-group --build real real.deb",
               compressions[i]);
        assert_extracts(fixture, "real.deb", "./" BOOT_PATH);
    }
}

static void the_place_beside_modules_is_found_after_decoys(void **state)
{
    struct fixture *fixture = *state;
    char path[512];

    run_in(fixture->directory,
           "mv tree kept && mkdir -p tree/usr/lib/debug/boot tree/usr/share/gdb/auto-load/boot/"
           "vmlinux-" RELEASE " tree/usr/lib/debug/lib/modules/" RELEASE
           " tree/usr/lib/debug/boot/vmlinux-1.directory && "
           "echo no > tree/usr/share/gdb/auto-load/boot/vmlinux-" RELEASE "/vmlinux-gdb.py && "
           "echo no > tree/usr/lib/debug/boot/vmlinux-gdb.py && "
           "ln -s ../lib/modules/" RELEASE "/vmlinux tree/" BOOT_PATH);
    path_in(fixture, "tree/" MODULES_PATH, path);
    write_file(path, fixture->vmlinux, VMLINUX_LENGTH);
    make_package(fixture->directory, "moved", "data.tar.xz", "xz -1", "");
    assert_extracts(fixture, "moved.ddeb", "./" MODULES_PATH);
    run_in(fixture->directory, "tar -C tree -cf data.tar usr && rm -f bare.deb && "
                               "ar rcD bare.deb debian-binary data.tar && "
                               "rm -r tree && mv kept tree");
    assert_extracts(fixture, "bare.deb", MODULES_PATH);
}

static void links_are_not_vmlinux(void **state)
{
    struct fixture *fixture = *state;

    run_in(fixture->directory, "mv tree kept && mkdir -p tree/usr/lib/debug/boot && "
                               "ln -s /elsewhere tree/" BOOT_PATH);
    make_package(fixture->directory, "link", "data.tar.xz", "xz -1", "");
    assert_refused(fixture, "link.ddeb", ERROR_NO_VMLINUX,
                   "only as a link, ./" BOOT_PATH " to /elsewhere");
    run_in(fixture->directory, "rm tree/" BOOT_PATH " && echo x > tree/usr/lib/debug/boot/a && "
                               "ln tree/usr/lib/debug/boot/a tree/" BOOT_PATH);
    make_package(fixture->directory, "link", "data.tar.xz", "xz -1", "");
    run_in(fixture->directory, "rm -r tree && mv kept tree");
    assert_refused(fixture, "link.ddeb", ERROR_NO_VMLINUX, "only as a link");
}

static void packages_without_vmlinux_are_told_apart(void **state)
{
    struct fixture *fixture = *state;

    run_in(fixture->directory, "mv tree kept && mkdir -p tree/usr/share && echo x > tree/usr/x");
    make_package(fixture->directory, "wrapper", "data.tar.zst", "zstd -q", "");
    run_in(fixture->directory, "head -c 11000000 /dev/zero > tree/usr/y");
    make_package(fixture->directory, "other", "data.tar", "cat", "");
    run_in(fixture->directory, "rm -r tree && mv kept tree");
    assert_refused(fixture, "wrapper.ddeb", ERROR_NO_VMLINUX,
                   "no vmlinux among its 4 members; with");
    assert_refused(fixture, "wrapper.ddeb", ERROR_NO_VMLINUX, "linux-image-unsigned-...-dbgsym");
    assert_refused(fixture, "other.ddeb", ERROR_NO_VMLINUX, "package of debug symbols");
}

static void sizes_are_limited(void **state)
{
    const struct extract_options options = {.jobs = 1, .maximum_bytes = VMLINUX_LENGTH - 1};
    struct fixture *fixture = *state;
    struct extract_result result = {0};

    make_package(fixture->directory, "a", "data.tar.xz", "xz -1", "");
    assert_failure(extract_with(fixture, "a.ddeb", &options, &result), ERROR_LIMIT,
                   "has 700000 bytes, more than the 699999 allowed");
    run_in(fixture->directory, "mv tree kept && mkdir -p tree/usr/lib/debug/boot && "
                               ": > tree/" BOOT_PATH);
    make_package(fixture->directory, "empty", "data.tar.xz", "xz -1", "");
    run_in(fixture->directory, "rm -r tree && mv kept tree");
    assert_refused(fixture, "empty.ddeb", ERROR_NO_VMLINUX, "is an empty file");
}

/* dpkg-deb asks for some MiB. */
static void a_window_that_is_too_large_is_said_to_be_so(void **state)
{
    static const struct {
        const char *member;
        const char *program;
        const char *filter;
        const char *why;
    } cases[] = {
        {"data.tar.xz", "xz", "xz -T1 --lzma2=preset=0,dict=1536MiB", "needs 1536 MiB of memory"},
        {"data.tar.zst", "zstd", "zstd -q -1 --long=31", "needs 2048 MiB of memory"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        if (!has_program(cases[i].program)) {
            print_message("skipped in part: %s is not installed\n", cases[i].program);
            continue;
        }
        make_package(fixture->directory, "a", cases[i].member, cases[i].filter, "");
        for (unsigned jobs = 1; jobs <= 2; jobs++) {
            const struct extract_options options = {.jobs = jobs};
            struct extract_result result = {0};
            assert_failure(extract_with(fixture, "a.ddeb", &options, &result), ERROR_LIMIT,
                           cases[i].why);
        }
    }
}

/* What is made of many streams that hold nothing: liblzma would take hours for their indexes. */
static void the_index_of_many_streams_is_not_looked_for(void **state)
{
    struct fixture *fixture = *state;
    uint64_t block_end = 0;
    char path[512];

    need_program("xz");
    run_in(fixture->directory, ": | xz > many && for i in $(seq 17); do "
                               "cat many many > twice && mv twice many; done && "
                               "head -c 100000 /dev/zero | xz >> many");
    path_in(fixture, "many", path);
    int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const struct byte_range data = {
        .source = {.file_descriptor = file_descriptor, .path = path},
        .end_offset = (uint64_t)lseek(file_descriptor, 0, SEEK_END),
    };
    assert_success(xz_index_block_end(&data, 0, &block_end));
    assert_true(block_end == XZ_INDEX_UNKNOWN);
    close(file_descriptor);
}

static void the_control_file_tells_the_architecture(void **state)
{
    static const struct {
        const char *control; /* for printf(1) */
        const char *architecture;
    } cases[] = {
        {"Package: x\\nArchitecture: armel\\nDescription: y\\n", "armel"},
        {"Architecture:mipsel", "mipsel"},
        {"Package: x\\n", NULL},
        {"", NULL},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char path[512];
        char *architecture;
        make_package(fixture->directory, "a", "data.tar.gz", "gzip -1", "");
        run_in(fixture->directory,
               "printf '%s' > control && tar -czf control.tar.gz ./control && rm -f a.ddeb && "
               "ar rcD a.ddeb debian-binary control.tar.gz data.tar.gz",
               cases[i].control);
        path_in(fixture, "a.ddeb", path);
        int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);
        assert_success(extract_architecture(file_descriptor, path, NULL, &architecture));
        close(file_descriptor);
        if (cases[i].architecture)
            assert_string_equal(architecture, cases[i].architecture);
        else
            assert_null(architecture);
        free(architecture);
    }
}

/* vmlinux may be sound all the same. */
static void a_package_without_a_control_file_has_no_architecture(void **state)
{
    struct fixture *fixture = *state;
    char path[512];
    char *architecture;

    make_package(fixture->directory, "a", "data.tar.gz", "gzip -1", "");
    run_in(fixture->directory, "echo none > control.tar.gz && rm a.ddeb && "
                               "ar rcD a.ddeb debian-binary control.tar.gz data.tar.gz");
    path_in(fixture, "a.ddeb", path);
    int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_success(extract_architecture(file_descriptor, path, NULL, &architecture));
    close(file_descriptor);
    assert_null(architecture);
}

static void holes_are_zeros(void **state)
{
    struct fixture *fixture = *state;
    struct extract_result result = {0};

    run_in(fixture->directory,
           "mv tree kept && mkdir -p tree/usr/lib/debug/boot && truncate -s 3M tree/" BOOT_PATH
           " && printf middle | dd of=tree/" BOOT_PATH " bs=1 seek=1500000 conv=notrunc status=none"
           " && cp --sparse=always tree/" BOOT_PATH " expected");
    make_package(fixture->directory, "sparse", "data.tar.xz", "xz -1", "--sparse");
    run_in(fixture->directory, "rm -r tree && mv kept tree");
    assert_success(extract_in(fixture, "sparse.ddeb", &result));
    assert_int_equal(result.byte_size, 3 << 20);
    extract_result_deinit(&result);
    run_in(fixture->directory, "cmp out expected");
}

static void what_is_no_package_is_refused(void **state)
{
    struct fixture *fixture = *state;

    run_in(
        fixture->directory,
        "echo '<html>404 Not Found</html>' > page.ddeb; : > empty.file; mkdir -p dir.ddeb; "
        "rm -f lib.a; ar rcD lib.a page.ddeb; "
        "for i in $(seq 40); do echo x > m$i; done; rm -f many.a; ar rcD many.a m?*; "
        "printf '!<arch>\\nthis is not a member header, but as long as one is, that is all.....' "
        "> bad.ddeb");
    assert_refused(fixture, "page.ddeb", ERROR_NOT_A_PACKAGE, "does not begin as a Debian package");
    assert_refused(fixture, "empty.file", ERROR_NOT_A_PACKAGE, "does not begin");
    assert_refused(fixture, "dir.ddeb", ERROR_NOT_A_PACKAGE, "not a regular file");
    assert_refused(fixture, "lib.a", ERROR_NOT_A_PACKAGE, "without a data.tar member");
    assert_refused(fixture, "many.a", ERROR_NOT_A_PACKAGE, "no data.tar among its first 32");
    assert_refused(fixture, "bad.ddeb", ERROR_CORRUPT, "at byte 8: not an ar member's header");
}

static void memory_takes_the_place_of_a_file(void **state)
{
    const struct extract_options options = {.jobs = 2, .maximum_bytes = 1 << 30};
    struct fixture *fixture = *state;
    struct extract_result result = {0};
    struct stat status;
    char path[512];
    int output_descriptor = -1;

    make_package(fixture->directory, "a", "data.tar.xz", "xz -1", "");
    path_in(fixture, "a.ddeb", path);
    int input_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(extract_is_package(input_descriptor));
    assert_success(extract_memory_file(&output_descriptor));
    assert_false(extract_is_package(output_descriptor));
    assert_int_equal(fcntl(output_descriptor, F_GETFD), FD_CLOEXEC);
    assert_success(extract_vmlinux(input_descriptor, path, &options, output_descriptor, &result));
    assert_int_equal(fstat(output_descriptor, &status), 0);
    assert_int_equal(status.st_size, VMLINUX_LENGTH);
    extract_result_deinit(&result);
    close(input_descriptor);
    close(output_descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_matched_exactly),
        cmocka_unit_test(every_compression_is_read),
        cmocka_unit_test(packages_of_dpkg_deb_are_read),
        cmocka_unit_test(the_place_beside_modules_is_found_after_decoys),
        cmocka_unit_test(links_are_not_vmlinux),
        cmocka_unit_test(packages_without_vmlinux_are_told_apart),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(a_window_that_is_too_large_is_said_to_be_so),
        cmocka_unit_test(the_control_file_tells_the_architecture),
        cmocka_unit_test(a_package_without_a_control_file_has_no_architecture),
        cmocka_unit_test(the_index_of_many_streams_is_not_looked_for),
        cmocka_unit_test(holes_are_zeros),
        cmocka_unit_test(what_is_no_package_is_refused),
        cmocka_unit_test(memory_takes_the_place_of_a_file),
    };
    return cmocka_run_group_tests_name("extract", tests, make_fixture, remove_fixture);
}
