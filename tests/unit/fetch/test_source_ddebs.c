/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/ddebs_archive.h"

#include "base/system/parallel.h"

static void a_kernel_is_found(void **state)
{
    struct ddebs *ddebs = *state;
    struct fetch_plan plan;

    need_keys();
    write_suite(ddebs, "noble", GOOD_STANZA);
    serve_archive(ddebs);
    assert_success(resolve(ddebs, KERNEL, "6.8.0-31.31", &plan));
    assert_string_equal(plan.package_version, "6.8.0-31.31");
    assert_int_equal(plan.byte_size, 5000);
    fetch_plan_deinit(&plan);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_non_null(strstr(ddebs->base->logged,
                           "/dists/noble-updates/InRelease: the server has no "
                           "such file (HTTP status 404); the suite is passed"));
    assert_missed(ddebs, KERNEL, "6.8.0-31.32", ERROR_NOT_FOUND,
                  KERNEL ": is in none of the suites noble-updates noble as version 6.8.0-31.32");
    assert_missed(ddebs, "6.8.0-31-generic-arm64", NULL, ERROR_NOT_FOUND,
                  "is in none of the suites");
    assert_missed(ddebs, "6.8.0-32-generic-amd64", NULL, ERROR_NOT_FOUND,
                  "is in none of the suites");
    assert_missed(ddebs, "nonsense", NULL, ERROR_CONFIGURATION, "is no kernel's name");
}

/* One question a run and suite; and Packages only if they are not those in the cache. */
static void indexes_are_asked_for_once(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble", GOOD_STANZA);
    serve_archive(ddebs);
    for (unsigned run = 1; run <= 2; run++) {
        begin_run(ddebs);
        assert_found(ddebs, KERNEL, NULL, FOUND);
        assert_found(ddebs, KERNEL, "6.8.0-31.31", FOUND);
        assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), run);
        assert_int_equal(request_count(ddebs->base, XZ), 1);
    }
    run_in(ddebs->base->cache_dir,
           "test \"$(find . -type f | wc -l)\" = 2; cmp ddebs/*/noble/InRelease "
           "'%s/dists/noble/InRelease'",
           ddebs->root);
    /* What is in the cache is taken only if it proves itself. */
    run_in(ddebs->base->cache_dir, "for file in ddebs/*/noble/*; do echo x > $file; done");
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_int_equal(request_count(ddebs->base, XZ), 2);
    ddebs_cache_destroy(ddebs->base->settings.ddebs_cache);
    ddebs->base->settings.ddebs_cache = NULL;
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 4);
}

static struct error *find_one(void *context, unsigned worker UNUSED, size_t item UNUSED)
{
    struct fetch_plan plan;

    TRY(resolve(context, KERNEL, NULL, &plan));
    fetch_plan_deinit(&plan);
    return NULL;
}

static void threads_share_what_is_read(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble", GOOD_STANZA);
    serve_archive(ddebs);
    assert_success(parallel_for(4, 20, find_one, ddebs));
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 1);
    assert_int_equal(request_count(ddebs->base, XZ), 1);
}

/* What is there under a name that InRelease lists, and what is asked for. */
static void packings_are_tried_in_order(void **state)
{
    static const struct {
        const char *pack;
        const char *after; /* Release was written */
        const char *asked;
    } cases[] = {
        {PACK_XZ, "true", "Packages.xz"},
        {PACK_GZ, "true", "Packages.gz"},
        {PACK_NOT, "true", "Packages"},
        {"gzip -kn Packages; xz -k Packages", "true", "Packages.xz"},
        {"gzip -kn Packages; xz -k Packages", "rm Packages.xz", "Packages.gz"},
        {"xz -k Packages", "rm Packages.xz", "Packages"},
    };
    struct ddebs *ddebs = *state;

    need_keys();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char path[256];

        run_in("/", "rm -rf '%s' '%s'", ddebs->root, ddebs->base->cache_dir);
        run_in("/", "mkdir -p '%s'", ddebs->root);
        write_packages(ddebs, "noble", "main/binary-amd64", GOOD_STANZA, cases[i].pack);
        write_release(ddebs, "noble", APRIL, "");
        sign_suite(ddebs, "noble", SIGN_GOOD);
        run_in(ddebs->root, "cd dists/noble/main/binary-amd64; %s", cases[i].after);
        serve_archive(ddebs);
        begin_run(ddebs);
        assert_found(ddebs, KERNEL, NULL, FOUND);
        snprintf(path, sizeof(path), NOBLE "main/binary-amd64/%s", cases[i].asked);
        assert_int_equal(request_count(ddebs->base, path), 1);
    }
}

