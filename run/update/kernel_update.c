/* SPDX-License-Identifier: MIT */
#include "run/update/kernel_update.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyze/analyze.h"
#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "base/text/counted.h"
#include "base/text/public_url.h"
#include "base/text/time_text.h"
#include "fetch/package/package_name.h"
#include "run/child/arrival_relay.h"
#include "run/child/kernel_child.h"
#include "run/child/kernel_input.h"
#include "run/child/reader_plan.h"
#include "run/fetching/fetching.h"
#include "run/update/kernel_retry.h"
#include "run/update/pipeline.h"

/* What the source of a local file begins with. */
#define FILE_SOURCE "file:"

/* Is TIME that of the text (UTC, ISO 8601), or later? */
static bool is_not_before(time_t time, const char *earlier)
{
    char text[TIME_TEXT_BYTES];

    time_text(time, text);
    return strcmp(text, earlier) >= 0;
}

/* May the file have come or changed since that time? One that is gone has not. While that time is
 * yet to come, since the clock was set back, nobody can say. */
static bool is_file_newer(const char *path, const char *since)
{
    struct stat status;

    return stat(path, &status) == 0 &&
           (is_not_before(status.st_ctime, since) || !is_not_before(time(NULL), since));
}

/* "file://PATH": what is stored as the URL of a local file. */
static struct error *local_url(const char *path, char **url_ret)
{
    CLEANUP(free_pointer) char *absolute = realpath(path, NULL);

    if (asprintf(url_ret, "file://%s", absolute ? absolute : path) < 0)
        return error_out_of_memory();
    return NULL;
}

static bool has_hash(const char *path, const char *sha256)
{
    char found[SHA256_HEX_LENGTH + 1];
    uint64_t byte_size;
    struct error *error = sha256_of_file(path, found, &byte_size);
    bool has = !error && strcmp(found, sha256) == 0;

    error_destroy(error);
    return has;
}

static bool is_same_file(const struct kernel_entry *entry, const struct kernel_record *stored)
{
    CLEANUP(free_pointer) char *url = NULL;
    struct error *error = local_url(entry->file, &url);

    if (error) {
        error_destroy(error);
        return false;
    }
    return strcmp(url, stored->url) == 0 &&
           (!is_file_newer(entry->file, stored->read_at) || has_hash(entry->file, stored->sha256));
}

/* What the line asks for, in one text, which others may read. */
static struct error *describe_source(const struct kernel_entry *entry, char **source_ret)
{
    CLEANUP(free_pointer) char *url = NULL;
    int length;

    if (entry->url)
        TRY(public_url(entry->url, &url));
    if (entry->file)
        length = asprintf(source_ret, FILE_SOURCE "%s", entry->file);
    else if (url)
        length = asprintf(source_ret, "url:%s", url);
    else if (entry->apt)
        length = asprintf(source_ret, "apt:%s", entry->apt);
    else
        length = asprintf(source_ret, KERNEL_SOURCE_BY_NAME);
    return length < 0 ? error_out_of_memory() : NULL;
}

static bool asks_for(const struct kernel_entry *entry, const char *stored_source)
{
    CLEANUP(free_pointer) char *source = NULL;

    /* The same file has many paths; is_same_file() looks which one it is. */
    if (entry->file)
        return strncmp(stored_source, FILE_SOURCE, strlen(FILE_SOURCE)) == 0;
    struct error *error = describe_source(entry, &source);
    bool is_same = !error && strcmp(source, stored_source) == 0;

    error_destroy(error);
    return is_same;
}

struct error *kernel_update_describe(const struct settings *settings, struct lock_keeper *lock,
                                     const struct kernel_entry *entry, char **wanted_ret)
{
    CLEANUP(free_pointer) char *source = NULL;
    char locked[SHA256_HEX_LENGTH + 1] = "";
    bool is_by_name = !entry->file && !entry->url && !entry->apt;

    if (lock)
        lock_keeper_hash(lock, entry, locked);
    TRY(describe_source(entry, &source));
    if (asprintf(wanted_ret,
                 "%s%s%s%s%s%s%s%s%s%s%s child_memory=%" PRIu64 " child_time=%u memory=%" PRIu64,
                 source, entry->version ? " version=" : "", entry->version ? entry->version : "",
                 entry->sha256 ? " sha256=" : "", entry->sha256 ? entry->sha256 : "",
                 locked[0] ? " locked=" : "", locked, is_by_name ? " sources=" : "",
                 is_by_name ? settings->sources : "", is_by_name ? " launchpad_api_url=" : "",
                 is_by_name ? settings->launchpad_api_url : "", settings->child_memory_bytes,
                 settings->child_seconds, settings->memory_bytes) < 0)
        return error_out_of_memory();
    return NULL;
}

