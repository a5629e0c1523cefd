/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "config/list/kernel_list.h"
#include "model/kernel/grouping.h"
#include "tests/unit/unit.h"

enum { KERNEL_MAXIMUM = 64 };

/* Kernels as they are given to grouping_build(). */
struct kernels {
    struct kernel_name names[KERNEL_MAXIMUM];
    const char *groups[KERNEL_MAXIMUM];
    size_t count;
};

static void add(struct kernels *kernels, const char *name, const char *group)
{
    assert_true(kernels->count < KERNEL_MAXIMUM);
    assert_success(kernel_name_parse(name, &kernels->names[kernels->count]));
    kernels->groups[kernels->count++] = group;
}

static void write_groups(struct buffer *out, const struct kernels *kernels,
                         const struct kernel_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        buffer_append_format(out, "%s\n", group->name);
        for (size_t j = 0; j < group->kernel_count; j++)
            buffer_append_format(out, "  %s\n", kernels->names[group->kernels[j]].text);
        for (size_t j = 0; j < group->pair_count; j++)
            buffer_append_format(out, "  %s > %s\n", kernels->names[group->pairs[j].before].text,
                                 kernels->names[group->pairs[j].after].text);
    }
}

/* Groups the kernels, compares what came out, as write_groups() writes it, and frees all. */
static void assert_groups(struct kernels *kernels, size_t baseline, const char *expected)
{
    struct kernel_groups groups;
    struct buffer out;

    buffer_init(&out, 65536);
    assert_success(
        grouping_build(kernels->names, kernels->groups, kernels->count, baseline, &groups));
    write_groups(&out, kernels, &groups);
    assert_success(buffer_check(&out, "groups"));
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
    kernel_groups_deinit(&groups);
    for (size_t i = 0; i < kernels->count; i++)
        kernel_name_deinit(&kernels->names[i]);
}

/* Kernels and order as in the published pages. */
static const char published_groups[] = "Regular\n"
                                       "  4.4.0-21-generic-amd64\n"
                                       "  4.8.0-22-generic-amd64\n"
                                       "  4.10.0-19-generic-amd64\n"
                                       "  4.13.0-16-generic-amd64\n"
                                       "  4.15.0-20-generic-amd64\n"
                                       "  4.18.0-10-generic-amd64\n"
                                       "  5.0.0-13-generic-amd64\n"
                                       "  5.3.0-18-generic-amd64\n"
                                       "  5.4.0-26-generic-amd64\n"
                                       "  5.8.0-25-generic-amd64\n"
                                       "  5.11.0-16-generic-amd64\n"
                                       "  5.13.0-19-generic-amd64\n"
                                       "  5.15.0-25-generic-amd64\n"
                                       "  5.19.0-21-generic-amd64\n"
                                       "  6.2.0-20-generic-amd64\n"
                                       "  6.5.0-9-generic-amd64\n"
                                       "  6.8.0-31-generic-amd64\n"
                                       "  4.4.0-21-generic-amd64 > 4.8.0-22-generic-amd64\n"
                                       "  4.8.0-22-generic-amd64 > 4.10.0-19-generic-amd64\n"
                                       "  4.10.0-19-generic-amd64 > 4.13.0-16-generic-amd64\n"
                                       "  4.13.0-16-generic-amd64 > 4.15.0-20-generic-amd64\n"
                                       "  4.15.0-20-generic-amd64 > 4.18.0-10-generic-amd64\n"
                                       "  4.18.0-10-generic-amd64 > 5.0.0-13-generic-amd64\n"
                                       "  5.0.0-13-generic-amd64 > 5.3.0-18-generic-amd64\n"
                                       "  5.3.0-18-generic-amd64 > 5.4.0-26-generic-amd64\n"
                                       "  5.4.0-26-generic-amd64 > 5.8.0-25-generic-amd64\n"
                                       "  5.8.0-25-generic-amd64 > 5.11.0-16-generic-amd64\n"
                                       "  5.11.0-16-generic-amd64 > 5.13.0-19-generic-amd64\n"
                                       "  5.13.0-19-generic-amd64 > 5.15.0-25-generic-amd64\n"
                                       "  5.15.0-25-generic-amd64 > 5.19.0-21-generic-amd64\n"
                                       "  5.19.0-21-generic-amd64 > 6.2.0-20-generic-amd64\n"
                                       "  6.2.0-20-generic-amd64 > 6.5.0-9-generic-amd64\n"
                                       "  6.5.0-9-generic-amd64 > 6.8.0-31-generic-amd64\n"
                                       "Arch\n"
                                       "  5.4.0-26-generic-arm64\n"
                                       "  5.4.0-26-generic-armhf\n"
                                       "  5.4.0-26-generic-ppc64el\n"
                                       "  5.4.0-24-generic-riscv64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-26-generic-arm64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-26-generic-armhf\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-26-generic-ppc64el\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-24-generic-riscv64\n"
                                       "Flavor\n"
                                       "  5.4.0-1009-aws-amd64\n"
                                       "  5.4.0-1010-azure-amd64\n"
                                       "  5.4.0-1009-gcp-amd64\n"
                                       "  5.4.0-26-lowlatency-amd64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-1009-aws-amd64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-1010-azure-amd64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-1009-gcp-amd64\n"
                                       "  5.4.0-26-generic-amd64 > 5.4.0-26-lowlatency-amd64\n";

