/* SPDX-License-Identifier: MIT */
#include "extract/extract.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/system/file.h"
#include "extract/data_tar.h"
#include "extract/vmlinux_path.h"

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

void extract_result_deinit(struct extract_result *result)
{
    free(result->member_path);
    free(result->release);
    *result = (struct extract_result){0};
}

bool extract_is_package(int file_descriptor)
{
    return package_has_magic(file_descriptor);
}

struct error *extract_memory_file(int *file_descriptor_ret)
{
    int file_descriptor = memfd_create("vmlinux", MFD_CLOEXEC);

    if (file_descriptor < 0)
        return error_create_errno(errno, NULL, "cannot create a file in memory");
    *file_descriptor_ret = file_descriptor;
    return NULL;
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

static struct error *write_zeros(int file_descriptor, uint64_t count)
{
    static const char zeros[4096];

    for (uint64_t length; count > 0; count -= length) {
        length = count < sizeof(zeros) ? count : sizeof(zeros);
        TRY(file_write_all(file_descriptor, zeros, (size_t)length, "the extracted vmlinux"));
    }
    return NULL;
}

/* Holes are written as zeros, since the output may be a pipe. */
static struct error *copy_contents(struct data_tar *tar, const char *package_path,
                                   uint64_t byte_size, int output_descriptor)
{
    uint64_t written = 0;

    for (;;) {
        struct data_tar_piece piece;
        bool is_end = false;

        TRY(data_tar_read(tar, &piece, &is_end));
        if (is_end)
            break;
        if (piece.byte_offset > byte_size || piece.length > byte_size - piece.byte_offset)
            return error_create(ERROR_CORRUPT, package_path,
                                "its vmlinux is longer than the %" PRIu64
                                " bytes declared: fetch it again",
                                byte_size);
        TRY(write_zeros(output_descriptor, piece.byte_offset - written));
        TRY(file_write_all(output_descriptor, piece.bytes, piece.length, "the extracted vmlinux"));
        written = piece.byte_offset + piece.length;
    }
    return write_zeros(output_descriptor, byte_size - written);
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

struct error *extract_vmlinux(int package_descriptor, const char *package_path,
                              const struct extract_options *options, int output_descriptor,
                              struct extract_result *ret)
{
    const struct byte_source source = {package_descriptor, package_path, options->arrival};
    struct package_data data;
    struct data_tar_member member;
    CLEANUP(data_tar_destroy_pointer) struct data_tar *tar = NULL;
    CLEANUP(extract_result_deinit) struct extract_result result = {0};

    TRY(package_find_data(&source, &data));
    TRY(data_tar_create(&data, options->jobs > 0 ? options->jobs : 1, &tar));
    CLEANUP(search_deinit)
    struct search search = {.package_path = package_path, .package_size = data.package_size};
    TRY(find_vmlinux(tar, &search, &member, &result.release));
    TRY(check_size(&search, &member, options->maximum_bytes));
    if (options->expect)
        TRY(options->expect(options->context, member.byte_size));
    result.member_path = strdup(member.path);
    if (!result.member_path)
        return error_out_of_memory();
    TRY(copy_contents(tar, package_path, member.byte_size, output_descriptor));
    /* Check values may be far behind, and are not worth the bytes. */
    if (!options->arrival)
        TRY(data_tar_check(tar));
    result.byte_size = member.byte_size;
    result.package_bytes_read = data_tar_package_bytes_read(tar);
    *ret = result;
    result = (struct extract_result){0};
    return NULL;
}
