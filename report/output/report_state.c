/* SPDX-License-Identifier: MIT */
#include "report/output/report_state.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "report/output/page_files.h"
#include "report/output/table_output.h"
#include "report/site/site.h"

/* Files lie in a folder, or in one of a letter in that. */
enum { DEPTH_MAXIMUM = 3, INVENTORY_BYTES_MAXIMUM = 1024 * 1024 * 1024 };

static int compare_names(const FTSENT **left, const FTSENT **right)
{
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

static const struct page_format *find_format(const char *folder)
{
    for (size_t i = 0; i < PAGE_FORMAT_COUNT; i++) {
        if (strcmp(page_formats[i].output.folder, folder) == 0)
            return &page_formats[i];
    }
    return NULL;
}

static void close_walk(FTS **walk)
{
    if (*walk)
        fts_close(*walk);
}

/* Is everything in there somebody else's? */
static bool is_to_be_skipped(const FTSENT *entry)
{
    if (entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.')
        return true;
    if (entry->fts_info != FTS_D)
        return false;
    return entry->fts_level >= DEPTH_MAXIMUM ||
           (entry->fts_level == 1 && !find_format(entry->fts_name) &&
            !table_output_has_folder(&table_folders, entry->fts_name) &&
            !table_output_has_folder(&site_folders, entry->fts_name));
}

/* The folder right below the report's directory that the file is in; NULL: none. */
static const char *folder_of(const FTSENT *entry)
{
    while (entry->fts_level > 1)
        entry = entry->fts_parent;
    return entry->fts_info == FTS_D ? entry->fts_name : NULL;
}

static void add_file(const char *directory, const FTSENT *entry, struct buffer *inventory,
                     struct report_state *state)
{
    const struct stat *status = entry->fts_statp;
    const char *folder = folder_of(entry);
    const struct page_format *format = folder ? find_format(folder) : NULL;

    if (format && text_has_suffix(entry->fts_name, format->output.suffix))
        state->formats |= format->format;
    const char *path = entry->fts_path + strlen(directory);
    const int64_t facts[] = {status->st_mode & S_IFMT, status->st_size, status->st_mtim.tv_sec,
                             status->st_mtim.tv_nsec};
    path += strspn(path, "/");
    buffer_append(inventory, path, strlen(path) + 1);
    buffer_append(inventory, facts, sizeof(facts));
}

static struct error *look_at(const char *directory, FTS *walk, FTSENT *entry,
                             struct buffer *inventory, struct report_state *state)
{
    if (is_to_be_skipped(entry)) {
        fts_set(walk, entry, FTS_SKIP);
        return NULL;
    }
    bool is_missing = entry->fts_info == FTS_NS && entry->fts_errno == ENOENT;
    if (is_missing && entry->fts_level == FTS_ROOTLEVEL)
        return NULL;
    switch (entry->fts_info) {
    case FTS_D:
    case FTS_DP: return NULL;
    case FTS_NS:
    case FTS_DNR:
    case FTS_ERR:
        return error_create_errno(entry->fts_errno, entry->fts_path, "cannot be looked at");
    case FTS_SL:
        /* A folder may be a link. Come again as what it leads to. */
        if (entry->fts_level == 1)
            fts_set(walk, entry, FTS_FOLLOW);
        else
            add_file(directory, entry, inventory, state);
        return NULL;
    default: add_file(directory, entry, inventory, state); return NULL;
    }
}

struct error *report_look(const char *directory, struct report_state *state_ret)
{
    CLEANUP(buffer_deinit) struct buffer inventory;
    CLEANUP(free_pointer) char *root = strdup(directory);
    struct report_state state = {0};

    buffer_init(&inventory, INVENTORY_BYTES_MAXIMUM);
    if (!root)
        return error_out_of_memory();
    char *const roots[] = {root, NULL};
    CLEANUP(close_walk)
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare_names);
    if (!walk)
        return error_create_errno(errno, directory, "cannot be looked at");
    for (;;) {
        errno = 0;
        FTSENT *entry = fts_read(walk);
        if (!entry)
            break;
        TRY(look_at(directory, walk, entry, &inventory, &state));
    }
    if (errno != 0)
        return error_create_errno(errno, directory, "cannot be looked at");
    TRY(buffer_check(&inventory, directory));
    TRY(sha256_digest(inventory.data, inventory.length, state.fingerprint));
    *state_ret = state;
    return NULL;
}
