/* SPDX-License-Identifier: MIT */
#include "export/btf/image_btf.h"

static struct error *write_btf(const struct export_order *order, export_sink *sink, void *context)
{
    CLEANUP(image_btf_deinit) struct image_btf btf = {0};
    uint32_t size = 0;

    TRY(image_btf_make(order, false, &btf));
    const void *bytes = btf__raw_data(image_btf_own(&btf), &size);
    if (!bytes)
        return error_out_of_memory();
    return sink(context, bytes, size);
}

const struct export_format export_format_btf = {
    .word = "btf",
    .needs_details = true,
    .needs_places = true,
    .write = write_btf,
};
