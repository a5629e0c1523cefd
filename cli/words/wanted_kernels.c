/* SPDX-License-Identifier: MIT */
#include "cli/words/wanted_kernels.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/nearest_word.h"

void wanted_kernels_deinit(struct wanted_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++)
        kernel_name_deinit(&kernels->names[i]);
    free(kernels->names);
    free(kernels->texts);
    free(kernels->kernels);
    free(kernels->shown);
    dataset_kernels_deinit(&kernels->list);
    *kernels = (struct wanted_kernels){0};
}

static int compare_names(const void *a, const void *b)
{
    const struct kernel_name *left = a;
    const struct kernel_name *right = b;
    int difference = strcmp(left->architecture, right->architecture);

    if (difference == 0)
        difference = strcmp(left->flavor, right->flavor);
    return difference != 0 ? difference : kernel_name_compare(left, right);
}

static struct error *parse_names(struct wanted_kernels *kernels)
{
    size_t count = kernels->list.count;

    kernels->names = calloc(count + 1, sizeof(*kernels->names));
    kernels->texts = calloc(count + 1, sizeof(*kernels->texts));
    kernels->kernels = calloc(count + 1, sizeof(*kernels->kernels));
    kernels->shown = calloc(count + 1, sizeof(*kernels->shown));
    if (!kernels->names || !kernels->texts || !kernels->kernels || !kernels->shown)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        TRY(kernel_name_parse(kernels->list.kernels[i].name, &kernels->names[i]));
        kernels->count++;
    }
    qsort(kernels->names, count, sizeof(*kernels->names), compare_names);
    return NULL;
}

static void describe(struct wanted_kernels *kernels, size_t index)
{
    const struct kernel_name *name = &kernels->names[index];
    const struct kernel_record *kernel = dataset_kernels_find(&kernels->list, name->text);

    kernels->texts[index] = name->text;
    kernels->kernels[index] = (struct offset_kernel){
        .name = name->text,
        .version = name->version,
        .abi = name->abi,
        .flavor = name->flavor,
        .architecture = name->architecture,
        .release = kernel->release,
        .build_id = kernel->build_id,
    };
}

/* Marks the kernel in IS_SHOWN, which has a flag for each. */
static struct error *mark(const struct wanted_kernels *kernels, const char *name, bool *is_shown)
{
    for (size_t i = 0; i < kernels->count; i++) {
        if (strcmp(kernels->texts[i], name) == 0) {
            is_shown[i] = true;
            return NULL;
        }
    }
    const char *nearest = nearest_word(name, kernels->texts, kernels->count);
    return error_create(ERROR_NOT_FOUND, name, "the data set has no such kernel%s%s%s",
                        nearest ? "; did you mean `" : "; `kstruct status` lists those it has",
                        nearest ? nearest : "", nearest ? "`?" : "");
}

static struct error *mark_wanted(const struct wanted_kernels *kernels, const char *wanted,
                                 bool *is_shown)
{
    CLEANUP(free_pointer) char *copy = strdup(wanted);
    char *rest = copy;
    const char *name;

    if (!copy)
        return error_out_of_memory();
    while ((name = strsep(&rest, ",")))
        TRY(mark(kernels, name, is_shown));
    return NULL;
}

static struct error *choose(struct wanted_kernels *kernels, const char *wanted)
{
    bool *is_shown = calloc(kernels->count + 1, sizeof(*is_shown));

    if (!is_shown)
        return error_out_of_memory();
    struct error *error = wanted ? mark_wanted(kernels, wanted, is_shown) : NULL;
    for (size_t i = 0; i < kernels->count; i++) {
        if (!wanted || is_shown[i])
            kernels->shown[kernels->shown_count++] = i;
    }
    free(is_shown);
    return error;
}

struct error *wanted_kernels_list(struct dataset *dataset, const char *wanted,
                                  struct wanted_kernels *kernels)
{
    *kernels = (struct wanted_kernels){0};
    TRY(dataset_list(dataset, &kernels->list));
    if (kernels->list.count == 0)
        return error_create(ERROR_NOT_FOUND, NULL,
                            "the data set has no kernels yet; `kstruct run` gets them");
    TRY(parse_names(kernels));
    for (size_t i = 0; i < kernels->count; i++)
        describe(kernels, i);
    return choose(kernels, wanted);
}
