/* SPDX-License-Identifier: MIT */
#include "fetch/package/fetched_package.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "base/text/public_url.h"
#include "fetch/package/kept/package_record.h"
#include "fetch/package/package_name.h"

void fetched_package_deinit(struct fetched_package *package)
{
    free(package->path);
    free(package->file_name);
    free(package->url);
    free(package->sha256);
    free(package->package_version);
    *package = (struct fetched_package){0};
}

void fetched_package_discard(const struct fetched_package *package)
{
    if (package->url && package->path)
        package_discard(package->path);
}

static struct error *take_stamp(int file_descriptor, const char *path, struct file_stamp *ret)
{
    struct stat status;

    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    *ret = (struct file_stamp){
        .device = status.st_dev,
        .inode = status.st_ino,
        .byte_size = (uint64_t)status.st_size,
        .changed = status.st_ctim,
    };
    return NULL;
}

static bool is_same_state(const struct file_stamp *left, const struct file_stamp *right)
{
    return left->device == right->device && left->inode == right->inode &&
           left->byte_size == right->byte_size && left->changed.tv_sec == right->changed.tv_sec &&
           left->changed.tv_nsec == right->changed.tv_nsec;
}

struct error *fetched_package_describe(const struct package_location *location, const char *path,
                                       int file_descriptor, const char *sha256, uint64_t byte_size,
                                       struct fetched_package *ret)
{
    TRY(take_stamp(file_descriptor, path, &ret->stamp));
    ret->path = strdup(path);
    if (location) {
        TRY(package_file_name_from_url(location->url, &ret->file_name));
        TRY(public_url(location->url, &ret->url));
        ret->is_verified = location->sha256 != NULL;
    } else {
        ret->file_name = strdup(path_base_name(path));
    }
    ret->sha256 = strdup(sha256);
    ret->byte_size = byte_size;
    return ret->path && ret->file_name && ret->sha256 ? NULL : error_out_of_memory();
}

struct error *fetched_package_open(const struct fetched_package *package, int *file_descriptor_ret)
{
    CLEANUP(close_pointer) int file_descriptor = -1;
    char sha256[SHA256_HEX_LENGTH + 1];
    struct file_stamp stamp;
    uint64_t byte_size;

    TRY(file_open_regular(package->path, &file_descriptor));
    TRY(take_stamp(file_descriptor, package->path, &stamp));
    if (!is_same_state(&stamp, &package->stamp)) {
        /* Somebody else who uses it has noted so in the file's times, or it is another file. */
        TRY(sha256_of_descriptor(file_descriptor, package->path, sha256, &byte_size));
        if (strcmp(sha256, package->sha256) != 0)
            return error_create(ERROR_INCONCLUSIVE, package->path,
                                "was replaced or written to after it was checked: let nobody else "
                                "write there, and try again");
    }
    *file_descriptor_ret = file_descriptor;
    file_descriptor = -1;
    return NULL;
}
