/* SPDX-License-Identifier: MIT */
/* Any bytes as a Debian package, of which all of vmlinux is taken out, and what analysis reads. */
#include "analyze/analyze.h"
#include "extract/extract.h"
#include "extract/vmlinux/vmlinux_member.h"
#include "tests/fuzz/fuzz_input.h"

static const struct extract_options options = {.jobs = 1, .maximum_bytes = 16 << 20};

static void take_whole(int package)
{
    int output = fuzz_memory_file(NULL, 0);
    struct extract_result result = {0};

    fuzz_is_refused(extract_vmlinux(package, "fuzz", &options, output, &result));
    extract_result_deinit(&result);
    close(output);
}

static void take_parts(int package)
{
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    int output = fuzz_memory_file(NULL, 0);
    bool is_refused = fuzz_is_refused(vmlinux_member_open(package, "fuzz", &options, &member)) ||
                      !member || ftruncate(output, (off_t)vmlinux_member_byte_size(member)) != 0;

    for (unsigned step = 0; step < ANALYZE_STEP_COUNT && !is_refused; step++) {
        CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};
        is_refused = fuzz_is_refused(analyze_list_bytes(output, "fuzz", step, &spans)) ||
                     fuzz_is_refused(vmlinux_member_copy(member, &spans, output));
    }
    close(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int package = fuzz_memory_file(bytes, length);

    extract_is_package(package);
    take_whole(package);
    take_parts(package);
    close(package);
    return 0;
}
