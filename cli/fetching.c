/* SPDX-License-Identifier: MIT */
#include "cli/fetching.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "config/nearest_word.h"

enum { REDIRECTS_MAXIMUM = 5 };

void fetching_begin(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void fetching_end(void)
{
    curl_global_cleanup();
}

struct error *fetching_run(struct cli *cli, const struct kernel_entry *entry,
                           struct fetched_package *package_ret)
{
    CLEANUP(free_pointer) char *package_dir = NULL;
    const struct settings *settings = &cli->settings;

    if (entry->is_pattern)
        return error_create(ERROR_UNSUPPORTED, entry->name.text,
                            "patterns cannot be resolved yet; list the kernels one by one");
    TRY(cli_data_path(cli, "packages", &package_dir));
    const struct fetch_settings how = {
        .package_dir = package_dir,
        .user_agent = settings->user_agent,
        .launchpad_files_url = settings->launchpad_files_url,
        .connect_timeout_seconds = settings->connect_timeout_seconds,
        .low_speed_bytes = settings->low_speed_bytes_per_second,
        .low_speed_seconds = settings->low_speed_seconds,
        .maximum_redirects = REDIRECTS_MAXIMUM,
        .log = &cli->log,
    };
    const struct fetch_request what = {
        .kernel_name = entry->name.text,
        .file = entry->file,
        .url = entry->url,
        .apt = entry->apt,
        .sha256 = entry->sha256,
        .version = entry->version,
    };
    TRY(fetch_package(&how, &what, package_ret));
    log_write(&cli->log, package_ret->was_fetched ? LOG_NOTICE : LOG_DETAIL,
              "%s: %s %s, %" PRIu64 " bytes%s", entry->name.text,
              package_ret->was_fetched ? "fetched" : "have", path_base_name(package_ret->path),
              package_ret->byte_size, package_ret->is_verified ? ", hash verified" : "");
    return NULL;
}

static struct error *no_such_kernel(const struct kernel_list *list, const char *word)
{
    const char **names = calloc(list->count + 1, sizeof(*names));

    if (!names)
        return error_out_of_memory();
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->entries[i].name.text;
    const char *nearest = nearest_word(word, names, list->count);
    struct error *error = nearest
                              ? error_create(ERROR_USAGE, list->path,
                                             "has no kernel %s; did you mean %s?", word, nearest)
                              : error_create(ERROR_USAGE, list->path, "has no kernel %s", word);
    free(names);
    return error;
}

static struct error *mark_named(const struct kernel_list *list, char *const *words, int count,
                                bool *is_wanted)
{
    for (int i = 0; i < count; i++) {
        const struct kernel_entry *entry = kernel_list_find(list, words[i]);
        if (!entry)
            return no_such_kernel(list, words[i]);
        is_wanted[entry - list->entries] = true;
    }
    return NULL;
}

struct error *fetching_select(const struct kernel_list *list, char *const *words, int count,
                              size_t **indexes_ret, size_t *index_count_ret)
{
    bool *is_wanted = calloc(list->count + 1, sizeof(*is_wanted));
    size_t *indexes = calloc(list->count + 1, sizeof(*indexes));
    size_t index_count = 0;
    struct error *error =
        is_wanted && indexes ? mark_named(list, words, count, is_wanted) : error_out_of_memory();

    for (size_t i = 0; i < list->count && !error; i++) {
        if (count == 0 ? !list->entries[i].skip_reason : is_wanted[i])
            indexes[index_count++] = i;
    }
    free(is_wanted);
    if (error) {
        free(indexes);
        return error;
    }
    *indexes_ret = indexes;
    *index_count_ret = index_count;
    return NULL;
}
