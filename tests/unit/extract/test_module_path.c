/* SPDX-License-Identifier: MIT */
#include "extract/module_path.h"

#include <string.h>

#include "tests/unit/unit.h"

#define KERNEL "usr/lib/debug/lib/modules/6.1.0-1-amd64/kernel/"

static void modules_are_named_as_lsmod_does(void **state UNUSED)
{
    static const struct {
        const char *path;
        const char *name;
        bool is_compressed;
    } modules[] = {
        {"./" KERNEL "net/netfilter/nf_conntrack.ko", "nf_conntrack", false},
        {KERNEL "drivers/char/virtio-rng.ko.debug", "virtio_rng", false},
        {KERNEL "fs/xfs/xfs.ko.xz", "xfs", true},
        {KERNEL "fs/xfs/xfs.ko.zst", "xfs", true},
        {KERNEL "fs/xfs/xfs.ko.gz", "xfs", true},
        {KERNEL "fs/xfs/xfs.ko.debug.xz", "xfs", true},
        {"usr/lib/debug/x.ko", "x", false},
    };
    struct module_path path;

    for (size_t i = 0; i < ARRAY_LENGTH(modules); i++) {
        assert_true(module_path_match(modules[i].path, &path));
        assert_string_equal(path.name, modules[i].name);
        assert_int_equal(path.is_compressed, modules[i].is_compressed);
    }
}

static void other_files_are_none(void **state UNUSED)
{
    static const char *const paths[] = {
        "",
        "x.ko",
        "usr/lib/modules/6.1.0-1-amd64/kernel/x.ko",
        KERNEL ".ko",
        KERNEL "x.kob",
        KERNEL "x.debug",
        KERNEL "x.xz",
        KERNEL "x.ko/readme",
        KERNEL "x.ko.bz2",
        KERNEL "a_name_of_more_bytes_than_any_module_may_have_since_the_kernel_has_no_room.ko",
    };
    struct module_path path;

    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        assert_false(module_path_match(paths[i], &path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_are_named_as_lsmod_does),
        cmocka_unit_test(other_files_are_none),
    };

    return cmocka_run_group_tests_name("module_path", tests, NULL, NULL);
}
