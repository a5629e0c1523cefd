/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "extract/vmlinux/vmlinux_path.h"

/* Kernel packages have some thousand members. */
enum { MAXIMUM_MEMBERS = 1000000 };

/* The package of a signed kernel that only wraps the unsigned one's has a few kilobytes. */
#define MINIMUM_PACKAGE_BYTES UINT64_C(10000000)

/* What went by while looking for vmlinux. */
struct search {
    const char *package_path;
    uint64_t package_size;
    unsigned member_count;
    char *link_path; /* where vmlinux should be but is only a link; NULL if there is none */
    char *link_target;
};

static void search_deinit(struct search *search)
{
    free(search->link_path);
    free(search->link_target);
}

static struct error *remember_link(struct search *search, const struct data_tar_member *member)
{
    if (search->link_path)
        return NULL;
    search->link_path = strdup(member->path);
    search->link_target = strdup(member->link_target);
    return search->link_path && search->link_target ? NULL : error_out_of_memory();
}

static struct error *no_vmlinux(const struct search *search)
{
    if (search->link_path)
        return error_create(ERROR_NO_VMLINUX, search->package_path,
                            "holds vmlinux only as a link, %s to %s: use the package that holds "
                            "the file itself",
                            search->link_path, search->link_target);
    if (search->package_size < MINIMUM_PACKAGE_BYTES)
        return error_create(ERROR_NO_VMLINUX, search->package_path,
                            "holds no vmlinux among its %u members; with %" PRIu64
                            " bytes it is likely a mere wrapper: use the package "
                            "linux-image-unsigned-...-dbgsym instead",
                            search->member_count, search->package_size);
    return error_create(ERROR_NO_VMLINUX, search->package_path,
                        "holds no vmlinux among its %u members: use the kernel's package of debug "
                        "symbols (linux-image-...-dbgsym or linux-image-...-dbg)",
                        search->member_count);
}

/* Steps to vmlinux, or fails. *release_ret is allocated. */
static struct error *find_vmlinux(struct data_tar *tar, struct search *search,
                                  struct data_tar_member *member_ret, char **release_ret)
{
    const char *release = NULL;
    size_t release_length = 0;

    for (;; search->member_count++) {
        bool is_end = false;

        TRY(data_tar_next(tar, member_ret, &is_end));
        if (is_end)
            return no_vmlinux(search);
        if (search->member_count == MAXIMUM_MEMBERS)
            return error_create(ERROR_LIMIT, search->package_path,
                                "has no vmlinux among its first %d members", MAXIMUM_MEMBERS);
        if (!vmlinux_path_match(member_ret->path, &release, &release_length))
            continue;
        if (member_ret->kind == DATA_TAR_FILE)
            break;
        if (member_ret->kind == DATA_TAR_LINK)
            TRY(remember_link(search, member_ret));
    }
    *release_ret = strndup(release, release_length);
    return *release_ret ? NULL : error_out_of_memory();
}

static struct error *check_size(const struct search *search, const struct data_tar_member *member,
                                uint64_t maximum_bytes)
{
    if (member->byte_size == 0)
        return error_create(ERROR_NO_VMLINUX, search->package_path,
                            "its %s is an empty file: the package was built wrongly", member->path);
    if (member->byte_size > maximum_bytes)
        return error_create(ERROR_LIMIT, search->package_path,
                            "its %s has %" PRIu64 " bytes, more than the %" PRIu64
                            " allowed: raise the limit if that is right",
                            member->path, member->byte_size, maximum_bytes);
    return NULL;
}

struct error *vmlinux_search(const struct package_data *data, struct data_tar *tar,
                             uint64_t maximum_bytes, struct data_tar_member *member_ret,
                             char **release_ret)
{
    CLEANUP(search_deinit)
    struct search search = {.package_path = data->bytes.source.path,
                            .package_size = data->package_size};

    TRY(find_vmlinux(tar, &search, member_ret, release_ret));
    struct error *error = check_size(&search, member_ret, maximum_bytes);
    if (error) {
        free(*release_ret);
        *release_ret = NULL;
    }
    return error;
}
