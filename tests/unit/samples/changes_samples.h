/* SPDX-License-Identifier: MIT */
/* Reports of some kernels, one after the other, into one directory. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_CHANGES_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_CHANGES_SAMPLES_H

#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "report/news/change_log_json.h"
#include "report/report.h"
#include "tests/unit/samples/directory_tree.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum {
    KERNEL_COUNT = 4,
    PLAIN_COUNT = 5,
    MANY_COUNT = 60,
    STRUCT_COUNT = PLAIN_COUNT + MANY_COUNT,
    FILE_MAXIMUM = 1024 * 1024,
};

/* Of these kernels each test takes some. From the first to the second one struct each comes, goes,
 * grows and moves; the second and third are the same; with the fourth many structs come. */
static const struct coverage_kernel all_kernels[KERNEL_COUNT] = {
    TEST_COVERED_KERNEL("5.3.0", "1", "generic", "amd64", 0),
    TEST_COVERED_KERNEL("5.4.0", "1", "generic", "amd64", 1),
    TEST_COVERED_KERNEL("5.8.0", "1", "generic", "amd64", 2),
    TEST_COVERED_KERNEL("5.11.0", "1", "generic", "amd64", 3),
};

struct sample {
    char directory[64];
    struct coverage_kernel kernels[KERNEL_COUNT]; /* which a test may change */
    struct history history;
    struct layout_member members[3];
    struct layout layouts[STRUCT_COUNT][2];
    char names[STRUCT_COUNT][16];
    const struct layout *in_kernels[STRUCT_COUNT][KERNEL_COUNT];
    struct history_definition structs[STRUCT_COUNT];
    const char *kernel_names[KERNEL_COUNT];
    char group_name[32];
    const char *failing; /* part of the error that the next report has to end with */
    struct report_result result;
};

static const char *const plain_names[PLAIN_COUNT] = {"came", "grew", "kept", "moved", "went"};

static inline int set_up(void **state)
{
    struct sample *sample = calloc(1, sizeof(*sample));

    strcpy(sample->directory, "/tmp/kstruct-changes-XXXXXX");
    assert_non_null(mkdtemp(sample->directory));
    memcpy(sample->kernels, all_kernels, sizeof(all_kernels));
    strcpy(sample->group_name, "Regular");
    history_init(&sample->history);
    const struct type *number = int_type(&sample->history.types);
    for (size_t i = 0; i < ARRAY_LENGTH(sample->members); i++)
        sample->members[i] = (struct layout_member){
            .name = i == 1 ? "b" : "a", .type = number, .bit_offset = 32 * i, .byte_size = 4};
    for (size_t i = 0; i < STRUCT_COUNT; i++) {
        const char *plain = i < PLAIN_COUNT ? plain_names[i] : "";
        snprintf(sample->names[i], sizeof(sample->names[i]), i < PLAIN_COUNT ? "%s" : "x%s%02zu",
                 plain, i);
        for (size_t j = 0; j < 2; j++)
            sample->layouts[i][j] = (struct layout){
                .name = sample->names[i],
                .byte_size = 16,
                .member_count = j == 1 && strcmp(plain, "grew") == 0 ? 2 : 1,
                .members = &sample->members[j == 1 && strcmp(plain, "moved") == 0 ? 2 : 0]};
    }
    *state = sample;
    return 0;
}

static inline int tear_down(void **state)
{
    struct sample *sample = *state;

    remove_tree(sample->directory);
    history_deinit(&sample->history);
    free(sample);
    return 0;
}

static inline bool is_in(size_t structure, size_t kernel)
{
    const char *name = structure < PLAIN_COUNT ? plain_names[structure] : "";

    if (structure >= PLAIN_COUNT)
        return kernel == 3;
    return strcmp(name, "came") == 0 ? kernel >= 1 : strcmp(name, "went") != 0 || kernel == 0;
}

/* Fills the history with the kernels that the digits of KERNELS name. */
static inline void choose(struct sample *sample, const char *kernels,
                          struct coverage_kernel *covered)
{
    size_t count = strlen(kernels);

