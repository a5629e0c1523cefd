/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of the published schema; what is accepted must be writable again. */
#include "export/json_lines.h"
#include "tests/fuzz/fuzz_input.h"

static struct error *drop_text(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int file_descriptor = fuzz_memory_file(bytes, length);
    struct kernel_layouts layouts;

    if (!fuzz_is_refused(json_lines_read(file_descriptor, "input", &layouts))) {
        if (fuzz_is_refused(json_lines_write(&layouts, drop_text, NULL)))
            abort();
        kernel_layouts_deinit(&layouts);
    }
    close(file_descriptor);
    return 0;
}
