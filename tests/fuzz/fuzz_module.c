/* SPDX-License-Identifier: MIT */
/* Any bytes as a module. */
#include "analyze/analyze.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct known_definitions known;
    struct kernel_layouts layouts;
    uint8_t *copy = malloc(length + 1);

    if (!copy)
        return 0;
    memcpy(copy, bytes, length);
    const struct module_file file = {
        .bytes = copy, .byte_size = length, .path = "fuzz", .number = 1};
    known_definitions_init(&known);
    if (!fuzz_is_refused(analyze_module(&file, &known, &layouts)))
        kernel_layouts_deinit(&layouts);
    known_definitions_deinit(&known);
    free(copy);
    return 0;
}
