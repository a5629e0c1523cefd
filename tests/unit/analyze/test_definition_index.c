/* SPDX-License-Identifier: MIT */
#include "analyze/definition_index.h"
#include "tests/unit/unit.h"

enum { OBSERVATION_COUNT = 4000, PARTS_MAXIMUM = 7 };

/* That a unit defines a name. */
struct observation {
    char name[16];
    uint64_t key;
    enum definition_kind kind;
    uint64_t fingerprint;
    uint32_t unit;
    uint64_t die_offset;
};

static struct observation observations[OBSERVATION_COUNT];

/* A number that depends on SEED and I alone. */
static uint32_t noise(uint32_t seed, uint32_t i)
{
    uint32_t value = (seed * 2654435761u) ^ (i * 40503u + 12345);

    value ^= value >> 15;
    value *= 2246822519u;
    return value ^ value >> 13;
}

/* Names with one to three definitions; every seventh has two keys for its one text. */
static int make_observations(void **state UNUSED)
{
    for (uint32_t i = 0; i < OBSERVATION_COUNT; i++) {
        struct observation *observation = &observations[i];
        uint32_t number = noise(1, i) % 300;
        snprintf(observation->name, sizeof(observation->name), "name%u", number);
        observation->kind = number % 5 == 4 ? DEFINITION_UNION : DEFINITION_STRUCT;
        observation->key = number;
        if (number % 7 == 0 && noise(2, i) % 2)
            observation->key += 1000;
        observation->fingerprint = observation->kind == DEFINITION_UNION
                                       ? 0
                                       : number * 10 + noise(3, i) % (number % 3 + 1);
        observation->unit = i / 20;
        observation->die_offset = i * 10;
    }
    return 0;
}

static void add(struct definition_index *index, const struct observation *observation)
{
    const struct definition_key key = {.name = {observation->name, observation->key},
                                       .kind = observation->kind};

    assert_success(definition_index_add(index, &key, observation->fingerprint, observation->unit,
                                        observation->die_offset));
}

/* Adds all observations to PARTS indexes, spread and ordered by SEED, and merges these. */
static void build(struct definition_index *index, unsigned parts, uint32_t seed)
{
    struct definition_index pieces[PARTS_MAXIMUM];

    definition_index_init(index);
    for (unsigned i = 0; i < parts; i++)
        definition_index_init(&pieces[i]);
    for (uint32_t i = 0; i < OBSERVATION_COUNT; i++) {
        const struct observation *observation =
            &observations[seed % 2 ? OBSERVATION_COUNT - 1 - i : i];
        add(&pieces[noise(seed, observation->unit) % parts], observation);
    }
    for (unsigned i = 0; i < parts; i++)
        assert_success(definition_index_merge(index, &pieces[(i + seed) % parts]));
    assert_success(definition_index_finish(index));
}

static void assert_equal_uses(const struct definition_index *a, uint32_t number_a,
                              const struct definition_index *b, uint32_t number_b)
{
    size_t i = 0;
    size_t j = 0;

    while (i < a->use_count && a->uses[i].definition != number_a)
        i++;
    while (j < b->use_count && b->uses[j].definition != number_b)
        j++;
    for (; i < a->use_count && a->uses[i].definition == number_a; i++, j++) {
        assert_true(j < b->use_count);
        assert_int_equal(b->uses[j].definition, number_b);
        assert_int_equal(b->uses[j].unit, a->uses[i].unit);
    }
    assert_false(j < b->use_count && b->uses[j].definition == number_b);
}