static void names_by_hash_come_first(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_packages(ddebs, "noble", "main/binary-amd64", GOOD_STANZA, PACK_XZ);
    write_release(ddebs, "noble", APRIL, "Acquire-By-Hash: yes\\n");
    sign_suite(ddebs, "noble", SIGN_GOOD);
    serve_archive(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND); /* there is none by hash yet */
    assert_int_equal(request_count(ddebs->base, XZ), 1);

    /* Under its own name there is a newer one already. */
    run_in(ddebs->root, "cd dists/noble/main/binary-amd64 && mkdir -p by-hash/SHA256 && "
                        "cp Packages.xz by-hash/SHA256/$(sha256sum < Packages.xz | cut -d' ' -f1) "
                        "&& echo newer > Packages.xz");
    run_in("/", "rm -rf '%s'", ddebs->base->cache_dir);
    serve_archive(ddebs);
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_int_equal(request_count(ddebs->base, XZ), 0);
}

static void components_are_main_and_universe(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_packages(ddebs, "noble", "main/binary-amd64", "", PACK_XZ);
    write_packages(ddebs, "noble", "universe/binary-amd64", GOOD_STANZA, PACK_GZ);
    write_packages(ddebs, "noble", "multiverse/binary-amd64",
                   STANZA("linux-image-6.8.0-1-x-dbgsym", "1", "5000", ""), PACK_GZ);
    write_release(ddebs, "noble", APRIL, "");
    sign_suite(ddebs, "noble", SIGN_GOOD);
    serve_archive(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_missed(ddebs, "6.8.0-1-x-amd64", NULL, ERROR_NOT_FOUND, "is in none");
}

static void strange_stanzas_are_read(void **state)
{
    enum { LONG = 200000 };
    struct ddebs *ddebs = *state;
    char *text = malloc(LONG + 4096);

    need_keys();
    int length = sprintf(text, STANZA("linux-image-5.15.0-52-generic-dbgsym",
                                      "5.15.0-52.58~20.04.1+x", "5000", "") "\nDepends: ");
    memset(text + length, 'a', LONG);
    /* The last line has no end, and the version an epoch. */
    strcpy(text + length + LONG,
           "\nPACKAGE: " UNSIGNED "\nversion: 1:6.8.0-31.31\nArchitecture: amd64\n"
           "Size: 5000\nSHA256: " WRONG_SHA256 "\nFilename: " POOL "a%3a b.ddeb");
    write_suite(ddebs, "noble", text);
    free(text);
    serve_archive(ddebs);
    assert_found(ddebs, "5.15.0-52-generic-amd64", "5.15.0-52.58~20.04.1+x",
                 POOL "linux-image-5.15.0-52-generic-dbgsym_5.15.0-52.58~20.04.1+x_amd64.ddeb");
    assert_found(ddebs, KERNEL, "6.8.0-31.31", POOL "a%253a%20b.ddeb");
}

/* An index may list what is for all architectures, or by mistake for another. */
static void packages_of_other_architectures_are_passed_over(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble",
                "Package: " UNSIGNED "\nVersion: 1\nArchitecture: arm64\nSize: 5000\n"
                "Filename: pool/x.ddeb\nSHA256: " WRONG_SHA256 "\n\n" GOOD_STANZA);
    serve_archive(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_missed(ddebs, KERNEL, "1", ERROR_NOT_FOUND, "is in none of the suites");
}

/* A name may be built for a series and, by another compiler, for the one before. */
static void builds_of_one_name_are_told_apart(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    ddebs->base->settings.ddebs_suites = "jammy focal";
    write_suite(ddebs, "focal", STANZA(UNSIGNED, "6.8.0-31.31~20.04.1", "5000", ""));
    write_suite(ddebs, "jammy", GOOD_STANZA);
    serve_archive(ddebs);
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, "6.8.0-31.31~20.04.1",
                 POOL UNSIGNED "_6.8.0-31.31~20.04.1_amd64.ddeb");
    assert_found(ddebs, KERNEL, "6.8.0-31.31", FOUND);
    assert_null(strstr(ddebs->base->logged, "was built more than once"));
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_non_null(strstr(ddebs->base->logged, "was built more than once: 6.8.0-31.31 of jammy is "
                                                "taken, not 6.8.0-31.31~20.04.1 of focal"));
}

