/* SPDX-License-Identifier: MIT */
#include "report/pages/definition_json.h"

#include <jansson.h>

#include "report/write/change_json.h"
#include "tests/unit/samples/struct_samples.h"

struct json_sample {
    struct struct_sample *sample;
    json_t *document;
};

static int set_up(void **state)
{
    struct json_sample *json = calloc(1, sizeof(*json));

    json->sample = struct_sample_create();
    *state = json;
    return 0;
}

static int tear_down(void **state)
{
    struct json_sample *json = *state;

    json_decref(json->document);
    struct_sample_destroy(json->sample);
    free(json);
    return 0;
}

static void render(struct json_sample *json)
{
    const char *text = struct_sample_render(json->sample, definition_json_render);

    assert_int_equal(strncmp(text, DEFINITION_JSON_BEGINNING, strlen(DEFINITION_JSON_BEGINNING)),
                     0);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    json_decref(json->document);
    json->document = json_loads(text, 0, NULL);
    assert_non_null(json->document);
}

/* What is at a path such as "layouts.0.members.1.type". */
static json_t *at(const struct json_sample *json, const char *path)
{
    json_t *value = json->document;
    char key[64];

    for (const char *rest = path; *rest; rest += strspn(rest, ".")) {
        size_t length = strcspn(rest, ".");
        snprintf(key, sizeof(key), "%.*s", (int)length, rest);
        value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
                                     : json_object_get(value, key);
        if (!value)
            fail_msg("there is no %s in %s", path, json->sample->content.data);
        rest += length;
    }
    return value;
}

static void assert_number(const struct json_sample *json, const char *path, json_int_t number)
{
    assert_true(json_is_integer(at(json, path)));
    assert_int_equal(json_integer_value(at(json, path)), number);
}

static void assert_text(const struct json_sample *json, const char *path, const char *text)
{
    assert_true(json_is_string(at(json, path)));
    assert_string_equal(json_string_value(at(json, path)), text);
}

static void assert_null_at(const struct json_sample *json, const char *path)
{
    assert_true(json_is_null(at(json, path)));
}

static void assert_count(const struct json_sample *json, const char *path, size_t count)
{
    assert_true(json_is_array(at(json, path)));
    assert_int_equal(json_array_size(at(json, path)), count);
}

static void a_document_has_kernels_and_layouts(void **state)
{
    struct json_sample *json = *state;
    struct struct_sample *sample = json->sample;
    struct layout_member members[] = {
        sample_member(sample, "u32", "a", 0, 1),      sample_member(sample, "u32", "in", 32, 8),
        sample_member(sample, "u32", "x", 32, 4),     sample_bits(sample, "f", 96, 3),
        sample_member(sample, "list_t", "p", 192, 8),
    };
    const struct layout layout = SAMPLE_LAYOUT(40, members);

    members[1].type = named(&sample->history.types, TYPE_STRUCT, TYPE_ANONYMOUS);
    members[2].depth = 1;
    sample->layouts[0] = sample->layouts[1] = &layout;
    sample->places[1] = (struct history_place){"include/pair.h", 12};
    render(json);
    assert_text(json, "format", "kstruct-struct");
    assert_number(json, "version", 2);
    assert_text(json, "name", "pair");
    assert_count(json, "kernels", 3);
    assert_true(json_is_true(at(json, "kernels.1.is_present")));
    assert_number(json, "kernels.1.layout", 0);
    assert_text(json, "kernels.1.declaration_file", "include/pair.h");
    assert_number(json, "kernels.1.declaration_line", 12);
    assert_null_at(json, "kernels.0.declaration_file");
    assert_true(json_is_false(at(json, "kernels.2.is_present")));
    assert_null_at(json, "kernels.2.layout");
    assert_count(json, "layouts", 1);
    assert_count(json, "layouts.0.kernels", 2);
    assert_number(json, "layouts.0.byte_size", 40);
    assert_number(json, "layouts.0.hole_count", 2);
    assert_number(json, "layouts.0.hole_bits", 24 + 64);
    assert_number(json, "layouts.0.bit_hole_count", 1);
    assert_number(json, "layouts.0.bit_hole_bits", 29);
    assert_number(json, "layouts.0.padding_bits", 64);
    assert_number(json, "layouts.0.bit_padding_bits", 0);
    assert_text(json, "layouts.0.members.2.path", "in.x");
    assert_number(json, "layouts.0.members.2.depth", 1);
    assert_number(json, "layouts.0.members.1.padding_bits", 32);
    assert_count(json, "layouts.0.members.0.holes_before", 0);
    assert_number(json, "layouts.0.members.3.bitfield_size", 3);
    assert_number(json, "layouts.0.members.4.holes_before.0.bit_size", 29);
    assert_true(json_is_true(at(json, "layouts.0.members.4.holes_before.0.is_in_bitfield")));
    assert_number(json, "layouts.0.members.4.holes_before.1.bit_offset", 128);
    assert_null_at(json, "layouts.0.members.4.bitfield_size");
}