static void assert_equal_indexes(const struct definition_index *a, const struct definition_index *b)
{
    assert_int_equal(a->name_count, b->name_count);
    assert_int_equal(a->use_count, b->use_count);
    for (uint32_t i = 0; i < a->name_count; i++) {
        assert_string_equal(a->names[i].text, b->names[i].text);
        assert_int_equal(a->names[i].kind, b->names[i].kind);
        uint32_t left = a->names[i].first;
        uint32_t right = b->names[i].first;
        while (left != DEFINITION_NONE) {
            assert_true(right != DEFINITION_NONE);
            assert_true(a->definitions[left].fingerprint == b->definitions[right].fingerprint);
            assert_int_equal(a->definitions[left].unit, b->definitions[right].unit);
            assert_int_equal(a->definitions[left].die_offset, b->definitions[right].die_offset);
            assert_equal_uses(a, left, b, right);
            left = a->definitions[left].next;
            right = b->definitions[right].next;
        }
        assert_true(right == DEFINITION_NONE);
    }
}

static void any_split_gives_the_same_index(void **state UNUSED)
{
    struct definition_index whole;

    build(&whole, 1, 0);
    for (uint32_t seed = 1; seed <= 20; seed++) {
        struct definition_index split;
        build(&split, seed % PARTS_MAXIMUM + 1, seed);
        assert_equal_indexes(&whole, &split);
        definition_index_deinit(&split);
    }
    definition_index_deinit(&whole);
}

static void names_and_definitions_are_sorted(void **state UNUSED)
{
    struct definition_index index;

    build(&index, 3, 5);
    for (uint32_t i = 1; i < index.name_count; i++) {
        int order = strcmp(index.names[i - 1].text, index.names[i].text);
        assert_true(index.names[i - 1].kind < index.names[i].kind ||
                    (index.names[i - 1].kind == index.names[i].kind && order < 0));
    }
    for (uint32_t i = 0; i < index.name_count; i++) {
        const struct definition *definition = &index.definitions[index.names[i].first];
        for (; definition->next != DEFINITION_NONE;
             definition = &index.definitions[definition->next]) {
            const struct definition *next = &index.definitions[definition->next];
            assert_true(
                definition->unit < next->unit ||
                (definition->unit == next->unit && definition->die_offset < next->die_offset));
        }
    }
    definition_index_deinit(&index);
}

static void the_earliest_place_is_kept(void **state UNUSED)
{
    struct definition_index index;

    definition_index_init(&index);
    add(&index, &(struct observation){"s", 1, DEFINITION_STRUCT, 9, 5, 100});
    add(&index, &(struct observation){"s", 1, DEFINITION_STRUCT, 9, 3, 300});
    add(&index, &(struct observation){"s", 1, DEFINITION_STRUCT, 9, 3, 200});
    add(&index, &(struct observation){"s", 1, DEFINITION_STRUCT, 9, 4, 50});
    assert_success(definition_index_finish(&index));
    assert_int_equal(index.definition_count, 1);
    assert_int_equal(index.definitions[0].unit, 3);
    assert_int_equal(index.definitions[0].die_offset, 200);
    assert_int_equal(index.use_count, 0);
    definition_index_deinit(&index);
}

static void uses_are_kept_where_there_are_several_definitions(void **state UNUSED)
{
    struct definition_index index;

    definition_index_init(&index);
    add(&index, &(struct observation){"once", 1, DEFINITION_STRUCT, 1, 1, 10});
    add(&index, &(struct observation){"twice", 2, DEFINITION_STRUCT, 2, 7, 20});
    add(&index, &(struct observation){"twice", 2, DEFINITION_STRUCT, 3, 2, 30});
    add(&index, &(struct observation){"twice", 2, DEFINITION_STRUCT, 2, 4, 40});
    assert_success(definition_index_finish(&index));
    assert_int_equal(index.use_count, 3);
    uint32_t first = index.names[1].first;
    assert_int_equal(index.definitions[first].unit, 2);
    assert_int_equal(index.definitions[index.definitions[first].next].unit, 4);
    definition_index_deinit(&index);
}

