/* SPDX-License-Identifier: MIT */
#include "base/text/nearest_word.h"
#include "model/kernel/kernel_name.h"
#include "tests/unit/unit.h"

static void assert_parts(const char *text, const char *version, const char *abi, const char *flavor,
                         const char *architecture)
{
    struct kernel_name name;

    assert_success(kernel_name_parse(text, &name));
    assert_string_equal(name.text, text);
    assert_string_equal(name.version, version);
    assert_string_equal(name.abi, abi);
    assert_string_equal(name.flavor, flavor);
    assert_string_equal(name.architecture, architecture);
    kernel_name_deinit(&name);
    assert_null(name.text);
}

static void assert_bad_name(const char *text, const char *reason)
{
    struct kernel_name untouched = {.text = NULL};

    assert_failure(kernel_name_parse(text, &untouched), ERROR_CONFIGURATION, reason);
    assert_null(untouched.text);
}

static void parts_of_ubuntu_names(void **state UNUSED)
{
    assert_parts("5.4.0-26-generic-amd64", "5.4.0", "26", "generic", "amd64");
    assert_parts("5.4.0-1010-azure-amd64", "5.4.0", "1010", "azure", "amd64");
    assert_parts("6.8.0-31-generic-64k-arm64", "6.8.0", "31", "generic-64k", "arm64");
    assert_parts("5.4.0-26-generic-lpae-armhf", "5.4.0", "26", "generic-lpae", "armhf");
}

static void parts_of_debian_names(void **state UNUSED)
{
    assert_parts("6.1.0-56-cloud-amd64", "6.1.0", "56", "cloud", "amd64");
    assert_parts("6.1.0-56-amd64", "6.1.0", "56", "", "amd64");
    assert_parts("6.12.107+deb13-amd64", "6.12.107+deb13", "", "", "amd64");
    assert_parts("6.12.107+deb13-cloud-arm64", "6.12.107+deb13", "", "cloud", "arm64");
    assert_parts("6.12.107+deb13-armmp-armhf", "6.12.107+deb13", "", "armmp", "armhf");
    assert_parts("6.12.107+deb13-arm64-16k-arm64", "6.12.107+deb13", "", "arm64-16k", "arm64");
    assert_parts("6.1.0-0.deb11.5-cloud-amd64", "6.1.0", "0.deb11.5", "cloud", "amd64");
    assert_parts("6.1.0-56-686-pae-i386", "6.1.0", "56", "686-pae", "i386");
    assert_parts("7.2~rc1-amd64", "7.2~rc1", "", "", "amd64");
}

static void an_abi_is_a_number(void **state UNUSED)
{
    assert_parts("6.8.0-64k-arm64", "6.8.0", "", "64k", "arm64");
    assert_parts("6.8.0-generic-26-amd64", "6.8.0", "", "generic-26", "amd64");
}

static void bad_names_are_told_why(void **state UNUSED)
{
    assert_bad_name("", "is empty");
    assert_bad_name("5.4.0", "has no architecture");
    assert_bad_name("amd64", "does not begin with a version");
    assert_bad_name("v5.4.0-26-generic-amd64", "does not begin with a version");
    assert_bad_name("..-amd64", "does not begin with a version");
    assert_bad_name("-5.4.0-amd64", "empty part");
    assert_bad_name("5.4.0--generic-amd64", "empty part");
    assert_bad_name("5.4.0-26-generic-amd64-", "empty part");
}

static void unknown_architectures_are_guessed(void **state UNUSED)
{
    assert_bad_name("5.4.0-26-generic-amd46", "ends in `amd46`");
    assert_bad_name("5.4.0-26-generic-x86-64", "did you mean `amd64`?");
    assert_bad_name("5.4.0-26-generic-arm", "did you mean `armhf`?");
    assert_bad_name("5.4.0-26-generic_arm64", "expected a dash before the architecture `arm64`");
    assert_bad_name("linux-image-5.4.0-26-generic-amd64", "which belongs after `apt=`");
    assert_bad_name("5.4.0-26-generic-amd46", "did you mean `amd64`?");
    assert_bad_name("5.4.0-26-generic-AMD64", "did you mean `amd64`?");
    assert_bad_name("5.4.0-26-generic-ppc64le", "did you mean `ppc64el`?");
    assert_bad_name("5.4.0-26-generic-x86_64", "did you mean `amd64`?");
    assert_bad_name("5.4.0-26-generic-aarch64", "did you mean `arm64`?");
    assert_bad_name("5.4.0-26-generic", "expected one of Debian's architectures");
}

