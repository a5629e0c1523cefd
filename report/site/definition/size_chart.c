/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"

/* The picture's own units. More steps than the widest picture has room for are smaller ones. */
enum { STEP = 24, HEIGHT = 60, MARGIN = 6, STEPS_MAXIMUM = 40 };

struct chart {
    const struct definition_page *page;
    const struct kernel_group *group;
    uint64_t minimum;
    uint64_t maximum;
    size_t count; /* kernels of the group whose size is known */
};

static const struct layout *layout_at(const struct chart *chart, size_t place)
{
    const struct layout *layout = chart->page->view.entry->layouts[chart->group->kernels[place]];

    return layout && layout_has_byte_size(layout) ? layout : NULL;
}

static void measure(struct chart *chart)
{
    for (size_t i = 0; i < chart->group->kernel_count; i++) {
        const struct layout *layout = layout_at(chart, i);
        if (!layout)
            continue;
        if (chart->count == 0 || layout->byte_size < chart->minimum)
            chart->minimum = layout->byte_size;
        if (chart->count == 0 || layout->byte_size > chart->maximum)
            chart->maximum = layout->byte_size;
        chart->count++;
    }
}

static bool is_crowded(const struct chart *chart)
{
    return chart->group->kernel_count - 1 > STEPS_MAXIMUM;
}

static size_t x_of(const struct chart *chart, size_t place)
{
    return MARGIN + (is_crowded(chart)
                         ? place * STEP * STEPS_MAXIMUM / (chart->group->kernel_count - 1)
                         : place * STEP);
}

/* Is there room for it, or is it unlike a neighbour? */
static bool is_shown(const struct chart *chart, size_t place)
{
    const struct layout *layout = layout_at(chart, place);

    if (!layout || !is_crowded(chart) || place == 0 || place + 1 == chart->group->kernel_count)
        return layout != NULL;
    const struct layout *before = layout_at(chart, place - 1);
    const struct layout *after = layout_at(chart, place + 1);
    return !before || !after || before->byte_size != layout->byte_size ||
           after->byte_size != layout->byte_size;
}

static unsigned y_of(const struct chart *chart, uint64_t byte_size)
{
    double share = (double)(byte_size - chart->minimum) / (double)(chart->maximum - chart->minimum);

    return MARGIN + (unsigned)((1.0 - share) * (HEIGHT - 2 * MARGIN) + 0.5);
}

static void append_points(const struct chart *chart, struct buffer *out)
{
    for (size_t i = 0; i < chart->group->kernel_count; i++) {
        const struct layout *layout = layout_at(chart, i);
        if (!is_shown(chart, i))
            continue;
        buffer_append_format(out, "<circle cx=\"%zu\" cy=\"%u\" r=\"3\"><title>", x_of(chart, i),
                             y_of(chart, layout->byte_size));
        html_append_text(out, chart->page->view.history->kernel_names[chart->group->kernels[i]]);
        buffer_append_format(out, ": %" PRIu64 " bytes</title></circle>\n", layout->byte_size);
    }
}

/* A kernel without it interrupts the line. */
static void append_line(const struct chart *chart, struct buffer *out)
{
    const char *command = "M";

    buffer_append_text(out, "<path d=\"");
    for (size_t i = 0; i < chart->group->kernel_count; i++) {
        const struct layout *layout = layout_at(chart, i);
        if (is_shown(chart, i))
            buffer_append_format(out, "%s%zu %u", command, x_of(chart, i),
                                 y_of(chart, layout->byte_size));
        command = layout ? "L" : "M";
    }
    buffer_append_text(out, "\"/>\n");
}

void definition_page_append_chart(struct definition_page *page)
{
    const struct kernel_groups *groups = page->view.context->input.groups;
    struct chart chart = {.page = page};

    if (groups->count == 0)
        return;
    chart.group = &groups->groups[0];
    measure(&chart);
    if (chart.count < 2 || chart.minimum == chart.maximum)
        return;
    size_t width = x_of(&chart, chart.group->kernel_count - 1) + MARGIN;
    buffer_append_format(page->out,
                         "<figure class=\"chart\"><svg viewBox=\"0 0 %zu %d\" width=\"%zu\" "
                         "height=\"%d\" role=\"img\" aria-label=\"Its size from kernel to kernel, "
                         "%" PRIu64 " to %" PRIu64 " bytes\">\n",
                         width, HEIGHT, width, HEIGHT, chart.minimum, chart.maximum);
    append_line(&chart, page->out);
    append_points(&chart, page->out);
    buffer_append_format(page->out,
                         "</svg><figcaption>%" PRIu64 " to %" PRIu64 " bytes in the kernels of ",
                         chart.minimum, chart.maximum);
    html_append_text(page->out, chart.group->name);
    buffer_append_text(page->out, "</figcaption></figure>\n");
}
