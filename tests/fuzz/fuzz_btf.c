/* SPDX-License-Identifier: MIT */
/* Any bytes as BTF; the first two say how many of them are a module's, on top of the rest. */
#include "analyze/btf/analyze_btf.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct kernel_layouts layouts;

    if (length < 2)
        return 0;
    size_t own = (size_t)bytes[0] | (size_t)bytes[1] << 8;
    bytes += 2;
    length -= 2;
    own = own < length ? own : 0;
    const struct btf_bytes vmlinux = {"fuzz", bytes, length - own};
    const struct btf_bytes module = {"module", bytes + length - own, own};
    if (!fuzz_is_refused(analyze_btf(&vmlinux, own > 0 ? &module : NULL, "module", &layouts)))
        kernel_layouts_deinit(&layouts);
    return 0;
}
