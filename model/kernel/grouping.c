/* SPDX-License-Identifier: MIT */
#include "model/kernel/grouping.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP_REGULAR, GROUP_ARCH, GROUP_FLAVOR, GROUP_REVISION, FIXED_GROUP_COUNT };

static const char *const fixed_group_names[FIXED_GROUP_COUNT] = {
    [GROUP_REGULAR] = "Regular",
    [GROUP_ARCH] = "Arch",
    [GROUP_FLAVOR] = "Flavor",
    [GROUP_REVISION] = "Revision",
};

struct grouping {
    const struct kernel_name *names;
    size_t count;
    size_t baseline;
    size_t *order;            /* indexes of all kernels, sorted */
    size_t *group_of;         /* by kernel: a number of a group */
    const char **group_names; /* by number; as many as there may be */
    size_t group_count;
};

static bool is_same_version(const struct kernel_name *a, const struct kernel_name *b)
{
    return kernel_name_compare_version(a->version, b->version) == 0;
}

static bool is_same_flavor(const struct kernel_name *a, const struct kernel_name *b)
{
    return strcmp(a->flavor, b->flavor) == 0;
}

static bool is_same_architecture(const struct kernel_name *a, const struct kernel_name *b)
{
    return strcmp(a->architecture, b->architecture) == 0;
}

static int compare_indexes(const void *a, const void *b, void *context)
{
    const struct grouping *grouping = context;

    return kernel_name_compare(&grouping->names[*(const size_t *)a],
                               &grouping->names[*(const size_t *)b]);
}

static void grouping_deinit(struct grouping *grouping)
{
    free(grouping->order);
    free(grouping->group_of);
    free(grouping->group_names);
}

static struct error *grouping_init(struct grouping *grouping, const struct kernel_name *names,
                                   size_t count, size_t baseline)
{
    *grouping = (struct grouping){
        .names = names,
        .count = count,
        .order = calloc(count, sizeof(*grouping->order)),
        .group_of = calloc(count, sizeof(*grouping->group_of)),
        .group_names = calloc(count + FIXED_GROUP_COUNT, sizeof(*grouping->group_names)),
        .group_count = FIXED_GROUP_COUNT,
    };
    if (!grouping->order || !grouping->group_of || !grouping->group_names) {
        grouping_deinit(grouping);
        return error_out_of_memory();
    }
    for (size_t i = 0; i < count; i++)
        grouping->order[i] = i;
    qsort_r(grouping->order, count, sizeof(*grouping->order), compare_indexes, grouping);
    grouping->baseline = baseline == GROUPING_NO_BASELINE ? grouping->order[0] : baseline;
    memcpy(grouping->group_names, fixed_group_names, sizeof(fixed_group_names));
    return NULL;
}

static size_t number_of_group(struct grouping *grouping, const char *name)
{
    size_t number = 0;

    while (number < grouping->group_count && strcmp(grouping->group_names[number], name) != 0)
        number++;
    if (number == grouping->group_count)
        grouping->group_names[grouping->group_count++] = name;
    return number;
}

/* The group of a kernel whose line names none. */
static size_t classify(const struct grouping *grouping, size_t kernel)
{
    const struct kernel_name *name = &grouping->names[kernel];
    const struct kernel_name *baseline = &grouping->names[grouping->baseline];
    bool same_version = is_same_version(name, baseline);
    bool same_flavor = is_same_flavor(name, baseline);
    bool same_architecture = is_same_architecture(name, baseline);

    if (kernel == grouping->baseline || (!same_version && same_flavor && same_architecture))
        return GROUP_REGULAR;
    if (same_version && same_flavor && !same_architecture)
        return GROUP_ARCH;
    if (same_version && !same_flavor && same_architecture)
        return GROUP_FLAVOR;
    return GROUP_REVISION;
}

/* What KERNEL, of group NUMBER, is compared with. */
static size_t find_relative(const struct grouping *grouping, size_t kernel, size_t number)
{
    const struct kernel_name *name = &grouping->names[kernel];
    size_t in_group = SIZE_MAX;
    size_t anywhere = SIZE_MAX;

    for (size_t i = 0; grouping->order[i] != kernel; i++) {
        size_t other = grouping->order[i];
        if (!is_same_flavor(&grouping->names[other], name) ||
            !is_same_architecture(&grouping->names[other], name))
            continue;
        anywhere = other;
        if (grouping->group_of[other] == number || other == grouping->baseline)
            in_group = other;
    }
    if (in_group != SIZE_MAX)
        return in_group;
    return anywhere != SIZE_MAX ? anywhere : grouping->baseline;
}

static void fill_pairs(const struct grouping *grouping, size_t number, struct kernel_group *group)
{
    size_t first = number == GROUP_REGULAR ? 1 : 0;

    for (size_t i = first; i < group->kernel_count; i++) {
        size_t after = group->kernels[i];
        size_t before;
        if (number == GROUP_REGULAR)
            before = group->kernels[i - 1];
        else if (number == GROUP_ARCH || number == GROUP_FLAVOR)
            before = grouping->baseline;
        else
            before = find_relative(grouping, after, number);
        group->pairs[group->pair_count++] = (struct kernel_pair){before, after};
    }
}

/* Adds group NUMBER to GROUPS, which has room for it, unless the group has no kernels. */
static struct error *add_group(const struct grouping *grouping, size_t number,
                               struct kernel_groups *groups)
{
    size_t kernel_count = 0;

    for (size_t i = 0; i < grouping->count; i++)
        kernel_count += grouping->group_of[i] == number;
    if (kernel_count == 0)
        return NULL;

    struct kernel_group *group = &groups->groups[groups->count++];
    *group = (struct kernel_group){
        .name = strdup(grouping->group_names[number]),
        .kernels = calloc(kernel_count, sizeof(*group->kernels)),
        .pairs = calloc(kernel_count, sizeof(*group->pairs)),
    };
    if (!group->name || !group->kernels || !group->pairs)
        return error_out_of_memory();
    for (size_t i = 0; i < grouping->count; i++) {
        if (grouping->group_of[grouping->order[i]] == number)
            group->kernels[group->kernel_count++] = grouping->order[i];
    }
    fill_pairs(grouping, number, group);
    return NULL;
}

static struct error *add_groups(const struct grouping *grouping, struct kernel_groups *ret)
{
    struct kernel_groups groups = {
        .groups = calloc(grouping->group_count, sizeof(*groups.groups)),
    };
    struct error *error = groups.groups ? NULL : error_out_of_memory();

    for (size_t number = 0; number < grouping->group_count && !error; number++)
        error = add_group(grouping, number, &groups);
    if (error) {
        kernel_groups_deinit(&groups);
        return error;
    }
    *ret = groups;
    return NULL;
}

struct error *grouping_build(const struct kernel_name *names, const char *const *group_overrides,
                             size_t count, size_t baseline, struct kernel_groups *ret)
{
    struct grouping grouping;

    if (count == 0) {
        *ret = (struct kernel_groups){0};
        return NULL;
    }
    TRY(grouping_init(&grouping, names, count, baseline));
    for (size_t i = 0; i < count; i++) {
        const char *override = group_overrides ? group_overrides[i] : NULL;
        grouping.group_of[i] = override && i != grouping.baseline
                                   ? number_of_group(&grouping, override)
                                   : classify(&grouping, i);
    }
    struct error *error = add_groups(&grouping, ret);
    grouping_deinit(&grouping);
    return error;
}
