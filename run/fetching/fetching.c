/* SPDX-License-Identifier: MIT */
#include "run/fetching/fetching.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "base/text/nearest_word.h"
#include "base/text/time_text.h"
#include "config/list/list_hints.h"
#include "fetch/source/ddebs/ddebs_cache.h"
#include "fetch/source/discovery.h"
#include "fetch/source/launchpad/launchpad_news.h"

enum { REDIRECTS_MAXIMUM = 5 };

static struct error *start_engine(const struct workspace *workspace, struct fetching *fetching)
{
    const struct settings *settings = &workspace->settings;
    const struct transfer_settings transfer = {
        .user_agent = settings->user_agent,
        .ca_bundle = settings->ca_bundle,
        .connect_timeout_seconds = settings->connect_timeout_seconds,
        .low_speed_bytes = settings->low_speed_bytes_per_second,
        .low_speed_seconds = settings->low_speed_seconds,
        .average_bytes = settings->average_bytes_per_second,
        .maximum_redirects = REDIRECTS_MAXIMUM,
        .connections_per_host = settings->connections_per_host,
        .log = fetching->settings.log,
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    fetching->has_begun = true;
    return transfer_engine_start(&transfer, &fetching->engine);
}

/* The words of the setting, which has been checked. */
static void list_sources(const char *words, struct fetching *fetching)
{
    while (*(words += strspn(words, ", "))) {
        size_t length = strcspn(words, ", ");
        for (size_t i = 0; i < FETCH_SOURCE_COUNT; i++) {
            const char *word = fetch_source_words[i];
            if (strlen(word) == length && memcmp(word, words, length) == 0 &&
                fetching->settings.source_count < FETCH_SOURCE_COUNT)
                fetching->sources[fetching->settings.source_count++] = (enum fetch_source)i;
        }
        words += length;
    }
    fetching->settings.sources = fetching->sources;
}

struct error *fetching_begin(struct workspace *workspace, struct fetching *fetching)
{
    const struct settings *settings = &workspace->settings;

    *fetching = (struct fetching){.workspace = workspace};
    TRY(workspace_path(workspace, "packages", &fetching->package_dir));
    TRY(workspace_path(workspace, "cache", &fetching->cache_dir));
    fetching->settings = (struct fetch_settings){
        .package_dir = fetching->package_dir,
        .cache_dir = fetching->cache_dir,
        .launchpad_api_url = settings->launchpad_api_url,
        .launchpad_files_url = settings->launchpad_files_url,
        .ddebs_url = settings->ddebs_url,
        .ddebs_keyring = settings->ddebs_keyring,
        .ddebs_suites = settings->ddebs_suites,
        .mirror = settings->mirror,
        .minimum_bytes = settings->minimum_package_bytes,
        .tries = settings->tries,
        .first_wait_milliseconds = settings->retry_wait_seconds * 1000,
        .longest_asked_wait_seconds = settings->retry_after_maximum_seconds,
        .log = &workspace->log,
    };
    list_sources(settings->sources, fetching);
    TRY(ddebs_cache_create(settings->ddebs_suites, &fetching->settings.ddebs_cache));
    fetching->settings.discovery_cache = discovery_cache_create();
    fetching->host_health = host_health_create();
    if (!fetching->settings.discovery_cache || !fetching->host_health)
        return error_out_of_memory();
    fetching->settings.host_health = fetching->host_health;
    fetching->watch = workspace_watch(workspace);
    fetching->settings.observer = watch_transfers(fetching->watch);
    TRY(start_engine(workspace, fetching));
    fetching->settings.engine = fetching->engine;
    return NULL;
}

struct error *fetching_know_absent(struct fetching *fetching,
                                   const struct dataset_failures *failures)
{
    time_t since = time(NULL);

    for (size_t i = 0; i < failures->count; i++) {
        time_t failed;
        if (!time_text_read(failures->failures[i].failed_at, &failed))
            return NULL;
        since = failed < since ? failed : since;
    }
    fetching->absent = *failures;
    fetching->settings.launchpad_news = launchpad_news_create(since);
    return fetching->settings.launchpad_news ? NULL : error_out_of_memory();
}

void fetching_end_progress(struct fetching *fetching)
{
    watch_end(fetching->watch);
    fetching->watch = NULL;
    fetching->settings.observer = NULL;
}

void fetching_end(struct fetching *fetching)
{
    fetching_end_progress(fetching);
    transfer_engine_stop(fetching->engine);
    ddebs_cache_destroy(fetching->settings.ddebs_cache);
    discovery_cache_destroy(fetching->settings.discovery_cache);
    launchpad_news_destroy(fetching->settings.launchpad_news);
    host_health_destroy(fetching->host_health);
    if (fetching->has_begun)
        curl_global_cleanup();
    free(fetching->package_dir);
    free(fetching->cache_dir);
    *fetching = (struct fetching){0};
}

static struct error *make_request(const struct fetching *fetching, const struct kernel_entry *entry,
                                  struct fetch_request *request_ret)
{
    if (entry->is_pattern)
        return error_create(ERROR_NOT_FOUND, entry->name.text,
                            "no kernel is known that it stands for: try `kstruct discover`, or "
                            "list the kernels one by one");
    *request_ret = (struct fetch_request){
        .kernel_name = entry->name.text,
        .file = entry->file,
        .url = entry->url,
        .apt = entry->apt,
        .sha256 = entry->sha256,
        .version = entry->version,
        .is_anew = fetching->relocks,
        .is_known_absent = dataset_failures_find(&fetching->absent, entry->name.text) != NULL,
    };
    if (fetching->lock && !fetching->relocks)
        lock_keeper_apply(fetching->lock, entry, request_ret);
    return NULL;
}

char *fetching_doubt(const struct workspace *workspace, const struct kernel_entry *entry)
{
    const char *sources = workspace->settings.sources;

    if (entry->file || entry->url || entry->apt || entry->skip_reason || entry->pattern ||
        (!strstr(sources, "launchpad") && !strstr(sources, "ddebs")))
        return NULL;
    return list_hint_name(&entry->name);
}

static void log_doubt(const struct fetching *fetching, const struct kernel_entry *entry)
{
    CLEANUP(free_pointer) char *doubt = fetching_doubt(fetching->workspace, entry);

    if (doubt)
        log_write(fetching->settings.log, LOG_WARNING, "%s: %s", entry->name.text, doubt);
}

struct error *fetching_run(const struct fetching *fetching, const struct kernel_entry *entry,
                           struct fetched_package *package_ret)
{
    struct log *log = fetching->settings.log;
    struct fetch_request request;

