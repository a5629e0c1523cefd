/* SPDX-License-Identifier: MIT */
#include "run/fetching/resolution_record.h"

#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "run/data_lock.h"

enum { RECORD_MAXIMUM = 4 << 20 };

static struct error *record_path(const struct workspace *workspace, char **path_ret)
{
    return workspace_path(workspace, "resolved.list", path_ret);
}

static struct error *add_all(const struct kernel_list *record, struct kernel_offers *offers)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct kernel_entry *entry = &record->entries[i];
        if (!entry->is_pattern)
            TRY(kernel_offers_add(offers, entry->name.text, entry->version ? entry->version : ""));
    }
    return NULL;
}

struct error *resolution_record_read(struct workspace *workspace, struct kernel_offers *offers)
{
    CLEANUP(free_pointer) char *path = NULL;
    CLEANUP(kernel_list_deinit) struct kernel_list record = {0};
    CLEANUP(config_errors_deinit) struct config_errors faults = {0};

    TRY(record_path(workspace, &path));
    struct error *error = kernel_list_read(path, &record, &faults);
    if (!error)
        return add_all(&record, offers);
    if (error->code == ERROR_OUT_OF_MEMORY)
        return error;
    if (error->code != ERROR_NOT_FOUND)
        log_write(&workspace->log, LOG_WARNING,
                  "%s: %s; it is passed over, and `kstruct run` writes it anew", path, error->why);
    error_destroy(error);
    return NULL;
}

static void append_offers(struct buffer *text, const struct kernel_offers *offers)
{
    for (size_t i = 0; i < offers->count; i++) {
        const struct kernel_offer *offer = &offers->offers[i];
        buffer_append_text(text, offer->name.text);
        if (offer->package_version[0] != '\0')
            buffer_append_format(text, "  version=%s", offer->package_version);
        buffer_append_char(text, '\n');
    }
}

struct error *resolution_record_write(struct workspace *workspace,
                                      const struct kernel_offers *offers, size_t count)
{
    CLEANUP(free_pointer) char *path = NULL;
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, RECORD_MAXIMUM);
    buffer_append_text(&text, "# What the list's patterns stood for last; kstruct writes this.\n");
    for (size_t i = 0; i < count; i++)
        append_offers(&text, &offers[i]);
    TRY(record_path(workspace, &path));
    TRY(buffer_check(&text, path));
    if (file_holds(path, text.data, text.length))
        return NULL;
    TRY(data_make(workspace));
    return file_replace(path, text.data, text.length);
}