bool kernel_update_is_as_then(const struct settings *settings, struct lock_keeper *lock,
                              const struct kernel_entry *entry,
                              const struct dataset_failure *failure)
{
    CLEANUP(free_pointer) char *wanted = NULL;

    if (strcmp(failure->reader, KSTRUCT_VERSION) != 0)
        return false;
    struct error *error = kernel_update_describe(settings, lock, entry, &wanted);
    bool is_same = !error && strcmp(failure->wanted, wanted) == 0;
    error_destroy(error);
    return is_same;
}

bool kernel_update_is_due(const struct settings *settings, struct lock_keeper *lock,
                          const struct kernel_entry *entry, const struct dataset_failure *failure,
                          time_t now)
{
    return !failure || (entry->file && is_file_newer(entry->file, failure->failed_at)) ||
           !kernel_update_is_as_then(settings, lock, entry, failure) ||
           retry_is_due(error_code_from_text(failure->kind), failure->tries, failure->failed_at,
                        now);
}

bool kernel_update_is_done(const struct settings *settings, const struct kernel_entry *entry,
                           const struct kernel_record *stored)
{
    if (stored && settings->images == SETTINGS_IMAGES_ALL && stored->modules == MODULES_NOT_WANTED)
        return false;
    if (!stored || stored->reader_revision < ANALYZE_REVISION || !asks_for(entry, stored->source))
        return false;
    /* Of a package that was read while it arrived, no hash is known. */
    if (entry->sha256 && stored->sha256[0] != '\0' && strcmp(entry->sha256, stored->sha256) != 0)
        return false;
    if (entry->version && !package_version_equal(entry->version, stored->package_version))
        return false;
    return !entry->file || is_same_file(entry, stored);
}

/* A package may be another one than its name or the list says. */
static struct error *check_kernel(const struct kernel_entry *entry, const char *path,
                                  const struct kernel_layouts *layouts)
{
    CLEANUP(free_pointer) char *own = NULL;

    if (!kernel_input_is_for(layouts, entry->name.architecture))
        return error_create(
            ERROR_WRONG_KERNEL, path, "holds a kernel for %s, not %s; correct the line of %s",
            layouts->identity.architecture, entry->name.architecture, entry->name.text);
    if (layouts->identity.release[0] != '\0' && layouts->identity.architecture[0] != '\0')
        TRY(kernel_name_from_release(layouts->identity.release, entry->name.architecture, &own));
    if (own && strcmp(own, entry->name.text) != 0)
        return error_create(ERROR_WRONG_KERNEL, path,
                            "holds kernel %s, not %s; correct the line in the list", own,
                            entry->name.text);
    return NULL;
}

/* What is told of where a kernel was read from. */
struct package_facts {
    const char *path;
    const char *file_name;
    const char *url;     /* NULL for a local file */
    const char *sha256;  /* "" if not known */
    const char *version; /* NULL if not known */
};

static struct error *store(struct dataset *dataset, const struct kernel_entry *entry,
                           const struct package_facts *package,
                           const struct kernel_layouts *layouts)
{
    CLEANUP(free_pointer) char *url = NULL;
    CLEANUP(free_pointer) char *asked_for = NULL;

    TRY(describe_source(entry, &asked_for));
    if (!package->url)
        TRY(local_url(package->path, &url));
    const char *version = package->version ? package->version : entry->version;
    struct kernel_record record = layouts->identity;
    record.name = entry->name.text;
    record.package = package->file_name;
    record.package_version = version ? version : "";
    record.url = package->url ? package->url : url;
    record.sha256 = package->sha256;
    record.source = asked_for;
    record.reader = KSTRUCT_VERSION;
    record.reader_revision = ANALYZE_REVISION;
    return dataset_store(dataset, &record, layouts);
}

static struct error *check_and_store(struct workspace *workspace, struct dataset *dataset,
                                     const struct kernel_entry *entry,
                                     const struct package_facts *package,
                                     const struct kernel_layouts *layouts)
{
    TRY(check_kernel(entry, package->path, layouts));
    TRY(store(dataset, entry, package, layouts));
    return kernel_input_tell(&workspace->log, entry->name.text, layouts);
}

/* Reads the kernel from a package that arrives, by a process of its own. */
static struct error *read_stream(const struct fetching *fetching, struct package_stream *stream,
                                 struct kernel_layouts *layouts_ret)
{
    const struct package_part first = {0, 1, 1};
    struct arrival_relay relay;

