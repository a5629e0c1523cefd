/* SPDX-License-Identifier: MIT */
/* Any bytes as a Debian package. */
#include "extract/extract.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct extract_options options = {.jobs = 1, .maximum_bytes = 16 << 20};
    int package = fuzz_memory_file(bytes, length);
    int output = fuzz_memory_file(NULL, 0);
    struct extract_result result = {0};

    extract_is_package(package);
    fuzz_is_refused(extract_vmlinux(package, "fuzz", &options, output, &result));
    extract_result_deinit(&result);
    close(output);
    close(package);
    return 0;
}
