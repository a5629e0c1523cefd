/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include "base/system/file.h"
#include "base/system/memory.h"
#include "tests/unit/unit.h"

static char root[] = "/tmp/kstruct-memory.XXXXXX";

static void write_limit(const char *group, const char *name, const char *text)
{
    char directory[256];
    char path[512];

    snprintf(directory, sizeof(directory), "%s/%s", root, group);
    assert_success(directory_create(directory));
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state UNUSED)
{
    assert_non_null(mkdtemp(root));
    write_limit("system.slice", "memory.max", "8589934592\n");
    write_limit("system.slice/kstruct.service", "memory.max", "max\n");
    write_limit("user.slice/small", "memory.max", "1048576\n");
    write_limit("user.slice", "memory.max", "2097152\n");
    write_limit("odd", "memory.max", "what\n");
    write_limit("huge", "memory.max", "99999999999999999999999\n");
    write_limit("memory", "memory.limit_in_bytes", "9223372036854771712\n");
    write_limit("memory/docker/box", "memory.limit_in_bytes", "4294967296\n");
    return 0;
}

static int tear_down(void **state UNUSED)
{
    char command[64];

    snprintf(command, sizeof(command), "rm -r %s", root);
    return system(command);
}

static void the_least_limit_of_a_group_and_those_above_it(void **state UNUSED)
{
    assert_true(memory_of_cgroups(root, "0::/system.slice/kstruct.service\n") == 8589934592);
    assert_true(memory_of_cgroups(root, "0::/user.slice/small\n") == 1048576);
    assert_true(memory_of_cgroups(root, "0::/user.slice/small/smaller") == 1048576);
    assert_true(memory_of_cgroups(root, "0::/user.slice\n") == 2097152);
}

static void without_a_limit_there_is_none(void **state UNUSED)
{
    static const char *const texts[] = {
        "",
        "\n",
        "0::/",
        "0::/nowhere/at/all\n",
        "0::/odd\n",
        "0::/huge\n",
        "0::\n",
        "nonsense\n",
        "1:memory\n",
        "3:cpu,cpuacct:/user.slice/small\n",
        "5:memory:/docker/other\n",
        "5:memory2:/docker/box\n",
        ":::::\n",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        uint64_t limit = memory_of_cgroups(root, texts[i]);
        /* The first version writes a number close to the greatest. */
        if (limit < UINT64_C(1) << 60)
            fail_msg("%s: %ju", texts[i], (uintmax_t)limit);
    }
    assert_true(memory_of_cgroups("/nowhere", "0::/user.slice/small\n") == MEMORY_UNLIMITED);
}

static void both_versions_of_control_groups(void **state UNUSED)
{
    assert_true(memory_of_cgroups(root, "9:cpu:/\n4:memory:/docker/box\n0::/\n") == 4294967296);
    assert_true(memory_of_cgroups(root, "4:hugetlb,memory:/docker/box/inner\n") == 4294967296);
    assert_true(memory_of_cgroups(root, "4:memory:/docker/box\n0::/user.slice\n") == 2097152);
}

static void a_machine_has_memory(void **state UNUSED)
{
    assert_true(memory_of_machine() > 0);
    assert_true(memory_of_machine() < UINT64_C(1) << 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_limit_of_a_group_and_those_above_it),
        cmocka_unit_test(without_a_limit_there_is_none),
        cmocka_unit_test(both_versions_of_control_groups),
        cmocka_unit_test(a_machine_has_memory),
    };

    return cmocka_run_group_tests_name("memory", tests, set_up, tear_down);
}
