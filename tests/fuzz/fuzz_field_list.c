/* SPDX-License-Identifier: MIT */
/* Any bytes as a list of what a program expects. */
#include "check/list/field_list.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct field_list list;

    (void)fuzz_is_refused(field_list_read("fuzz", (const char *)bytes, length, &list));
    field_list_deinit(&list);
    return 0;
}
