/* SPDX-License-Identifier: MIT */
/* BTF from outside is looked through before anybody uses it. */
#include "base/btf/btf_file.h"
#include "tests/unit/unit.h"

/* The bytes of a small BTF: an int, and a struct with a member of it. Free with free(). */
static unsigned char *sample(uint32_t *length_ret)
{
    struct btf *btf = btf__new_empty();
    assert_int_equal(btf__add_int(btf, "int", 4, 0), 1);
    assert_int_equal(btf__add_struct(btf, "s", 4), 2);
    assert_int_equal(btf__add_field(btf, "a", 1, 0, 0), 0);
    const void *bytes = btf__raw_data(btf, length_ret);
    unsigned char *copy = malloc(*length_ret);

    assert_non_null(copy);
    memcpy(copy, bytes, *length_ret);
    btf__free(btf);
    return copy;
}

static void is_refused(const unsigned char *bytes, size_t length)
{
    struct btf *btf = NULL;
    struct error *error = btf_file_make("the file", bytes, length, NULL, &btf);

    assert_non_null(error);
    assert_int_equal(error->code, ERROR_CORRUPT);
    assert_string_equal(error->where, "the file");
    error_destroy(error);
}

static void sound_bytes_are_taken(void **state UNUSED)
{
    uint32_t length;
    unsigned char *bytes = sample(&length);
    struct btf *btf = NULL;
    uint32_t id;

    assert_null(btf_file_make("the file", bytes, length, NULL, &btf));
    assert_int_equal(btf__type_cnt(btf), 3);
    assert_string_equal(btf_file_name(btf, btf_file_resolve(btf, 2, &id)), "s");
    assert_int_equal(id, 2);
    btf__free(btf);
    free(bytes);
}

static void cut_bytes_are_refused(void **state UNUSED)
{
    uint32_t length;
    unsigned char *bytes = sample(&length);

    for (uint32_t cut = 0; cut < length; cut++)
        is_refused(bytes, cut);
    free(bytes);
}

/* Numbers of types and places of strings that lead nowhere. */
static void references_that_lead_nowhere_are_refused(void **state UNUSED)
{
    enum { HEADER = sizeof(struct btf_header), INT_BYTES = 16, TYPE_BYTES = 12 };
    static const size_t places[] = {
        HEADER,                              /* the name of the int */
        HEADER + INT_BYTES,                  /* of the struct */
        HEADER + INT_BYTES + TYPE_BYTES,     /* of the member */
        HEADER + INT_BYTES + TYPE_BYTES + 4, /* the member's type */
    };
    uint32_t length;
    unsigned char *bytes = sample(&length);

    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        unsigned char kept = bytes[places[i] + 2];
        bytes[places[i] + 2] = 1;
        is_refused(bytes, length);
        bytes[places[i] + 2] = kept;
    }
    free(bytes);
}

static void split_btf_goes_on_from_its_base(void **state UNUSED)
{
    uint32_t length;
    uint32_t own_length;
    unsigned char *bytes = sample(&length);
    struct btf *base = NULL;
    struct btf *joined = NULL;

    assert_null(btf_file_make("the base", bytes, length, NULL, &base));
    struct btf *split = btf__new_empty_split(base);
    assert_int_equal(btf__add_typedef(split, "t", 2), 3);
    const void *own = btf__raw_data(split, &own_length);
    assert_null(btf_file_make("the module", own, own_length, base, &joined));
    assert_int_equal(btf__type_cnt(joined), 4);
    assert_string_equal(btf_file_name(joined, btf__type_by_id(joined, 3)), "t");
    assert_string_equal(btf_file_name(joined, btf_file_resolve(joined, 3, NULL)), "s");
    btf__free(joined);
    is_refused(own, own_length); /* without its base */
    btf__free(split);
    btf__free(base);
    free(bytes);
}

static void too_many_typedefs_are_no_type(void **state UNUSED)
{
    struct btf *btf = btf__new_empty();

    assert_int_equal(btf__add_typedef(btf, "t", 1), 1);
    assert_null(btf_file_resolve(btf, 1, NULL));
    btf__free(btf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_bytes_are_taken),
        cmocka_unit_test(cut_bytes_are_refused),
        cmocka_unit_test(references_that_lead_nowhere_are_refused),
        cmocka_unit_test(split_btf_goes_on_from_its_base),
        cmocka_unit_test(too_many_typedefs_are_no_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
