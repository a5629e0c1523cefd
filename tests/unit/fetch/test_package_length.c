/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_length.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

#define MEMBER(name, size) name "0           0     0     100644  " size "`\n"
#define DEBIAN_BINARY MEMBER("debian-binary   ", "4         ") "2.0\n"
#define DATA MEMBER("data.tar        ", "5         ") "12345"

/* Of FILE's LENGTH bytes that are there. */
static struct error *check(const void *file, size_t length)
{
    char *directory = make_directory();
    char path[600];

    snprintf(path, sizeof(path), "%s/file", directory);
    write_file(path, file, length);
    int file_descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct error *error = package_length_check(file_descriptor, length, "url");
    close(file_descriptor);
    remove_directory(directory);
    return error;
}

static void each_cut_of_a_package_is_seen(void **state UNUSED)
{
    static const char package[] = "!<arch>\n" DEBIAN_BINARY DATA "\n";

    for (size_t length = 68; length < sizeof(package) - 2; length++)
        assert_failure(check(package, length), ERROR_INCONCLUSIVE, "url: what the server sent");
    assert_success(check(package, sizeof(package) - 2)); /* the last byte only fills up */
    assert_success(check(package, sizeof(package) - 1));
}

static void what_is_not_understood_is_not_cut(void **state UNUSED)
{
    static const char strange[] = "!<arch>\n"
                                  "sixty bytes of something that is no header of any member at all";
    static const char more[] = "!<arch>\n" DEBIAN_BINARY DATA "\nmore";
    static const char huge[] = "!<arch>\n" MEMBER("debian-binary   ", "9999999999");

    assert_success(check(more, sizeof(more) - 1));
    assert_success(check(strange, sizeof(strange)));
    assert_success(check("x", 1));
    assert_failure(check(huge, sizeof(huge) - 1), ERROR_INCONCLUSIVE, "10000000067 or more");
}

static void a_cut_elf_file_is_seen(void **state UNUSED)
{
    unsigned char little[200] = "\177ELF\2\1\1";
    unsigned char big[200] = "\177ELF\1\2\1";

    assert_success(check(little, sizeof(little)));
    little[40] = 72; /* e_shoff, e_shentsize, e_shnum */
    little[58] = 64;
    little[60] = 2;
    assert_success(check(little, sizeof(little)));
    assert_failure(check(little, sizeof(little) - 1), ERROR_INCONCLUSIVE, "would need 200");
    big[35] = 120;
    big[47] = 40;
    big[49] = 2;
    assert_success(check(big, sizeof(big)));
    assert_failure(check(big, sizeof(big) - 1), ERROR_INCONCLUSIVE, "would need 200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cut_of_a_package_is_seen),
        cmocka_unit_test(what_is_not_understood_is_not_cut),
        cmocka_unit_test(a_cut_elf_file_is_seen),
    };

    return cmocka_run_group_tests_name("package_length", tests, NULL, NULL);
}
