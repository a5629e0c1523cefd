/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "cli/cli.h"
#include "cli/pattern_resolution.h"

static const char usage[] = "usage: kstruct list\n"
                            "\n"
                            "Prints what the list wants, a line a kernel: its name, and where its\n"
                            "package is to come from.\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

static void append_entry(struct buffer *text, const struct kernel_entry *entry)
{
    buffer_append_format(text, "%-40s", entry->name.text);
    if (entry->skip_reason)
        buffer_append_format(text, " skipped: %s", entry->skip_reason);
    else if (entry->is_pattern)
        buffer_append_format(text, " the newest %u", entry->latest);
    else if (entry->file)
        buffer_append_format(text, " file %s", entry->file);
    else if (entry->url)
        buffer_append_format(text, " %s", entry->url);
    else if (entry->apt)
        buffer_append_format(text, " apt package %s", entry->apt);
    else
        buffer_append_text(text, " Ubuntu");
    if (entry->version)
        buffer_append_format(text, " version %s", entry->version);
    if (entry->is_baseline)
        buffer_append_text(text, " (baseline)");
    if (entry->group)
        buffer_append_format(text, " (group %s)", entry->group);
    if (entry->pattern)
        buffer_append_format(text, " (of %s)", entry->pattern);
    buffer_append_char(text, '\n');
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const struct option_value own[] = {{0}};
    CLEANUP(buffer_deinit) struct buffer text;
    struct kernel_list list;
    int next;

    buffer_init(&text, OUTPUT_MAXIMUM);
    TRY(cli_begin(cli, &command_list, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("list", "no word is wanted");
    TRY(cli_read_list(cli, &list));
    struct error *error = pattern_resolution_recall(cli, &list);
    for (size_t i = 0; i < list.count && !error; i++)
        append_entry(&text, &list.entries[i]);
    kernel_list_deinit(&list);
    TRY(error);
    TRY(buffer_check(&text, "the list"));
    return cli_print(buffer_text(&text), text.length);
}

const struct command command_list = {
    .name = "list",
    .summary = "what is wanted",
    .usage = usage,
    .run = run,
};