static void wrappers_are_passed_over(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble", STANZA(PLAIN, "6.8.0-31.31", "999", ""));
    serve_archive(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_WRAPPER, PLAIN ": has 999 bytes only");

    write_suite(ddebs, "noble", STANZA(PLAIN, "6.8.0-31.31", "999", "") "\n" GOOD_STANZA);
    serve_archive(ddebs);
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);

    write_suite(ddebs, "noble", STANZA(PLAIN, "6.8.0-31.31", "1000", ""));
    serve_archive(ddebs);
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, NULL, POOL PLAIN "_6.8.0-31.31_amd64.ddeb");
}

static void incomplete_stanzas_are_told(void **state)
{
    static const struct {
        const char *fields;
        const char *error;
    } cases[] = {
        {"Filename: pool/x.ddeb\nSize: 5000\n", "the index of noble has no SHA-256 of it"},
        {"Size: 5000\nSHA256: " WRONG_SHA256 "\n", "has no usable path of it"},
        {"Filename: /etc/x.ddeb\nSHA256: " WRONG_SHA256 "\n", "has no usable path of it"},
        {"Filename: pool/../x.ddeb\nSHA256: " WRONG_SHA256 "\n", "has no usable path of it"},
        {"Filename: pool//x.ddeb\nSHA256: " WRONG_SHA256 "\n", "has no usable path of it"},
        {"Filename: pool/\nSHA256: " WRONG_SHA256 "\n", "has no usable path of it"},
    };
    struct ddebs *ddebs = *state;

    need_keys();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char text[1024];

        snprintf(text, sizeof(text), "Package: %s\nVersion: 1\nArchitecture: amd64\n%s", UNSIGNED,
                 cases[i].fields);
        write_suite(ddebs, "noble", text);
        serve_archive(ddebs);
        begin_run(ddebs);
        assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, cases[i].error);
    }
}

