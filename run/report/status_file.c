/* SPDX-License-Identifier: MIT */
#include "run/report/status_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "model/text/json.h"

/* Leaves the key out where nothing is known. */
static void set_text(struct json_document *document, json_t *object, const char *key,
                     const char *text)
{
    if (text && text[0] != '\0')
        json_value_set(document, object, key, json_value_text(text));
}

static void set_stored(struct json_document *document, json_t *object,
                       const struct kernel_status *kernel)
{
    const struct kernel_record *stored = kernel->stored;
    json_t *analyzed = json_value_set_object(document, object, "analyzed");

    set_text(document, analyzed, "at", stored->read_at);
    json_value_set(document, analyzed, "struct_count",
                   json_value_number(stored->counts[DEFINITION_STRUCT]));
    set_text(document, analyzed, "package", stored->package);
    set_text(document, analyzed, "package_version", stored->package_version);
    set_text(document, analyzed, "url", stored->url);
    set_text(document, analyzed, "sha256", stored->sha256);
    set_text(document, analyzed, "build_id", stored->build_id);
    set_text(document, analyzed, "dwarf_versions", stored->dwarf_versions);
    json_value_set(document, analyzed, "reader_revision",
                   json_value_number(stored->reader_revision));
    json_value_set(document, analyzed, "is_outdated", json_boolean(kernel->is_outdated));
}

static void set_failure(struct json_document *document, json_t *object,
                        const struct kernel_status *kernel)
{
    const struct dataset_failure *failure = kernel->failure;
    json_t *failed = json_value_set_object(document, object, "failure");

    set_text(document, failed, "kind", failure->kind);
    set_text(document, failed, "reason", failure->reason);
    set_text(document, failed, "since", failure->first_failed_at);
    set_text(document, failed, "last_try", failure->failed_at);
    json_value_set(document, failed, "tries", json_value_number(failure->tries));
    set_text(document, failed, "next_try", kernel->next_try ? kernel->next_try : "next run");
}

static void add_kernel(struct json_document *document, json_t *kernels,
                       const struct kernel_status *kernel)
{
    json_t *object = json_value_add_object(document, kernels);

    set_text(document, object, "name", kernel->name);
    json_value_set(document, object, "is_listed", json_boolean(kernel->is_listed));
    set_text(document, object, "state", kernel_state_text(kernel->state));
    set_text(document, object, "since", kernel->since);
    set_text(document, object, "skip_reason", kernel->skip_reason);
    set_text(document, object, "warning", kernel->warning);
    if (kernel->stored)
        set_stored(document, object, kernel);
    if (kernel->failure)
        set_failure(document, object, kernel);
}

struct error *status_file_append(const struct kernel_states *states, const struct last_run *run,
                                 struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, "kstruct-manifest", 1);
    last_run_set_json(run, &document);
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < states->count; i++)
        add_kernel(&document, kernels, &states->kernels[i]);
    return json_document_append(&document, 2, out);
}

struct error *status_file_write(struct workspace *workspace, struct dataset *dataset,
                                const struct kernel_list *list, const struct last_run *run)
{
    CLEANUP(kernel_states_deinit) struct kernel_states states = {0};
    CLEANUP(buffer_deinit) struct buffer text;
    CLEANUP(free_pointer) char *path = NULL;

    buffer_init(&text, STATUS_FILE_MAXIMUM);
    TRY(kernel_states_make(workspace, dataset, list, &states));
    TRY(status_file_append(&states, run, &text));
    TRY(workspace_path(workspace, STATUS_FILE_NAME, &path));
    return file_update(path, text.data, text.length);
}
