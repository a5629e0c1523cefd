/* SPDX-License-Identifier: MIT */
#include "extract/extract.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/system/file.h"
#include "extract/vmlinux/vmlinux_search.h"

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
    TRY(vmlinux_search(&data, tar, options->maximum_bytes, &member, &result.release));
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