static void a_document_has_every_change(void **state)
{
    struct json_sample *json = *state;
    struct struct_sample *sample = json->sample;
    const struct layout_member old_members[] = {sample_member(sample, "u32", "a", 0, 4),
                                                sample_bits(sample, "f", 32, 3),
                                                sample_member(sample, "list_t", "p", 64, 8)};
    const struct layout_member new_members[] = {sample_member(sample, "u64", "a", 0, 8),
                                                sample_bits(sample, "f", 64, 5),
                                                sample_member(sample, "list_t", "q", 128, 8)};
    const struct layout old_layout = SAMPLE_LAYOUT(16, old_members);
    const struct layout new_layout = SAMPLE_LAYOUT(24, new_members);

    sample->layouts[0] = &old_layout;
    sample->layouts[1] = &new_layout;
    render(json);
    assert_text(json, "groups.0.name", "Regular");
    assert_text(json, "groups.0.pairs.0.before", "old");
    assert_text(json, "groups.0.pairs.0.state", "changed");
    assert_number(json, "groups.0.pairs.0.byte_size_before", 16);
    assert_number(json, "groups.0.pairs.0.byte_size_after", 24);
    assert_count(json, "groups.0.pairs.0.changes", 7);
    assert_text(json, "groups.0.pairs.0.changes.0", "added_at_end");
    assert_text(json, "groups.0.pairs.0.changes.6", "size_changed");
    assert_count(json, "groups.0.pairs.0.member_changes", 4);
    assert_count(json, "groups.0.pairs.0.member_changes.0.changes", 2);
    assert_text(json, "groups.0.pairs.0.member_changes.0.changes.0", "resized");
    assert_text(json, "groups.0.pairs.0.member_changes.0.before.type", "u32");
    assert_text(json, "groups.0.pairs.0.member_changes.0.after.type", "u64");
    assert_number(json, "groups.0.pairs.0.member_changes.1.before.bit_offset", 32);
    assert_number(json, "groups.0.pairs.0.member_changes.1.after.bit_offset", 64);
    assert_number(json, "groups.0.pairs.0.member_changes.1.after.bitfield_size", 5);
    assert_null_at(json, "groups.0.pairs.0.member_changes.1.hint");
    assert_null_at(json, "groups.0.pairs.0.member_changes.2.before");
    assert_text(json, "groups.0.pairs.0.member_changes.3.hint.kind", "renamed");
    assert_text(json, "groups.0.pairs.0.member_changes.3.hint.path", "q");
    assert_text(json, "groups.1.pairs.0.state", "removed");
    assert_null_at(json, "groups.1.pairs.0.byte_size_after");
    assert_count(json, "groups.1.pairs.0.changes", 0);
}