    /* Once a byte is there, the size is known, and whether there are ranges. */
    TRY(package_stream_wait(stream, &first));
    struct error *error = arrival_relay_begin(stream, &relay);
    const struct kernel_child child = {
        .workspace = fetching->workspace,
        .form = kernel_form_of_settings(&fetching->workspace->settings),
        .file_descriptor = package_stream_descriptor(stream),
        .path = package_stream_url(stream),
        .arrival = &relay,
        .jobs = fetching->workspace->jobs,
        .memory_bytes = reader_plan_of_settings(&fetching->workspace->settings, 1).memory_bytes,
        .is_cancelled = fetching->settings.is_cancelled,
    };
    bool is_read = false;
    if (!error) {
        error = kernel_child_read(&child, layouts_ret);
        is_read = !error;
    }
    package_stream_stop(stream);
    struct error *reason = arrival_relay_end(&relay);
    if (reason && reason->code == ERROR_INTERRUPTED) {
        /* It was stopped here, since the process has ended. */
        error_destroy(reason);
        reason = NULL;
    }
    if (!reason)
        return error;
    /* The process knows only that nothing came any more. */
    error_destroy(error);
    if (is_read)
        kernel_layouts_deinit(layouts_ret);
    return reason;
}

/* Nothing is said of a package that has not begun to come, whose size is not known. */
static void log_stream(struct workspace *workspace, const char *name, uint64_t received,
                       uint64_t total)
{
    if (total == TRANSFER_SIZE_UNKNOWN)
        return;
    log_write(&workspace->log, LOG_NOTICE,
              "%s: %" PRIu64 " of %" PRIu64 " bytes fetched (%.0f %%); the package's hash was not "
              "verified",
              name, received, total, total > 0 ? 100.0 * (double)received / (double)total : 0.0);
}

static struct error *stream_and_store(const struct fetching *fetching, struct dataset *dataset,
                                      const struct kernel_entry *entry)
{
    struct workspace *workspace = fetching->workspace;
    struct package_stream *stream = NULL;
    struct kernel_layouts layouts;

    TRY(fetching_stream(fetching, entry, &stream));
    log_write(&workspace->log, LOG_NOTICE, "%s: reading %s while it arrives", entry->name.text,
              package_stream_url(stream));
    struct error *error = read_stream(fetching, stream, &layouts);
    if (!error) {
        const char *url = package_stream_url(stream);
        const struct package_facts facts = {
            .path = url,
            .file_name = path_base_name(url),
            .url = url,
            .sha256 = "",
            .version = package_stream_version(stream),
        };
        error = check_and_store(workspace, dataset, entry, &facts, &layouts);
        kernel_layouts_deinit(&layouts);
    }
    uint64_t total = package_stream_total_size(stream);
    log_stream(workspace, entry->name.text, package_stream_end(stream), total);
    return error;
}

struct error *kernel_update_store(const struct fetching *fetching, struct dataset *dataset,
                                  const struct kernel_entry *entry,
                                  const struct fetched_package *package,
                                  const struct kernel_layouts *layouts)
{
    const struct package_facts facts = {
        .path = package->path,
        .file_name = package->file_name,
        .url = package->url,
        .sha256 = package->sha256,
        .version = package->package_version,
    };

    TRY(check_kernel(entry, package->path, layouts));
    /* First, since this may be killed or fail: a kernel that is in the data set is not looked at
     * again. */
    if (fetching->lock) {
        lock_keeper_note(fetching->lock, entry, package);
        TRY(lock_keeper_secure(fetching->lock, entry->name.text));
    }
    return check_and_store(fetching->workspace, dataset, entry, &facts, layouts);
}

struct error *kernel_update_advise(const struct fetching *fetching,
                                   const struct kernel_entry *entry, struct error *failure)
{
    if (!failure || error_failure(failure->code)->blame != BLAME_BYTES || entry->sha256 ||
        !fetching->lock || !lock_keeper_find(fetching->lock, entry))
        return failure;
    struct error *advice =
        error_create_at(failure->code, failure->where, failure->offset,
                        "%s; these bytes are locked: if nothing but their first coming vouches for "
                        "them, `kstruct fetch --relock %s` fetches and locks anew",
                        failure->why, entry->name.text);
    error_destroy(failure);
    return advice;
}

void kernel_update_finish(const struct fetching *fetching, const struct kernel_entry *entry,
                          const struct fetched_package *package, const struct error *failure)
{
    bool are_bytes_bad = failure && error_failure(failure->code)->blame == BLAME_BYTES;
    bool is_wrong = failure && failure->code == ERROR_WRONG_KERNEL;

    if (!package->path)
        return;
    /* What turned out to be wrong is not to be taken again. */
    if (fetching->lock && failure && !are_bytes_bad && !is_wrong)
        lock_keeper_note(fetching->lock, entry, package);
    /* Bytes that nothing vouched for may have been damaged on the way: the next run fetches anew.
     */
    if (failure ? are_bytes_bad && !package->is_verified
                : fetching->workspace->settings.keep_bytes == SETTINGS_KEEP_NONE)
        fetched_package_discard(package);
}

struct error *kernel_update_stream(const struct fetching *fetching, struct dataset *dataset,
                                   const struct kernel_entry *entry)
{
    return stream_and_store(fetching, dataset, entry);
}
