/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_member.h"

#include "tests/unit/samples/extract_fixture.h"

enum { BLOCK_BYTES = 100 * 1024 };

/* Of the package that was opened last: a member names it in its errors. */
static char package_path[512];

static struct error *open_member(const struct fixture *fixture, const char *name, unsigned jobs,
                                 int *package_ret, struct vmlinux_member **member_ret)
{
    const struct extract_options options = {.jobs = jobs, .maximum_bytes = 1 << 30};

    path_in(fixture, name, package_path);
    *package_ret = open(package_path, O_RDONLY | O_CLOEXEC);
    assert_true(*package_ret >= 0);
    return vmlinux_member_open(*package_ret, package_path, &options, member_ret);
}

/* Copies the parts into DIRECTORY/out, which has vmlinux's size and is all zeros before. */
static struct error *copy_parts(const struct fixture *fixture, const char *name, unsigned jobs,
                                const struct byte_span *parts, size_t count)
{
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    union {
        const struct byte_span *constant;
        struct byte_span *spans;
    } list = {parts};
    const struct byte_spans spans = {count, list.spans};
    char output[512];
    int package;

    assert_success(open_member(fixture, name, jobs, &package, &member));
    assert_non_null(member);
    assert_int_equal(vmlinux_member_byte_size(member), VMLINUX_LENGTH);
    path_in(fixture, "out", output);
    int output_descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_int_equal(ftruncate(output_descriptor, VMLINUX_LENGTH), 0);
    struct error *error = vmlinux_member_copy(member, &spans, output_descriptor);
    close(output_descriptor);
    close(package);
    return error;
}

static void assert_has_only(const struct fixture *fixture, const struct byte_span *parts,
                            size_t count)
{
    unsigned char *expected = calloc(1, VMLINUX_LENGTH);
    char output[512];
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        memcpy(expected + parts[i].byte_offset, fixture->vmlinux + parts[i].byte_offset,
               parts[i].byte_size);
    path_in(fixture, "out", output);
    unsigned char *bytes = read_whole(output, &length);
    assert_int_equal(length, VMLINUX_LENGTH);
    assert_memory_equal(bytes, expected, length);
    free(bytes);
    free(expected);
}

static void make_blocks(const struct fixture *fixture)
{
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=100KiB", "");
}

static const struct byte_span some_parts[] = {
    {0, 64}, {150000, 3}, {BLOCK_BYTES * 3 - 5, BLOCK_BYTES + 10}, {VMLINUX_LENGTH - 1, 1}};

static void parts_are_as_in_the_file(void **state)
{
    static const struct byte_span all[] = {{0, VMLINUX_LENGTH}};

    make_blocks(*state);
    for (unsigned jobs = 0; jobs < 4; jobs++) {
        assert_success(copy_parts(*state, "a.ddeb", jobs, some_parts, ARRAY_LENGTH(some_parts)));
        assert_has_only(*state, some_parts, ARRAY_LENGTH(some_parts));
        assert_success(copy_parts(*state, "a.ddeb", jobs, all, 1));
        assert_has_only(*state, all, 1);
        assert_success(copy_parts(*state, "a.ddeb", jobs, all, 0));
        assert_has_only(*state, all, 0);
    }
}

/* Headers that come later are found without what is between them. */
static void it_may_lie_after_others(void **state)
{
    struct fixture *fixture = *state;

    run_in(fixture->directory, "mkdir -p tree/etc && seq 1 300000 > tree/etc/a && "
                               "head -c 1000000 tree/etc/a > tree/etc/b");
    make_blocks(fixture);
    assert_success(copy_parts(fixture, "a.ddeb", 2, some_parts, ARRAY_LENGTH(some_parts)));
    assert_has_only(fixture, some_parts, ARRAY_LENGTH(some_parts));
    run_in(fixture->directory, "rm -r tree/etc");
}

static void parts_are_taken_one_after_the_other(void **state)
{
    const struct fixture *fixture = *state;
    struct vmlinux_member *member = NULL;
    char output[512];
    int package;

    make_blocks(fixture);
    assert_success(open_member(fixture, "a.ddeb", 2, &package, &member));
    path_in(fixture, "out", output);
    int output_descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_int_equal(ftruncate(output_descriptor, VMLINUX_LENGTH), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(some_parts); i++) {
        struct byte_span part = some_parts[i];
        const struct byte_spans spans = {1, &part};
        assert_success(vmlinux_member_copy(member, &spans, output_descriptor));
    }
    assert_has_only(fixture, some_parts, ARRAY_LENGTH(some_parts));
    struct byte_span outside = {VMLINUX_LENGTH - 1, 2};
    const struct byte_spans spans = {1, &outside};
    assert_failure(vmlinux_member_copy(member, &spans, output_descriptor), ERROR_INTERNAL,
                   "outside");
    close(output_descriptor);
    close(package);
    vmlinux_member_close_pointer(&member);
}

