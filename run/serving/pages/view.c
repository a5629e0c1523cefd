/* SPDX-License-Identifier: MIT */
#include "run/serving/pages/view.h"

static struct error *make_context(const struct catalog *catalog, const struct kernel_groups *groups,
                                  struct view *view)
{
    struct report_context *context = &view->context;

    context->input = (struct report_input){&view->history, groups, &catalog->coverage.coverage};
    context->options = catalog->context.options;
    context->site = catalog->context.site;
    TRY(page_plan_init(&context->plan, view->history.kernel_names, view->history.kernel_count,
                       groups));
    return survey_make(&view->history, groups, 1, &context->survey);
}

static struct error *open_view(const struct catalog *catalog, struct dataset_pool *datasets,
                               const struct dataset_selection *selection,
                               const struct kernel_groups *groups, struct view *view)
{
    TRY(dataset_pool_load(datasets, selection, &view->history));
    struct error *error = make_context(catalog, groups, view);
    if (error)
        view_close(view);
    return error;
}

/* What all kernels of the catalog have under that name, of any kind. */
static struct error *open_name(const struct catalog *catalog, struct dataset_pool *datasets,
                               const char *name, struct view *view)
{
    const struct dataset_selection selection = {
        .kernel_count = catalog->selection.count,
        .kernel_names = catalog->selection.texts,
        .kinds = DEFINITION_KINDS_ALL,
        .name_count = 1,
        .names = &name,
        .embedded_depth = 1,
        .has_details = true,
    };

    *view = (struct view){0};
    return open_view(catalog, datasets, &selection, &catalog->selection.kernel_groups, view);
}

struct error *view_open_kernels(const struct catalog *catalog, struct dataset_pool *datasets,
                                const size_t *kernels, size_t count, struct view *view)
{
    const char *names[VIEW_KERNELS_MAXIMUM];

    *view = (struct view){.group_name = "Compared", .pair = {0, 1}};
    for (size_t i = 0; i < count; i++) {
        names[i] = catalog->selection.texts[kernels[i]];
        view->kernels[i] = i;
    }
    view->group =
        (struct kernel_group){view->group_name, count, view->kernels, count - 1, &view->pair};
    view->groups = (struct kernel_groups){1, &view->group};
    const struct dataset_selection selection = {
        .kernel_count = count,
        .kernel_names = names,
        .kinds = DEFINITION_KINDS_ALL,
    };
    return open_view(catalog, datasets, &selection, &view->groups, view);
}

void view_close(struct view *view)
{
    survey_deinit(&view->context.survey);
    page_plan_deinit(&view->context.plan);
    history_deinit(&view->history);
}

static struct error *render_entry(const struct view *view, const struct history_definition *name,
                                  view_render *render, struct buffer *out)
{
    const struct history_definition *entry = history_find(&view->history, name->kind, name->name);
    CLEANUP(arena_deinit) struct arena scratch;

    arena_init(&scratch);
    if (!entry)
        return error_create(ERROR_SYSTEM, NULL, "the data set is being changed; try again");
    return render(&view->context, (size_t)(entry - view->history.definitions), &scratch, out);
}

struct error *view_render_definition(const struct catalog *catalog, struct dataset_pool *datasets,
                                     const struct history_definition *name, view_render *render,
                                     struct buffer *out)
{
    struct view view;

    TRY(open_name(catalog, datasets, name->name, &view));
    struct error *error = render_entry(&view, name, render, out);
    view_close(&view);
    return error;
}
