/* SPDX-License-Identifier: MIT */
/*
 * A header that declares all types of an image in C, each before it is needed, for programs that
 * clang compiles for BPF: libbpf writes it from the image's BTF, as `bpftool btf dump … format c`
 * does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "export/btf/image_btf.h"

enum { HEADER_MAXIMUM = 256 * 1024 * 1024 };

/* An access to any of its fields is one that the loader moves to where the field is. */
static const char beginning[] =
    "#ifndef __VMLINUX_H__\n"
    "#define __VMLINUX_H__\n\n"
    "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
    "#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n"
    "#endif\n\n";
static const char ending[] = "\n#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
                             "#pragma clang attribute pop\n"
                             "#endif\n\n"
                             "#endif /* __VMLINUX_H__ */\n";

static void PRINTF_LIKE(2, 0) print(void *context, const char *format, va_list arguments)
{
    struct buffer *out = context;
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);

    if (length < 0) {
        buffer_fail(out, ERROR_OUT_OF_MEMORY);
        return;
    }
    buffer_append(out, text, (size_t)length);
    free(text);
}

static struct error *dump(const struct btf *btf, struct buffer *out)
{
    struct btf_dump *dumper = btf_dump__new(btf, print, out, NULL);
    int result = dumper ? 0 : -errno;

    for (uint32_t id = 1; result == 0 && id < btf__type_cnt(btf); id++)
        result = btf_dump__dump_type(dumper, id);
    btf_dump__free(dumper);
    if (result == -ENOMEM)
        return error_out_of_memory();
    if (result != 0)
        return error_create(ERROR_UNSUPPORTED, NULL, "these types cannot be declared in C: %s",
                            strerror(-result));
    return NULL;
}

static struct error *write_header(const struct export_order *order, export_sink *sink,
                                  void *context)
{
    CLEANUP(image_btf_deinit) struct image_btf btf = {0};
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, HEADER_MAXIMUM);
    TRY(image_btf_make(order, true, &btf));
    buffer_append_text(&out, beginning);
    TRY(dump(image_btf_own(&btf), &out));
    buffer_append_text(&out, ending);
    TRY(buffer_check(&out, "the header"));
    return sink(context, buffer_text(&out), out.length);
}

const struct export_format export_format_header = {
    .word = "header",
    .needs_details = true,
    .needs_places = true,
    .write = write_header,
};