/* Files of which each block has a header, before and after vmlinux. */
#define MANY_FILES                                                                                 \
    "mkdir -p tree/etc tree/usr/share && seq 1 15000 > tree/etc/a && "                             \
    "for i in 1 2 3 4 5 6 7; do cp tree/etc/a tree/etc/a$i; cp tree/etc/a tree/usr/share/a$i; "    \
    "done"

static void assert_is_found(const struct fixture *fixture)
{
    for (unsigned jobs = 1; jobs < 6; jobs++) {
        assert_success(copy_parts(fixture, "a.ddeb", jobs, some_parts, ARRAY_LENGTH(some_parts)));
        assert_has_only(fixture, some_parts, ARRAY_LENGTH(some_parts));
    }
}

static void many_blocks_before_it_are_not_read(void **state)
{
    struct fixture *fixture = *state;

    run_in(fixture->directory, MANY_FILES);
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=50KiB", "");
    assert_is_found(fixture);
    run_in(fixture->directory, "rm -r tree/etc tree/usr/share");
}

/* Some have nothing but bytes of another large file. */
static void another_large_file_is_passed_over(void **state)
{
    struct fixture *fixture = *state;

    run_in(fixture->directory, MANY_FILES " && seq 1 400000 > tree/usr/share/large && "
                                          "cp tree/usr/share/large tree/etc/large");
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=50KiB", "");
    assert_is_found(fixture);
    run_in(fixture->directory, "rm -r tree/etc tree/usr/share");
}

/* Where no block has bytes of vmlinux only, all of them are read faster in order. */
static void a_small_one_after_many_blocks_is_not_found(void **state)
{
    struct fixture *fixture = *state;
    struct vmlinux_member *member = NULL;
    int package;

    run_in(fixture->directory, MANY_FILES " && mv tree/usr/lib/debug/boot/vmlinux* . && "
                                          "seq 1 15000 > tree/usr/lib/debug/boot/$(ls vmlinux*)");
    make_blocks(fixture);
    run_in(fixture->directory, "rm -r tree/etc tree/usr/share && "
                               "mv vmlinux* tree/usr/lib/debug/boot/");
    assert_success(open_member(fixture, "a.ddeb", 2, &package, &member));
    assert_null(member);
    close(package);
}

