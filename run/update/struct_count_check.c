/* SPDX-License-Identifier: MIT */
#include "run/update/struct_count_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/counted.h"
#include "model/kernel/kernel_name.h"

struct neighbours {
    const struct kernel_record *before;
    const struct kernel_record *after;
    uint64_t average; /* of all but the kernel itself; 0 if there is no other */
};

static bool are_related(const struct kernel_name *one, const struct kernel_name *other)
{
    return strcmp(one->flavor, other->flavor) == 0 &&
           strcmp(one->architecture, other->architecture) == 0;
}

/* Version and ABI of one name against those of another of the same flavor and architecture. */
static int compare_texts(const char *one, const char *other, int *result)
{
    struct kernel_name left;
    struct kernel_name right;
    struct error *error = kernel_name_parse(one, &left);

    if (error) {
        error_destroy(error);
        return 0;
    }
    error = kernel_name_parse(other, &right);
    if (!error)
        *result = kernel_name_compare(&left, &right);
    int is_related = !error && are_related(&left, &right);
    kernel_name_deinit(&left);
    if (!error)
        kernel_name_deinit(&right);
    error_destroy(error);
    return is_related;
}

/* Takes OTHER for the nearest on its side if it is nearer than the one so far. */
static void consider(const struct kernel_record *kernel, const struct kernel_record *other,
                     struct neighbours *neighbours)
{
    int order = 0;
    int nearness = 0;

    if (!compare_texts(other->name, kernel->name, &order) || order == 0)
        return;
    const struct kernel_record **side = order < 0 ? &neighbours->before : &neighbours->after;
    if (!*side ||
        (compare_texts(other->name, (*side)->name, &nearness) && (nearness > 0) == (order < 0)))
        *side = other;
}

static bool is_below(uint64_t count, uint64_t other, uint64_t percent)
{
    return count < other / 100 * percent + other % 100 * percent / 100;
}

/* Nearly every kernel has enough, whichever its neighbours are: to find these takes longer. */
static bool has_fewer_than_some(const struct dataset_kernels *kernels, size_t index)
{
    uint64_t count = kernels->kernels[index].counts[DEFINITION_STRUCT];

    for (size_t i = 0; i < kernels->count; i++) {
        if (is_below(count, kernels->kernels[i].counts[DEFINITION_STRUCT], 75))
            return true;
    }
    return false;
}

static struct neighbours find_neighbours(const struct dataset_kernels *kernels, size_t index)
{
    struct neighbours neighbours = {0};
    uint64_t sum = 0;

    for (size_t i = 0; i < kernels->count; i++) {
        if (i == index)
            continue;
        sum += kernels->kernels[i].counts[DEFINITION_STRUCT];
        consider(&kernels->kernels[index], &kernels->kernels[i], &neighbours);
    }
    if (kernels->count > 1)
        neighbours.average = sum / (kernels->count - 1);
    return neighbours;
}

struct error *struct_drop_describe(const struct dataset_kernels *kernels, size_t index,
                                   char **warning_ret)
{
    const struct kernel_record *kernel = &kernels->kernels[index];
    const struct kernel_record *other = NULL;
    int length = 0;

    *warning_ret = NULL;
    if (!has_fewer_than_some(kernels, index))
        return NULL;
    struct neighbours neighbours = find_neighbours(kernels, index);
    if (neighbours.before && is_below(kernel->counts[DEFINITION_STRUCT],
                                      neighbours.before->counts[DEFINITION_STRUCT], 75))
        other = neighbours.before;
    else if (neighbours.after && is_below(kernel->counts[DEFINITION_STRUCT],
                                          neighbours.after->counts[DEFINITION_STRUCT], 50))
        other = neighbours.after;
    if (other)
        length =
            asprintf(warning_ret,
                     "has %" PRIu64 " %s only, where %s has %" PRIu64 "; is its package complete?",
                     COUNTED(kernel->counts[DEFINITION_STRUCT], "struct"), other->name,
                     other->counts[DEFINITION_STRUCT]);
    else if (!neighbours.before && !neighbours.after &&
             is_below(kernel->counts[DEFINITION_STRUCT], neighbours.average, 50))
        length = asprintf(warning_ret,
                          "has %" PRIu64 " %s only, where others have %" PRIu64
                          " on average; is its package complete?",
                          COUNTED(kernel->counts[DEFINITION_STRUCT], "struct"), neighbours.average);
    return length < 0 ? error_out_of_memory() : NULL;
}