    for (size_t i = 0; i < count; i++) {
        size_t kernel = (size_t)(kernels[i] - '0');
        covered[i] = sample->kernels[kernel];
        covered[i].report_index = i;
        sample->kernel_names[i] = covered[i].name;
        for (size_t j = 0; j < STRUCT_COUNT; j++)
            sample->in_kernels[j][i] = is_in(j, kernel) ? &sample->layouts[j][kernel >= 1] : NULL;
    }
    for (size_t j = 0; j < STRUCT_COUNT; j++)
        sample->structs[j] =
            (struct history_definition){.name = sample->names[j], .layouts = sample->in_kernels[j]};
    sample->history.kernel_count = count;
    sample->history.kernel_names = sample->kernel_names;
    sample->history.definition_count = STRUCT_COUNT;
    sample->history.definitions = sample->structs;
}

/* A report of the kernels that the digits name, in one group, each compared with the one before. */
static inline void report_by(struct sample *sample, const char *kernels, unsigned jobs)
{
    struct coverage_kernel covered[KERNEL_COUNT];
    size_t numbers[KERNEL_COUNT] = {0, 1, 2, 3};
    struct kernel_pair pairs[] = {{0, 1}, {1, 2}, {2, 3}};
    size_t count = strlen(kernels);
    struct kernel_group group = {sample->group_name, count, numbers, count - 1, pairs};
    const struct kernel_groups groups = {1, &group};
    const struct coverage coverage = {count, covered};
    const struct report_input input = {&sample->history, &groups, &coverage};
    const struct report_options options = {
        .directory = sample->directory, .formats = REPORT_MARKDOWN, .jobs = jobs};

    choose(sample, kernels, covered);
    struct error *error = report_write(&input, &options, &sample->result);
    if (sample->failing)
        assert_failure(error, ERROR_SYSTEM, sample->failing);
    else
        assert_success(error);
}

static inline void report(struct sample *sample, const char *kernels)
{
    report_by(sample, kernels, 2);
}

static inline char *path_of(const struct sample *sample, const char *name)
{
    char *path = path_join(sample->directory, name);

    assert_non_null(path);
    return path;
}

/* Free with free(). */
static inline char *contents(const struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);
    char *bytes = NULL;
    size_t length = 0;

    assert_success(file_read(path, FILE_MAXIMUM, &bytes, &length));
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

static inline void put(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);

    assert_success(file_replace(path, text, strlen(text)));
}

static inline void take_away(const struct sample *sample, const char *name)
{
    CLEANUP(free_pointer) char *path = path_of(sample, name);

    assert_int_equal(remove(path), 0);
}

static inline void assert_has(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *bytes = contents(sample, name);

    if (!strstr(bytes, text))
        fail_msg("%s lacks \"%s\":\n%s", name, text, bytes);
}

static inline void assert_lacks(const struct sample *sample, const char *name, const char *text)
{
    CLEANUP(free_pointer) char *bytes = contents(sample, name);

    if (strstr(bytes, text))
        fail_msg("%s has \"%s\":\n%s", name, text, bytes);
}

static inline void read_log(const struct sample *sample, struct change_log *log)
{
    CLEANUP(free_pointer) char *bytes = contents(sample, "changes.json");

    assert_success(change_log_parse(bytes, strlen(bytes), log));
}

/* TEXT with TO in place of the first FROM, which it must have. Free with free(). */
static inline char *replaced(const char *text, const char *from, const char *to)
{
    size_t before = 0;
    char *result = NULL;

    while (text[before] && strncmp(text + before, from, strlen(from)) != 0)
        before++;
    assert_int_not_equal(text[before], '\0');
    assert_true(asprintf(&result, "%.*s%s%s", (int)before, text, to, text + before + strlen(from)) >
                0);
    return result;
}

/* The last one is what the next report goes by. */
static const char *const file_names[] = {"changes.md", "changes.atom", "changes.json"};

#endif