/* An index that must not be used says nothing of whether there is a package; others may. */
static void a_suite_that_cannot_be_read_leaves_it_open(void **state)
{
    struct ddebs *ddebs = *state;

    need_keys();
    write_suite(ddebs, "noble", GOOD_STANZA);
    write_suite(ddebs, "noble-updates", "");
    sign_suite(ddebs, "noble-updates", SIGN_OTHER);
    serve_archive(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_missed(ddebs, "6.8.0-32-generic-amd64", NULL, ERROR_INCONCLUSIVE,
                  "/dists/noble-updates/InRelease: is signed with key ");
    assert_int_equal(request_count(ddebs->base, "/dists/noble-updates/InRelease"), 1);
}

static void servers_that_fail_leave_it_open(void **state)
{
    struct ddebs *ddebs = *state;
    struct http_route *route = ddebs->base->routes;

    need_keys();
    ddebs->base->settings.ddebs_suites = "noble";
    write_suite(ddebs, "noble", GOOD_STANZA);
    serve_archive(ddebs);
    while (strcmp(route->path, NOBLE "InRelease") != 0)
        route++;
    route->failures_before = 2;
    begin_run(ddebs);
    assert_found(ddebs, KERNEL, NULL, FOUND);
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 3);
    serve_archive(ddebs);
    route->status = 503;
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 3);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 3); /* is not asked again */
    serve_archive(ddebs);
    route->missing_length = 9 << 20;
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_INCONCLUSIVE, "is longer than the 8388608 bytes");
    assert_int_equal(request_count(ddebs->base, NOBLE "InRelease"), 1);
    ddebs->base->settings.ddebs_suites = "../noble";
    begin_run(ddebs);
    assert_missed(ddebs, KERNEL, NULL, ERROR_CONFIGURATION, "../noble is no suite's name");
}

static void packages_are_fetched_and_proven(void **state)
{
    struct ddebs *ddebs = *state;
    struct fetched_package package = {0};
    const struct fetch_request request = {.kernel_name = KERNEL};
    char text[2048];
    char path[1024];

    need_keys();
    snprintf(text, sizeof(text),
             "Package: " UNSIGNED "\nVersion: 6.8.0-31.31\nArchitecture: amd64\nFilename: " FOUND
             "\nSize: %d\nSHA256: %s\n",
             PACKAGE_LENGTH, ddebs->base->sha256);
    run_in(ddebs->root, "mkdir -p " POOL);
    snprintf(path, sizeof(path), "%s/" FOUND, ddebs->root);
    write_file(path, ddebs->base->package, PACKAGE_LENGTH);
    write_suite(ddebs, "noble", text);
    serve_archive(ddebs);
    assert_success(fetch_package(&ddebs->base->settings, &request, &package));
    assert_true(package.was_fetched && package.is_verified);
    assert_string_equal(package.package_version, "6.8.0-31.31");
    assert_holds_package(ddebs->base, package.path);
    fetched_package_discard(&package);
    fetched_package_deinit(&package);

    ddebs->base->package[PACKAGE_LENGTH - 1] ^= 1;
    write_file(path, ddebs->base->package, PACKAGE_LENGTH);
    serve_archive(ddebs);
    assert_failure(fetch_package(&ddebs->base->settings, &request, &package), ERROR_CORRUPT,
                   "the bytes have SHA-256");
}

static void assert_discovered(struct ddebs *ddebs, struct discovery_filter filter,
                              const char *expected)
{
    struct discovered_kernels kernels = {0};
    char found[1024] = "";

    assert_success(discover_kernels(&ddebs->base->settings, FETCH_DDEBS, &filter, &kernels));
    for (size_t i = 0; i < kernels.count; i++) {
        size_t length = strlen(found);
        snprintf(found + length, sizeof(found) - length, "%s %s %d\n", kernels.kernels[i].name,
                 kernels.kernels[i].package_version, (int)kernels.kernels[i].byte_size);
        assert_null(kernels.kernels[i].published_on);
    }
    assert_string_equal(found, expected);
    discovered_kernels_deinit(&kernels);
}

