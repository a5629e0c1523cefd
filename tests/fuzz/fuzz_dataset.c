/* SPDX-License-Identifier: MIT */
/* Any bytes as a data set: what can be opened is listed and loaded. */
#include "dataset/dataset.h"
#include "tests/fuzz/fuzz_input.h"

static void load_history(struct dataset *dataset, const struct dataset_kernels *kernels,
                         const char *name)
{
    const char **names = calloc(kernels->count + 1, sizeof(*names));
    const struct dataset_selection selection = {.kernel_count = kernels->count,
                                                .kernel_names = names,
                                                .kinds = DEFINITION_KINDS_ALL,
                                                .name_count = 1,
                                                .names = name ? &name : NULL,
                                                .embedded_depth = EMBEDDED_AT_ANY_DEPTH,
                                                .has_details = true};
    struct history history;

    for (size_t i = 0; names && i < kernels->count; i++)
        names[i] = kernels->kernels[i].name;
    if (names && !fuzz_is_refused(dataset_load_history(dataset, &selection, &history)))
        history_deinit(&history);
    free(names);
}

static void load_all(struct dataset *dataset)
{
    struct dataset_kernels kernels;

    if (fuzz_is_refused(dataset_list(dataset, &kernels)))
        return;
    load_history(dataset, &kernels, NULL);
    load_history(dataset, &kernels, "s");
    dataset_kernels_deinit(&kernels);
}

/* SQLite wants a file that has a name of its own, which files in memory do not. */
static void write_file(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "we");

    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *directory = getenv("TMPDIR");
    struct dataset *dataset;
    char path[512];

    snprintf(path, sizeof(path), "%s/kstruct-fuzz-%ld.db", directory ? directory : "/tmp",
             (long)getpid());
    write_file(path, bytes, length);
    if (!fuzz_is_refused(dataset_open(path, DATASET_READ, &dataset))) {
        load_all(dataset);
        dataset_close(dataset);
    }
    unlink(path);
    return 0;
}
