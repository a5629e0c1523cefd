/* SPDX-License-Identifier: MIT */
#include <sys/file.h>

#include "fetch/package/kept/package_cache.h"
#include "tests/unit/samples/fetch_fixture.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct cache {
    char *directory;
    const char *needed; /* a name or hash, or NULL */
};

static int make_cache(void **state)
{
    struct cache *cache = calloc(1, sizeof(*cache));

    cache->directory = make_directory();
    *state = cache;
    return 0;
}

static int remove_cache(void **state)
{
    struct cache *cache = *state;

    remove_directory(cache->directory);
    free(cache);
    return 0;
}

/* A package of 1000 bytes with its record, last used so many days ago. */
static void put(const struct cache *cache, const char *name, unsigned days)
{
    run_in(cache->directory,
           "head -c 1000 /dev/zero >'%s' && printf 'http://h/%s\\n" HASH "\\n' >'%s.from' && "
           "touch -d '-%u days' '%s'",
           name, name, name, days, name);
}

static bool is_needed(void *context, const char *file_name, const char *sha256)
{
    const struct cache *cache = context;

    return cache->needed &&
           (strcmp(cache->needed, file_name) == 0 || strcmp(cache->needed, sha256) == 0);
}

static void trim(struct cache *cache, uint64_t maximum_bytes)
{
    const struct package_cache_rules rules = {
        .maximum_bytes = maximum_bytes, .is_needed = is_needed, .context = cache};

    assert_success(package_cache_trim(cache->directory, &rules));
}

/* Fails unless there are those files, but for records. */
static void assert_left(const struct cache *cache, const char *names)
{
    run_in(cache->directory, "test \"$(echo $(ls | grep -v 'b.from$'))\" = '%s'", names);
}

static void the_longest_unused_go_first(void **state)
{
    struct cache *cache = *state;

    put(cache, "a.deb", 2);
    put(cache, "b.ddeb", 4);
    put(cache, "c.deb", 1);
    put(cache, "d.deb", 3);
    trim(cache, 4000);
    assert_left(cache, "a.deb b.ddeb c.deb d.deb");
    trim(cache, 3999);
    assert_left(cache, "a.deb c.deb d.deb");
    run_in(cache->directory, "test ! -e b.ddeb.from");
    trim(cache, 1500);
    assert_left(cache, "c.deb");
    trim(cache, 0);
    assert_left(cache, "");
    run_in(cache->directory, "test -z \"$(ls -A)\"");
    trim(cache, 0);
}

static void needed_ones_stay(void **state)
{
    struct cache *cache = *state;

    put(cache, "a.deb", 3);
    put(cache, "b.deb", 2);
    put(cache, "c.deb", 1);
    cache->needed = HASH;
    trim(cache, 0);
    assert_left(cache, "a.deb b.deb c.deb");
    cache->needed = "b.deb";
    trim(cache, 2000);
    assert_left(cache, "b.deb c.deb");
    trim(cache, 0);
    assert_left(cache, "b.deb");
}

/* A vmlinux is a package like others: its record tells. */
static void suffixes_do_not_matter(void **state)
{
    struct cache *cache = *state;

    put(cache, "5.4.0-26-generic-amd64", 2);
    put(cache, "a.deb", 1);
    trim(cache, 1000);
    assert_left(cache, "a.deb");
}

static void other_files_are_left_alone(void **state)
{
    struct cache *cache = *state;

    put(cache, "none.deb", 9);
    put(cache, "cut.deb", 9);
    put(cache, "wrong.deb", 9);
    put(cache, "more.deb", 9);
    put(cache, ".hidden.deb", 9);
    put(cache, "target.deb", 9);
    run_in(cache->directory, "rm none.deb.from");
    run_in(cache->directory, "head -c 40 cut.deb.from >x && mv x cut.deb.from");
    run_in(cache->directory, "tr 0-9 g-p <wrong.deb.from >x && mv x wrong.deb.from");
    run_in(cache->directory, "echo x >>more.deb.from");
    run_in(cache->directory, "mkdir dir.deb elsewhere && cp cut.deb.from dir.deb.from && "
                             "mv target.deb elsewhere && ln -s elsewhere/target.deb target.deb");
    trim(cache, 0);
    assert_left(cache, "cut.deb dir.deb elsewhere more.deb none.deb target.deb wrong.deb");
    run_in(cache->directory, "test -e .hidden.deb && test -e elsewhere/target.deb");
}

static void old_beginnings_go(void **state)
{
    struct cache *cache = *state;
    char path[600];

    run_in(cache->directory, "touch new.deb.part new.deb.part.from old.deb.part.from notes.part "
                             "vmlinux.part.from");
    run_in(cache->directory, "touch -d '-8 days' old.deb.part held.ddeb.part notes.part "
                             "vmlinux.part");
    run_in(cache->directory, "touch -d '-6 days' new.deb.part");
    snprintf(path, sizeof(path), "%s/held.ddeb.part", cache->directory);
    int held = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(held, LOCK_EX), 0);
    trim(cache, 1000);
    assert_left(cache, "held.ddeb.part new.deb.part new.deb.part.from notes.part");
    close(held);
    trim(cache, 1000);
    assert_left(cache, "new.deb.part new.deb.part.from notes.part");
}

static void a_missing_directory_has_nothing(void **state)
{
    struct cache *cache = *state;
    const struct package_cache_rules rules = {.is_needed = is_needed, .context = cache};

    assert_success(package_cache_trim("/nonexistent/packages", &rules));
    assert_failure(package_cache_trim("/dev/null", &rules), ERROR_SYSTEM, "/dev/null: cannot open");
}

/* What is used again was used just now. */
static void reuse_is_use(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};

    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    fetched_package_deinit(&package);
    run_in(fixture->package_dir, "touch -d '-9 days' *.ddeb");
    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    assert_false(package.was_fetched);
    fetched_package_deinit(&package);
    run_in(fixture->package_dir, "test -n \"$(find . -name '*.ddeb' -mmin -5)\"");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_cache, remove_cache)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_longest_unused_go_first),
        TEST(needed_ones_stay),
        TEST(suffixes_do_not_matter),
        TEST(other_files_are_left_alone),
        TEST(old_beginnings_go),
        TEST(a_missing_directory_has_nothing),
        cmocka_unit_test_setup_teardown(reuse_is_use, make_fixture, remove_fixture),
    };

    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("package_cache", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