static void each_kind_has_names_of_its_own(void **state UNUSED)
{
    const struct definition_key unnamed = {
        .name = {"both", 3}, .kind = DEFINITION_ENUM, .is_unnamed = true};
    struct definition_index index;

    definition_index_init(&index);
    for (enum definition_kind kind = DEFINITION_KIND_COUNT; kind-- > 0;)
        add(&index, &(struct observation){"both", 3, kind, 1, 1, 10});
    assert_success(definition_index_add(&index, &unnamed, 1, 1, 10));
    assert_success(definition_index_finish(&index));
    assert_int_equal(index.name_count, DEFINITION_KIND_COUNT + 1);
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        assert_int_equal(index.names[kind].kind, kind);
    assert_true(index.names[DEFINITION_KIND_COUNT].is_unnamed);
    definition_index_deinit(&index);
}

static void names_with_two_keys_become_one(void **state UNUSED)
{
    struct definition_index index;

    definition_index_init(&index);
    add(&index, &(struct observation){"s", 1, DEFINITION_STRUCT, 5, 3, 10});
    add(&index, &(struct observation){"s", 99, DEFINITION_STRUCT, 6, 1, 20});
    add(&index, &(struct observation){"s", 99, DEFINITION_STRUCT, 7, 4, 30});
    assert_success(definition_index_finish(&index));
    assert_int_equal(index.name_count, 1);
    uint32_t first = index.names[0].first;
    uint32_t second = index.definitions[first].next;
    assert_int_equal(index.definitions[first].fingerprint, 6);
    assert_int_equal(index.definitions[second].fingerprint, 5);
    assert_int_equal(index.definitions[index.definitions[second].next].fingerprint, 7);
    assert_int_equal(index.use_count, 3);
    definition_index_deinit(&index);
}

/* Whatever their keys: where texts are not merged, each unit has its own. */
static void too_many_definitions_of_one_name_are_refused(void **state UNUSED)
{
    for (int has_one_key = 0; has_one_key <= 1; has_one_key++) {
        struct definition_index index;
        struct error *error = NULL;
        definition_index_init(&index);
        for (uint32_t i = 0; i <= DEFINITIONS_PER_NAME_MAXIMUM && !error; i++) {
            const struct definition_key key = {.name = {"s", has_one_key ? 1 : i}};
            error = definition_index_add(&index, &key, i, i, 1);
        }
        if (!has_one_key) {
            assert_success(error);
            error = definition_index_finish(&index);
        }
        assert_failure(error, ERROR_LIMIT, "struct s has more than 1024 different definitions");
        definition_index_deinit(&index);
    }
}

/* Comparing them to their ends could take for ever. */
static void names_that_are_too_long_are_one_where_they_begin_alike(void **state UNUSED)
{
    char texts[2][C_NAME_MAXIMUM + 3];
    struct definition_index index;

    definition_index_init(&index);
    for (unsigned i = 0; i < 2; i++) {
        const struct definition_key key = {.name = {texts[i], i}};
        memset(texts[i], 'x', C_NAME_MAXIMUM + 1);
        texts[i][C_NAME_MAXIMUM + 1] = (char)('0' + i);
        texts[i][C_NAME_MAXIMUM + 2] = '\0';
        assert_success(definition_index_add(&index, &key, i + 1, 9 - i, 10));
    }
    assert_success(definition_index_finish(&index));
    assert_int_equal(index.name_count, 1);
    assert_true(index.names[0].is_too_long);
    assert_int_equal(index.definition_count, 1);
    assert_int_equal(index.definitions[0].unit, 8);
    definition_index_deinit(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_definitions_of_one_name_are_refused),
        cmocka_unit_test(names_that_are_too_long_are_one_where_they_begin_alike),
        cmocka_unit_test(any_split_gives_the_same_index),
        cmocka_unit_test(names_and_definitions_are_sorted),
        cmocka_unit_test(the_earliest_place_is_kept),
        cmocka_unit_test(uses_are_kept_where_there_are_several_definitions),
        cmocka_unit_test(each_kind_has_names_of_its_own),
        cmocka_unit_test(names_with_two_keys_become_one),
    };
    return cmocka_run_group_tests_name("definition index", tests, make_observations, NULL);
}