static void without_blocks_there_is_none(void **state)
{
    static const struct {
        const char *member;
        const char *filter;
    } cases[] = {
        {"data.tar.xz", "xz -1"},
        {"data.tar.gz", "gzip -1"},
        {"data.tar", "cat"},
        {"data.tar.xz", "xz -0 --block-size=70MiB"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct vmlinux_member *member = NULL;
        int package;
        make_package(((struct fixture *)*state)->directory, "a", cases[i].member, cases[i].filter,
                     "");
        assert_success(open_member(*state, "a.ddeb", 1, &package, &member));
        assert_null(member);
        close(package);
    }
}

/* Whoever reads all of it says so. */
static void a_package_without_vmlinux_has_none(void **state)
{
    struct fixture *fixture = *state;
    struct vmlinux_member *member = NULL;
    int package;

    run_in(fixture->directory, "mv tree/usr/lib kept && seq 1 100000 > tree/usr/other");
    make_blocks(fixture);
    run_in(fixture->directory, "mv kept tree/usr/lib && rm tree/usr/other");
    assert_success(open_member(fixture, "a.ddeb", 1, &package, &member));
    assert_null(member);
    close(package);
}

/* Every byte of the compressed data is changed in turn, some steps apart: what was damaged is
 * refused, or was not needed. */
static void damage_is_refused_or_not_needed(void **state)
{
    struct fixture *fixture = *state;
    char path[512];
    size_t length = 0;
    size_t refused = 0;
    size_t read = 0;

    make_blocks(fixture);
    path_in(fixture, "a.ddeb", path);
    unsigned char *bytes = read_whole(path, &length);
    path_in(fixture, "bad.ddeb", path);
    for (size_t place = 300; place < length; place += length / 60) {
        CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
        int package;
        bytes[place] ^= 0x55;
        write_file(path, bytes, length);
        bytes[place] ^= 0x55;
        struct error *error = open_member(fixture, "bad.ddeb", 2, &package, &member);
        close(package);
        if (!error)
            error = copy_parts(fixture, "bad.ddeb", 2, some_parts, ARRAY_LENGTH(some_parts));
        if (error) {
            assert_failure(error, ERROR_CORRUPT, "fetch it again");
            refused++;
        } else {
            assert_has_only(fixture, some_parts, ARRAY_LENGTH(some_parts));
            read++;
        }
    }
    free(bytes);
    assert_true(refused > 10);
    assert_true(read > 5);
}

/* A package that arrives in parts. */
struct arriving {
    int package;
    uint64_t byte_size;
    uint64_t read_bytes;
    struct byte_span lost; /* does not arrive */
};

static struct error *read_arriving(void *context, uint64_t byte_offset, void *bytes, size_t length,
                                   uint64_t likely_end, size_t *length_ret)
{
    struct arriving *arriving = context;

    if (byte_offset + length > arriving->lost.byte_offset &&
        byte_offset < arriving->lost.byte_offset + arriving->lost.byte_size)
        return error_create(ERROR_INCONCLUSIVE, NULL, "does not arrive");
    assert_true(likely_end >= byte_offset + length);
    ssize_t count = pread(arriving->package, bytes, length, (off_t)byte_offset);
    assert_true(count >= 0);
    arriving->read_bytes += (uint64_t)count;
    *length_ret = (size_t)count;
    return NULL;
}

static void begin_arriving(const struct fixture *fixture, struct arriving *arriving)
{
    path_in(fixture, "a.ddeb", package_path);
    arriving->package = open(package_path, O_RDONLY | O_CLOEXEC);
    assert_true(arriving->package >= 0);
    arriving->byte_size = (uint64_t)lseek(arriving->package, 0, SEEK_END);
}

static struct error *copy_arriving(const struct fixture *fixture, struct arriving *arriving,
                                   bool has_ranges, bool *is_found_ret)
{
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    const struct extract_arrival arrival = {arriving->byte_size, has_ranges, read_arriving,
                                            arriving};
    const struct extract_options options = {
        .arrival = &arrival, .jobs = 1, .maximum_bytes = 1 << 30};
    char output[512];

    *is_found_ret = false;
    TRY(vmlinux_member_open(-1, package_path, &options, &member));
    *is_found_ret = member != NULL;
    if (!member)
        return NULL;
    path_in(fixture, "out", output);
    int output_descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_int_equal(ftruncate(output_descriptor, VMLINUX_LENGTH), 0);
    struct error *error = NULL;
    for (size_t i = 0; !error && i < ARRAY_LENGTH(some_parts); i++) {
        struct byte_span part = some_parts[i];
        const struct byte_spans spans = {1, &part};
        error = vmlinux_member_copy(member, &spans, output_descriptor);
    }
    close(output_descriptor);
    return error;
}

static void of_one_that_arrives_little_is_read(void **state)
{
    struct fixture *fixture = *state;
    struct arriving arriving = {0};
    bool is_found;

    run_in(fixture->directory, "mkdir -p tree/usr/share && head -c 20000000 /dev/urandom > "
                               "tree/usr/share/rest");
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=4MiB", "");
    run_in(fixture->directory, "rm -r tree/usr/share");
    begin_arriving(fixture, &arriving);
    assert_success(copy_arriving(fixture, &arriving, true, &is_found));
    assert_true(is_found);
    assert_has_only(fixture, some_parts, ARRAY_LENGTH(some_parts));
    assert_true(arriving.read_bytes < arriving.byte_size / 2);
    close(arriving.package);
}

static void of_one_that_arrives_in_order_there_is_none(void **state)
{
    struct arriving arriving = {0};
    bool is_found;

    make_blocks(*state);
    begin_arriving(*state, &arriving);
    assert_success(copy_arriving(*state, &arriving, false, &is_found));
    assert_false(is_found);
    assert_int_equal(arriving.read_bytes, 0);
    close(arriving.package);
}

static void what_does_not_arrive_is_told_where_it_is_needed(void **state)
{
    struct arriving arriving = {0};
    unsigned told = 0;
    unsigned not_needed = 0;

    make_blocks(*state);
    begin_arriving(*state, &arriving);
    arriving.lost.byte_size = arriving.byte_size / 60;
    while (arriving.lost.byte_offset < arriving.byte_size) {
        bool is_found;
        struct error *error = copy_arriving(*state, &arriving, true, &is_found);
        if (error) {
            assert_failure(error, ERROR_INCONCLUSIVE, "does not arrive");
            told++;
        } else {
            assert_has_only(*state, some_parts, ARRAY_LENGTH(some_parts));
            not_needed++;
        }
        arriving.lost.byte_offset += arriving.lost.byte_size;
    }
    assert_true(told > 10);
    assert_true(not_needed > 5);
    close(arriving.package);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_as_in_the_file),
        cmocka_unit_test(it_may_lie_after_others),
        cmocka_unit_test(parts_are_taken_one_after_the_other),
        cmocka_unit_test(many_blocks_before_it_are_not_read),
        cmocka_unit_test(another_large_file_is_passed_over),
        cmocka_unit_test(a_small_one_after_many_blocks_is_not_found),
        cmocka_unit_test(without_blocks_there_is_none),
        cmocka_unit_test(a_package_without_vmlinux_has_none),
        cmocka_unit_test(damage_is_refused_or_not_needed),
        cmocka_unit_test(of_one_that_arrives_little_is_read),
        cmocka_unit_test(of_one_that_arrives_in_order_there_is_none),
        cmocka_unit_test(what_does_not_arrive_is_told_where_it_is_needed),
    };
    return cmocka_run_group_tests_name("vmlinux_member", tests, make_fixture, remove_fixture);
}
