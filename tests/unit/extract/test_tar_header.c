/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/tar_header.h"

#include "tests/unit/samples/packages.h"

/* Parses the header at BLOCK blocks into the archive that COMMAND makes in a directory of its own,
 * with byte PLACE changed by FLIP. */
static bool parse_made(const char *command, unsigned block, unsigned place, unsigned char flip,
                       struct tar_header *header_ret)
{
    char directory[] = "/tmp/kstruct-tar-XXXXXX";
    char path[512];
    size_t length = 0;

    assert_non_null(mkdtemp(directory));
    run_in(directory, "%s", command);
    snprintf(path, sizeof(path), "%s/a.tar", directory);
    unsigned char *bytes = read_whole(path, &length);
    assert_true(length >= (block + 1) * (size_t)TAR_BLOCK_BYTES);
    bytes[block * TAR_BLOCK_BYTES + place] ^= flip;
    bool is_header = tar_header_parse(bytes + (size_t)block * TAR_BLOCK_BYTES, header_ret);
    free(bytes);
    run_in(directory, "rm -r %s", directory);
    return is_header;
}

static void files_have_path_and_size(void **state UNUSED)
{
    static const struct {
        const char *command;
        const char *path;
        uint64_t byte_size;
    } cases[] = {
        {"seq 1 100 > b && tar --format=gnu -cf a.tar ./b", "./b", 292},
        {"seq 1 100 > b && tar --format=ustar -cf a.tar b", "b", 292},
        /* Too large for eleven octal digits, and hardly anything in it. */
        {"truncate -s 9G b && tar --format=gnu -cf - b | head -c 1024 > a.tar", "b",
         UINT64_C(9) << 30},
        {"d=$(printf 'd%.0s' $(seq 1 90)) && mkdir $d && touch $d/bbbbbbbbbbbbbbbbbbbb && "
         "tar --format=ustar -cf a.tar $d/bbbbbbbbbbbbbbbbbbbb",
         "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
         "d"
         "/bbbbbbbbbbbbbbbbbbbb",
         0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct tar_header header;
        assert_true(parse_made(cases[i].command, 0, 0, 0, &header));
        assert_true(header.is_file);
        assert_string_equal(header.path, cases[i].path);
        assert_int_equal(header.byte_size, cases[i].byte_size);
    }
}

static void directories_are_no_files(void **state UNUSED)
{
    struct tar_header header;

    assert_true(parse_made("mkdir b && tar -cf a.tar b", 0, 0, 0, &header));
    assert_false(header.is_file);
    assert_string_equal(header.path, "b/");
}

static void a_wrong_sum_is_no_header(void **state UNUSED)
{
    static const char command[] = "touch b && tar -cf a.tar b";
    struct tar_header header;

    for (unsigned place = 0; place < TAR_BLOCK_BYTES; place += 7)
        assert_false(parse_made(command, 0, place, 1, &header));
}

static void contents_are_no_header(void **state UNUSED)
{
    struct tar_header header;

    assert_false(parse_made("seq 1 500 > b && tar -cf a.tar b", 1, 0, 0, &header));
    assert_false(parse_made("touch b && tar -cf a.tar b", 1, 0, 0, &header));
}

static void an_archive_ends_with_zeros(void **state UNUSED)
{
    uint8_t bytes[TAR_BLOCK_BYTES] = {0};

    assert_true(tar_block_is_end(bytes));
    bytes[TAR_BLOCK_BYTES - 1] = 1;
    assert_false(tar_block_is_end(bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_have_path_and_size),   cmocka_unit_test(directories_are_no_files),
        cmocka_unit_test(a_wrong_sum_is_no_header),   cmocka_unit_test(contents_are_no_header),
        cmocka_unit_test(an_archive_ends_with_zeros),
    };
    return cmocka_run_group_tests_name("tar_header", tests, NULL, NULL);
}
