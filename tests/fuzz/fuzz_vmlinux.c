/* SPDX-License-Identifier: MIT */
/* Any bytes as a vmlinux. */
#include "analyze/analyze.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int file_descriptor = fuzz_memory_file(bytes, length);
    struct kernel_layouts layouts;

    if (!fuzz_is_refused(analyze_vmlinux(file_descriptor, "fuzz", 1, NULL, &layouts)))
        kernel_layouts_deinit(&layouts);
    close(file_descriptor);
    return 0;
}