static void read_list(const char *path, struct kernels *kernels, size_t *baseline_ret)
{
    struct config_errors errors = {0};
    struct kernel_list list;

    assert_success(kernel_list_read(path, &list, &errors));
    for (size_t i = 0; i < list.count; i++)
        add(kernels, list.entries[i].name.text, NULL);
    *baseline_ret = list.baseline;
    kernel_list_deinit(&list);
}

static void the_shipped_lists_pin_versions(void **state UNUSED)
{
    struct config_errors errors = {0};
    struct kernel_list list;
    struct kernel_list extended;

    assert_success(kernel_list_read("config/kernels.list", &list, &errors));
    assert_success(kernel_list_read("config/kernels-extended.list", &extended, &errors));
    assert_int_equal(list.count, 25);
    assert_int_equal(extended.count, 41);
    assert_string_equal(list.entries[list.baseline].name.text, "5.4.0-26-generic-amd64");
    assert_string_equal(extended.entries[extended.baseline].name.text, "5.4.0-26-generic-amd64");
    for (size_t i = 0; i < list.count; i++) {
        const struct kernel_entry *entry = &list.entries[i];
        const struct kernel_entry *same = kernel_list_find(&extended, entry->name.text);
        char start[100];
        snprintf(start, sizeof(start), "%s-%s.", entry->name.version, entry->name.abi);
        assert_memory_equal(entry->version, start, strlen(start));
        assert_non_null(same);
        assert_string_equal(same->version, entry->version);
    }
    for (size_t i = 0; i < extended.count; i++) {
        assert_non_null(extended.entries[i].version);
        assert_null(extended.entries[i].skip_reason);
    }
    kernel_list_deinit(&list);
    kernel_list_deinit(&extended);
}

static void the_default_list_as_published(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};
    size_t baseline = 0;

    read_list("config/kernels.list", &kernels, &baseline);
    assert_groups(&kernels, baseline, published_groups);
}

static void the_lists_order_does_not_matter(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};
    size_t baseline = 0;

    read_list("config/kernels.list", &kernels, &baseline);
    for (size_t i = 0; i < kernels.count / 2; i++) {
        struct kernel_name name = kernels.names[i];
        kernels.names[i] = kernels.names[kernels.count - 1 - i];
        kernels.names[kernels.count - 1 - i] = name;
    }
    assert_groups(&kernels, kernels.count - 1 - baseline, published_groups);
}

