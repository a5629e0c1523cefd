/* SPDX-License-Identifier: MIT */
/* A data set in a directory of its own, for a test. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DATASET_FIXTURE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DATASET_FIXTURE_H

#include "base/system/file.h"
#include "dataset/dataset.h"
#include "tests/unit/samples/dataset_samples.h"
#include "tests/unit/samples/packages.h"
#include "tests/unit/unit.h"

struct fixture {
    char *directory;
    char *path;
    struct dataset *dataset;
};

static inline int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->directory = make_directory();
    fixture->path = path_join(fixture->directory, "kstruct.db");
    assert_success(dataset_open(fixture->path, DATASET_WRITE, &fixture->dataset));
    *state = fixture;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *fixture = *state;

    dataset_close(fixture->dataset);
    remove_directory(fixture->directory);
    free(fixture->path);
    free(fixture);
    return 0;
}

static inline void store(struct fixture *fixture, const char *name,
                         const struct kernel_layouts *kernel)
{
    const struct kernel_record record = record_of(name, kernel);

    assert_success(dataset_store(fixture->dataset, &record, kernel));
}

/* Stores a kernel with one struct of one member. */
static inline void store_simple(struct fixture *fixture, const char *kernel_name,
                                const char *struct_name, uint64_t byte_size)
{
    struct kernel_layouts kernel;

    kernel_layouts_init(&kernel);
    add_struct(&kernel, simple_layout(&kernel, struct_name, byte_size), "a.h", 1);
    store(fixture, kernel_name, &kernel);
    kernel_layouts_deinit(&kernel);
}

#endif
