/* SPDX-License-Identifier: MIT */
#include "extract/module_members.h"

#include "tests/unit/samples/extract_fixture.h"

enum { MODULE_COUNT = 12, MODULE_BYTES = 70000 };

/* What the modules were, one after the other. */
struct taken {
    char names[MODULE_COUNT * 8 + 1];
    size_t count;
    bool are_as_made;
};

/* Module N has as many times the letter after 'a' + N. */
static struct error *take(void *context, struct module_member member)
{
    struct taken *taken = context;

    assert_success(module_member_expand(&member));
    assert_true(taken->count < MODULE_COUNT);
    snprintf(taken->names + strlen(taken->names), 8, "%.3s ", member.name);
    taken->are_as_made = taken->are_as_made && member.byte_size == MODULE_BYTES;
    for (size_t i = 0; i < member.byte_size; i++)
        taken->are_as_made = taken->are_as_made && member.bytes[i] == 'a' + taken->count;
    taken->count++;
    module_member_deinit(&member);
    return NULL;
}

static struct error *refuse(void *context UNUSED, struct module_member member)
{
    module_member_deinit(&member);
    return error_create(ERROR_LIMIT, "the taker", "has enough");
}

static struct error *take_all(const struct fixture *fixture, unsigned jobs,
                              const struct module_taker *taker)
{
    const struct extract_options options = {.jobs = jobs};
    char path[512];

    path_in(fixture, "a.ddeb", path);
    int package = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(package >= 0);
    struct error *error = extract_modules(package, path, &options, taker);
    close(package);
    return error;
}

/* Modules lie before and after vmlinux, which has blocks of its own; some are compressed. */
static void make_tree(const struct fixture *fixture)
{
    run_in(fixture->directory,
           "mkdir -p tree/usr/lib/debug/a tree/usr/lib/debug/z && cd tree/usr/lib/debug && "
           "for n in 0 1 2 3 4 5 6 7 8 9 10 11; do"
           " [ $n -lt 5 ] && d=a || d=z;"
           " letter=$(printf \"\\\\$(printf %%o $((97 + n)))\");"
           " head -c 70000 /dev/zero | tr '\\0' $letter > $d/m$(printf %%02d $n).ko; done && "
           "xz a/m02.ko && gzip z/m07.ko && echo other > z/readme.ko.txt");
}

static void modules_come_in_order(void **state)
{
    static const char *const filters[][2] = {
        {"data.tar.xz", "xz -1 --block-size=100KiB"},
        {"data.tar.xz", "xz -1"},
        {"data.tar.gz", "gzip -1"},
        {"data.tar", "cat"},
    };
    struct fixture *fixture = *state;

    make_tree(fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
        make_package(fixture->directory, "a", filters[i][0], filters[i][1], "");
        for (unsigned jobs = 1; jobs < 8; jobs += 3) {
            struct taken taken = {.are_as_made = true};
            const struct module_taker taker = {take, &taken};
            assert_success(take_all(fixture, jobs, &taker));
            assert_string_equal(taken.names, "m00 m01 m02 m03 m04 m05 m06 m07 m08 m09 m10 m11 ");
            assert_true(taken.are_as_made);
        }
    }
    run_in(fixture->directory, "rm -r tree/usr/lib/debug/a tree/usr/lib/debug/z");
}

static void the_takers_failure_ends_it(void **state)
{
    struct fixture *fixture = *state;
    const struct module_taker taker = {refuse, NULL};

    make_tree(fixture);
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=100KiB", "");
    assert_failure(take_all(fixture, 3, &taker), ERROR_LIMIT, "has enough");
    run_in(fixture->directory, "rm -r tree/usr/lib/debug/a tree/usr/lib/debug/z");
}

/* A damaged block fails, whichever thread decodes it. The module is most of the package. */
static void damage_is_seen(void **state)
{
    struct fixture *fixture = *state;
    const struct module_taker taker = {refuse, NULL};

    run_in(fixture->directory, "mkdir -p tree/usr/lib/debug/z && "
                               "head -c 6000000 /dev/urandom > tree/usr/lib/debug/z/m00.ko");
    make_package(fixture->directory, "a", "data.tar.xz", "xz -1 --block-size=100KiB", "");
    run_in(fixture->directory, "size=$(stat -c %%s a.ddeb) && printf XXXXXXXX | "
                               "dd of=a.ddeb bs=1 seek=$((size / 2)) conv=notrunc status=none");
    for (unsigned jobs = 1; jobs < 4; jobs++)
        assert_failure(take_all(fixture, jobs, &taker), ERROR_CORRUPT, "a.ddeb");
    run_in(fixture->directory, "rm -r tree/usr/lib/debug/z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_come_in_order),
        cmocka_unit_test(the_takers_failure_ends_it),
        cmocka_unit_test(damage_is_seen),
    };

    return cmocka_run_group_tests_name("module_members", tests, make_fixture, remove_fixture);
}