static void the_extended_list_has_revisions(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};
    struct kernel_groups groups;
    struct buffer out;
    size_t baseline = 0;

    read_list("config/kernels-extended.list", &kernels, &baseline);
    assert_success(grouping_build(kernels.names, NULL, kernels.count, baseline, &groups));
    assert_int_equal(groups.count, 4);
    assert_int_equal(groups.groups[0].kernel_count, 17);
    assert_int_equal(groups.groups[1].kernel_count, 5);
    assert_int_equal(groups.groups[2].kernel_count, 5);
    buffer_init(&out, 65536);
    write_groups(&out, &kernels, &(struct kernel_groups){.count = 1, .groups = &groups.groups[3]});
    assert_string_equal(buffer_text(&out),
                        "Revision\n"
                        "  5.4.0-51-generic-amd64\n"
                        "  5.4.0-75-generic-amd64\n"
                        "  5.4.0-100-generic-amd64\n"
                        "  5.4.0-125-generic-amd64\n"
                        "  5.4.0-175-generic-amd64\n"
                        "  6.8.0-1008-aws-amd64\n"
                        "  6.8.0-1007-azure-amd64\n"
                        "  6.8.0-1007-gcp-amd64\n"
                        "  6.8.0-31-generic-arm64\n"
                        "  6.8.0-31-generic-armhf\n"
                        "  6.8.0-31-generic-ppc64el\n"
                        "  6.8.0-31-generic-s390x\n"
                        "  6.8.0-31-lowlatency-amd64\n"
                        "  6.8.0-1005-oracle-amd64\n"
                        "  5.4.0-26-generic-amd64 > 5.4.0-51-generic-amd64\n"
                        "  5.4.0-51-generic-amd64 > 5.4.0-75-generic-amd64\n"
                        "  5.4.0-75-generic-amd64 > 5.4.0-100-generic-amd64\n"
                        "  5.4.0-100-generic-amd64 > 5.4.0-125-generic-amd64\n"
                        "  5.4.0-125-generic-amd64 > 5.4.0-175-generic-amd64\n"
                        "  5.4.0-1009-aws-amd64 > 6.8.0-1008-aws-amd64\n"
                        "  5.4.0-1010-azure-amd64 > 6.8.0-1007-azure-amd64\n"
                        "  5.4.0-1009-gcp-amd64 > 6.8.0-1007-gcp-amd64\n"
                        "  5.4.0-26-generic-arm64 > 6.8.0-31-generic-arm64\n"
                        "  5.4.0-26-generic-armhf > 6.8.0-31-generic-armhf\n"
                        "  5.4.0-26-generic-ppc64el > 6.8.0-31-generic-ppc64el\n"
                        "  5.4.0-26-generic-s390x > 6.8.0-31-generic-s390x\n"
                        "  5.4.0-26-lowlatency-amd64 > 6.8.0-31-lowlatency-amd64\n"
                        "  5.4.0-1009-oracle-amd64 > 6.8.0-1005-oracle-amd64\n");
    buffer_deinit(&out);
    kernel_groups_deinit(&groups);
    for (size_t i = 0; i < kernels.count; i++)
        kernel_name_deinit(&kernels.names[i]);
}

static void regular_may_have_two_abis_of_one_version(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    add(&kernels, "6.1.0-56-cloud-amd64", NULL);
    add(&kernels, "5.10.0-30-cloud-amd64", NULL);
    add(&kernels, "6.1.0-9-cloud-amd64", NULL);
    assert_groups(&kernels, 1,
                  "Regular\n"
                  "  5.10.0-30-cloud-amd64\n"
                  "  6.1.0-9-cloud-amd64\n"
                  "  6.1.0-56-cloud-amd64\n"
                  "  5.10.0-30-cloud-amd64 > 6.1.0-9-cloud-amd64\n"
                  "  6.1.0-9-cloud-amd64 > 6.1.0-56-cloud-amd64\n");
}

static void debian_versions_with_updates(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    add(&kernels, "6.12.107+deb13-cloud-amd64", NULL);
    add(&kernels, "6.12.9+deb13-cloud-amd64", NULL);
    add(&kernels, "6.12.107+deb13-cloud-arm64", NULL);
    add(&kernels, "6.12.107+deb13-amd64", NULL);
    add(&kernels, "6.12.107+deb13-arm64", NULL);
    assert_groups(&kernels, 0,
                  "Regular\n"
                  "  6.12.9+deb13-cloud-amd64\n"
                  "  6.12.107+deb13-cloud-amd64\n"
                  "  6.12.9+deb13-cloud-amd64 > 6.12.107+deb13-cloud-amd64\n"
                  "Arch\n"
                  "  6.12.107+deb13-cloud-arm64\n"
                  "  6.12.107+deb13-cloud-amd64 > 6.12.107+deb13-cloud-arm64\n"
                  "Flavor\n"
                  "  6.12.107+deb13-amd64\n"
                  "  6.12.107+deb13-cloud-amd64 > 6.12.107+deb13-amd64\n"
                  "Revision\n"
                  "  6.12.107+deb13-arm64\n"
                  "  6.12.107+deb13-cloud-amd64 > 6.12.107+deb13-arm64\n");
}