static void what_an_import_does_not_know_is_null(void **state)
{
    struct json_sample *json = *state;
    struct struct_sample *sample = json->sample;
    const struct layout_member members[] = {sample_member(sample, "u8", "a", 0, 0),
                                            sample_member(sample, "u32", "b", 32, 0)};
    struct layout layout = SAMPLE_LAYOUT(8, members);

    layout.lacks_member_sizes = true;
    sample->layouts[0] = sample->layouts[1] = &layout;
    render(json);
    assert_null_at(json, "layouts.0.hole_bits");
    assert_null_at(json, "layouts.0.padding_bits");
    assert_null_at(json, "layouts.0.members.1.byte_size");
    assert_null_at(json, "layouts.0.members.1.holes_before");
    assert_text(json, "groups.0.pairs.0.state", "unchanged");
    assert_true(json_is_false(at(json, "groups.0.pairs.0.has_member_sizes")));
    layout.byte_size = 0;
    render(json);
    assert_null_at(json, "layouts.0.byte_size");
    assert_null_at(json, "layouts.0.members.1.bit_offset");
    assert_null_at(json, "groups.0.pairs.0.byte_size_before");
}

static void further_definitions_are_told_with_their_users(void **state)
{
    struct json_sample *json = *state;
    struct struct_sample *sample = json->sample;
    const struct layout_member members[] = {sample_member(sample, "u32", "a", 0, 4)};
    const struct layout layout = SAMPLE_LAYOUT(4, members);
    const struct layout other = {.name = "pair"};
    const char *users[] = {"drivers/a.c", "drivers/b.c"};
    struct history_further further = {1, &other, {"drivers/z.h", 3}, 2, users, 1, {0}};

    sample->layouts[1] = &layout;
    sample->entry.further = &further;
    sample->entry.further_count = 1;
    render(json);
    assert_count(json, "layouts", 2);
    assert_count(json, "layouts.1.kernels", 0);
    assert_text(json, "further_definitions.0.kernel", "base");
    assert_number(json, "further_definitions.0.layout", 1);
    assert_number(json, "further_definitions.0.declaration_line", 3);
    assert_text(json, "further_definitions.0.used_by.1", "drivers/b.c");
}

static void any_bytes_make_a_document(void **state)
{
    struct json_sample *json = *state;
    struct struct_sample *sample = json->sample;
    const struct layout_member members[] = {
        sample_member(sample, "\"\\\n\xff", "\xc3\"", UINT64_MAX, UINT64_MAX)};
    const struct layout layout = SAMPLE_LAYOUT(UINT64_MAX, members);

    sample->layouts[1] = &layout;
    sample->entry.name = "\"}\n\x01\xff";
    render(json);
    assert_text(json, "name", "\"}\n\x01\xef\xbf\xbd");
    assert_text(json, "layouts.0.members.0.name", "\xef\xbf\xbd\"");
    assert_number(json, "layouts.0.byte_size", INT64_MAX);
}

/* Whoever adds a kind of change is reminded of its word here. */
static void every_kind_of_change_has_a_word(void **state)
{
    struct json_sample *json = *state;
    struct json_document document;
    unsigned kinds = 0;
    size_t count = 0;

#define X(kind, bit, key, word) kinds |= kind, count++;
    CHANGE_KINDS(X)
#undef X
    assert_int_equal(count, CHANGE_KIND_COUNT);
    json_document_init(&document, "test", 1);
    change_json_set_kinds(&document, document.root, kinds);
    json->document = json_incref(document.root);
    assert_count(json, "changes", count);
    json_document_deinit(&document);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_document_has_kernels_and_layouts),
        TEST(a_document_has_every_change),
        TEST(what_an_import_does_not_know_is_null),
        TEST(further_definitions_are_told_with_their_users),
        TEST(any_bytes_make_a_document),
        TEST(every_kind_of_change_has_a_word),
    };
#undef TEST
    return cmocka_run_group_tests_name("struct JSON", tests, NULL, NULL);
}
