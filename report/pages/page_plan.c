/* SPDX-License-Identifier: MIT */
#include "report/pages/page_plan.h"

#include <stdbool.h>

#include "model/text/escape.h"

enum { TEXT_MAXIMUM = 1024 * 1024 };

/* The plan's texts under construction. Failures are kept by the scratch buffer. */
struct planner {
    struct arena *arena;
    const char *const *kernel_names;
    struct buffer scratch;
    bool is_out_of_memory;
};

static void append_code(struct planner *planner, const char *text)
{
    buffer_append_text(&planner->scratch, "<code>");
    escape_append(&planner->scratch, ESCAPE_HTML, text);
    buffer_append_text(&planner->scratch, "</code>");
}

/* Moves the scratch buffer's text to where it stays. */
static struct page_text take_text(struct planner *planner)
{
    size_t length = planner->scratch.length;
    const char *bytes = arena_copy_text(planner->arena, buffer_text(&planner->scratch), length);

    if (!bytes)
        planner->is_out_of_memory = true;
    if (!planner->scratch.has_failed)
        buffer_clear(&planner->scratch);
    return (struct page_text){bytes, length};
}

static struct page_text kernel_text(struct planner *planner, const char *before, size_t kernel,
                                    const char *after)
{
    buffer_append_text(&planner->scratch, before);
    append_code(planner, planner->kernel_names[kernel]);
    buffer_append_text(&planner->scratch, after);
    return take_text(planner);
}

static struct page_text pair_text(struct planner *planner, const char *before,
                                  const struct kernel_pair *pair, const char *after)
{
    buffer_append_text(&planner->scratch, before);
    buffer_append_text(&planner->scratch, " between ");
    append_code(planner, planner->kernel_names[pair->before]);
    buffer_append_text(&planner->scratch, " and ");
    append_code(planner, planner->kernel_names[pair->after]);
    buffer_append_text(&planner->scratch, after);
    return take_text(planner);
}

static struct plan_kernel plan_kernel(struct planner *planner, size_t kernel)
{
    return (struct plan_kernel){
        .kernel = kernel,
        .absent = kernel_text(planner, "<li>\nIn ", kernel, ": Absent ❓\n</li>\n"),
        .present = kernel_text(planner, "<li>\n<details>\n<summary>In ", kernel, ": ✅</summary>\n"),
    };
}

static struct plan_pair plan_pair(struct planner *planner, const struct kernel_pair *pair)
{
    return (struct plan_pair){
        .before = pair->before,
        .after = pair->after,
        .same = pair_text(planner, "<li>\nNo changes", pair, " ✅\n</li>\n"),
        .added = pair_text(planner, "<li>\n<details>\n<summary>Added", pair, " ➕</summary>\n"),
        .removed = pair_text(planner, "<li>\n<details>\n<summary>Removed", pair, " ➖</summary>\n"),
        .changed =
            pair_text(planner, "<li>\n<details>\n<summary>Changed", pair, " ❓</summary>\n<ul>\n"),
    };
}

static struct error *plan_group(struct planner *planner, const struct kernel_group *group,
                                struct plan_group *plan)
{
    buffer_append_text(&planner->scratch, "<b>");
    escape_append(&planner->scratch, ESCAPE_HTML, group->name);
    buffer_append_text(&planner->scratch, "</b>\n<ul>\n");
    plan->heading = take_text(planner);

    plan->kernel_count = group->kernel_count;
    plan->kernels = arena_allocate(planner->arena, group->kernel_count, sizeof(*plan->kernels));
    plan->pair_count = group->pair_count;
    plan->pairs = arena_allocate(planner->arena, group->pair_count, sizeof(*plan->pairs));
    if (!plan->kernels || !plan->pairs)
        return error_out_of_memory();
    for (size_t i = 0; i < group->kernel_count; i++)
        plan->kernels[i] = plan_kernel(planner, group->kernels[i]);
    for (size_t i = 0; i < group->pair_count; i++)
        plan->pairs[i] = plan_pair(planner, &group->pairs[i]);
    return planner->is_out_of_memory ? error_out_of_memory() : NULL;
}

static struct error *plan_groups(struct planner *planner, const struct kernel_groups *groups,
                                 struct page_plan *plan)
{
    plan->groups = arena_allocate(planner->arena, groups->count, sizeof(*plan->groups));
    if (!plan->groups)
        return error_out_of_memory();
    plan->group_count = groups->count;
    for (size_t i = 0; i < groups->count; i++)
        TRY(plan_group(planner, &groups->groups[i], &plan->groups[i]));
    return buffer_check(&planner->scratch, "a kernel's name");
}

struct error *page_plan_init(struct page_plan *plan, const char *const *kernel_names,
                             size_t kernel_count, const struct kernel_groups *groups)
{
    struct planner planner = {.arena = &plan->arena, .kernel_names = kernel_names};

    *plan = (struct page_plan){.kernel_count = kernel_count};
    arena_init(&plan->arena);
    buffer_init(&planner.scratch, TEXT_MAXIMUM);
    struct error *error = plan_groups(&planner, groups, plan);
    buffer_deinit(&planner.scratch);
    if (error)
        page_plan_deinit(plan);
    return error;
}

void page_plan_deinit(struct page_plan *plan)
{
    arena_deinit(&plan->arena);
    *plan = (struct page_plan){0};
}

static bool is_in_a_group(const struct history_definition *entry, const struct page_plan *plan,
                          bool is_of_vmlinux)
{
    for (size_t i = 0; i < plan->group_count; i++) {
        const struct plan_group *group = &plan->groups[i];
        for (size_t j = 0; j < group->kernel_count; j++) {
            size_t kernel = group->kernels[j].kernel;
            if (is_of_vmlinux ? history_vmlinux_layout(entry, kernel) : entry->layouts[kernel])
                return true;
        }
    }
    return false;
}

bool page_is_wanted(const struct history_definition *entry, const struct page_plan *plan)
{
    return is_in_a_group(entry, plan, false);
}

size_t page_count(const struct history *history, const struct page_plan *plan,
                  enum definition_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < history->definition_count; i++)
        count +=
            history->definitions[i].kind == kind && page_is_wanted(&history->definitions[i], plan);
    return count;
}

bool page_is_of_vmlinux(const struct history_definition *entry, const struct page_plan *plan)
{
    return is_in_a_group(entry, plan, true);
}
