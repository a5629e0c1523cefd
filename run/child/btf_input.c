/* SPDX-License-Identifier: MIT */
#include "run/child/btf_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyze/btf/analyze_btf.h"
#include "base/buffer.h"
#include "base/system/file.h"
#include "extract/packed_btf.h"

/* Fifty times what kernels have. */
enum { BTF_BYTES_MAXIMUM = 256 * 1024 * 1024, BLOCK_BYTES = 64 * 1024 };

static bool begins_as_btf(int file_descriptor)
{
    char beginning[64];
    ssize_t length = pread(file_descriptor, beginning, sizeof(beginning), 0);

    return length > 0 && btf_bytes_are_btf(beginning, (size_t)length);
}

bool btf_input_is(int file_descriptor)
{
    return begins_as_btf(file_descriptor) || packed_btf_is(file_descriptor);
}

/* Files of the kernel's own say no size: they are read until they end. */
static struct error *read_plain(int file_descriptor, const char *path, struct buffer *out)
{
    char block[BLOCK_BYTES];
    ssize_t length;
    off_t position = 0;

    while ((length = pread(file_descriptor, block, sizeof(block), position)) > 0) {
        buffer_append(out, block, (size_t)length);
        TRY(buffer_check(out, path));
        position += length;
    }
    return length < 0 ? error_create_errno(errno, path, "cannot read") : NULL;
}

static struct error *read_bytes(int file_descriptor, const char *path, struct buffer *out)
{
    return packed_btf_is(file_descriptor) ? packed_btf_read(file_descriptor, path, out)
                                          : read_plain(file_descriptor, path, out);
}

static struct btf_bytes bytes_of(const char *path, const struct buffer *buffer)
{
    return (struct btf_bytes){path, buffer_text(buffer), buffer->length};
}

/* "nf_conntrack" of "/sys/kernel/btf/nf_conntrack" and "nf-conntrack.btf.tar.xz". */
static char *module_name(const char *path)
{
    char *name = strdup(path_base_name(path));

    if (!name)
        return NULL;
    name[strcspn(name, ".")] = '\0';
    for (char *dash = strchr(name, '-'); dash; dash = strchr(dash, '-'))
        *dash = '_';
    return name;
}

static struct error *read_on_base(const struct kernel_input *input, const struct btf_bytes *module,
                                  struct kernel_layouts *layouts_ret)
{
    CLEANUP(buffer_deinit) struct buffer base;
    CLEANUP(free_pointer) char *name = module_name(input->path);

    buffer_init(&base, BTF_BYTES_MAXIMUM);
    if (!name)
        return error_out_of_memory();
    TRY(read_bytes(input->base_descriptor, "the base", &base));
    const struct btf_bytes vmlinux = bytes_of("the base", &base);
    return analyze_btf(&vmlinux, module, name, layouts_ret);
}

struct error *btf_input_read(const struct kernel_input *input, struct kernel_layouts *layouts_ret)
{
    CLEANUP(buffer_deinit) struct buffer own;

    buffer_init(&own, BTF_BYTES_MAXIMUM);
    TRY(read_bytes(input->file_descriptor, input->path, &own));
    const struct btf_bytes bytes = bytes_of(input->path, &own);
    return input->base_descriptor > 0 ? read_on_base(input, &bytes, layouts_ret)
                                      : analyze_btf(&bytes, NULL, NULL, layouts_ret);
}
