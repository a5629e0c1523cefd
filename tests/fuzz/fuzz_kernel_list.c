/* SPDX-License-Identifier: MIT */
/* Any bytes as a list of kernels. */
#include "config/list/kernel_list.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config_errors errors = {0};
    struct kernel_list list;

    if (!fuzz_is_refused(
            kernel_list_parse("fuzz.list", (const char *)bytes, length, &list, &errors)))
        kernel_list_deinit(&list);
    config_errors_deinit(&errors);
    return 0;
}