    TRY(make_request(fetching, entry, &request));
    struct error *error = fetch_package(&fetching->settings, &request, package_ret);
    if (error && error_failure(error->code)->state == FAILURE_MISSING)
        log_doubt(fetching, entry);
    TRY(error);
    log_write(
        log, package_ret->was_fetched ? LOG_NOTICE : LOG_DETAIL, "%s: %s %s, %" PRIu64 " %s%s",
        entry->name.text, package_ret->was_fetched ? "fetched" : "have", package_ret->file_name,
        COUNTED(package_ret->byte_size, "byte"), package_ret->is_verified ? ", hash verified" : "");
    return NULL;
}

struct error *fetching_resolve(const struct fetching *fetching, const struct kernel_entry *entry,
                               struct fetch_plan *plan_ret)
{
    struct fetch_request request;

    TRY(make_request(fetching, entry, &request));
    return fetch_resolve(&fetching->settings, &request, plan_ret);
}

struct error *fetching_stream(const struct fetching *fetching, const struct kernel_entry *entry,
                              struct package_stream **stream_ret)
{
    struct fetch_request request;

    TRY(make_request(fetching, entry, &request));
    return package_stream_begin(&fetching->settings, &request, stream_ret);
}

/* How many bytes there are to fetch, as far as that is known without asking anybody. */
static uint64_t expected_bytes(const struct fetching *fetching, const struct kernel_entry *entry)
{
    const struct locked_package *locked =
        fetching->lock ? lock_keeper_find(fetching->lock, entry) : NULL;

    if (entry->file)
        return 0;
    return locked && locked->byte_size > 0 ? locked->byte_size : WATCH_BYTES_UNKNOWN;
}

void fetching_expect(const struct fetching *fetching, const struct kernel_list *list,
                     const size_t *indexes, size_t count)
{
    struct watch_wish *wishes = calloc(count + 1, sizeof(*wishes));

    for (size_t i = 0; wishes && i < count; i++) {
        const struct kernel_entry *entry = &list->entries[indexes[i]];
        wishes[i] = (struct watch_wish){entry->name.text, expected_bytes(fetching, entry)};
    }
    if (wishes)
        watch_expect(fetching->watch, wishes, count);
    free(wishes);
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

static bool is_named(const struct kernel_entry *entry, const char *word)
{
    return strcmp(entry->name.text, word) == 0 ||
           (entry->pattern && strcmp(entry->pattern, word) == 0);
}

static struct error *mark_named(const struct kernel_list *list, char *const *words, int count,
                                bool *is_wanted)
{
    for (int i = 0; i < count; i++) {
        bool is_there = false;
        for (size_t j = 0; j < list->count; j++) {
            const struct kernel_entry *entry = &list->entries[j];
            if (!is_named(entry, words[i]))
                continue;
            if (entry->skip_reason)
                return error_create(ERROR_USAGE, list->path, "skips %s: %s", words[i],
                                    entry->skip_reason);
            is_wanted[j] = true;
            is_there = true;
        }
        if (!is_there)
            return no_such_kernel(list, words[i]);
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

struct error *fetching_check_selected(const struct kernel_list *list, size_t count)
{
    if (count > 0)
        return NULL;
    return error_create(ERROR_CONFIGURATION, list->path,
                        list->count > 0 ? "all its kernels are skipped; there is nothing to do"
                                        : "has no kernels in it; add one, a line each");
}
