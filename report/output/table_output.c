/* SPDX-License-Identifier: MIT */
#include "report/output/table_output.h"

#include <string.h>

static const struct output_kind kinds[TABLE_FOLDER_COUNT] = {
    [TABLE_TOP] = {"", "", NULL, false},
    [TABLE_STATUS] = {"Status", ".md", STATUS_PAGE_BEGINNING, false},
    [TABLE_DIFFERENCES] = {"Differences", ".md", DIFFERENCES_PAGE_BEGINNING, false},
    [TABLE_DATA] = {"tables", "", NULL, false},
};

const struct table_output_folders table_folders = {TABLE_FOLDER_COUNT, kinds, 0};

bool table_output_has_folder(const struct table_output_folders *folders, const char *name)
{
    for (size_t i = 0; i < folders->count; i++) {
        if (strcmp(folders->kinds[i].folder, name) == 0)
            return true;
    }
    return false;
}

static struct error *open_folders(const struct output_directory *directory,
                                  const struct table_output_folders *folders,
                                  struct table_output *output)
{
    for (size_t i = 0; i < folders->count; i++)
        TRY(output_folder_open(directory, &folders->kinds[i], &output->folders[i]));
    return NULL;
}

struct error *table_output_open(const struct output_directory *directory,
                                const struct table_output_folders *folders,
                                struct table_output *output_ret)
{
    struct table_output output = {.folder_count = folders->count, .writer = folders->writer};

    for (size_t i = 0; i < folders->count; i++) {
        output.folders[i].descriptor = -1;
        string_table_init(&output.names[i]);
    }
    struct error *error = open_folders(directory, folders, &output);
    if (error) {
        table_output_close(&output);
        return error;
    }
    *output_ret = output;
    return NULL;
}

struct error *table_output_put(struct table_output *output, unsigned folder, const char *name,
                               const struct buffer *content)
{
    bool is_written;
    uint32_t number;

    TRY(buffer_check(content, name));
    TRY(string_table_intern(&output->names[folder], name, strlen(name), &number));
    TRY(output_folder_put(&output->folders[folder], output->writer, name, content, &is_written));
    output->file_count++;
    output->written_count += is_written;
    return NULL;
}

struct error *table_output_finish(struct table_output *output)
{
    size_t removed_count;

    for (size_t i = 0; i < output->folder_count; i++) {
        TRY(output_folder_prepare(&output->folders[i], &output->names[i], &removed_count));
        TRY(output_folder_finish(&output->folders[i]));
    }
    return NULL;
}

void table_output_close(struct table_output *output)
{
    for (size_t i = 0; i < output->folder_count; i++) {
        output_folder_close(&output->folders[i]);
        string_table_deinit(&output->names[i]);
    }
}