static void only_safe_characters(void **state UNUSED)
{
    static const char *const bad[] = {
        "5.4.0-26-a/b-amd64",  "5.4.0-26-a b-amd64",    "5.4.0-26-<b>-amd64",
        "5.4.0-26-a\nb-amd64", "5.4.0-26-`-amd64",      "5.4.0-26-\xc3\xa4-amd64",
        "5.4.0-26-\x7f-amd64", "5.4.0-*-generic-amd64",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_bad_name(bad[i], "at byte ");
    assert_bad_name("5.4.0-26-a/b-amd64", "at byte 11");
}

static void at_most_200_bytes(void **state UNUSED)
{
    char text[KERNEL_NAME_MAXIMUM + 2];
    struct kernel_name name;

    memset(text, 'x', sizeof(text));
    memcpy(text, "5.4.0-", 6);
    strcpy(text + KERNEL_NAME_MAXIMUM - 6, "-amd64");
    assert_success(kernel_name_parse(text, &name));
    kernel_name_deinit(&name);
    strcpy(text + KERNEL_NAME_MAXIMUM - 5, "-amd64");
    text[KERNEL_NAME_MAXIMUM - 6] = 'x';
    assert_bad_name(text, "longer than 200 bytes");
}

static void a_pattern_is_for_any_abi(void **state UNUSED)
{
    struct kernel_name name;

    assert_success(kernel_name_parse_pattern("6.8.0-*-generic-64k-arm64", &name));
    assert_string_equal(name.version, "6.8.0");
    assert_string_equal(name.abi, "*");
    assert_string_equal(name.flavor, "generic-64k");
    kernel_name_deinit(&name);
    static const char *const bad[] = {
        "6.*-generic-amd64",      "6.*-31-generic-amd64",  "6.8.0-*-*-amd64",
        "6.8.0-3*-generic-amd64", "6.8.0-generic-*-amd64", "6.8.0-31-generic-amd64",
        "6.8.0-**-generic-amd64",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_failure(kernel_name_parse_pattern(bad[i], &name), ERROR_CONFIGURATION,
                       "does not stand for the ABI");
    assert_failure(kernel_name_parse_pattern("6.8.0-*-generic-*", &name), ERROR_CONFIGURATION,
                   "ends in `*`");
}

static void assert_release(const char *release, const char *architecture, const char *expected)
{
    char *text = NULL;

    assert_success(kernel_name_from_release(release, architecture, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void names_from_releases(void **state UNUSED)
{
    char *untouched = NULL;

    assert_release("5.4.0-26-generic", "amd64", "5.4.0-26-generic-amd64");
    assert_release("6.1.0-56-cloud-amd64", "amd64", "6.1.0-56-cloud-amd64");
    assert_release("6.12.107+deb13-amd64", "amd64", "6.12.107+deb13-amd64");
    assert_release("6.12.107+deb13-armmp", "armhf", "6.12.107+deb13-armmp-armhf");
    assert_release("6.12.107+deb13-arm64-16k", "arm64", "6.12.107+deb13-arm64-16k-arm64");
    assert_release("6.12.107+deb13-arm64", "arm64", "6.12.107+deb13-arm64");
    assert_release("6.1.0-rc3+", "amd64", "6.1.0-rc3+-amd64");
    assert_failure(kernel_name_from_release("5.4.0/../x", "amd64", &untouched), ERROR_CONFIGURATION,
                   "at byte 6");
    assert_failure(kernel_name_from_release("5.4.0-26-generic", "vax", &untouched),
                   ERROR_CONFIGURATION, "ends in `vax`");
    assert_null(untouched);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void versions_ascend(void **state UNUSED)
{
    static const char *const ascending[] = {
        "",
        "4",
        "4.4",
        "4.4.0",
        "4.10.0",
        "4.15.0",
        "5.0.0",
        "5.4.0~rc1",
        "5.4.0",
        "5.4.0a",
        "5.4.0+b",
        "5.4.0.1",
        "5.11.0",
        "6.12.9+deb13",
        "6.12.107+deb12",
        "6.12.107+deb13",
        "6.12.107+deb100",
        "99999999999999999999999",
        "100000000000000000000000",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(ascending); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(ascending); j++)
            assert_int_equal(sign(kernel_name_compare_version(ascending[i], ascending[j])),
                             (i > j) - (i < j));
    }
    assert_int_equal(kernel_name_compare_version("5.04.0", "5.4.0"), 0);
}

static void names_ascend(void **state UNUSED)
{
    static const char *const ascending[] = {
        "4.4.0-21-generic-amd64",     "4.10.0-19-generic-amd64", "5.4.0-26-amd64",
        "5.4.0-1009-aws-amd64",       "5.4.0-9-generic-amd64",   "5.4.0-26-generic-amd64",
        "5.4.0-026-generic-amd64",    "5.4.0-100-generic-amd64", "5.4.0-24-generic-riscv64",
        "5.4.0-26-lowlatency-amd64",  "5.8.0-25-generic-amd64",  "6.12.107+deb12-cloud-amd64",
        "6.12.107+deb13-cloud-amd64",
    };
    struct kernel_name names[ARRAY_LENGTH(ascending)];

    for (size_t i = 0; i < ARRAY_LENGTH(ascending); i++)
        assert_success(kernel_name_parse(ascending[i], &names[i]));
    /* Of equal ABI numbers the text decides, so that the order is total. */
    struct kernel_name swapped = names[5];
    names[5] = names[6];
    names[6] = swapped;
    for (size_t i = 0; i < ARRAY_LENGTH(ascending); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(ascending); j++)
            assert_int_equal(sign(kernel_name_compare(&names[i], &names[j])), (i > j) - (i < j));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(ascending); i++)
        kernel_name_deinit(&names[i]);
}

static void the_nearest_word(void **state UNUSED)
{
    static const char *const words[] = {"run", "rebuild", "fetch", "report", "export", "import"};
    char long_word[100];

    memset(long_word, 'r', sizeof(long_word));
    long_word[sizeof(long_word) - 1] = '\0';
    assert_ptr_equal(nearest_word("run", words, 6), words[0]);
    assert_ptr_equal(nearest_word("rnu", words, 6), words[0]);
    assert_ptr_equal(nearest_word("REBIULD", words, 6), words[1]);
    assert_ptr_equal(nearest_word("fecth", words, 6), words[2]);
    assert_ptr_equal(nearest_word("fetchs", words, 6), words[2]);
    assert_ptr_equal(nearest_word("eport", words, 6), words[3]);
    assert_ptr_equal(nearest_word("xport", words, 6), words[4]);
    assert_null(nearest_word("analyze", words, 6));
    assert_null(nearest_word("", words, 6));
    assert_null(nearest_word(long_word, words, 6));
    assert_null(nearest_word("run", words, 0));
    assert_null(nearest_word("x", (const char *const[]){"", "pid"}, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_ubuntu_names),
        cmocka_unit_test(parts_of_debian_names),
        cmocka_unit_test(an_abi_is_a_number),
        cmocka_unit_test(bad_names_are_told_why),
        cmocka_unit_test(unknown_architectures_are_guessed),
        cmocka_unit_test(only_safe_characters),
        cmocka_unit_test(at_most_200_bytes),
        cmocka_unit_test(a_pattern_is_for_any_abi),
        cmocka_unit_test(names_from_releases),
        cmocka_unit_test(versions_ascend),
        cmocka_unit_test(names_ascend),
        cmocka_unit_test(the_nearest_word),
    };
    return cmocka_run_group_tests_name("kernel_name", tests, NULL, NULL);
}
