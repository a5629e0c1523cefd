/* SPDX-License-Identifier: MIT */
#include "report/output/table_output.h"

#include <string.h>

static const struct output_kind kinds[TABLE_FOLDER_COUNT] = {
    [TABLE_TOP] = {"", "", NULL, false},
    [TABLE_STATUS] = {"Status", ".md", STATUS_PAGE_BEGINNING, false},
    [TABLE_DIFFERENCES] = {"Differences", ".md", DIFFERENCES_PAGE_BEGINNING, false},
    [TABLE_DATA] = {"tables", "", NULL, false},
};

bool table_output_has_folder(const char *name)
{
    for (size_t i = 0; i < TABLE_FOLDER_COUNT; i++) {
        if (strcmp(kinds[i].folder, name) == 0)
            return true;
    }
    return false;
}

static struct error *open_folders(const struct output_directory *directory,
                                  struct table_output *output)
{
    for (size_t i = 0; i < TABLE_FOLDER_COUNT; i++)
        TRY(output_folder_open(directory, &kinds[i], &output->folders[i]));
    return NULL;
}

struct error *table_output_open(const struct output_directory *directory,
                                struct table_output *output_ret)
{
    struct table_output output = {0};

    for (size_t i = 0; i < TABLE_FOLDER_COUNT; i++) {
        output.folders[i].descriptor = -1;
        string_table_init(&output.names[i]);
    }
    struct error *error = open_folders(directory, &output);
    if (error) {
        table_output_close(&output);
        return error;
    }
    *output_ret = output;
    return NULL;
}

struct error *table_output_put(struct table_output *output, enum table_folder folder,
                               const char *name, const struct buffer *content)
{
    bool is_written;
    uint32_t number;

    TRY(buffer_check(content, name));
    TRY(string_table_intern(&output->names[folder], name, strlen(name), &number));
    TRY(output_folder_put(&output->folders[folder], 0, name, content, &is_written));
    output->file_count++;
    output->written_count += is_written;
    return NULL;
}

struct error *table_output_finish(struct table_output *output)
{
    size_t removed_count;

    for (size_t i = 0; i < TABLE_FOLDER_COUNT; i++) {
        TRY(output_folder_prepare(&output->folders[i], &output->names[i], &removed_count));
        TRY(output_folder_finish(&output->folders[i]));
    }
    return NULL;
}

void table_output_close(struct table_output *output)
{
    for (size_t i = 0; i < TABLE_FOLDER_COUNT; i++) {
        output_folder_close(&output->folders[i]);
        string_table_deinit(&output->names[i]);
    }
}
