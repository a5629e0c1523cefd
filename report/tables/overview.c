/* SPDX-License-Identifier: MIT */
#include "report/tables/overview.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "report/pages/page_plan.h"
#include "report/tables/places_note.h"
#include "report/write/markdown.h"
#include "report/write/page_path.h"

enum { FILE_MAXIMUM = 16 * 1024 * 1024 };

struct error *overview_check(const char *directory)
{
    CLEANUP(free_pointer) char *path = path_join(directory, OVERVIEW_NAME);
    char beginning[sizeof(OVERVIEW_BEGINNING) - 1];

    if (!path)
        return error_out_of_memory();
    /* Neither a FIFO nor a directory may stop here. */
    CLEANUP(close_pointer) int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return NULL;
    if (file >= 0 && read(file, beginning, sizeof(beginning)) == (ssize_t)sizeof(beginning) &&
        memcmp(beginning, OVERVIEW_BEGINNING, sizeof(beginning)) == 0)
        return NULL;
    return error_create(ERROR_USAGE, path,
                        "it is not a report's, and a report would replace it; choose another "
                        "directory, or " OUTPUT_DIRECTORY_ADOPTION);
}

static bool has_all_pages(const struct report_context *context,
                          const struct history_definition *entry)
{
    return page_formats_of(context, entry) == context->options.formats;
}

/* A struct to show paths by: one that everybody knows, or the first one. NULL if there is none. */
static const char *find_example(const struct report_context *context)
{
    const struct history *history = context->input.history;
    const struct history_definition *known =
        history_find(history, DEFINITION_STRUCT, "task_struct");

    if (known && has_all_pages(context, known))
        return known->name;
    for (size_t i = 0; i < history->definition_count; i++) {
        if (history->definitions[i].kind == DEFINITION_STRUCT &&
            has_all_pages(context, &history->definitions[i]))
            return history->definitions[i].name;
    }
    return NULL;
}

/* "9178 structs, 146 unions" */
static void append_counts(const struct report_context *context, struct buffer *out)
{
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        size_t count = page_count(context->input.history, &context->plan, kind);
        const struct definition_kind_text *text = &definition_kind_texts[kind];
        if (count > 0 || kind == DEFINITION_STRUCT)
            buffer_append_format(out, "%s%zu %s", kind == DEFINITION_STRUCT ? "" : ", ", count,
                                 count == 1 ? text->singular : text->plural);
    }
}

static void append_head(const struct report_context *context, struct buffer *out)
{
    const struct report_input *input = &context->input;

    buffer_append_format(
        out, OVERVIEW_BEGINNING
        "\n\n"
        "The data structures of Linux kernels, as the kernels' debug information describes them: "
        "which kernel has a struct, union, enum or typedef, what it looks like there, and what "
        "changed from kernel to "
        "kernel. ");
    append_counts(context, out);
    buffer_append_format(out, " of %zu %s, written by kstruct.\n\n",
                         COUNTED(input->history->kernel_count, "kernel"));
    buffer_append_text(
        out,
        "- [Status](Status/README.md): what is in which kernel; an index of all definitions\n"
        "- [Differences](Differences/README.md): how much changed from kernel to kernel, and "
        "what\n"
        "- [Coverage](Coverage.md): where each kernel comes from, and which are missing, and why\n"
        "- [Changes](changes.md): what is new in this report, also as a [feed](changes.atom)\n"
        "- For programs: status ([CSV](tables/status.csv), [JSON](tables/status.json)), "
        "differences ([CSV](tables/differences.csv), [JSON](tables/differences.json)), "
        "coverage ([CSV](tables/coverage.csv), [JSON](tables/coverage.json)), "
        "changes ([JSON](changes.json))\n");
}

static void append_path_rule(const struct report_context *context, const char *example,
                             struct buffer *out)
{
    static const char *const contents[] = {
        "names and types of the fields, in each kernel, and how they differ",
        "the same with offsets, sizes, nesting and holes, and everything that differs",
        "all of that for programs",
    };

    buffer_append_text(out, "\n## Find a struct\n\n"
                            "Each struct has a page of its own, in a folder named by the first "
                            "letter of its name, in lower case and without underscores:\n\n");
    for (size_t i = 0; i < ARRAY_LENGTH(contents); i++) {
        const struct page_format *format = &page_formats[i];
        if (!(context->options.formats & format->format))
            continue;
        buffer_append_format(out, "- `%s/LETTER/NAME%s`: %s, such as ", format->output.folder,
                             format->output.suffix, contents[i]);
        markdown_append_format_link(out, "", format, DEFINITION_STRUCT, example);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "\nIn file names, whatever is no letter, digit, `_`, `-` or `.` stands "
                            "as `%XX`.\n");
    if (context->options.formats & ~(unsigned)REPORT_MARKDOWN)
        buffer_append_text(out, "\nUnions, enums, typedefs and base types have `union~`, `enum~`, "
                                "`typedef~` and `int~` before their names. An enum without a name "
                                "is called after its first enumerator.\n");
}

/* Where that is what the pages in Struct/ do not have. */
static const char *places_text(unsigned formats)
{
    if ((formats & REPORT_MARKDOWN_FULL) && (formats & REPORT_JSON))
        return "The pages in `Full/` and the files in `Json/` have them.\n";
    if (formats & REPORT_MARKDOWN_FULL)
        return "The pages in `Full/` have them.\n";
    if (formats & REPORT_JSON)
        return "The files in `Json/` have them.\n";
    return "A report that is written with `--format md-full` or `json` has them.\n";
}

static void append_what_is_missing(const struct report_context *context,
                                   const struct kernel_columns *columns, struct buffer *out)
{
    if (context->options.formats & REPORT_MARKDOWN) {
        buffer_append_text(out, "\nA page in `Struct/` is about vmlinux alone: what only a module "
                                "has is *Absent* there. All other files are about modules, too, "
                                "of the kernels whose modules were read.\n"
                                "\nA page in `Struct/` shows names and types only: *No changes* "
                                "says nothing of offsets and sizes, which may differ. ");
        buffer_append_text(out, places_text(context->options.formats));
    }
    places_note_append(context, columns, out);
}

static void append_kernels(const struct report_context *context, struct buffer *out)
{
    const struct kernel_groups *groups = context->input.groups;

    buffer_append_text(out, "\n## Kernels\n");
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        buffer_append_text(out, "\n**");
        markdown_append_text(out, group->name);
        buffer_append_text(out, "**\n\n");
        for (size_t j = 0; j < group->kernel_count; j++) {
            const struct coverage_kernel *kernel =
                coverage_of(context->input.coverage, group->kernels[j]);
            buffer_append_text(out, "- ");
            markdown_append_code(out, report_kernel_name(context, group->kernels[j]));
            if (kernel && kernel->is_baseline)
                buffer_append_text(out, ", the baseline");
            buffer_append_char(out, '\n');
        }
    }
}

struct error *overview_write(const struct report_context *context, struct table_output *output)
{
    CLEANUP(buffer_deinit) struct buffer content;
    CLEANUP(kernel_columns_deinit) struct kernel_columns columns = {0};
    const char *example = find_example(context);

    buffer_init(&content, FILE_MAXIMUM);
    TRY(kernel_columns_make(context, &columns));
    append_head(context, &content);
    if (example)
        append_path_rule(context, example, &content);
    append_what_is_missing(context, &columns, &content);
    append_kernels(context, &content);
    return table_output_put(output, TABLE_TOP, OVERVIEW_NAME, &content);
}