static void revisions_around_the_baseline(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    add(&kernels, "5.4.0-26-generic-amd64", NULL);
    add(&kernels, "5.4.0-100-generic-amd64", NULL);
    add(&kernels, "5.4.0-9-generic-amd64", NULL);
    add(&kernels, "5.4.0-51-generic-amd64", NULL);
    add(&kernels, "5.4.0-24-generic-arm64", NULL);
    assert_groups(&kernels, 0,
                  "Regular\n"
                  "  5.4.0-26-generic-amd64\n"
                  "Arch\n"
                  "  5.4.0-24-generic-arm64\n"
                  "  5.4.0-26-generic-amd64 > 5.4.0-24-generic-arm64\n"
                  "Revision\n"
                  "  5.4.0-9-generic-amd64\n"
                  "  5.4.0-51-generic-amd64\n"
                  "  5.4.0-100-generic-amd64\n"
                  "  5.4.0-26-generic-amd64 > 5.4.0-9-generic-amd64\n"
                  "  5.4.0-26-generic-amd64 > 5.4.0-51-generic-amd64\n"
                  "  5.4.0-51-generic-amd64 > 5.4.0-100-generic-amd64\n");
}

static void a_named_group_wins(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    add(&kernels, "5.4.0-26-generic-amd64", "not looked at");
    add(&kernels, "5.15.0-25-generic-amd64", NULL);
    add(&kernels, "6.2.0-35-generic-amd64", "HWE");
    add(&kernels, "5.4.0-51-generic-amd64", NULL);
    add(&kernels, "5.4.0-26-generic-arm64", "Boards");
    add(&kernels, "5.15.0-52-generic-amd64", "HWE");
    add(&kernels, "6.8.0-31-raspi-arm64", "Boards");
    add(&kernels, "5.4.0-75-generic-amd64", "Revision");
    assert_groups(&kernels, 0,
                  "Regular\n"
                  "  5.4.0-26-generic-amd64\n"
                  "  5.15.0-25-generic-amd64\n"
                  "  5.4.0-26-generic-amd64 > 5.15.0-25-generic-amd64\n"
                  "Revision\n"
                  "  5.4.0-51-generic-amd64\n"
                  "  5.4.0-75-generic-amd64\n"
                  "  5.4.0-26-generic-amd64 > 5.4.0-51-generic-amd64\n"
                  "  5.4.0-51-generic-amd64 > 5.4.0-75-generic-amd64\n"
                  "HWE\n"
                  "  5.15.0-52-generic-amd64\n"
                  "  6.2.0-35-generic-amd64\n"
                  "  5.4.0-26-generic-amd64 > 5.15.0-52-generic-amd64\n"
                  "  5.15.0-52-generic-amd64 > 6.2.0-35-generic-amd64\n"
                  "Boards\n"
                  "  5.4.0-26-generic-arm64\n"
                  "  6.8.0-31-raspi-arm64\n"
                  "  5.4.0-26-generic-amd64 > 5.4.0-26-generic-arm64\n"
                  "  5.4.0-26-generic-amd64 > 6.8.0-31-raspi-arm64\n");
}

static void without_a_baseline_it_is_the_first(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    add(&kernels, "5.8.0-25-generic-amd64", NULL);
    add(&kernels, "4.10.0-19-generic-arm64", NULL);
    add(&kernels, "4.10.0-19-generic-amd64", NULL);
    assert_groups(&kernels, GROUPING_NO_BASELINE,
                  "Regular\n"
                  "  4.10.0-19-generic-amd64\n"
                  "  5.8.0-25-generic-amd64\n"
                  "  4.10.0-19-generic-amd64 > 5.8.0-25-generic-amd64\n"
                  "Arch\n"
                  "  4.10.0-19-generic-arm64\n"
                  "  4.10.0-19-generic-amd64 > 4.10.0-19-generic-arm64\n");
}

static void one_kernel_and_none(void **state UNUSED)
{
    struct kernels kernels = {.count = 0};

    assert_groups(&kernels, GROUPING_NO_BASELINE, "");
    add(&kernels, "5.4.0-26-generic-amd64", NULL);
    assert_groups(&kernels, 0, "Regular\n  5.4.0-26-generic-amd64\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_lists_pin_versions),
        cmocka_unit_test(the_default_list_as_published),
        cmocka_unit_test(the_lists_order_does_not_matter),
        cmocka_unit_test(the_extended_list_has_revisions),
        cmocka_unit_test(regular_may_have_two_abis_of_one_version),
        cmocka_unit_test(debian_versions_with_updates),
        cmocka_unit_test(revisions_around_the_baseline),
        cmocka_unit_test(a_named_group_wins),
        cmocka_unit_test(without_a_baseline_it_is_the_first),
        cmocka_unit_test(one_kernel_and_none),
    };
    return cmocka_run_group_tests_name("grouping", tests, NULL, NULL);
}
