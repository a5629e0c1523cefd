/* SPDX-License-Identifier: MIT */
#include "base/text/counted.h"
#include "model/kernel/image.h"
#include "report/compare/holes.h"
#include "report/pages/full_page.h"
#include "report/write/markdown.h"
#include "report/write/module_names.h"
#include "report/write/table/table.h"

/* Is there a layout that lacks its members' sizes? */
static bool lacks_sizes(const struct full_page *page)
{
    for (size_t i = 0; i < page->view.layouts.count; i++) {
        if (page->view.layouts.layouts[i]->lacks_member_sizes)
            return true;
    }
    return false;
}

static bool knows_waste(const struct full_page *page)
{
    for (size_t i = 0; i < page->view.layouts.count; i++) {
        if (holes_are_known(page->view.layouts.layouts[i]))
            return true;
    }
    return false;
}

static void append_introduction(struct full_page *page)
{
    size_t present = definition_view_count_present(&page->view);
    size_t layouts = page->view.layouts.first_count;

    buffer_append_format(page->out, "\nIn %zu of %zu %s, with %zu %s.", present,
                         COUNTED(page->view.layouts.kernel_count, "kernel"),
                         COUNTED(layouts, "layout"));
    buffer_append_text(page->out,
                       " Sizes and offsets are in bytes; a bit-field's offset is the byte "
                       "and, after a colon, the bit in it.\n");
    if (lacks_sizes(page))
        buffer_append_text(page->out, "\nWhere a kernel was imported without its members' sizes, "
                                      "holes and padding are not known.\n");
    if (page->view.entry->further_count > 0)
        buffer_append_format(page->out,
                             "\nSome kernels have other %s of this name, too: "
                             "[further definitions](#further-definitions).\n",
                             definition_kind_texts[page->view.entry->kind].plural);
}

/* What the table's rows are: each kernel of each group. */
struct kernel_row {
    const char *group; /* the group's name in its first row, else "" */
    size_t kernel;
};

struct kernel_rows {
    struct full_page *page;
    struct kernel_row *rows;
};

static void fill_waste(const struct full_page *page, size_t number, const struct waste *waste,
                       struct table_cell *cell)
{
    if (holes_are_known(page->view.layouts.layouts[number]))
        waste_append(table_cell_show(cell), waste);
    else
        table_cell_set_text(cell, "not known");
}

enum {
    COLUMN_GROUP,
    COLUMN_KERNEL,
    COLUMN_SIZE,
    COLUMN_HOLES,
    COLUMN_PADDING,
    COLUMN_LAYOUT,
    COLUMN_IMAGE,
    COLUMN_COUNT
};

static const struct table_column columns[] = {
    [COLUMN_GROUP] = {NULL, "Group", ALIGN_LEFT},
    [COLUMN_KERNEL] = {NULL, "Kernel", ALIGN_LEFT},
    [COLUMN_SIZE] = {NULL, "Size", ALIGN_RIGHT},
    [COLUMN_HOLES] = {NULL, "Holes", ALIGN_LEFT},
    [COLUMN_PADDING] = {NULL, "Padding", ALIGN_LEFT},
    [COLUMN_LAYOUT] = {NULL, "Layout", ALIGN_LEFT},
    [COLUMN_IMAGE] = {NULL, "Image", ALIGN_LEFT},
};

/* The columns that have something to say; how many. */
static size_t select_columns(const struct full_page *page, unsigned char selected[COLUMN_COUNT])
{
    bool has_waste = knows_waste(page);
    size_t count = 0;

    for (unsigned char column = 0; column < COLUMN_COUNT; column++) {
        bool is_waste = column == COLUMN_HOLES || column == COLUMN_PADDING;
        if (is_waste ? has_waste : column != COLUMN_IMAGE || page->view.entry->modules)
            selected[count++] = column;
    }
    return count;
}

static void fill_absence(const struct full_page *page, size_t kernel, struct table_cell *cell)
{
    unsigned kinds = page->view.context->survey.kinds[kernel];
    bool is_known = kinds & DEFINITION_KIND_BIT(page->view.entry->kind);
    const char *absence =
        history_lacks_modules(page->view.history, kernel) ? "Not in vmlinux ❓" : "Absent ❓";

    buffer_append_text(table_cell_show(cell), is_known ? absence : "Not known");
}

/* vmlinux or the modules whose it is. */
static void fill_image(struct full_page *page, size_t kernel, struct table_cell *cell)
{
    const struct history_modules modules = history_modules_of(page->view.entry, kernel);

    buffer_clear(&page->text);
    module_names_append(&page->text, ESCAPE_NOTHING_MORE, &modules);
    markdown_append_text(table_cell_show(cell),
                         modules.count > 0 ? buffer_text(&page->text) : VMLINUX_IMAGE);
}

static void fill_row(const struct table *table, size_t row_number, struct table_cell *cells)
{
    const struct kernel_rows *rows = table->rows;
    const struct kernel_row *row = &rows->rows[row_number];
    struct full_page *page = rows->page;
    size_t number = page->view.layouts.of_kernels[row->kernel];

    markdown_append_text(table_cell_show(&cells[COLUMN_GROUP]), row->group);
    table_cell_set_code(&cells[COLUMN_KERNEL], page->view.history->kernel_names[row->kernel]);
    if (number == DISTINCT_LAYOUT_NONE) {
        fill_absence(page, row->kernel, &cells[COLUMN_SIZE]);
        return;
    }
    const struct layout *layout = page->view.layouts.layouts[number];
    table_cell_set_known_number(&cells[COLUMN_SIZE], layout_has_byte_size(layout),
                                layout->byte_size);
    fill_waste(page, number, &page->wastes[number].holes, &cells[COLUMN_HOLES]);
    fill_waste(page, number, &page->wastes[number].padding, &cells[COLUMN_PADDING]);
    full_page_append_layout_link(table_cell_show(&cells[COLUMN_LAYOUT]), number);
    fill_image(page, row->kernel, &cells[COLUMN_IMAGE]);
}

static struct error *list_rows(struct full_page *page, struct kernel_rows *rows, size_t *count_ret)
{
    const struct kernel_groups *groups = page->view.context->input.groups;
    size_t count = 0;

    for (size_t i = 0; i < groups->count; i++)
        count += groups->groups[i].kernel_count;
    rows->rows = arena_allocate(page->view.arena, count + 1, sizeof(*rows->rows));
    if (!rows->rows)
        return error_out_of_memory();
    *count_ret = 0;
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        for (size_t j = 0; j < group->kernel_count; j++)
            rows->rows[(*count_ret)++] =
                (struct kernel_row){j == 0 ? group->name : "", group->kernels[j]};
    }
    return NULL;
}

struct error *full_page_append_status(struct full_page *page)
{
    struct kernel_rows rows = {.page = page};
    unsigned char selected[COLUMN_COUNT];
    struct table table = {
        .rows = &rows,
        .fill = fill_row,
        .column_count = ARRAY_LENGTH(columns),
        .columns = columns,
        .selected_count = select_columns(page, selected),
        .selected = selected,
    };

    append_introduction(page);
    TRY(list_rows(page, &rows, &table.row_count));
    buffer_append_text(page->out, "\n## Status\n\n");
    table_append_markdown(&table, page->out);
    return NULL;
}