static void kernels_are_discovered(void **state)
{
    static const char noble[] =
        GOOD_STANZA "\n" STANZA(PLAIN, "6.8.0-31.31", "999", "") "\n" STANZA(
            "linux-image-generic-dbgsym", "6.8.0-31.31", "5000",
            "") "\n" STANZA("linux-image-6.8.0-31-dbgsym", "1", "5000",
                            "") "\n" STANZA("linux-image-6.9.0-2-generic-64k-dbgsym", "6.9.0-2.2",
                                            "6000", "");
    struct ddebs *ddebs = *state;

    need_keys();
    ddebs->base->settings.ddebs_suites = "noble-updates, noble noble-proposed nobler jammy";
    write_packages(
        ddebs, "noble", "main/binary-arm64",
        "Package: linux-image-6.8.0-31-generic-dbgsym\nVersion: 6.8.0-31.31\nSize: 7000\n"
        "Architecture: arm64\n",
        PACK_GZ);
    write_suite(ddebs, "noble", noble);
    write_suite(ddebs, "noble-updates", GOOD_STANZA);
    write_suite(ddebs, "noble-proposed", STANZA("linux-image-6.8.0-99-p-dbgsym", "9", "5000", ""));
    write_suite(ddebs, "nobler", STANZA("linux-image-6.8.0-99-r-dbgsym", "9", "5000", ""));
    write_suite(ddebs, "jammy", STANZA(UNSIGNED, "6.8.0-31.31~22.04.1", "5000", ""));
    serve_archive(ddebs);
    begin_run(ddebs);
    assert_discovered(ddebs, (struct discovery_filter){.series = "noble"},
                      KERNEL " 6.8.0-31.31 5000\n6.9.0-2-generic-64k-amd64 6.9.0-2.2 6000\n"
                             "6.8.0-31-generic-arm64 6.8.0-31.31 7000\n");
    assert_discovered(ddebs, (struct discovery_filter){.version = "6.8.0", .flavor = "generic"},
                      KERNEL " 6.8.0-31.31 5000\n6.8.0-31-generic-arm64 6.8.0-31.31 7000\n" KERNEL
                             " 6.8.0-31.31~22.04.1 5000\n");
    assert_discovered(ddebs, (struct discovery_filter){.flavor = "generic-64k"},
                      "6.9.0-2-generic-64k-amd64 6.9.0-2.2 6000\n");
    assert_discovered(ddebs, (struct discovery_filter){.series = "noble", .architecture = "arm64"},
                      "6.8.0-31-generic-arm64 6.8.0-31.31 7000\n");
}

static void what_is_discovered_may_be_a_part(void **state)
{
    struct ddebs *ddebs = *state;
    struct discovered_kernels kernels = {0};

    need_keys();
    write_suite(ddebs, "noble-updates", "");
    sign_suite(ddebs, "noble-updates", SIGN_OTHER);
    write_suite(ddebs, "noble", GOOD_STANZA);
    serve_archive(ddebs);
    assert_failure(discover_kernels(&ddebs->base->settings, FETCH_DDEBS,
                                    &(struct discovery_filter){0}, &kernels),
                   ERROR_INCONCLUSIVE, "is signed with key");
    assert_int_equal(kernels.count, 1);
    discovered_kernels_deinit(&kernels);
    assert_failure(discover_kernels(&ddebs->base->settings, FETCH_DDEBS,
                                    &(struct discovery_filter){.series = "focal"}, &kernels),
                   ERROR_INCONCLUSIVE, "focal: none of the suites is looked through for it");
    assert_int_equal(kernels.count, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_ddebs, remove_ddebs)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kernel_is_found),
        TEST(indexes_are_asked_for_once),
        TEST(threads_share_what_is_read),
        TEST(packings_are_tried_in_order),
        TEST(names_by_hash_come_first),
        TEST(components_are_main_and_universe),
        TEST(strange_stanzas_are_read),
        TEST(packages_of_other_architectures_are_passed_over),
        TEST(builds_of_one_name_are_told_apart),
        TEST(wrappers_are_passed_over),
        TEST(incomplete_stanzas_are_told),
        TEST(a_suite_that_cannot_be_read_leaves_it_open),
        TEST(servers_that_fail_leave_it_open),
        TEST(packages_are_fetched_and_proven),
        TEST(kernels_are_discovered),
        TEST(what_is_discovered_may_be_a_part),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("source_ddebs", tests, make_keys, remove_keys);
    curl_global_cleanup();
    return failed;
}
