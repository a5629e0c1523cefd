/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/launchpad_fixture.h"

#define NEWEST_FIRST "&order_by_date=true&ws.size=300"
#define ALL PUBLISHED "linux-image-" NEWEST_FIRST

static struct error *discover(struct launchpad *launchpad, const struct discovery_filter *filter,
                              struct discovered_kernels *kernels)
{
    *kernels = (struct discovered_kernels){0};
    return discover_kernels(&launchpad->fixture->settings, FETCH_LAUNCHPAD, filter, kernels);
}

static void assert_kernel(const struct discovered_kernels *kernels, size_t number, const char *name,
                          const char *version)
{
    assert_true(number < kernels->count);
    assert_string_equal(kernels->kernels[number].name, name);
    assert_string_equal(kernels->kernels[number].package_version, version);
}

static void a_kernel_is_told_once_however_often_it_was_published(void **state)
{
    static const struct discovery_filter any = {0};
    struct launchpad *launchpad = *state;
    struct discovered_kernels kernels;

    answer_page(
        launchpad, ALL,
        ENTRIES(ENTRY(1, UNSIGNED, "6.8.0-31.31", "noble/amd64", "Published", "Updates", ""),
                NOBLE(2, UNSIGNED, "6.8.0-31.31"), NOBLE(3, PLAIN, "6.8.0-31.31")));
    assert_success(discover(launchpad, &any, &kernels));
    assert_int_equal(kernels.count, 1);
    assert_kernel(&kernels, 0, KERNEL, "6.8.0-31.31");
    assert_string_equal(kernels.kernels[0].published_on, "2024-04-20");
    assert_true(kernels.kernels[0].byte_size == UINT64_MAX);
    discovered_kernels_deinit(&kernels);
}

#define WITH(package, version, status, pocket, more)                                               \
    ENTRY(9, package, version, "jammy/arm64", status, pocket, more)

static void what_is_no_kernel_to_count_on_is_left_out(void **state)
{
    static const struct discovery_filter any = {0};
    static const char *const pages[] = {
        PAGE(WITH("linux-image-5.4.0-26-generic", "1", "Published", "Release", "")),
        PAGE(WITH("linux-image-generic-dbgsym", "1", "Published", "Release", "")),
        PAGE(WITH("linux-image-5.4.0-26-dbgsym", "1", "Published", "Release", "")),
        PAGE(WITH("linux-image-5.4.0--dbgsym", "1", "Published", "Release", "")),
        PAGE(WITH("linux-image-unsigned--dbgsym", "1", "Published", "Release", "")),
        PAGE(WITH("my-linux-image-5.4.0-26-generic-dbgsym", "1", "Published", "Release", "")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Published", "Proposed", "")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Published", "Backports", "")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Pending", "Updates", "")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Deleted", "Updates", "")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Published", "Updates",
                  ", \"is_debug\": false")),
        PAGE(WITH("linux-image-5.4.0-26-generic-dbgsym", "1", "Published", "Updates",
                  ", \"source_package_name\": \"linux-signed-hwe\"")),
    };
    struct launchpad *launchpad = *state;
    struct discovered_kernels kernels;

    for (size_t i = 0; i < ARRAY_LENGTH(pages); i++) {
        launchpad->count = 0;
        answer(launchpad, ALL, "%s", pages[i]);
        assert_success(discover(launchpad, &any, &kernels));
        assert_int_equal(kernels.count, 0);
        discovered_kernels_deinit(&kernels);
    }
    launchpad->count = 0;
    answer(launchpad, ALL,
           PAGE(WITH("linux-image-5.4.0-26-generic-64k-dbgsym", "1", "Deleted", "Security",
                     ", \"date_superseded\": \"2024-01-01T00:00:00+00:00\", "
                     "\"source_package_name\": null, \"date_created\": null")));
    assert_success(discover(launchpad, &any, &kernels));
    assert_int_equal(kernels.count, 1);
    assert_kernel(&kernels, 0, "5.4.0-26-generic-64k-arm64", "1");
    assert_null(kernels.kernels[0].published_on);
    discovered_kernels_deinit(&kernels);
}

static void what_is_asked_for_is_sent_along_and_looked_at(void **state)
{
    struct launchpad *launchpad = *state;
    const struct discovery_filter filter = {.version = "6.8.0",
                                            .series = "noble",
                                            .architecture = "amd64",
                                            .flavor = "generic",
                                            .since = "2024-04-01"};
    struct discovered_kernels kernels;
    char path[400];

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof(path),
                 PUBLISHED "linux-image-%s6.8.0-&distro_arch_series=http%%3A%%2F%%2F127.0.0.1%%3A%u"
                           "%%2Fdevel%%2Fubuntu%%2Fnoble%%2Famd64&created_since_date=2024-04-01T00"
                           "%%3A00%%3A00Z" NEWEST_FIRST,
                 i == 0 ? "unsigned-" : "", launchpad->server.port);
        answer_page(launchpad, path,
                    ENTRIES(NOBLE(1, UNSIGNED, "6.8.0-31.31"),
                            NOBLE(2, "linux-image-6.8.0-31-generic-64k-dbgsym", "1"),
                            NOBLE(3, "linux-image-6.8.0-31-lowlatency-dbgsym", "1"),
                            NOBLE(4, "linux-image-6.5.0-31-generic-dbgsym", "1"),
                            ENTRY(5, UNSIGNED, "2", "jammy/amd64", "Published", "Release", ""),
                            ENTRY(6, UNSIGNED, "3", "noble/arm64", "Published", "Release", "")));
    }
    assert_success(discover(launchpad, &filter, &kernels));
    assert_int_equal(kernels.count, 1);
    assert_kernel(&kernels, 0, KERNEL, "6.8.0-31.31");
    assert_int_equal(times_asked(launchpad, 1), 1);
    discovered_kernels_deinit(&kernels);
}

static void what_was_said_before_a_failure_is_kept(void **state)
{
    static const struct discovery_filter any = {0};
    struct launchpad *launchpad = *state;
    struct discovered_kernels kernels;

    answer(launchpad, ALL, PAGE_BEFORE(OWN_API "/p2", "%s, %s"),
           NOBLE(1, UNSIGNED, "6.8.0-31.31~22.04.1"), NOBLE(2, UNSIGNED, "6.8.0-31.31"));
    answer(launchpad, "/devel/p2", "none")->status = 500;
    assert_failure(discover(launchpad, &any, &kernels), ERROR_INCONCLUSIVE,
                   "/devel/p2: the server cannot answer now (HTTP status 500)");
    assert_int_equal(kernels.count, 2);
    assert_kernel(&kernels, 0, KERNEL, "6.8.0-31.31~22.04.1");
    assert_kernel(&kernels, 1, KERNEL, "6.8.0-31.31");
    discovered_kernels_deinit(&kernels);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_launchpad, remove_launchpad)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kernel_is_told_once_however_often_it_was_published),
        TEST(what_is_no_kernel_to_count_on_is_left_out),
        TEST(what_is_asked_for_is_sent_along_and_looked_at),
        TEST(what_was_said_before_a_failure_is_kept),
    };

    /* A proxy would answer for the server of the tests. */
    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("launchpad_discovery", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
